package ui

import (
	"net/http"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/resource"
)

// workspace is the page of a workspace, which says what rests.
func (s *Site) workspace(v *visit) (*edge.Response, error) {
	page, record, err := v.named(s.kind(access.Workspaces.Name))
	if err != nil {
		return nil, err
	}
	if record.(*access.Workspace).State == access.WorkspaceArchived {
		page.Notice = &Strip{Tone: Warn, Text: "This workspace is archived.", Remedy: "What is in it can be read. Nothing in it changes, and its workflows don't run."}
	}
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
