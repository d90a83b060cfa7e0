package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// kind finds a kind that the binary has for sure.
func (s *Site) kind(name string) resource.Resource {
	kind, ok := s.kernel.Kind(name)
	if !ok {
		panic("nobody declares " + name)
	}
	return kind
}

// workflows lists the workflows with how they fare. An empty list offers the templates.
func (s *Site) workflows(v *visit) (*edge.Response, error) {
	kind := s.kind("workflow")
	if to, err := v.canonical(kind); to != nil || err != nil {
		return to, err
	}
	page, records, err := v.listPage(kind)
	if err != nil {
		return nil, err
	}
	page.Live, page.Columns = "workflow execution", nil
	mayCreate := v.mayCreate("workflow")
	if mayCreate {
		page.More = append([]Action{{Label: "Templates", Icon: "library", Href: "/workflow-templates"}}, page.More...)
	}
	if err := v.showHealth(page.Table, records); err != nil {
		return nil, err
	}
	if len(records) == 0 && page.Search == "" && len(page.Filters) == 0 && v.Query.Get("deleted") == "" && mayCreate {
		templates, err := flow.Templates()
		if err != nil {
			return nil, err
		}
		page.Empty.Text += " Begin with a template:"
		for _, t := range templates[:min(3, len(templates))] {
			page.Empty.Templates = append(page.Empty.Templates, Template{t.Name, shorten(string(t.Description), 100), "/workflow-templates/" + t.ID})
		}
		page.Empty.Guide = &Link{"How workflows work", "/docs/workflows"}
	}
	return v.show(http.StatusOK, page)
}

// showHealth replaces the columns of the declaration by those that answer whether a workflow is fine.
func (v *visit) showHealth(table *Table, records []resource.Record) error {
	ids := make([]string, len(records))
	for i, record := range records {
		ids[i] = record.(*flow.Workflow).ID
	}
	health, err := flow.HealthOf(v.person.Session, ids)
	if err != nil {
		return err
	}
	name := table.Columns[0]
	table.Columns = []Column{name, {Label: "State", State: true}, {Label: "Last execution"}, {Label: "Started"}, {Label: "Next run"}, {Label: "Failed in 24 h", Right: true, Leaves: 2},
		{Label: "Version", Leaves: 2, Right: true}, {Label: "Published by", Leaves: 1}, {Label: "Tags", Leaves: 2}, {Label: "Updated", Leaves: 2}}
	for i, record := range records {
		w, row, h := record.(*flow.Workflow), &table.Rows[i], health[ids[i]]
		cells := []Cell{row.Cells[0], workflowState(w), nil, nil, nil, nil, nil, Text(h.Publisher), nil, Time(w.UpdatedAt.Go())}
		if h.Next != 0 {
			cells[4] = Time(h.Next.Go())
		}
		if h.Last != nil {
			cells[2] = choiceBadge(h.Last.Status)
			cells[3] = Time(h.Last.CreatedAt.Go())
			row.Cause = shorten(h.Last.ErrorMessage, 160)
		}
		if h.Failures > 0 {
			cells[5] = Count(h.Failures)
		}
		if w.PublishedVersion > 0 {
			cells[6] = Count(w.PublishedVersion)
		}
		if len(w.Tags) > 0 {
			cells[8] = Tags(w.Tags)
		}
		row.Cells = cells
	}
	return nil
}

// workflowState is what a workflow does when it is called.
func workflowState(w *flow.Workflow) Badge {
	switch {
	case w.PublishedVersion == 0:
		return Badge{Idle, "Draft"}
	case w.Enabled && w.DraftVersion > 0:
		return Badge{Good, "Enabled, newer draft"}
	case w.Enabled:
		return Badge{Good, "Enabled"}
	}
	return Badge{Warn, "Disabled"}
}

