package ui

import (
	"net/http"

	"zygo/app/edge"
)

// flowRoutes are the pages of workflows and executions.
func (s *Site) flowRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, "/workflows", "workflow:read", s.workflows),
		page(get, "/workflows/new", "workflow:create", s.newWorkflow),
		page(post, "/workflows", "workflow:create", s.createWorkflow),
		page(get, "/workflows/{id}/edit", "workflow:update", s.editWorkflow),
		page(post, "/workflows/{id}", "workflow:update", s.updateWorkflow),
		page(get, "/workflows/{id}", "workflow:read", s.workflow),
		page(get, "/workflows/{id}/executions", "execution:read", s.workflowExecutions),
		page(post, "/workflows/{id}/execute", "workflow:execute", s.execute),
		page(get, "/workflow-templates", "workflow:read", s.templates),
		page(get, "/workflow-templates/{id}", "workflow:read", s.template),
		page(post, "/workflow-templates/{id}/use", "workflow:create", s.useTemplate),
		page(get, "/executions", "execution:read", s.executions),
		page(get, "/executions/{id}", "execution:read", s.execution),
		page(post, "/executions/{id}/cancel", "execution:cancel", s.cancelExecution),
		page(post, "/executions/{id}/retry", "execution:retry", s.retryExecution),
	}
}
