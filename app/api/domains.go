package api

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/resource"
)

// domainRoutes are what a domain has beside the verbs of its kind, and the same below its organization.
func (a *API) domainRoutes() []edge.Route {
	const get, post, remove = http.MethodGet, http.MethodPost, http.MethodDelete
	kind, _ := a.kernel.Kind(identity.Domains.Name)
	below := Base + "tenants/{id}/domains"
	return []edge.Route{
		{Method: post, Path: Base + "domains/{id}/verify", Permission: "domain:verify", Handler: a.signedIn(a.verifyDomain("id"))},
		{Method: get, Path: below, Permission: "domain:read", Handler: a.inTenant(a.list(kind))},
		{Method: post, Path: below, Permission: "domain:create", Handler: a.inTenant(a.create(kind))},
		{Method: post, Path: below + "/{domain_id}/verify", Permission: "domain:verify", Handler: a.inTenant(a.signedIn(a.verifyDomain("domain_id")))},
		{Method: remove, Path: below + "/{domain_id}", Permission: "domain:delete", Handler: a.inTenant(a.signedIn(a.removeDomain))},
	}
}

// domainOperations describe them.
var domainOperations = []written{
	{"POST", "domains/{id}/verify", "Look the record of a domain up now; 409 where another organization has proved it", nil, oneDomain},
	{"GET", "tenants/{id}/domains", "List the domains of the organization that the session is in", nil, schema{"type": "array", "items": oneDomain}},
	{"POST", "tenants/{id}/domains", "Add a domain to the organization that the session is in", schema{"$ref": "#/components/schemas/DomainCreate"}, oneDomain},
	{"POST", "tenants/{id}/domains/{domain_id}/verify", "Look the record of a domain up now", nil, oneDomain},
	{"DELETE", "tenants/{id}/domains/{domain_id}", "Move a domain to the trash", nil, schema{"type": "null"}},
}

var oneDomain = schema{"$ref": "#/components/schemas/Domain"}

// verifyDomain takes the id from the part of the path with a name.
func (a *API) verifyDomain(part string) personal {
	return func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		domain, err := a.accounts.Verify(p.Session, r.Param(part))
		if err != nil {
			return nil, err
		}
		kind, _ := a.kernel.Kind(identity.Domains.Name)
		return envelope(http.StatusOK, kind.AppendJSON(nil, resource.Record(domain), nil)), nil
	}
}

func (a *API) removeDomain(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	version, err := ifMatch(r)
	if err != nil {
		return nil, err
	}
	kind, _ := a.kernel.Kind(identity.Domains.Name)
	return answer(nil, kind.Remove(p.Session, r.Param("domain_id"), version))
}
