package api

import (
	"net/http"
	"reflect"

	"zygo/app/edge"
	"zygo/app/identity"
)

// organizationRoutes are what operators do with organizations of the whole instance, and owners with the end of theirs.
func (a *API) organizationRoutes() []edge.Route {
	return []edge.Route{
		{Method: http.MethodDelete, Path: Base + "tenants/{id}", Permission: "tenant:own", Handler: a.signedIn(a.deleteTenant)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/restore", Permission: "tenant:own", Handler: a.signedIn(a.restoreTenant)},
		{Method: http.MethodGet, Path: Base + "admin/tenants", Handler: a.signedIn(a.organizationList)},
		{Method: http.MethodGet, Path: Base + "admin/tenants/{id}", Handler: a.signedIn(a.organization)},
		{Method: http.MethodPatch, Path: Base + "admin/tenants/{id}", Handler: a.signedIn(a.changeOrganization)},
		{Method: http.MethodPost, Path: Base + "admin/tenants/{id}/suspend", Handler: a.signedIn(a.suspendOrganization)},
		{Method: http.MethodPost, Path: Base + "admin/tenants/{id}/activate", Handler: a.signedIn(a.activateOrganization)},
		{Method: http.MethodGet, Path: Base + "admin/deletions", Handler: a.signedIn(a.certificates)},
	}
}

// organizationOperations describe them.
var organizationOperations = []written{
	{"DELETE", "tenants/{id}", "Delete the organization that the session is in, for an owner who types its `name`; it can be taken back for 14 days. Needs a recent proof of who you are", object("name"), schema{"type": "null"}},
	{"POST", "tenants/{id}/restore", "Take the deletion of the organization back", nil, schema{"type": "null"}},
	{"GET", "admin/tenants", "The organizations of the instance, newest first; `search` looks in names and slugs; for operators", nil, schemaOf(reflect.TypeFor[[]identity.Organization](), false, nil)},
	{"GET", "admin/tenants/{id}", "An organization; for operators", nil, schemaOf(reflect.TypeFor[identity.Organization](), false, nil)},
	{"PATCH", "admin/tenants/{id}", "Set what only operators set of an organization", bodyOf[identity.OrganizationChange](), schema{"type": "null"}},
	{"POST", "admin/tenants/{id}/suspend", "Close an organization at once, for a `reason` that its members read: nobody enters it, and nothing runs in it; for operators", object("reason"), schema{"type": "null"}},
	{"POST", "admin/tenants/{id}/activate", "Open a suspended organization again; for operators", nil, schema{"type": "null"}},
	{"GET", "admin/deletions", "The certificates of organizations that were deleted, newest first; for operators", nil, schemaOf(reflect.TypeFor[[]identity.Certificate](), false, nil)},
}

func (a *API) deleteTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[foundInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.DeleteTenant(p, r.Param("id"), in.Name))
}

func (a *API) restoreTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.RestoreTenant(p, r.Param("id")))
}

func (a *API) organizationList(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	before, limit, search, err := cursorAndLimit(r, true)
	if err != nil {
		return nil, err
	}
	found, err := a.accounts.Organizations(p, search, before, limit+1)
	if err != nil {
		return nil, err
	}
	next := int64(0)
	if len(found) > limit {
		found, next = found[:limit], found[limit-1].N
	}
	return part(append([]identity.Organization{}, found...), limit, next)
}

func (a *API) organization(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Organization(p, r.Param("id")))
}

func (a *API) changeOrganization(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[identity.OrganizationChange](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.ChangeOrganization(p, r.Param("id"), in))
}

type reasonInput struct {
	Reason string `json:"reason"`
}

func (a *API) suspendOrganization(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[reasonInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.SuspendOrganization(p, r.Param("id"), in.Reason))
}

func (a *API) activateOrganization(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.ActivateOrganization(p, r.Param("id")))
}

func (a *API) certificates(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Certificates(p))
}
