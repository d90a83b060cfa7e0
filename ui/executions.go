package ui

import (
	"fmt"
	"net/http"
	"time"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/resource"
)

// executions lists what ran, each failure with its cause in the row.
func (s *Site) executions(v *visit) (*edge.Response, error) {
	if to, err := v.canonical(s.kind("execution")); to != nil || err != nil {
		return to, err
	}
	page, err := v.executionsPage()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) executionsPage(fixed ...resource.Filter) (*ListPage, error) {
	kind := v.site.kind("execution")
	page, records, err := v.listPage(kind, fixed...)
	if err != nil {
		return nil, err
	}
	if err := showCourse(v, page.Table, records); err != nil {
		return nil, err
	}
	page.Columns = nil
	if len(fixed) > 0 {
		page.Views, page.Keep = nil, nil
	} else {
		page.Empty.Actions = []Action{{Label: "Open workflows", Icon: "workflow", Href: "/workflows"}}
	}
	return page, nil
}

// executionRows is a plain table of executions.
func (v *visit) executionRows(records []resource.Record) (*Table, error) {
	return v.rowsOf(v.site.kind("execution"), records)
}

// showCourse replaces the columns of the declaration: how it went, what started it, when, and how long it took. The cause
// of a failure stands in its row instead of a column that is empty for all others.
func showCourse(v *visit, table *Table, records []resource.Record) error {
	names, err := v.starters(records)
	if err != nil {
		return err
	}
	table.Columns = []Column{table.Columns[0], {Label: "Status", State: true}, {Label: "Started by"}, {Label: "Created"}, {Label: "Took", Right: true}, {Label: "Version", Leaves: 1, Right: true}}
	for i, record := range records {
		e, row := record.(*flow.Execution), &table.Rows[i]
		cells := []Cell{row.Cells[0], choiceBadge(e.Status), Text(startedBy(e, names)), Time(e.CreatedAt.Go()), nil, Count(e.WorkflowVersion)}
		if e.StartedAt != 0 && e.FinishedAt != 0 {
			cells[4] = Duration(e.FinishedAt.Sub(e.StartedAt))
		}
		if e.WakeAt != 0 && e.Status == flow.Waiting {
			cells[4] = Text("goes on " + v.viewer().Relative(e.WakeAt.Go()))
		}
		row.Cells, row.Cause = cells, shorten(e.ErrorMessage, 160)
		if e.RetriedBy != "" {
			row.Cause += " (run again)"
		}
	}
	return nil
}

// starters are the names of the people who started executions by hand.
func (v *visit) starters(records []resource.Record) (map[string]string, error) {
	var ids []string
	for _, record := range records {
		if e := record.(*flow.Execution); e.ActorID != "" {
			ids = append(ids, e.ActorID)
		}
	}
	return v.person.TitlesOf("user", ids)
}

// startedBy says who or what started an execution.
func startedBy(e *flow.Execution, names map[string]string) string {
	if e.Trigger == "manual" {
		return orElse(names[e.ActorID], "API")
	}
	return field.Label(e.Trigger)
}

