package api

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Base is the path under which all operations stand.
const Base = "/api/v1/"

// Routes are all JSON routes: those that need the request itself, then those of the operations and the kinds.
func (a *API) Routes() []edge.Route {
	routes := []edge.Route{
		{Method: http.MethodGet, Path: "/health", Permission: "public", Handler: a.open(a.health)},
		{Method: http.MethodGet, Path: "/health/ready", Permission: "public", Handler: a.open(a.ready)},
		{Method: http.MethodGet, Path: "/api/openapi.json", Permission: "public", Handler: a.open(a.openAPI)},
		{Method: http.MethodGet, Path: "/.well-known/jwks.json", Permission: "public", Handler: a.open(a.keys)},
		{Method: http.MethodGet, Path: Base + "tenants", Handler: a.enrolling(a.ownTenants)},
		{Method: http.MethodGet, Path: Base + "audit-logs", Permission: "audit:read", Handler: a.signedIn(a.auditLogs)},
		{Method: http.MethodGet, Path: Base + "events/stream", Handler: a.signedIn(a.events)},
		{
			Method:     http.MethodGet,
			Path:       Base + "executions/{id}/stream",
			Permission: "execution:read",
			Handler:    a.signedIn(a.followExecution),
			Socket:     a.executionSocket,
		},
		{
			Method: http.MethodGet, Path: Base + "workflows/{id}/editors/stream", Permission: "workflow:update",
			Handler: a.signedIn(a.followEditors),
		},
	}
	routes = append(routes, a.hookRoutes()...)
	for _, o := range a.operations {
		permission := o.Permission
		if o.Caller == operation.Public {
			permission = "public"
		}
		routes = append(routes, edge.Route{
			Method:     o.Method,
			Path:       Base + o.Path,
			Permission: permission,
			Upload:     o.Uploads,
			Handler:    a.operation(o),
		})
	}
	for _, also := range aliases {
		kind, _ := a.kernel.Kind(also.kind)
		handlers := map[string]func(resource.Resource) edge.Handler{
			resource.List:   a.list,
			resource.Create: a.create,
			resource.Get:    a.get,
			resource.Update: a.update,
		}
		routes = append(routes, edge.Route{
			Method:     also.method,
			Path:       Base + also.path,
			Permission: resource.Permission(also.kind, also.verb),
			Handler:    a.inTenant(handlers[also.verb](kind)),
		})
	}
	for _, kind := range a.kernel.Kinds() {
		routes = append(routes, a.kindRoutes(kind)...)
	}
	return routes
}

// aliases are the verbs of kinds that stand below the organization too.
var aliases = []struct{ method, path, kind, verb, summary string }{
	{http.MethodGet, "tenants/{id}/domains", "domain", resource.List, "List the domains of the organization that the session is in"},
	{http.MethodPost, "tenants/{id}/domains", "domain", resource.Create, "Add a domain to the organization that the session is in"},
	{http.MethodGet, "tenants/{id}/invitations", "invitation", resource.List,
		"List the invitations of the organization that the session is in"},
	{http.MethodGet, "tenants/{id}/settings", "tenant", resource.Get, "The settings of the organization that the session is in: its row"},
	{http.MethodPatch, "tenants/{id}/settings", "tenant", resource.Update, "Change settings of the organization; takes If-Match"},
}

// inTenant serves a path that names an organization to those whose session is in it. Any other one looks as if it were none.
func (a *API) inTenant(handler edge.Handler) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		person, err := a.recognize(r)
		if err == nil && r.Param("id") != person.Tenant.ID {
			err = fault.New(fault.NotFound, "This organization does not exist, or the session is in another one. Switch to it first.")
		}
		if err != nil {
			return a.Fail(r, err)
		}
		return handler(r)
	}
}

// ownTenants lists the organizations that the person belongs to, and not only the one that the session is in.
func (a *API) ownTenants(r *edge.Request, p *people.Person) (*edge.Response, error) {
	everywhere, own, err := a.services.Members.Everywhere(p)
	if err != nil {
		return nil, err
	}
	kind, _ := a.kernel.Kind(tenants.Kind.Name)
	return listRows(r, everywhere, kind, own)
}

func (a *API) kindRoutes(kind resource.Resource) []edge.Route {
	spec := kind.Spec()
	var routes []edge.Route
	base, id := Base+spec.API, "/{id}"
	if spec.Parent != nil {
		above, _ := a.kernel.Kind(spec.Parent.To)
		base, id = Base+above.Spec().API+"/{id}/"+spec.Segment, "/{child_id}"
	}
	add := func(method, path, verb string, handler edge.Handler) {
		routes = append(routes, edge.Route{
			Method:     method,
			Path:       base + path,
			Permission: resource.Permission(spec.Name, verb),
			Kind:       spec.Name,
			Handler:    handler,
		})
	}
	if spec.Has(resource.List) {
		add(http.MethodGet, "", resource.List, a.list(kind))
	}
	if spec.Has(resource.Create) {
		add(http.MethodPost, "", resource.Create, a.create(kind))
	}
	if spec.Has(resource.Import) && spec.Parent == nil {
		add(http.MethodPost, "/import", resource.Import, a.importTable(kind))
	}
	if spec.Has(resource.Get) {
		add(http.MethodGet, id, resource.Get, a.get(kind))
		if spec.HoldsFiles() {
			add(http.MethodGet, id+"/files/{field}", resource.Get, a.download(kind))
		}
	}
	if spec.Has(resource.Update) {
		add(http.MethodPatch, id, resource.Update, a.update(kind))
	}
	if spec.Has(resource.Delete) {
		add(http.MethodDelete, id, resource.Delete, a.remove(kind))
		add(http.MethodPost, id+"/restore", resource.Restore, a.restore(kind))
		add(http.MethodPost, id+"/purge", resource.Purge, a.purge(kind))
	}
	if spec.Has(resource.Update) || spec.Has(resource.Delete) || len(spec.Actions) > 0 {
		add(http.MethodPost, "/bulk", resource.List, a.bulk(kind))
	}
	for _, action := range spec.Actions {
		add(http.MethodPost, id+"/"+action.Name, action.Name, a.act(kind, action.Name))
	}
	return routes
}
