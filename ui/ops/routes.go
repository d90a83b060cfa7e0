// Package ops has the pages of incident operations that are more than those of a kind: what depends on an asset, and the steps
// of a runbook. Start with Routes.
package ops

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/web"
)

// Routes are the pages of incident operations.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	return []edge.Route{
		page(get, "/assets/{id}", "asset:read", asset),
		page(get, "/incidents/{id}", "incident:read", incident),
		{Method: get, Path: "/runbooks/{id}/runs/{child_id}", Permission: "runbook_run:read", Handler: runbookRun(s)},
		{Method: post, Path: "/runbooks/{id}/runs/{child_id}/workflow", Permission: "workflow:execute", Handler: runStepWorkflow(s)},
	}
}
