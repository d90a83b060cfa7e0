package ui

import (
	"net/http"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/resource"
)

// Routes are all page routes: those with pages of their own, then those that every kind has. An earlier one replaces a
// later one with the same address.
func (s *Site) Routes() []edge.Route {
	const public, get, post = "public", http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	routes := []edge.Route{
		{Method: get, Path: "/", Permission: public, Handler: s.open(s.front)},
		{Method: get, Path: StaticPath + "{path...}", Permission: public, Handler: s.open(s.serveStatic)},
		{Method: get, Path: "/login", Permission: public, Handler: s.open(s.login)},
		{Method: post, Path: "/login", Permission: public, Handler: s.open(s.signIn)},
		{Method: get, Path: "/setup", Permission: public, Handler: s.open(s.setup)},
		{Method: post, Path: "/setup", Permission: public, Handler: s.open(s.setUp)},
		{Method: get, Path: "/forgot-password", Permission: public, Handler: s.alone(forgotPage)},
		{Method: post, Path: "/forgot-password", Permission: public, Handler: s.form(s.forgot)},
		{Method: get, Path: "/reset-password", Permission: public, Handler: s.open(s.resetForm)},
		{Method: post, Path: "/reset-password", Permission: public, Handler: s.form(s.reset)},
		{Method: get, Path: "/signup", Permission: public, Handler: s.open(s.signUpForm)},
		{Method: post, Path: "/signup", Permission: public, Handler: s.form(s.signUp)},
		{Method: get, Path: "/verify-email", Permission: public, Handler: s.open(s.verifyForm)},
		{Method: post, Path: "/verify-email", Permission: public, Handler: s.form(s.verify)},
		{Method: post, Path: "/verify-email/resend", Permission: public, Handler: s.form(s.resend)},
		{Method: get, Path: "/confirm-email", Permission: public, Handler: s.alone(confirmPage)},
		{Method: post, Path: "/confirm-email", Permission: public, Handler: s.form(s.confirm)},
		page(get, settingsPath, "", s.settings),
		page(get, "/settings/profile", "", s.profile),
		{Method: post, Path: "/settings/profile", Upload: true, Handler: s.profileSent()},
		page(get, "/settings/email", "", s.email),
		page(post, "/settings/email", "", s.changeEmail),
		page(get, "/settings/preferences", "", s.preferences),
		page(post, "/settings/preferences", "", s.changePreferences),
		page(get, "/settings/security", "", s.security),
		page(post, "/settings/security", "", s.changePassword),
		page(get, sessionsPath, "", s.sessions),
		page(post, sessionsPath+"/end-others", "", s.endOtherSessions),
		page(post, sessionsPath+"/{id}/end", "", s.endSession),
		page(get, dataPath, "", s.data),
		page(post, dataPath, "", s.deleteAccount),
		page(get, dataPath+"/export", "", s.exportData),
		page(get, accountsPath+"/{id}", "", s.account),
		page(get, outboxPath, "", s.showOutbox),
		page(get, outboxPath+"/{id}", "", s.showMessage),
		page(post, outboxPath+"/{id}/send", "", s.sendAgain),
		{Method: post, Path: "/sign-out", Handler: s.enrolling(s.signOut)},
		{Method: post, Path: "/switch/{id}", Handler: s.enrolling(s.switchTenant)},
		page(get, "/dashboard", "", s.home),
		page(get, "/search", "", s.search),
		page(get, "/search/palette", "", s.palette),
		page(get, rowsLookupPath, "", s.lookupRows),
		page(get, "/docs", "", s.docs),
		page(post, "/views", "", s.keepView),
		page(post, "/views/{id}", "", s.changeView),
		page(post, "/views/{id}/delete", "", s.deleteView),
		page(get, "/docs/{page}", "", s.docsPage),
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
		page(get, "/assets/{id}", "asset:read", s.asset),
		page(get, "/incidents/{id}", "incident:read", s.incident),
		{Method: get, Path: "/runbooks/{id}/runs/{child_id}", Permission: "runbook_run:read", Handler: s.runbookRun()},
		{Method: post, Path: "/runbooks/{id}/runs/{child_id}/workflow", Permission: "workflow:execute", Handler: s.runStepWorkflow()},
		page(get, "/executions", "execution:read", s.executions),
		page(get, "/executions/{id}", "execution:read", s.execution),
		page(post, "/executions/{id}/cancel", "execution:cancel", s.cancelExecution),
		page(post, "/executions/{id}/retry", "execution:retry", s.retryExecution),
	}
	routes = slices.Concat(routes, s.factorRoutes(), s.socialRoutes(), s.roleRoutes(), s.accessRoutes(), s.invitationRoutes(), s.featureRoutes(), s.effectRoutes(), s.workspaceRoutes(), s.onboardingRoutes(), s.domainRoutes(), s.organizationRoutes(), s.brandingRoutes())
	seen := map[string]bool{}
	for _, r := range routes {
		seen[r.Method+" "+r.Path] = true
	}
	for _, kind := range s.kernel.Kinds() {
		for _, r := range s.kindRoutes(kind) {
			if !seen[r.Method+" "+r.Path] {
				routes = append(routes, r)
			}
		}
	}
	// The first route that fits answers, so names come before parameters, as their letters come before a brace.
	slices.SortStableFunc(routes, func(a, b edge.Route) int { return strings.Compare(a.Path, b.Path) })
	return routes
}

