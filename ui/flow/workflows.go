package flow

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// workflows lists the workflows with how they fare. An empty list offers the templates.
func workflows(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind("workflow")
	if to, err := kinds.Canonical(v, kind); to != nil || err != nil {
		return to, err
	}
	page, records, err := kinds.ListPage(v, kind)
	if err != nil {
		return nil, err
	}
	page.Live, page.Columns = "workflow execution", nil
	mayCreate := v.MayCreate("workflow")
	if mayCreate {
		page.More = append([]markup.Action{
			{Label: "Templates", Icon: "library", Href: "/workflow-templates"},
			{Label: "Import", Icon: "upload", Href: "/workflows/import"},
		}, page.More...)
	}
	if err := showHealth(v, page.Table, records); err != nil {
		return nil, err
	}
	if len(records) == 0 && page.Search == "" && len(page.Filters) == 0 && v.Query.Get("deleted") == "" && mayCreate {
		if page.Empty.Templates, err = firstTemplates(); err != nil {
			return nil, err
		}
		page.Empty.Text += " Begin with a template:"
		page.Empty.Guide = &markup.Link{Label: "How workflows work", Href: "/docs/workflows"}
	}
	return v.Show(http.StatusOK, page)
}

// firstTemplates are those that an empty page offers.
func firstTemplates() (first []markup.Template, err error) {
	templates, err := flow.Templates()
	if err != nil {
		return nil, err
	}
	for _, t := range templates[:min(3, len(templates))] {
		first = append(first, markup.Template{
			Label: t.Name,
			Text:  widget.Shorten(string(t.Description), 100),
			Href:  "/workflow-templates/" + t.ID,
		})
	}
	return first, nil
}

// showHealth replaces the columns of the declaration by those that answer whether a workflow is fine.
func showHealth(v *web.Visit, table *markup.Table, records []resource.Record) error {
	ids := make([]string, len(records))
	for i, record := range records {
		ids[i] = record.(*flow.Workflow).ID
	}
	health, err := flow.HealthOf(v.Person.Session, ids)
	if err != nil {
		return err
	}
	name := table.Columns[0]
	table.Columns = []markup.Column{
		name,
		{Label: "State", State: true},
		{Label: "Last execution"},
		{Label: "Started"},
		{Label: "Next run"},
		{Label: "Failed in 24 h", Right: true, Leaves: 2},
		{Label: "Version", Leaves: 2, Right: true},
		{Label: "Published by", Leaves: 1},
		{Label: "Tags", Leaves: 2},
		{Label: "Updated", Leaves: 2},
	}
	for i, record := range records {
		w, row, h := record.(*flow.Workflow), &table.Rows[i], health[ids[i]]
		cells := []markup.Cell{row.Cells[0], workflowState(w), nil, nil, nil, nil, nil, markup.Text(h.Publisher), nil,
			markup.Time(w.UpdatedAt.Go())}
		if h.Next != 0 {
			cells[4] = markup.Time(h.Next.Go())
		}
		if h.Last != nil {
			cells[2] = widget.ChoiceBadge(h.Last.Status)
			cells[3] = markup.Time(h.Last.CreatedAt.Go())
			row.Cause = widget.Shorten(h.Last.ErrorMessage, 160)
		}
		if h.Failures > 0 {
			cells[5] = markup.Count(h.Failures)
		}
		if w.PublishedVersion > 0 {
			cells[6] = markup.Count(w.PublishedVersion)
		}
		if len(w.Tags) > 0 {
			cells[8] = markup.Tags(w.Tags)
		}
		row.Cells = cells
	}
	return nil
}

// workflowState is what a workflow does when it is called.
func workflowState(w *flow.Workflow) markup.Badge {
	switch {
	case w.PublishedVersion == 0:
		return markup.Badge{Tone: markup.Idle, Word: "Draft"}
	case w.Enabled && w.DraftVersion > 0:
		return markup.Badge{Tone: markup.Good, Word: "Enabled, newer draft"}
	case w.Enabled:
		return markup.Badge{Tone: markup.Good, Word: "Enabled"}
	}
	return markup.Badge{Tone: markup.Warn, Word: "Disabled"}
}

// workflowExecutions is the list of executions of one workflow.
func workflowExecutions(v *web.Visit) (*edge.Response, error) {
	w, err := flow.Workflows.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	page, err := executionsPage(v, resource.Filter{Field: "workflow_id", Operator: "eq", Values: []string{w.ID}})
	if err != nil {
		return nil, err
	}
	page.Heading = "Executions of " + w.Name
	page.Shell.Title = page.Heading
	page.More = append([]markup.Action{{Label: "Open workflow", Icon: "workflow", Href: "/workflows/" + w.ID}}, page.More...)
	return v.Show(http.StatusOK, page)
}

// recentExecutions is how many a workflow's page shows.
const recentExecutions = 8

