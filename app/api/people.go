package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// peopleRoutes are what people do with their whole account, and operators with those of others.
func (a *API) peopleRoutes() []edge.Route {
	return []edge.Route{
		{Method: http.MethodDelete, Path: Base + "users/me", Handler: a.signedIn(a.deleteMe)},
		{Method: http.MethodGet, Path: Base + "users/me/export", Handler: a.signedIn(a.exportMe)},
		{Method: http.MethodGet, Path: Base + "admin/users", Handler: a.signedIn(a.accountList)},
		{Method: http.MethodGet, Path: Base + "admin/users/{id}", Handler: a.signedIn(a.account)},
		{Method: http.MethodPost, Path: Base + "users/{id}/suspend", Handler: a.signedIn(a.suspend)},
		{Method: http.MethodPost, Path: Base + "users/{id}/activate", Handler: a.signedIn(a.activate)},
		{Method: http.MethodGet, Path: Base + "users/{id}/sessions", Handler: a.signedIn(a.sessionsOf)},
		{Method: http.MethodDelete, Path: Base + "users/{id}/sessions", Handler: a.signedIn(a.signOutEverywhere)},
		{Method: http.MethodGet, Path: Base + "users/{id}/activity", Handler: a.signedIn(a.activity)},
	}
}

// peopleOperations describe them.
var peopleOperations = []written{
	{"DELETE", "users/me", "Delete your account, for whoever types its address as `email`; 409 where an organization would be left without an owner", bodyOf[emailInput](), schema{"type": "null"}},
	{"GET", "admin/users", "The accounts of the instance, newest first; `search` looks in names and addresses; for operators", nil, schemaOf(reflect.TypeFor[[]identity.Account](), false, nil)},
	{"GET", "admin/users/{id}", "An account; for operators", nil, schemaOf(reflect.TypeFor[identity.Account](), false, nil)},
	{"POST", "users/{id}/suspend", "Close an account: its sessions, tokens and streams end at once, and nobody enters it; for operators", nil, schema{"type": "null"}},
	{"POST", "users/{id}/activate", "Open a suspended account again; for operators", nil, schema{"type": "null"}},
	{"GET", "users/{id}/sessions", "The open sessions of a person; for operators", nil, schemaOf(reflect.TypeFor[[]identity.OpenSession](), false, nil)},
	{"DELETE", "users/{id}/sessions", "End every session of a person at once; for operators", nil, schema{"type": "null"}},
	{"GET", "users/{id}/activity", "What a person did and what was done to their account, newest first. A part may hold fewer than `limit`; it goes on while there is a `next_cursor`. For operators", nil, schemaOf(reflect.TypeFor[[]identity.Act](), false, nil)},
}

// export describes the one answer that is a file and no envelope.
func (d *document) export() {
	shown := d.add("GET", "users/me/export", "All that the instance knows of you, as a file", "", nil, nil)
	shown["responses"].(schema)["2XX"] = schema{"description": "The file", "content": schema{"application/json": schema{"schema": schema{"type": "object"}}}}
}

func (a *API) deleteMe(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[emailInput](r)
	if err != nil {
		return nil, err
	}
	if err := a.accounts.DeleteAccount(p, in.Email); err != nil {
		return nil, err
	}
	response := noContent()
	response.Header.Set("Set-Cookie", edge.SessionCookie("", r.Secure()))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func (a *API) exportMe(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return edge.ExportAccount(a.accounts, p)
}

// cursorAndLimit are the parameters of a list that is read by key; others are refused.
func cursorAndLimit(r *edge.Request, searches bool) (before int64, limit int, search string, err error) {
	query, _, err := edge.ListQuery(r)
	if err != nil {
		return 0, 0, "", err
	}
	if len(query.Filters) > 0 || query.SortBy != "" || query.Search != "" && !searches {
		return 0, 0, "", fault.New(fault.BadRequest, "This list takes limit and cursor only.")
	}
	if query.Cursor != "" {
		if before, err = strconv.ParseInt(query.Cursor, 10, 64); err != nil {
			return 0, 0, "", fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	if limit = query.Limit; limit == 0 {
		limit = 20
	}
	return before, min(limit, resource.MostRows), query.Search, nil
}

// part answers a part of a list that is read by key; next is where it goes on, 0 at the end.
func part(data any, limit int, next int64) (*edge.Response, error) {
	metadata := map[string]any{"limit": limit}
	if next > 0 {
		metadata["next_cursor"] = strconv.FormatInt(next, 10)
	}
	body, err := json.Marshal(map[string]any{"success": true, "data": data, "metadata": metadata})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}

func (a *API) accountList(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	before, limit, search, err := cursorAndLimit(r, true)
	if err != nil {
		return nil, err
	}
	accounts, err := a.accounts.Accounts(p, search, before, limit+1)
	if err != nil {
		return nil, err
	}
	next := int64(0)
	if len(accounts) > limit {
		accounts, next = accounts[:limit], accounts[limit-1].N
	}
	return part(append([]identity.Account{}, accounts...), limit, next)
}

func (a *API) account(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Account(p, r.Param("id")))
}

func (a *API) suspend(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.Suspend(p, r.Param("id")))
}

func (a *API) activate(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.Activate(p, r.Param("id")))
}

func (a *API) sessionsOf(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	open, err := a.accounts.AccountSessions(p, r.Param("id"))
	return answer(open, err)
}

func (a *API) signOutEverywhere(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.SignOutEverywhere(p, r.Param("id")))
}

func (a *API) activity(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	before, limit, _, err := cursorAndLimit(r, false)
	if err != nil {
		return nil, err
	}
	acts, next, err := a.accounts.Activity(p, r.Param("id"), before, limit)
	if err != nil {
		return nil, err
	}
	return part(append([]identity.Act{}, acts...), limit, next)
}
