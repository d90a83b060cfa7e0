package ui

import (
	"net/http"

	"zygo/app/edge"
)

// kindsRoutes are the pages of views.
func (s *Site) kindsRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(post, "/views", "", s.keepView),
		page(post, "/views/{id}", "", s.changeView),
		page(post, "/views/{id}/delete", "", s.deleteView),
	}
}
