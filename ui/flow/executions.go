package flow

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// executions lists what ran, each failure with its cause in the row.
func executions(v *web.Visit) (*edge.Response, error) {
	if to, err := kinds.Canonical(v, v.Site.Kind("execution")); to != nil || err != nil {
		return to, err
	}
	page, err := executionsPage(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func executionsPage(v *web.Visit, fixed ...resource.Filter) (*markup.ListPage, error) {
	kind := v.Site.Kind("execution")
	page, records, err := kinds.ListPage(v, kind, fixed...)
	if err != nil {
		return nil, err
	}
	if err := ShowExecutions(v, page.Table, records); err != nil {
		return nil, err
	}
	page.Columns = nil
	offerRetries(v, page, fixed)
	if len(fixed) > 0 {
		page.Views, page.Keep = nil, nil
	} else {
		page.Empty.Actions = []markup.Action{{Label: "Open workflows", Icon: "workflow", Href: "/workflows"}}
	}
	offerSearch(page, fixed)
	return page, nil
}

// offerSearch leads to the search in the data; the list itself is searched by its errors.
func offerSearch(page *markup.ListPage, fixed []resource.Filter) {
	workflow := ""
	for _, f := range fixed {
		workflow = f.Values[0]
	}
	if len(page.Table.Rows) > 0 {
		page.More = append(page.More, markup.Action{Label: "Search in data", Icon: "search", Href: searchHref(workflow, "")})
	} else if page.Search != "" {
		page.Empty.Actions = append(page.Empty.Actions,
			markup.Action{Label: "Search in data", Icon: "search", Href: searchHref(workflow, page.Search)})
	}
}

// offerRetries lets people run executions again that they select in a list.
func offerRetries(v *web.Visit, page *markup.ListPage, fixed []resource.Filter) {
	spec := v.Site.Kind("execution").Spec()
	if !v.Person.May(spec, "retry") || len(page.Table.Rows) == 0 {
		return
	}
	list := maps.Clone(v.Query)
	if list == nil {
		list = url.Values{}
	}
	for _, f := range fixed {
		list["filter["+f.Field+"]"] = f.Values
	}
	page.Table.Chooses = web.Lower(spec.Label())
	for _, version := range flow.RetryVersion("").Choices()[:2] {
		page.Bulk = append(page.Bulk, markup.Action{
			Label:  "Retry with " + web.Lower(version.Label),
			Icon:   "rotate-ccw",
			Post:   "/executions/bulk/retry" + kinds.Carried(list.Encode()),
			Fields: []markup.Hidden{{Name: "from", Value: string(flow.FromFailed)}, {Name: "version", Value: version.Value}},
		})
	}
}

// executionRows is a plain table of executions.
func executionRows(v *web.Visit, records []resource.Record) (*markup.Table, error) {
	return kinds.RowsOf(v, v.Site.Kind("execution"), records)
}

// ShowExecutions replaces the columns of the declaration: how it went, what started it, when, and how long it took. The cause
// of a failure stands in its row instead of a column that is empty for all others.
func ShowExecutions(v *web.Visit, table *markup.Table, records []resource.Record) error {
	names, err := starters(v, records)
	if err != nil {
		return err
	}
	table.Columns = []markup.Column{
		table.Columns[0],
		{Label: "Status", State: true},
		{Label: "Started by"},
		{Label: "Created"},
		{Label: "Took", Right: true},
		{Label: "Version", Leaves: 1, Right: true},
	}
	for i, record := range records {
		e, row := record.(*flow.Execution), &table.Rows[i]
		cells := []markup.Cell{row.Cells[0], widget.ChoiceBadge(e.Status), markup.Text(startedBy(e, names)), markup.Time(e.CreatedAt.Go()),
			nil, versionCell(e.WorkflowVersion)}
		if e.StartedAt != 0 && e.FinishedAt != 0 {
			cells[4] = markup.Duration(e.FinishedAt.Sub(e.StartedAt))
		}
		if e.WakeAt != 0 && e.Status == flow.Waiting {
			cells[4] = markup.Text("goes on " + v.Viewer().Relative(e.WakeAt.Go()))
		}
		row.Cells, row.Cause = cells, widget.Shorten(e.ErrorMessage, 160)
		if e.RetriedBy != "" {
			row.Cause += " (run again)"
		}
	}
	return nil
}

// starters are the names of the people who started executions by hand.
func starters(v *web.Visit, records []resource.Record) (map[string]string, error) {
	var ids []string
	for _, record := range records {
		if e := record.(*flow.Execution); e.ActorID != "" {
			ids = append(ids, e.ActorID)
		}
	}
	return v.Person.TitlesOf("user", ids)
}

// startedBy says who or what started an execution.
func startedBy(e *flow.Execution, names map[string]string) string {
	if e.Trigger == "manual" {
		return cmp.Or(names[e.ActorID], "API")
	}
	return field.Label(e.Trigger)
}

// execution is the page of one execution: why it is as it is, its graph, its steps, and what one of them received and gave.
func execution(v *web.Visit) (*edge.Response, error) {
	view, err := v.Site.Engine.View(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	names, err := v.Person.TitlesOf("workflow", []string{view.WorkflowID})
	if err != nil {
		return nil, err
	}
	kind := v.Site.Kind("execution")
	record, err := kind.Get(v.Person.Session, view.ID)
	if err != nil {
		return nil, err
	}
	people, err := starters(v, []resource.Record{record})
	if err != nil {
		return nil, err
	}
	c, err := progressOf(v, view)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(names[view.WorkflowID], "Deleted workflow")
	canvas, err := c.canvas(name)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell: v.Shell(name), Crumbs: []markup.Crumb{
			{Label: "Executions", Href: kinds.ListHref(v, kind.Spec())},
		}, Heading: name, State: widget.ChoiceBadge(view.Status),
		Self: v.Path + web.QueryText(v.Query), Live: "execution:" + view.ID, Notice: c.notice(),
		Top:  []markup.Section{canvas},
		Main: append([]markup.Section{c.stepList()}, c.chosenSections()...),
		Side: []markup.Section{{Title: "Facts", Facts: c.facts(names, startedBy(record.(*flow.Execution), people))}},
	}
	if page.Place, err = kinds.Place(v, kind, record); err != nil {
		return nil, err
	}
	if names[view.WorkflowID] != "" {
		page.Crumbs = append(page.Crumbs, markup.Crumb{Label: name, Href: "/workflows/" + view.WorkflowID})
	}
	if !view.Status.Finished() {
		page.Stream = "/api/v1/executions/" + view.ID + "/stream"
	}
	page.Primary, page.Actions = c.actions()
	if page.Timeline, err = kinds.Timeline(v, kind, view.ID, kinds.TimelineRows); err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// actions are to cancel what goes on, and to repeat what is over.
func (c progress) actions() (*markup.Action, []markup.Action) {
	spec := c.Site.Kind("execution").Spec()
	if !c.view.Status.Finished() {
		if !c.Person.May(spec, "cancel") {
			return nil, nil
		}
		return &markup.Action{Label: "Cancel", Icon: "ban", Post: c.path + "/cancel", Danger: true, Confirm: &markup.Confirm{
			Title: "Cancel execution", Body: "The node that runs now is told to stop. What earlier nodes sent is not taken back."}}, nil
	}
	if !c.Person.May(spec, "retry") || c.published == 0 && c.view.WorkflowVersion > 0 {
		return nil, nil
	}
	own, isNewer := versionName(c.view.WorkflowVersion), c.published > max(c.view.WorkflowVersion, 0)
	newest := versionName(c.published)
	retry := func(label, from, version, number string) markup.Action {
		action := markup.Action{
			Label:  label,
			Icon:   "rotate-ccw",
			Post:   c.path + "/retry",
			Fields: []markup.Hidden{{Name: "from", Value: from}, {Name: "version", Value: version}},
		}
		if from == "start" {
			action.Confirm = &markup.Confirm{Title: "Run again from the start with " + number, Body: againBody}
		}
		return action
	}
	var actions []markup.Action
	if failed := c.failed(); failed != nil && c.view.Status == flow.Failed {
		from := "Retry from “" + widget.Shorten(failed.Name, 24) + "”"
		if isNewer { // most likely the repair
			actions = append(actions, retry(from+" with "+newest, "failed", "current", newest))
		}
		actions = append(actions, retry(from+" with "+own, "failed", "same", own))
	}
	if isNewer {
		actions = append(actions, retry("Retry from the start with "+newest, "start", "current", newest))
	}
	actions = append(actions, retry("Retry from the start with "+own, "start", "same", own))
	if c.editable && c.hasDraft {
		actions = append(actions, retry("Try the draft with the same input", "start", "draft", "the draft"))
	}
	actions = append(actions, c.fromHere(retry)...)
	if c.view.Status == flow.Failed {
		return &actions[0], actions[1:]
	}
	return nil, actions
}

// fromHere repeats the execution from the step that the address names.
func (c progress) fromHere(retry func(label, from, version, number string) markup.Action) []markup.Action {
	step := c.chosen
	if step == nil || c.Query.Get("step") == "" || step.StartedAt == 0 || strings.HasPrefix(step.Type, "trigger.") {
		return nil
	}
	from := "“" + widget.Shorten(step.Name, 24) + "”"
	actions := []markup.Action{retry("Run again from "+from, "node", "same", "")}
	if c.editable && c.hasDraft {
		actions = append(actions, retry("Try the draft from "+from, "node", "draft", ""))
	}
	for i := range actions {
		actions[i].Fields = append(actions[i].Fields, markup.Hidden{Name: "node", Value: step.NodeID})
	}
	return actions
}

// versionCell is the number of a version, or that it is a draft that was tried.
func versionCell(number int) markup.Cell {
	if number < 0 {
		return markup.Text("Draft")
	}
	return markup.Count(number)
}

// versionName is how people call a version; those below zero are drafts that were tried.
func versionName(number int) string {
	if number < 0 {
		return "the draft that was tried"
	}
	return fmt.Sprintf("version %d", number)
}

const againBody = "Every node runs again with the same input: calls and mails that went out are sent once more."

// notice is one sentence of why the execution is as it is.
func (c progress) notice() *markup.Strip {
	switch c.view.Status {
	case flow.Failed:
		strip := &markup.Strip{Tone: markup.Bad, Text: "It failed."}
		if e := c.view.Error; e != nil {
			strip.Text = e.Message
			if failed := c.failed(); failed != nil {
				strip.Text = "“" + failed.Name + "” failed: " + e.Message
				strip.Remedy = "Retrying from there takes what the nodes before it gave as it is; none of them runs again."
			}
		}
		return strip
	case flow.Cancelled:
		return &markup.Strip{Tone: markup.Idle, Text: "Somebody cancelled it.", Remedy: "Nodes that had not begun were not run."}
	case flow.Running:
		return c.progress()
	case flow.Queued:
		return &markup.Strip{Tone: markup.Info, Text: "It waits for its turn.", Remedy: "It is stored and begins by itself."}
	case flow.Waiting:
		strip := &markup.Strip{Tone: markup.Warn, Text: "It waits."}
		for _, step := range c.view.Nodes {
			if step.Status == "waiting" {
				strip.Text = "“" + step.Name + "” waits."
				if step.Error != nil {
					strip.Text = fmt.Sprintf("“%s” failed at attempt %d and is tried again: %s", step.Name, step.Attempts,
						step.Error.Message)
				}
			}
		}
		if c.view.WakeAt != 0 {
			strip.Remedy = "It goes on at " + c.Viewer().Exact(c.view.WakeAt.Go()) + "."
		}
		return strip
	}
	return nil
}

// progress says how far a running execution is.
func (c progress) progress() *markup.Strip {
	done, text := 0, "It runs."
	for _, step := range c.view.Nodes {
		switch step.Status {
		case "succeeded", "failed", "skipped":
			done++
		case "running":
			text = "“" + step.Name + "” runs"
			if step.StartedAt != 0 {
				text += " since " + c.Viewer().Exact(step.StartedAt.Go())
			}
			text += "."
		}
	}
	return &markup.Strip{Tone: markup.Info, Text: text, Remedy: fmt.Sprintf("%d of %s done.", done, counted(len(c.view.Nodes), "node"))}
}

func (c progress) facts(names map[string]string, starter string) []markup.Fact {
	view := c.view
	facts := []markup.Fact{{Label: "Started by", Value: markup.Text(starter)}, {Label: "Created", Value: markup.Time(view.CreatedAt.Go())}}
	if view.StartedAt != 0 && view.FinishedAt != 0 {
		facts = append(facts, markup.Fact{Label: "Took", Value: markup.Duration(time.Duration(view.DurationMS) * time.Millisecond)})
	} else if view.StartedAt != 0 {
		facts = append(facts, markup.Fact{Label: "Runs for", Value: markup.Duration(c.Person.Now.Sub(view.StartedAt))})
	}
	version := markup.Fact{Label: "Version", Value: versionCell(view.WorkflowVersion)}
	if names[view.WorkflowID] != "" && view.WorkflowVersion > 0 {
		version.Value = markup.Reference{Label: fmt.Sprint(view.WorkflowVersion), Href: "/workflows/" + view.WorkflowID}
	}
	facts = append(facts, version, markup.Fact{Label: "Attempt", Value: markup.Count(view.Attempt)})
	for _, other := range []struct {
		label string
		id    *string
	}{{"Retry of", view.RetryOf}, {"Run again as", view.RetriedBy}, {"Called by", view.Parent}} {
		if id := other.id; id != nil {
			facts = append(facts, markup.Fact{
				Label: other.label,
				Value: markup.Reference{Label: "Execution " + (*id)[max(0, len(*id)-8):], Href: "/executions/" + *id},
			})
		}
	}
	if slices.ContainsFunc(c.graph.Nodes, func(n flow.Node) bool { return n.Type == "workflow" }) {
		facts = append(facts, markup.Fact{Label: "It called", Value: markup.Reference{
			Label: "Executions",
			Href:  "/executions?" + url.Values{"filter[parent]": {view.ID}}.Encode(),
		}})
	}
	return append(facts, markup.Fact{Label: "ID", Value: markup.Identifier(view.ID)})
}

func cancelExecution(v *web.Visit) (*edge.Response, error) {
	path := "/executions/" + v.Param("id")
	if v.Form.Get("confirm") == "" && v.Person.May(v.Site.Kind("execution").Spec(), "cancel") && web.IsID(v.Param("id")) {
		return kinds.Ask(v, "Cancel execution", "Execution",
			"The node that runs now is told to stop. What earlier nodes sent is not taken back.", path)
	}
	if err := v.Site.Engine.Cancel(v.Person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(path), nil
}
