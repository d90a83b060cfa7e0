// Package access has the pages about who may do what: roles, workspaces, and the reasons of an answer. They decide nothing; what
// they show comes from app/access. Start with Routes.
package access

import (
	"net/http"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/identity/keys"
	"zygo/app/identity/people"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/web"
)

// Routes are the pages about who may do what.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page, rolePage, keyPage := s.Page(""), s.Page(access.Roles.Name), s.Page(keys.Kind.Name)
	workspaces := s.Kind(access.Workspaces.Name).Spec()
	routes := []edge.Route{
		page(get, "/settings/{page}", "", settingsPage),
		page(get, "/settings/{page}/{id}", "", settingsPage),
		page(get, web.AccessPath+"/{kind}/{id}", "membership:read", accessPage),
		rolePage(get, rolesPath+"/{id}", "role:read", role),
		rolePage(get, rolesPath+"/{id}/permissions", "role:permissions", rolePermissions),
		rolePage(post, rolesPath+"/{id}/permissions", "role:permissions", changePermissions),
		rolePage(post, rolesPath+"/{id}/clone", "role:create", cloneRole),
		keyPage(get, keysPath, "api_key:read", keyList),
		keyPage(post, keysPath, "api_key:create", createKey),
		keyPage(get, keysPath+"/new", "api_key:create", keyForm),
		keyPage(get, keysPath+"/{id}", "api_key:read", key),
		keyPage(get, keysPath+"/{id}/rotate", "api_key:rotate", rotateForm),
		keyPage(post, keysPath+"/{id}/rotate", "api_key:rotate", rotateKey),
		s.Page(workspaces.Name)(get, "/"+workspaces.Path+"/{id}", "workspace:read", workspace),
		s.Page(people.Memberships.Name)(post, web.MembersPath+"/bulk/"+kinds.AssignVerb, "membership:update", assign),
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
