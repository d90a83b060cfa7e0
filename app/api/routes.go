package api

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/resource"
)

// Base is the path under which all operations stand.
const Base = "/api/v1/"

// Routes are all JSON routes: the hand-written ones, then those of the operations and the kinds.
func (a *API) Routes() []edge.Route {
	routes := []edge.Route{
		{Method: http.MethodGet, Path: "/health", Permission: "public", Handler: a.open(a.health)},
		{Method: http.MethodGet, Path: "/health/ready", Permission: "public", Handler: a.open(a.ready)},
		{Method: http.MethodGet, Path: "/api/openapi.json", Permission: "public", Handler: a.open(a.openAPI)},
		{Method: http.MethodPost, Path: Base + "auth/login", Permission: "public", Handler: a.open(a.login)},
		{Method: http.MethodPost, Path: Base + "auth/refresh", Permission: "public", Handler: a.open(a.refresh)},
		{Method: http.MethodGet, Path: "/.well-known/jwks.json", Permission: "public", Handler: a.open(a.keys)},
		{Method: http.MethodPost, Path: Base + "auth/signup", Permission: "public", Handler: a.open(a.signUp)},
		{Method: http.MethodPost, Path: Base + "auth/verify-email", Permission: "public", Handler: a.open(a.verifyEmail)},
		{Method: http.MethodPost, Path: Base + "auth/resend-verification", Permission: "public", Handler: a.open(a.resendVerification)},
		{Method: http.MethodPost, Path: Base + "auth/forgot-password", Permission: "public", Handler: a.open(a.forgotPassword)},
		{Method: http.MethodPost, Path: Base + "auth/reset-password", Permission: "public", Handler: a.open(a.resetPassword)},
		{Method: http.MethodPost, Path: Base + "auth/confirm-email", Permission: "public", Handler: a.open(a.confirmEmail)},
		{Method: http.MethodPost, Path: Base + "auth/logout", Handler: a.enrolling(a.logout)},
		{Method: http.MethodGet, Path: Base + "users/me", Handler: a.enrolling(a.me)},
		{Method: http.MethodPatch, Path: Base + "users/me", Handler: a.signedIn(a.changeMe)},
		{Method: http.MethodPost, Path: Base + "users/me/avatar", Upload: true, Handler: a.signedIn(a.setAvatar)},
		{Method: http.MethodDelete, Path: Base + "users/me/avatar", Handler: a.signedIn(a.removeAvatar)},
		{Method: http.MethodGet, Path: Base + "users/{id}/avatar", Permission: "user:read", Handler: a.signedIn(a.avatar)},
		{Method: http.MethodPost, Path: Base + "users/me/change-password", Handler: a.signedIn(a.changePassword)},
		{Method: http.MethodPost, Path: Base + "users/me/change-email", Handler: a.signedIn(a.changeEmail)},
		{Method: http.MethodGet, Path: Base + "users/me/preferences", Handler: a.signedIn(a.preferences)},
		{Method: http.MethodPatch, Path: Base + "users/me/preferences", Handler: a.signedIn(a.changePreferences)},
		{Method: http.MethodGet, Path: Base + "users/me/sessions", Handler: a.signedIn(a.sessions)},
		{Method: http.MethodDelete, Path: Base + "users/me/sessions/{id}", Handler: a.signedIn(a.endSession)},
		{Method: http.MethodGet, Path: Base + "admin/outbox", Handler: a.signedIn(a.listOutbox)},
		{Method: http.MethodGet, Path: Base + "admin/outbox/{id}", Handler: a.signedIn(a.readOutbox)},
		{Method: http.MethodPost, Path: Base + "admin/outbox/{id}/send", Handler: a.signedIn(a.sendAgain)},
		{Method: http.MethodGet, Path: Base + "audit-logs", Permission: "audit:read", Handler: a.signedIn(a.auditLogs)},
		{Method: http.MethodPost, Path: Base + "files", Permission: "file:create", Upload: true, Handler: a.signedIn(a.upload)},
		{Method: http.MethodGet, Path: Base + "search", Handler: a.signedIn(a.search)},
		{Method: http.MethodGet, Path: Base + "events/stream", Handler: a.signedIn(a.events)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/switch", Handler: a.enrolling(a.switchTenant)},
		{Method: http.MethodGet, Path: Base + "executions/{id}/stream", Permission: "execution:read", Handler: a.signedIn(a.followExecution), Socket: a.executionSocket},
	}
	routes = append(routes, a.factorRoutes()...)
	routes = slices.Concat(routes, a.socialRoutes(), a.phoneRoutes(), a.peopleRoutes(), a.invitationRoutes(), a.tenantRoutes(), a.domainRoutes(), a.organizationRoutes())
	for _, method := range hookMethods {
		routes = append(routes, edge.Route{Method: method, Path: "/hooks/{path...}", Permission: "public", Packed: true, Handler: a.open(a.hook)})
	}
	for _, o := range a.operations {
		routes = append(routes, edge.Route{Method: o.Method, Path: Base + o.Path, Permission: o.Permission, Handler: a.operation(o)})
	}
	for _, kind := range a.kernel.Kinds() {
		routes = append(routes, a.kindRoutes(kind)...)
	}
	return routes
}

func (a *API) kindRoutes(kind resource.Resource) []edge.Route {
	spec := kind.Spec()
	var routes []edge.Route
	base, id := Base+spec.Path, "/{id}"
	if spec.Parent != nil {
		above, _ := a.kernel.Kind(spec.Parent.To)
		base, id = Base+above.Spec().Path+"/{id}/"+spec.Segment, "/{child_id}"
	}
	add := func(method, path, verb string, handler edge.Handler) {
		routes = append(routes, edge.Route{Method: method, Path: base + path, Permission: resource.Permission(spec.Name, verb), Kind: spec.Name, Handler: handler})
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
