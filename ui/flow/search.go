package flow

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/operation"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const searchPath = "/executions/search"

// searchHref is the page that looks for a text in the data of executions, of one workflow or, without an id, of all.
func searchHref(workflow, text string) string {
	values := url.Values{}
	if workflow != "" {
		values.Set("workflow", workflow)
	}
	if text != "" {
		values.Set("q", text)
	}
	return searchPath + web.QueryText(values)
}

// searchExecutions finds executions by what their nodes gave.
func searchExecutions(v *web.Visit) (*edge.Response, error) {
	page := markup.SearchPage{
		Heading: "Search the data of executions",
		Path:    searchPath,
		Words:   strings.TrimSpace(v.Query.Get("q")),
		Empty: markup.Empty{
			Icon:  "search",
			Title: "Search what went through your workflows",
			Text:  "An order number, an address, a name: whatever a node received or gave.",
		},
	}
	page.Shell = v.Shell(page.Heading)
	workflow := v.Query.Get("workflow")
	if workflow != "" {
		w, err := flow.Workflows.Get(v.Person.Session, workflow)
		if err != nil {
			return nil, err
		}
		page.Heading = "Search the data of " + w.Name
		page.Kept = []markup.Hidden{{Name: "workflow", Value: workflow}}
	}
	if page.Words == "" {
		return v.Show(http.StatusOK, page)
	}
	found, err := flow.Search(v.Person.Session, &flow.Searching{
		Text:       page.Words,
		WorkflowID: workflow,
		Part:       operation.Part{Cursor: v.Query.Get("before")},
	})
	if err != nil {
		return nil, err
	}
	for _, hit := range found.Rows {
		page.Results = append(page.Results, markup.SearchResult{
			Icon:    "activity",
			Href:    "/executions/" + hit.ID + web.QueryText(url.Values{"step": {hit.NodeID}}),
			Kind:    field.Label(string(hit.Status)) + ", " + v.Viewer().Relative(hit.CreatedAt.Go()),
			Title:   markup.Marked{Text: cmp.Or(hit.WorkflowName, "Deleted workflow")},
			Excerpt: markup.Marked{Text: hit.Excerpt, Words: page.Words},
		})
	}
	page.Empty.Title, page.Empty.Text = fmt.Sprintf("Nothing found for “%s”", page.Words), "Executions that were removed are not found any more."
	if found.Next > 0 {
		_, more := found.Envelope()
		href := searchHref(workflow, page.Words) + "&before=" + url.QueryEscape(fmt.Sprint(more["next_cursor"]))
		page.Next = &markup.Action{Label: "Search older executions", Href: href}
		page.Empty.Text = "The newest executions don’t have it. Older ones were not looked at yet."
	}
	return v.Show(http.StatusOK, page)
}
