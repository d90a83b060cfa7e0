package ui

import (
	"net/http"
	"net/url"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/resource"
)

func (s *Site) workspaceRoutes() []edge.Route {
	spec := s.kind(access.Workspaces.Name).Spec()
	return []edge.Route{{Method: http.MethodGet, Path: "/" + spec.Path + "/{id}", Permission: "workspace:read", Kind: spec.Name, Handler: s.signedIn(s.workspace)}}
}

// workspace is the page of a workspace, with how much is in it.
func (s *Site) workspace(v *visit) (*edge.Response, error) {
	kind := s.kind(access.Workspaces.Name)
	page, record, err := v.named(kind)
	if err != nil {
		return nil, err
	}
	id := kind.ID(record)
	if record.(*access.Workspace).State == access.WorkspaceArchived {
		page.Notice = &Strip{Tone: Warn, Text: "This workspace is archived.", Remedy: "What is in it can be read. Nothing in it changes, and its workflows don't run."}
	}
	within := []resource.Filter{{Field: "workspace_id", Operator: "eq", Values: []string{id}}}
	table := &Table{Caption: "What is in it", Columns: []Column{{Label: "Kind"}, {Label: "Rows", Right: true}}}
	for _, held := range s.kernel.Kinds() {
		spec := held.Spec()
		if !spec.Shared || !v.person.May(spec, resource.List) {
			continue
		}
		found, err := held.List(v.person.Session, resource.Query{Filters: within, Limit: 1})
		if err != nil {
			return nil, err
		}
		table.Rows = append(table.Rows, Row{ID: spec.Name, Label: spec.PluralLabel(), Href: "/" + spec.Path + filterText(within), Cells: []Cell{Text(spec.PluralLabel()), Text(total(found.Total))}})
		if spec.Has(resource.Create) && v.person.MayOn(spec, resource.Create, "", id) {
			page.Actions = append(page.Actions, Action{Label: "Create " + lower(spec.Label()), Icon: "plus", Href: "/" + spec.Path + "/new?" + url.Values{"workspace_id": {id}}.Encode()})
		}
	}
	page.Main = append(page.Main, Section{Title: "What is in it", Table: table})
	return v.show(http.StatusOK, page)
}

// beginIn fills a new row with what its workspace gives it.
func (v *visit) beginIn(spec *resource.Spec, values map[string]string) error {
	if !spec.Shared || values["workspace_id"] == "" {
		return nil
	}
	workspace, err := access.Workspaces.Get(v.person.Session, values["workspace_id"])
	if fault.Is(err, fault.NotFound) {
		return nil // the form says so when it is sent
	}
	if err != nil {
		return err
	}
	for _, f := range spec.Fields {
		if f.Type.Name() == "tags" && f.Writable() && values[f.Name] == "" {
			values[f.Name] = strings.Join(workspace.Tags, ", ")
		}
	}
	return nil
}
