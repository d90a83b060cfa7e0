package ui

import (
	"net/http"

	"zygo/app/edge"
)

// opsRoutes are the pages of incident operations.
func (s *Site) opsRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, "/assets/{id}", "asset:read", s.asset),
		page(get, "/incidents/{id}", "incident:read", s.incident),
		{Method: get, Path: "/runbooks/{id}/runs/{child_id}", Permission: "runbook_run:read", Handler: s.runbookRun()},
		{Method: post, Path: "/runbooks/{id}/runs/{child_id}/workflow", Permission: "workflow:execute", Handler: s.runStepWorkflow()},
	}
}