// execution is the page of one execution: why it is as it is, its graph, its steps, and what one of them received and gave.
func (s *Site) execution(v *visit) (*edge.Response, error) {
	view, err := s.engine.View(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := flow.PublishedGraph(v.person.Session, view.WorkflowID, view.WorkflowVersion)
	if err != nil {
		return nil, err
	}
	names, err := v.person.TitlesOf("workflow", []string{view.WorkflowID})
	if err != nil {
		return nil, err
	}
	kind := s.kind("execution")
	record, err := kind.Get(v.person.Session, view.ID)
	if err != nil {
		return nil, err
	}
	people, err := v.starters([]resource.Record{record})
	if err != nil {
		return nil, err
	}
	workflow, err := flow.Workflows.Get(v.person.Session, view.WorkflowID)
	if err != nil {
		return nil, err
	}
	c := course{visit: v, view: view, graph: graph, published: workflow.PublishedVersion, editable: s.kind("workflow").May(v.person.Session, workflow, resource.Update), path: "/executions/" + view.ID}
	c.choose(v.Query.Get("step"))
	name := orElse(names[view.WorkflowID], "Deleted workflow")
	page := &DetailPage{
		Shell: v.shell(name), Crumbs: []Crumb{{"Executions", v.listHref(kind.Spec())}}, Heading: name, State: choiceBadge(view.Status),
		Self: v.Path + queryText(v.Query), Live: "execution:" + view.ID, Notice: c.notice(),
		Top:  []Section{{Title: "Graph", Graph: c.drawing(name)}},
		Main: append([]Section{{Title: "Steps", Steps: c.steps()}}, c.chosenSections()...),
		Side: []Section{{Title: "Facts", Facts: c.facts(names, startedBy(record.(*flow.Execution), people))}},
	}
	if page.Place, err = v.place(kind, record); err != nil {
		return nil, err
	}
	if names[view.WorkflowID] != "" {
		page.Crumbs = append(page.Crumbs, Crumb{name, "/workflows/" + view.WorkflowID})
	}
	if !view.Status.Finished() {
		page.Stream = "/api/v1/executions/" + view.ID + "/stream"
	}
	page.Primary, page.Actions = c.actions()
	if page.Timeline, err = v.timeline(kind, view.ID, timelineRows); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

// actions are to cancel what goes on, and to repeat what is over.
func (c course) actions() (*Action, []Action) {
	spec := c.site.kind("execution").Spec()
	if !c.view.Status.Finished() {
		if !c.person.May(spec, "cancel") {
			return nil, nil
		}
		return &Action{Label: "Cancel", Icon: "ban", Post: c.path + "/cancel", Danger: true, Confirm: &Confirm{
			Title: "Cancel execution", Body: "The node that runs now is told to stop. What earlier nodes sent is not taken back."}}, nil
	}
	if !c.person.May(spec, "retry") || c.published == 0 {
		return nil, nil
	}
	own, isNewer := fmt.Sprintf("version %d", c.view.WorkflowVersion), c.published > c.view.WorkflowVersion
	newest := fmt.Sprintf("version %d", c.published)
	retry := func(label, from, version, number string) Action {
		action := Action{Label: label, Icon: "rotate-ccw", Post: c.path + "/retry", Fields: []Hidden{{"from", from}, {"version", version}}}
		if from == "start" {
			action.Confirm = &Confirm{Title: "Run again from the start with " + number, Body: againBody}
		}
		return action
	}
	var actions []Action
	if failed := c.failed(); failed != nil && c.view.Status == flow.Failed {
		from := "Retry from “" + shorten(failed.Name, 24) + "”"
		if isNewer { // most likely the repair
			actions = append(actions, retry(from+" with "+newest, "failed", "current", newest))
		}
		actions = append(actions, retry(from+" with "+own, "failed", "same", own))
	}
	if isNewer {
		actions = append(actions, retry("Retry from the start with "+newest, "start", "current", newest))
	}
	actions = append(actions, retry("Retry from the start with "+own, "start", "same", own))
	if c.view.Status == flow.Failed {
		return &actions[0], actions[1:]
	}
	return nil, actions
}

const againBody = "Every node runs again with the same input: calls and mails that went out are sent once more."

// notice is one sentence of why the execution is as it is.
func (c course) notice() *Strip {
	switch c.view.Status {
	case flow.Failed:
		strip := &Strip{Tone: Bad, Text: "It failed."}
		if e := c.view.Error; e != nil {
			strip.Text = e.Message
			if failed := c.failed(); failed != nil {
				strip.Text = "“" + failed.Name + "” failed: " + e.Message
				strip.Remedy = "Retrying from there takes what the nodes before it gave as it is; none of them runs again."
			}
		}
		return strip
	case flow.Cancelled:
		return &Strip{Tone: Idle, Text: "Somebody cancelled it.", Remedy: "Nodes that had not begun were not run."}
	case flow.Running:
		return c.progress()
	case flow.Queued:
		return &Strip{Tone: Info, Text: "It waits for its turn.", Remedy: "It is stored and begins by itself."}
	case flow.Waiting:
		strip := &Strip{Tone: Warn, Text: "It waits."}
		for _, step := range c.view.Nodes {
			if step.Status == "waiting" {
				strip.Text = "“" + step.Name + "” waits."
				if step.Error != nil {
					strip.Text = fmt.Sprintf("“%s” failed at attempt %d and is tried again: %s", step.Name, step.Attempts, step.Error.Message)
				}
			}
		}
		if c.view.WakeAt != 0 {
			strip.Remedy = "It goes on at " + c.viewer().Exact(c.view.WakeAt.Go()) + "."
		}
		return strip
	}
	return nil
}

// progress says how far a running execution is.
func (c course) progress() *Strip {
	done, text := 0, "It runs."
	for _, step := range c.view.Nodes {
		switch step.Status {
		case "succeeded", "failed", "skipped":
			done++
		case "running":
			text = "“" + step.Name + "” runs"
			if step.StartedAt != 0 {
				text += " since " + c.viewer().Exact(step.StartedAt.Go())
			}
			text += "."
		}
	}
	return &Strip{Tone: Info, Text: text, Remedy: fmt.Sprintf("%d of %s done.", done, counted(len(c.view.Nodes), "node"))}
}

// viewer reads times in the zone that the person chose, else in the browser's.
func (v *visit) viewer() Viewer {
	at := zone(v.Request)
	if chosen, err := time.LoadLocation(v.person.User.TimeZone); err == nil && v.person.User.TimeZone != "" {
		at = chosen
	}
	if at == nil && v.person.Tenant.TimeZone != "" {
		at, _ = time.LoadLocation(v.person.Tenant.TimeZone)
	}
	return Viewer{Zone: at, Now: v.person.Now.Go()}
}

func (c course) facts(names map[string]string, starter string) []Fact {
	view := c.view
	facts := []Fact{{"Started by", Text(starter)}, {"Created", Time(view.CreatedAt.Go())}}
	if view.StartedAt != 0 && view.FinishedAt != 0 {
		facts = append(facts, Fact{"Took", Duration(time.Duration(view.DurationMS) * time.Millisecond)})
	} else if view.StartedAt != 0 {
		facts = append(facts, Fact{"Runs for", Duration(c.person.Now.Sub(view.StartedAt))})
	}
	version := Fact{"Version", Text(fmt.Sprint(view.WorkflowVersion))}
	if names[view.WorkflowID] != "" {
		version.Value = Reference{fmt.Sprint(view.WorkflowVersion), "/workflows/" + view.WorkflowID}
	}
	facts = append(facts, version, Fact{"Attempt", Count(view.Attempt)})
	for _, other := range []struct {
		label string
		id    *string
	}{{"Retry of", view.RetryOf}, {"Run again as", view.RetriedBy}} {
		if id := other.id; id != nil {
			facts = append(facts, Fact{other.label, Reference{"Execution " + (*id)[max(0, len(*id)-8):], "/executions/" + *id}})
		}
	}
	return append(facts, Fact{"ID", Identifier(view.ID)})
}

func (s *Site) cancelExecution(v *visit) (*edge.Response, error) {
	path := "/executions/" + v.Param("id")
	if v.form.Get("confirm") == "" && v.person.May(s.kind("execution").Spec(), "cancel") && isID(v.Param("id")) {
		return v.ask("Cancel execution", "Execution", "The node that runs now is told to stop. What earlier nodes sent is not taken back.", path)
	}
	if err := s.engine.Cancel(v.person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(path), nil
}

// retryExecution runs a finished execution again, as another one.
func (s *Site) retryExecution(v *visit) (*edge.Response, error) {
	from, current := flow.FromFailed, v.form.Get("version") == "current"
	if v.form.Get("from") == string(flow.FromStart) {
		from = flow.FromStart
	}
	if from == flow.FromStart && v.form.Get("confirm") == "" && v.person.May(s.kind("execution").Spec(), "retry") && isID(v.Param("id")) {
		return v.ask("Run again from the start", "Execution", againBody, "/executions/"+v.Param("id"),
			Hidden{"from", "start"}, Hidden{"version", v.form.Get("version")})
	}
	id, err := s.engine.Retry(v.person.Session, v.Param("id"), from, current)
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/executions/" + id), nil
}
