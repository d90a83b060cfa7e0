// Package home has the page that everybody begins at, the search, and what Ctrl+K offers. What stands on the page comes from the
// blocks that the areas declare. Start with Routes.
package home

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// Routes are the pages that everybody begins at.
func Routes(s *web.Site) []edge.Route {
	const get = http.MethodGet
	page := s.Page("")
	return []edge.Route{
		page(get, "/dashboard", "", home),
		page(get, "/search", "", search),
		page(get, "/search/palette", "", palette),
		page(get, widget.RowsLookupPath, "", lookupRows),
	}
}
