package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/flow"
)

func (a *API) health(*edge.Request) (*edge.Response, error) {
	body, err := json.Marshal(map[string]string{"status": "ok", "version": a.version})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}

func (a *API) ready(r *edge.Request) (*edge.Response, error) {
	status, word, database := http.StatusOK, "ok", "ok"
	if err := a.kernel.Ping(r.Context); err != nil {
		edge.LogFailure(a.log, r, err)
		status, word, database = http.StatusServiceUnavailable, "unavailable", "no answer"
	}
	body, err := json.Marshal(map[string]any{"status": word, "checks": map[string]string{"database": database}})
	return edge.NewResponse(status, "application/json", body), err
}

func (a *API) openAPI(*edge.Request) (*edge.Response, error) {
	return edge.NewResponse(http.StatusOK, "application/json", a.document()), nil
}

// keys are the public halves of what signs access tokens, in the form that RFC 7517 gives them.
func (a *API) keys(r *edge.Request) (*edge.Response, error) {
	keys, err := a.services.Sessions.PublicKeys(r.Context)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"keys": keys})
	return edge.NewResponse(http.StatusOK, "application/jwk-set+json", body), err
}

// IsAPI tells whether a path is answered in JSON.
func IsAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, hooksPath) ||
		strings.HasPrefix(path, flow.TestHooksPath) || strings.HasPrefix(path, flow.ResumePath) ||
		strings.HasPrefix(path, "/health") ||
		strings.HasPrefix(path, "/.well-known/")
}