// workflowExecutions is the list of executions of one workflow.
func (s *Site) workflowExecutions(v *visit) (*edge.Response, error) {
	w, err := flow.Workflows.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	page, err := v.executionsPage(resource.Filter{Field: "workflow_id", Operator: "eq", Values: []string{w.ID}})
	if err != nil {
		return nil, err
	}
	page.Heading = "Executions of " + w.Name
	page.Shell.Title = page.Heading
	page.More = append([]Action{{Label: "Open workflow", Icon: "workflow", Href: "/workflows/" + w.ID}}, page.More...)
	return v.show(http.StatusOK, page)
}

// recentExecutions is how many a workflow's page shows.
const recentExecutions = 8

// workflow is the page of one workflow.
func (s *Site) workflow(v *visit) (*edge.Response, error) {
	kind := s.kind("workflow")
	w, err := flow.Workflows.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := w.Draft()
	if err != nil {
		return nil, err
	}
	problems, err := flow.Problems(v.person.Session, w.ID)
	if err != nil {
		return nil, err
	}
	path := "/workflows/" + w.ID
	page := &DetailPage{
		Shell: v.shell(w.Name), Crumbs: []Crumb{{"Workflows", v.listHref(kind.Spec())}}, Heading: w.Name, State: workflowState(w),
		Self: v.Path + v.kept(), Live: "workflow:" + w.ID + " execution",
	}
	if page.Place, err = v.place(kind, w); err != nil {
		return nil, err
	}
	page.Primary, page.Actions = v.workflowActions(w, len(problems) == 0)
	page.Notice = draftNotice(w, graph, problems)
	drawn := drawing(graph, w.Name+": "+counted(len(graph.Nodes), "node"), func(id string) string { return path + "/edit#node-" + id })
	for i := range drawn.Nodes {
		for _, p := range problems {
			if p.Node == drawn.Nodes[i].ID {
				drawn.Nodes[i].State, drawn.Nodes[i].Line = NodeFailed, problemSentence(graph, p)
			}
		}
	}
	if len(graph.Nodes) > 0 {
		page.Top = []Section{{Title: "Draft", Graph: drawn}}
		if w.PublishedVersion > 0 && w.DraftVersion == 0 {
			page.Top[0].Title = fmt.Sprintf("Version %d", w.PublishedVersion)
		}
	}
	if w.Description != "" {
		page.Main = append(page.Main, Section{Title: "Description", Markdown: string(w.Description)})
	}
	page.Main = append(page.Main, v.webhooks(w, graph)...)
	if len(graph.Nodes) > 0 {
		page.Main = append(page.Main, nodeList(graph))
	}
	executions, err := v.latest(w)
	if err != nil {
		return nil, err
	}
	page.Main = append(page.Main, executions)
	page.Side = []Section{{Title: "Facts", Facts: workflowFacts(w, graph)}}
	if page.Timeline, err = v.timeline(kind, w.ID, timelineRows); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

// workflowActions are what comes next first: publishing what is ready, else running what is published, else editing.
func (v *visit) workflowActions(w *flow.Workflow, ready bool) (*Action, []Action) {
	kind := v.site.kind("workflow")
	path := "/workflows/" + w.ID
	first, all := v.actions(kind, w, false)
	if first != nil {
		all = append([]Action{*first}, all...)
	}
	var rest []Action
	var primary *Action
	for i := range all {
		if all[i].Post == path+"/publish"+v.kept() {
			if ready {
				primary = &all[i]
			}
			continue
		}
		rest = append(rest, all[i])
	}
	var more []Action
	if w.PublishedVersion > 0 && v.mayOnWorkflow("execute") {
		more = append(more, Action{Label: "Run now", Icon: "play", Post: path + "/execute"})
	}
	if v.person.May(kind.Spec(), resource.Update) {
		more = append(more, Action{Label: "Edit", Icon: "pencil", Href: path + "/edit", Key: "e"})
	}
	if primary == nil && len(more) > 0 {
		primary, more = &more[0], more[1:]
	}
	return primary, append(more, rest...)
}

func (v *visit) mayOnWorkflow(verb string) bool {
	return v.person.May(v.site.kind("workflow").Spec(), verb)
}

// draftNotice says what keeps the draft from being published, or that it is ahead of what runs.
func draftNotice(w *flow.Workflow, graph *flow.Graph, problems []flow.Problem) *Strip {
	ahead := w.PublishedVersion == 0 || w.DraftVersion > 0
	if !ahead {
		return nil
	}
	if len(problems) == 0 {
		if w.PublishedVersion == 0 {
			return &Strip{Tone: Info, Text: "This draft is complete.", Remedy: "Publish it to give its triggers their addresses and times."}
		}
		return &Strip{Tone: Info, Text: "The draft is ahead of version " + fmt.Sprint(w.PublishedVersion) + " by " + counted(w.DraftVersion, "change") + ".", Remedy: "What runs is the published version."}
	}
	strip := &Strip{Tone: Warn, Text: counted(len(problems), "problem") + " to solve before the draft can be published."}
	for _, p := range problems {
		strip.Items = append(strip.Items, Link{Label: problemText(graph, p), Href: problemHref("/workflows/"+w.ID+"/edit", p)})
	}
	return strip
}

func problemText(graph *flow.Graph, p flow.Problem) string {
	place := p.Node
	for _, n := range graph.Nodes {
		if n.ID == p.Node {
			place = n.Name
		}
	}
	if p.Node != "" {
		return place + ": " + problemSentence(graph, p)
	}
	return problemSentence(graph, p)
}

// problemSentence says what is wrong, by the name that the form gives the field.
func problemSentence(graph *flow.Graph, p flow.Problem) string {
	message := sentence("", p.Message)
	for _, n := range graph.Nodes {
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if n.ID != p.Node || !ok {
			continue
		}
		first, _, _ := strings.Cut(p.Field, ".")
		for _, f := range kind.Fields() {
			if f.Name == first {
				return sentence(f.Label, p.Message)
			}
		}
	}
	return strings.ToUpper(message[:1]) + message[1:]
}

// problemHref leads to where a problem is mended.
func problemHref(path string, p flow.Problem) string {
	if p.Secret != "" {
		return "/secrets/new?name=" + url.QueryEscape(p.Secret)
	}
	if p.Node != "" {
		return path + "#node-" + p.Node
	}
	return path
}

// webhooks are the public addresses of the graph's triggers.
func (v *visit) webhooks(w *flow.Workflow, graph *flow.Graph) []Section {
	var sections []Section
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		path, ok := webhookPath(n)
		if !ok {
			continue
		}
		section := Section{Title: "Webhook address", Code: &Code{ID: "webhook-" + n.ID, Label: "Calls start at “" + n.Name + "”", Text: v.site.url + "/hooks/" + v.person.Tenant.ID + "/" + path}}
		if !w.Enabled {
			section.Empty = "It answers as soon as the workflow is published and enabled."
		}
		sections = append(sections, section)
	}
	return sections
}

