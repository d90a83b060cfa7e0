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
	routes := slices.Concat(s.webRoutes(), s.signinRoutes(), s.accountRoutes(), s.tenantRoutes(), s.accessRoutes(), s.homeRoutes(),
		s.flowRoutes(), s.opsRoutes(), s.consoleRoutes(), s.manual.routes(s), s.kindsRoutes())
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
