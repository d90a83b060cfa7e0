package ui

import (
	"net/http"

	"zygo/app/edge"
)

// homeRoutes are the pages that everybody begins at.
func (s *Site) homeRoutes() []edge.Route {
	const get = http.MethodGet
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, "/dashboard", "", s.home),
		page(get, "/search", "", s.search),
		page(get, "/search/palette", "", s.palette),
		page(get, rowsLookupPath, "", s.lookupRows),
	}
}
