package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/resource"
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

// login answers tokens to a client, and sets the session cookie of a browser instead.
func (a *API) login(r *edge.Request) (*edge.Response, error) {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	token, person, err := a.accounts.SignIn(r.Context, in.Email, in.Password, edge.DeviceOf(r), r.Origin())
	if err != nil {
		return nil, r.Slowed(err)
	}
	return a.welcome(r, token, person)
}

func (a *API) logout(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	if err := a.accounts.SignOut(p); err != nil {
		return nil, err
	}
	response := noContent()
	response.Header.Set("Set-Cookie", edge.SessionCookie("", r.Secure()))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func (a *API) me(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	data, err := json.Marshal(userOf(p))
	return envelope(http.StatusOK, data), err
}

func userOf(p *identity.Person) map[string]any {
	return map[string]any{"id": p.User.ID, "name": p.User.Name, "email": p.User.Email, "language": p.User.Language, "time_zone": p.User.TimeZone, "operator": p.User.Operator, "role": p.RoleID(),
		"tenant": map[string]string{"id": p.Tenant.ID, "name": p.Tenant.Name, "slug": p.Tenant.Slug}}
}

func (a *API) switchTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	token, person, err := a.accounts.Switch(p, r.Param("id"))
	if err != nil {
		return nil, err
	}
	return a.welcome(r, token, person)
}

// search finds rows of every kind; metadata.corrected says which words were searched where those given found nothing.
func (a *API) search(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	words := r.Query.Get("q")
	if words == "" {
		return nil, fault.New(fault.BadRequest, "q takes the words to search for.")
	}
	found, corrected, err := p.Search(words)
	if err != nil {
		return nil, err
	}
	metadata := map[string]any{"total": len(found)}
	if corrected != "" {
		metadata["corrected"] = corrected
	}
	body, err := json.Marshal(map[string]any{"success": true, "data": found, "metadata": metadata})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}

// auditEntry is a row of the ledger as the API shows it.
type auditEntry struct {
	ID           string            `json:"id"`
	TenantID     string            `json:"tenant_id"`
	At           field.Time        `json:"at"`
	Actor        map[string]string `json:"actor"`
	Action       string            `json:"action"`
	Kind         string            `json:"kind"`
	ResourceID   string            `json:"resource_id"`
	Changes      field.JSON        `json:"changes"`
	Result       string            `json:"result"`
	Address      string            `json:"ip"`
	UserAgent    string            `json:"user_agent"`
	RequestID    string            `json:"request_id"`
	PreviousHash string            `json:"previous_hash"`
	Hash         string            `json:"hash"`
}

func entryOf(e *resource.Entry) auditEntry {
	actor := map[string]string{"kind": e.ActorKind, "id": e.ActorID, "name": e.ActorName}
	if e.OnBehalfOf != "" {
		actor["on_behalf_of"] = e.OnBehalfOf
	}
	return auditEntry{e.ID(), e.TenantID, e.At, actor, e.Action, e.Kind, e.ResourceID, e.Changes, e.Result, e.Address, e.UserAgent, e.RequestID,
		fmt.Sprintf("%x", e.PreviousHash), fmt.Sprintf("%x", e.Hash)}
}

// auditLogs lists the organization's entries newest first, or those of one resource.
func (a *API) auditLogs(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	query, _, err := edge.ListQuery(r)
	if err != nil {
		return nil, err
	}
	limit := query.Limit
	if limit == 0 {
		limit = 20
	}
	before := int64(0)
	if query.Cursor != "" {
		if before, err = strconv.ParseInt(query.Cursor, 10, 64); err != nil {
			return nil, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	resourceID := ""
	for _, f := range query.Filters {
		if f.Field != "resource_id" || f.Operator != "eq" {
			return nil, fault.New(fault.BadRequest, "Audit entries can't be filtered by %q.", f.Field)
		}
		resourceID = f.Values[0]
	}
	limit = min(limit, resource.MostRows)
	entries, err := p.Entries(resourceID, before, limit+1)
	if err != nil {
		return nil, err
	}
	metadata := map[string]any{"limit": limit}
	if len(entries) > limit {
		entries = entries[:limit]
		metadata["next_cursor"] = strconv.FormatInt(entries[limit-1].Seq, 10)
	}
	shown := make([]auditEntry, len(entries))
	for i := range entries {
		shown[i] = entryOf(&entries[i])
	}
	body, err := json.Marshal(map[string]any{"success": true, "data": shown, "metadata": metadata})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}

// IsAPI tells whether a path is answered in JSON.
func IsAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/hooks/") || strings.HasPrefix(path, "/health") || strings.HasPrefix(path, "/.well-known/")
}