// latest are the newest executions of a workflow.
func (v *visit) latest(w *flow.Workflow) (Section, error) {
	kind := v.site.kind("execution")
	section := Section{Title: "Latest executions", Empty: "It has not run yet."}
	if !v.person.May(kind.Spec(), resource.List) {
		return Section{}, nil
	}
	found, err := kind.List(v.person.Session, resource.Query{Limit: recentExecutions, Filters: []resource.Filter{{Field: "workflow_id", Operator: "eq", Values: []string{w.ID}}}})
	if err != nil || len(found.Rows) == 0 {
		return section, err
	}
	section.Empty = ""
	section.Action = &Action{Label: "Show all " + total(found.Total), Href: "/workflows/" + w.ID + "/executions"}
	section.Table, err = v.executionRows(found.Rows)
	if section.Table != nil {
		section.Table.Caption = section.Title
	}
	return section, err
}

func workflowFacts(w *flow.Workflow, graph *flow.Graph) []Fact {
	facts := []Fact{{"Published", textCell("")}, {"Draft", Text("As published")}, {"Nodes", Count(len(graph.Nodes))}}
	if w.PublishedVersion > 0 {
		facts[0].Value = Text(fmt.Sprintf("Version %d", w.PublishedVersion))
	}
	if w.PublishedVersion == 0 || w.DraftVersion > 0 {
		facts[1].Value = Text(counted(w.DraftVersion, "change"))
	}
	facts = append(facts, Fact{"Time zone", Text(orElse(graph.Settings.TimeZone, "UTC"))})
	if graph.Settings.Concurrency > 0 {
		facts = append(facts, Fact{"At once", Text(counted(graph.Settings.Concurrency, "execution"))})
	}
	if len(w.Tags) > 0 {
		facts = append(facts, Fact{"Tags", Tags(w.Tags)})
	}
	return append(facts, Fact{"Created", Time(w.CreatedAt.Go())}, Fact{"Updated", Time(w.UpdatedAt.Go())}, Fact{"ID", Identifier(w.ID)})
}

