// Package console has the pages of operators that are more than those of a kind: accounts, organizations and messages. All of them
// ask for an operator before anything else. Start with Routes.
package console

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/web"
)

// Routes are the pages of operators.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	return []edge.Route{
		page(get, accountsPath+"/{id}", "", account),
		page(get, outboxPath, "", showOutbox),
		page(get, outboxPath+"/{id}", "", showMessage),
		page(post, outboxPath+"/{id}/send", "", sendAgain),
		page(get, adminOrganizationsPath+"/{id}", "", organization),
	}
}
