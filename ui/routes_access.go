package ui

import (
	"net/http"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/resource"
)

// accessRoutes are the pages about who may do what.
func (s *Site) accessRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	role := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: access.Roles.Name, Handler: s.signedIn(handle)}
	}
	workspaces := s.kind(access.Workspaces.Name).Spec()
	routes := []edge.Route{
		{Method: get, Path: "/settings/{page}", Handler: s.signedIn(s.settingsPage)},
		{Method: get, Path: "/settings/{page}/{id}", Handler: s.signedIn(s.settingsPage)},
		{Method: get, Path: accessPath + "/{kind}/{id}", Permission: "membership:read", Handler: s.signedIn(s.access)},
		role(get, rolesPath+"/{id}", "role:read", s.role),
		role(get, rolesPath+"/{id}/permissions", "role:permissions", s.rolePermissions),
		role(post, rolesPath+"/{id}/permissions", "role:permissions", s.changePermissions),
		role(post, rolesPath+"/{id}/clone", "role:create", s.cloneRole),
		{Method: get, Path: "/" + workspaces.Path + "/{id}", Permission: "workspace:read", Kind: workspaces.Name, Handler: s.signedIn(s.workspace)},
		{Method: post, Path: membersPath + "/bulk/" + assignVerb, Permission: "membership:update", Kind: identity.Memberships.Name, Handler: s.signedIn(s.assign)},
	}
	for _, kind := range s.kernel.Kinds() {
		if spec := kind.Spec(); spec.Shared {
			routes = append(routes, edge.Route{
				Method:     post,
				Path:       "/" + spec.Path + "/bulk/" + moveVerb,
				Permission: resource.Permission(spec.Name, resource.Update),
				Kind:       spec.Name,
				Handler:    s.move(kind),
			})
		}
	}
	return routes
}