// workflow is the page of one workflow.
func workflow(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind("workflow")
	w, err := flow.Workflows.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := w.Draft()
	if err != nil {
		return nil, err
	}
	problems, err := flow.Problems(v.Person.Session, w.ID)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell: v.Shell(w.Name), Crumbs: []markup.Crumb{
			{Label: "Workflows", Href: kinds.ListHref(v, kind.Spec())},
		}, Heading: w.Name, State: workflowState(w),
		Self: v.Path + kinds.Kept(v), Live: "workflow:" + w.ID + " execution",
	}
	if page.Place, err = kinds.Place(v, kind, w); err != nil {
		return nil, err
	}
	page.Primary, page.Actions = workflowActions(v, w, len(problems) == 0)
	page.Notice = draftNotice(w, graph, problems)
	page.Top = drawnDraft(w, graph, problems)
	if w.Description != "" {
		page.Main = append(page.Main, markup.Section{Title: "Description", Markdown: string(w.Description)})
	}
	starts, err := triggers(v, w, graph)
	if err != nil {
		return nil, err
	}
	page.Main = append(page.Main, starts...)
	if len(graph.Nodes) > 0 {
		page.Main = append(page.Main, nodeList(graph))
	}
	executions, err := latest(v, w)
	if err != nil {
		return nil, err
	}
	page.Main = append(page.Main, executions)
	facts, err := workflowFacts(v, w, graph)
	if err != nil {
		return nil, err
	}
	page.Side = []markup.Section{{Title: "Facts", Facts: facts}}
	if page.Timeline, err = kinds.Timeline(v, kind, w.ID, kinds.TimelineRows); err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// workflowActions are what comes next first: publishing what is ready, else running what is published, else editing.
func workflowActions(v *web.Visit, w *flow.Workflow, ready bool) (*markup.Action, []markup.Action) {
	kind := v.Site.Kind("workflow")
	path := "/workflows/" + w.ID
	first, all := kinds.Actions(v, kind, w, false)
	if first != nil {
		all = append([]markup.Action{*first}, all...)
	}
	var rest []markup.Action
	var primary *markup.Action
	for i := range all {
		if all[i].Href == path+"/publish"+kinds.Kept(v) {
			if ready {
				primary = &all[i]
			}
			continue
		}
		rest = append(rest, all[i])
	}
	var more []markup.Action
	if w.PublishedVersion > 0 && mayOnWorkflow(v, "execute") {
		more = append(more, markup.Action{Label: "Run now", Icon: "play", Post: path + "/execute"})
	}
	if ready && w.DraftVersion > 0 && mayOnWorkflow(v, "execute") && mayOnWorkflow(v, resource.Update) {
		more = append(more, markup.Action{
			Label:  "Try the draft",
			Icon:   "play",
			Post:   path + "/execute",
			Fields: []markup.Hidden{{Name: "draft", Value: "true"}},
		})
	}
	if v.Person.May(kind.Spec(), resource.Update) {
		more = append(more, markup.Action{Label: "Edit", Icon: "pencil", Href: path + "/edit", Key: "e"})
	}
	if w.PublishedVersion > 0 {
		more = append(more, markup.Action{Label: "Versions", Icon: "history", Href: path + "/versions"})
	}
	if primary == nil && len(more) > 0 {
		primary, more = &more[0], more[1:]
	}
	return primary, append(more, rest...)
}

// draftNotice says what keeps the draft from being published, or that it is ahead of what runs.
func draftNotice(w *flow.Workflow, graph *flow.Graph, problems []flow.Problem) *markup.Strip {
	ahead := w.PublishedVersion == 0 || w.DraftVersion > 0
	if !ahead {
		return nil
	}
	if len(problems) == 0 {
		if w.PublishedVersion == 0 {
			return &markup.Strip{
				Tone:   markup.Info,
				Text:   "This draft is complete.",
				Remedy: "Publish it to give its triggers their addresses and times.",
			}
		}
		return &markup.Strip{
			Tone:   markup.Info,
			Text:   "The draft is ahead of version " + fmt.Sprint(w.PublishedVersion) + " by " + counted(w.DraftVersion, "change") + ".",
			Remedy: "What runs is the published version.",
		}
	}
	strip := &markup.Strip{Tone: markup.Warn, Text: counted(len(problems), "problem") + " to solve before the draft can be published."}
	for _, p := range problems {
		strip.Items = append(strip.Items, markup.Link{Label: problemText(graph, p), Href: problemHref("/workflows/"+w.ID+"/edit", p)})
	}
	return strip
}

// latest are the newest executions of a workflow.
func latest(v *web.Visit, w *flow.Workflow) (markup.Section, error) {
	kind := v.Site.Kind("execution")
	section := markup.Section{Title: "Latest executions", Empty: "It has not run yet."}
	if !v.Person.May(kind.Spec(), resource.List) {
		return markup.Section{}, nil
	}
	found, err := kind.List(v.Person.Session, resource.Query{
		Limit:   recentExecutions,
		Filters: []resource.Filter{{Field: "workflow_id", Operator: "eq", Values: []string{w.ID}}},
	})
	if err != nil || len(found.Rows) == 0 {
		return section, err
	}
	section.Empty = ""
	section.Action = &markup.Action{Label: "Show all " + kinds.Total(found.Total), Href: "/workflows/" + w.ID + "/executions"}
	section.Table, err = executionRows(v, found.Rows)
	if section.Table != nil {
		section.Table.Caption = section.Title
	}
	return section, err
}

// execute runs the published version and leads to the execution.
func execute(v *web.Visit) (*edge.Response, error) {
	id, err := v.Site.Engine.ExecuteOnce(v.Person.Session, flow.Order{Workflow: v.Param("id"), Draft: v.Form.Get("draft") != ""})
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/executions/" + id), nil
}
