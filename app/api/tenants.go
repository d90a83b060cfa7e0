package api

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
)

// tenantRoutes are what people do with organizations as a whole, beside changing the fields of the one that they are in.
func (a *API) tenantRoutes() []edge.Route {
	return []edge.Route{
		{Method: http.MethodGet, Path: Base + "tenants", Handler: a.enrolling(a.ownTenants)},
		{Method: http.MethodPost, Path: Base + "tenants", Handler: a.enrolling(a.foundTenant)},
	}
}

// tenantOperations describe them. The list is that of the kind.
var tenantOperations = []written{
	{"POST", "tenants", "Make an organization that you own; the session stays where it is. Takes an Idempotency-Key", object("name"), schema{"$ref": "#/components/schemas/Tenant"}},
}

// ownTenants lists the organizations that the person belongs to, and not only the one that the session is in.
func (a *API) ownTenants(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	everywhere, own, err := a.accounts.Everywhere(p)
	if err != nil {
		return nil, err
	}
	kind, _ := a.kernel.Kind(identity.Tenants.Name)
	return listRows(r, everywhere, kind, own)
}

type foundInput struct {
	Name string `json:"name"`
}

func (a *API) foundTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[foundInput](r)
	if err != nil {
		return nil, err
	}
	body, err := a.accounts.Found(p, in.Name, repeatable(r))
	if err != nil {
		return nil, err
	}
	return envelope(http.StatusCreated, body), nil
}
