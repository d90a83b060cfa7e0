package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"zygo/app/edge"
	"zygo/app/identity"
)

// signedInAs is the answer to somebody who signed in: a browser finds its session in a cookie, any other client has tokens.
type signedInAs struct {
	User map[string]any `json:"user"`
	*identity.Tokens
	// BackupCodes come with the first factor, and are shown once.
	BackupCodes []string `json:"backup_codes,omitempty"`
}

// welcome answers a new session, whose token goes into the cookie of a browser and nowhere else.
func (a *API) welcome(r *edge.Request, token string, p *identity.Person) (*edge.Response, error) {
	return a.renewed(r, token, p, nil)
}

// renewed is welcome with codes to show.
func (a *API) renewed(r *edge.Request, token string, p *identity.Person, codes []string) (*edge.Response, error) {
	out := signedInAs{User: userOf(p), BackupCodes: codes}
	browser := isBrowser(r)
	if !browser {
		tokens, err := a.accounts.Issue(p)
		if err != nil {
			return nil, err
		}
		out.Tokens = &tokens
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	response := envelope(http.StatusOK, data)
	if browser {
		response.Header.Set("Set-Cookie", edge.SessionCookie(token, r.Secure()))
		response.Header.Add("Set-Cookie", edge.KnownCookie(a.accounts.KnowBrowser(p), r.Secure()))
	}
	return response, nil
}

// isBrowser tells whether a page of this instance asks, which keeps its session in a cookie.
func isBrowser(r *edge.Request) bool { return r.Header.Get("Zygo-Client") == "web" }

func (a *API) refresh(r *edge.Request) (*edge.Response, error) {
	var in struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	tokens, err := a.accounts.Refresh(r.Context, in.RefreshToken, r.Origin())
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(tokens)
	return envelope(http.StatusOK, data), err
}

// keys are the public halves of what signs access tokens, in the form that RFC 7517 gives them.
func (a *API) keys(r *edge.Request) (*edge.Response, error) {
	keys, err := a.accounts.PublicKeys(r.Context)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"keys": keys})
	return edge.NewResponse(http.StatusOK, "application/jwk-set+json", body), err
}

// decode reads the body of a route that needs no session, and refuses what another site made a browser send.
func decode(r *edge.Request, in any) error {
	if err := edge.CheckSameOrigin(r); err != nil {
		return err
	}
	return decodeInto(r, reflect.ValueOf(in))
}
