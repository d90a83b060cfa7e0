// Package access has the pages about who may do what: roles, workspaces, and the reasons of an answer. Start with Routes.
package access

import (
	"net/http"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/web"
)

// Routes are the pages about who may do what.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *web.Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: access.Roles.Name, Handler: s.SignedIn(handle)}
	}
	workspaces := s.Kind(access.Workspaces.Name).Spec()
	routes := []edge.Route{
		{Method: get, Path: "/settings/{page}", Handler: s.SignedIn(settingsPage)},
		{Method: get, Path: "/settings/{page}/{id}", Handler: s.SignedIn(settingsPage)},
		{Method: get, Path: web.AccessPath + "/{kind}/{id}", Permission: "membership:read", Handler: s.SignedIn(accessPage)},
		page(get, rolesPath+"/{id}", "role:read", role),
		page(get, rolesPath+"/{id}/permissions", "role:permissions", rolePermissions),
		page(post, rolesPath+"/{id}/permissions", "role:permissions", changePermissions),
		page(post, rolesPath+"/{id}/clone", "role:create", cloneRole),
		{
			Method:     get,
			Path:       "/" + workspaces.Path + "/{id}",
			Permission: "workspace:read",
			Kind:       workspaces.Name,
			Handler:    s.SignedIn(workspace),
		},
		{
			Method:     post,
			Path:       web.MembersPath + "/bulk/" + kinds.AssignVerb,
			Permission: "membership:update",
			Kind:       identity.Memberships.Name,
			Handler:    s.SignedIn(assign),
		},
	}
	for _, kind := range s.Kernel.Kinds() {
		if spec := kind.Spec(); spec.Shared {
			routes = append(routes, edge.Route{
				Method:     post,
				Path:       "/" + spec.Path + "/bulk/" + kinds.MoveVerb,
				Permission: resource.Permission(spec.Name, resource.Update),
				Kind:       spec.Name,
				Handler:    move(s, kind),
			})
		}
	}
	return routes
}