// kindRoutes are the pages of a kind, as far as its verbs go.
func (s *Site) kindRoutes(kind resource.Resource) []edge.Route {
	spec := kind.Spec()
	var routes []edge.Route
	base, id := "/"+spec.Path, "/{id}"
	add := func(method, path, verb string, handler edge.Handler) {
		uploads := spec.HoldsFiles() && (path == "" || path == id) || path == "/import"
		routes = append(routes, edge.Route{Method: method, Path: base + path, Permission: resource.Permission(spec.Name, verb), Kind: spec.Name, Upload: uploads, Handler: handler})
	}
	const get, post = http.MethodGet, http.MethodPost
	if spec.Parent != nil {
		add(get, id, resource.Get, s.locate(kind))
		base, id = "/"+s.above(spec).Spec().Path+"/{id}/"+spec.Segment, "/{child_id}"
	}
	if spec.Has(resource.List) {
		add(get, "", resource.List, s.list(kind))
		add(get, "/export", resource.List, s.export(kind))
		add(post, "/columns", resource.List, s.chooseColumns(kind))
		add(get, "/suggestions", resource.List, s.suggestions(kind))
		if spec.Title != nil && spec.Title.Search {
			add(get, "/lookup", resource.List, s.lookup(kind))
		}
	}
	if spec.Has(resource.Create) {
		add(get, "/new", resource.Create, s.blank(kind))
		if spec.Custom() != nil {
			add(get, "/new/template", resource.Create, s.chooseTemplate(kind))
		}
		add(post, "", resource.Create, s.create(kind))
	}
	if spec.Has(resource.Import) {
		add(get, "/import", resource.Import, s.importForm(kind))
		add(post, "/import", resource.Import, s.importTable(kind))
	}
	if spec.Has(resource.List) && spec.Has(resource.Delete) {
		add(post, "/bulk/delete", resource.Delete, s.bulk(kind, resource.Delete))
		add(post, "/bulk/restore", resource.Restore, s.bulk(kind, resource.Restore))
	}
	for _, action := range spec.Actions {
		if action.Asks() {
			continue // what it asks is about one row
		}
		add(post, "/bulk/"+action.Name, action.Name, s.bulk(kind, action.Name))
	}
	if spec.Has(resource.Get) {
		add(get, id, resource.Get, s.detail(kind))
		add(get, id+"/menu", resource.Get, s.menu(kind))
		if spec.HoldsFiles() {
			add(get, id+"/files/{field}", resource.Get, s.download(kind))
		}
	}
	if spec.Has(resource.Update) {
		add(get, id+"/edit", resource.Update, s.edit(kind))
		add(post, id, resource.Update, s.update(kind))
	}
	if spec.Has(resource.Delete) {
		add(post, id+"/delete", resource.Delete, s.remove(kind))
		add(get, id+"/deleted", resource.Restore, s.deleted(kind))
		add(post, id+"/restore", resource.Restore, s.restore(kind))
		add(post, id+"/purge", resource.Purge, s.purge(kind))
	}
	s.verbRoutes(kind, func(method, path, verb string, handler edge.Handler) { add(method, id+path, verb, handler) })
	return routes
}
