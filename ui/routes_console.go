package ui

import (
	"net/http"

	"zygo/app/edge"
)

// consoleRoutes are the pages of operators.
func (s *Site) consoleRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, accountsPath+"/{id}", "", s.account),
		page(get, outboxPath, "", s.showOutbox),
		page(get, outboxPath+"/{id}", "", s.showMessage),
		page(post, outboxPath+"/{id}/send", "", s.sendAgain),
		page(get, adminOrganizationsPath+"/{id}", "", s.organization),
	}
}