// execute runs the published version and leads to the execution.
func (s *Site) execute(v *visit) (*edge.Response, error) {
	id, err := s.engine.Execute(v.person.Session, v.Param("id"), nil)
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/executions/" + id), nil
}

// templates lists the workflows that the instance ships.
func (s *Site) templates(v *visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.person.Session, resource.List); err != nil {
		return nil, err
	}
	all, err := flow.Templates()
	if err != nil {
		return nil, err
	}
	table := &Table{Caption: "Templates", Columns: []Column{{Label: "Name"}, {Label: "What it does", Wraps: true}, {Label: "Tags", Leaves: 1}}}
	for _, t := range all {
		table.Rows = append(table.Rows, Row{ID: t.ID, Label: t.Name, Href: "/workflow-templates/" + t.ID, Cells: []Cell{Text(t.Name), Text(t.Description), Tags(t.Tags)}})
	}
	return v.show(http.StatusOK, &ListPage{Shell: v.shell("Workflow templates"), Heading: "Workflow templates", Total: total(len(all)), Path: v.Path, Self: v.Path, Table: table,
		More: []Action{{Label: "All workflows", Icon: "workflow", Href: "/workflows"}}, Paging: Paging{From: 1, To: len(all), Total: total(len(all))}})
}

// template shows a shipped workflow before it is taken.
func (s *Site) template(v *visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.person.Session, resource.Get); err != nil {
		return nil, err
	}
	t, err := flow.FindTemplate(v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := t.Graph()
	if err != nil {
		return nil, err
	}
	page := &DetailPage{
		Shell: v.shell(t.Name), Crumbs: []Crumb{{"Workflows", "/workflows"}, {"Templates", "/workflow-templates"}}, Heading: t.Name, Self: v.Path,
		Top:  []Section{{Title: "Graph", Graph: drawing(graph, t.Name+": "+counted(len(graph.Nodes), "node"), func(id string) string { return "#node-" + id })}},
		Main: []Section{{Title: "What it does", Markdown: string(t.Description)}},
	}
	if v.mayCreate("workflow") {
		page.Primary = &Action{Label: "Use this template", Icon: "plus", Post: v.Path + "/use"}
	}
	if len(t.Needs) > 0 {
		page.Main = append(page.Main, Section{Title: "What it needs before it can be published", Markdown: "- " + strings.Join(t.Needs, "\n- ")})
	}
	page.Main = append(page.Main, nodeList(graph))
	return v.show(http.StatusOK, page)
}

// nodeList is the graph in words, for small screens and for those who can't see the drawing.
func nodeList(graph *flow.Graph) Section {
	nodes := Section{Title: "Nodes"}
	for i := range graph.Nodes {
		nodes.Facts = append(nodes.Facts, Fact{graph.Nodes[i].Name, textCell(nodeLine(&graph.Nodes[i]))})
	}
	return nodes
}

// useTemplate makes a workflow of a template.
func (s *Site) useTemplate(v *visit) (*edge.Response, error) {
	w, err := flow.UseTemplate(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/workflows/" + w.ID), nil
}
