// Package kinds makes the pages that every kind has, from its declaration: the list with search, filters, columns and views, the
// page of a row, its forms, import and export. Start with Routes.
package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/web"
)

// Routes are the pages of a kind, as far as its verbs go.
func Routes(s *web.Site, kind resource.Resource) []edge.Route {
	spec := kind.Spec()
	var routes []edge.Route
	base, id := "/"+spec.Path, "/{id}"
	add := func(method, path, verb string, handler edge.Handler) {
		uploads := spec.HoldsFiles() && (path == "" || path == id) || path == "/import"
		routes = append(routes, edge.Route{
			Method:     method,
			Path:       base + path,
			Permission: resource.Permission(spec.Name, verb),
			Kind:       spec.Name,
			Upload:     uploads,
			Handler:    handler,
		})
	}
	const get, post = http.MethodGet, http.MethodPost
	if spec.Parent != nil {
		add(get, id, resource.Get, locate(s, kind))
		base, id = "/"+Above(s, spec).Spec().Path+"/{id}/"+spec.Segment, "/{child_id}"
	}
	if spec.Has(resource.List) {
		add(get, "", resource.List, list(s, kind))
		add(get, "/export", resource.List, export(s, kind))
		add(post, "/columns", resource.List, chooseColumns(s, kind))
		add(get, "/suggestions", resource.List, suggestions(s, kind))
		if spec.Title != nil && spec.Title.Search {
			add(get, "/lookup", resource.List, lookup(s, kind))
		}
	}
	if spec.Has(resource.Create) {
		add(get, "/new", resource.Create, blank(s, kind))
		if spec.Custom() != nil {
			add(get, "/new/template", resource.Create, chooseTemplate(s, kind))
		}
		add(post, "", resource.Create, create(s, kind))
	}
	if spec.Has(resource.Import) {
		add(get, "/import", resource.Import, importForm(s, kind))
		add(post, "/import", resource.Import, importTable(s, kind))
	}
	if spec.Has(resource.List) && spec.Has(resource.Delete) {
		add(post, "/bulk/delete", resource.Delete, bulk(s, kind, resource.Delete))
		add(post, "/bulk/restore", resource.Restore, bulk(s, kind, resource.Restore))
	}
	for _, action := range spec.Actions {
		if action.Asks() {
			continue // what it asks is about one row
		}
		add(post, "/bulk/"+action.Name, action.Name, bulk(s, kind, action.Name))
	}
	rowRoutes(s, kind, func(method, path, verb string, handler edge.Handler) { add(method, id+path, verb, handler) })
	return routes
}

// rowRoutes are the pages of one row, with paths below its own.
func rowRoutes(s *web.Site, kind resource.Resource, add func(method, path, verb string, handler edge.Handler)) {
	const get, post = http.MethodGet, http.MethodPost
	spec := kind.Spec()
	if spec.Has(resource.Get) {
		add(get, "", resource.Get, detail(s, kind))
		add(get, "/menu", resource.Get, menu(s, kind))
		if spec.HoldsFiles() {
			add(get, "/files/{field}", resource.Get, download(s, kind))
		}
	}
	if spec.Has(resource.Update) {
		add(get, "/edit", resource.Update, edit(s, kind))
		add(post, "", resource.Update, update(s, kind))
	}
	if spec.Has(resource.Delete) {
		add(post, "/delete", resource.Delete, remove(s, kind))
		add(get, "/deleted", resource.Restore, deleted(s, kind))
		add(post, "/restore", resource.Restore, restore(s, kind))
		add(post, "/purge", resource.Purge, purge(s, kind))
	}
	verbRoutes(s, kind, add)
}

// ViewRoutes keep, change and delete views of lists.
func ViewRoutes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	return []edge.Route{
		page(post, "/views", "", keepView),
		page(post, "/views/{id}", "", changeView),
		page(post, "/views/{id}/delete", "", deleteView),
	}
}
