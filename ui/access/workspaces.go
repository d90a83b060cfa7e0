package access

import (
	"net/http"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// workspace is the page of a workspace, which says what rests.
func workspace(v *web.Visit) (*edge.Response, error) {
	page, record, err := kinds.Named(v, v.Site.Kind(access.Workspaces.Name))
	if err != nil {
		return nil, err
	}
	if record.(*access.Workspace).State == access.WorkspaceArchived {
		page.Notice = &markup.Strip{
			Tone:   markup.Warn,
			Text:   "This workspace is archived.",
			Remedy: "What is in it can be read. Nothing in it changes, and its workflows don't run.",
		}
	}
	return v.Show(http.StatusOK, page)
}
