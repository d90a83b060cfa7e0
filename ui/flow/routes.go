// Package flow has the pages of workflows and their executions: the form in which a workflow is edited, what an execution did step by
// step, versions, templates and hosted forms. Start with Routes, then workflows.go and executions.go.
package flow

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/ui/web"
)

// Routes are the pages of workflows and executions.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	return []edge.Route{
		page(get, "/workflows", "workflow:read", workflows),
		page(get, "/workflows/new", "workflow:create", newWorkflow),
		page(post, "/workflows", "workflow:create", createWorkflow),
		page(get, "/workflows/import", "workflow:create", importForm),
		page(post, "/workflows/import", "workflow:create", importWorkflow),
		page(get, "/workflows/{id}/edit", "workflow:update", editCanvas),
		page(get, "/workflows/{id}/canvas", "workflow:update", storedDraft),
		page(post, "/workflows/{id}/node", "workflow:update", canvasNode),
		page(post, "/workflows/{id}/preview", "workflow:update", previewExpressions),
		page(post, "/workflows/{id}/paste", "workflow:update", pasteNodes),
		page(post, "/workflows/{id}", "workflow:update", updateWorkflow),
		page(get, "/workflows/{id}", "workflow:read", workflow),
		page(get, "/workflows/{id}/executions", "execution:read", workflowExecutions),
		page(get, "/workflows/{id}/versions", "workflow:read", workflowVersions),
		page(get, "/workflows/{id}/versions/{version}", "workflow:read", workflowVersion),
		page(post, "/workflows/{id}/versions/{version}/restore", "workflow:update", restoreVersion),
		page(post, "/workflows/{id}/execute", "workflow:execute", execute),
		page(post, "/workflows/{id}/listen", "workflow:update", listen),
		page(get, "/workflow-templates", "workflow:read", templates),
		page(get, "/workflow-templates/{id}", "workflow:read", template),
		page(post, "/workflow-templates/{id}/use", "workflow:create", useTemplate),
		{Method: get, Path: flow.FormsPath + "{path...}", Permission: "public", Handler: s.Handle(hostedForm)},
		{Method: post, Path: flow.FormsPath + "{path...}", Permission: "public", Handler: s.Handle(sendForm)},
		page(get, "/executions", "execution:read", executions),
		page(post, "/executions/bulk/retry", "execution:retry", retryExecutions),
		page(get, searchPath, "execution:read", searchExecutions),
		page(get, "/executions/{id}", "execution:read", execution),
		page(post, "/executions/{id}/cancel", "execution:cancel", cancelExecution),
		page(post, "/executions/{id}/retry", "execution:retry", retryExecution),
		page(post, "/executions/{id}/pin", "workflow:update", pinOutput),
	}
}
