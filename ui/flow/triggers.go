package flow

import (
	"slices"
	"time"
	"zygo/app/edge"
	"zygo/app/resource"

	"zygo/app/flow"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// triggers are the addresses and the times that start a workflow.
func triggers(v *web.Visit, w *flow.Workflow, graph *flow.Graph) ([]markup.Section, error) {
	due, err := dueTimes(v, w, graph)
	if err != nil {
		return nil, err
	}
	mail, err := mailboxes(v, w, graph)
	if err != nil {
		return nil, err
	}
	tests, err := testAddresses(v, w, graph)
	return slices.Concat(addresses(v, w, graph), tests, due, mail), err
}

// mailboxes tell how the reading of mail goes.
func mailboxes(v *web.Visit, w *flow.Workflow, graph *flow.Graph) ([]markup.Section, error) {
	read, err := flow.Mailboxes(v.Person.Session, w.ID)
	if err != nil || len(read) == 0 {
		return nil, err
	}
	section := markup.Section{Title: "Mailboxes, last read"}
	for _, m := range read {
		fact := markup.Fact{Label: nodeName(graph, m.NodeID), Value: markup.Text("Not read yet")}
		if m.CheckedAt != 0 {
			fact.Value = markup.Time(m.CheckedAt.Go())
		}
		if m.Error != "" {
			fact.Value = markup.Text(m.Error + " Zygo goes on trying.")
		}
		section.Facts = append(section.Facts, fact)
	}
	return []markup.Section{section}, nil
}

// testAddresses are where the draft listens for one call, or the button that lets it do so.
func testAddresses(v *web.Visit, w *flow.Workflow, graph *flow.Graph) ([]markup.Section, error) {
	isHook := func(n flow.Node) bool { return n.Type == "trigger.webhook" && !n.Disabled }
	if !slices.ContainsFunc(graph.Nodes, isHook) || !mayOnWorkflow(v, "execute") || !mayOnWorkflow(v, resource.Update) {
		return nil, nil
	}
	listening, err := v.Site.Engine.Listening(v.Person.Session, w.ID)
	if err != nil {
		return nil, err
	}
	listen := &markup.Action{Label: "Listen for a test call", Icon: "webhook", Post: "/workflows/" + w.ID + "/listen"}
	if len(listening) == 0 {
		return []markup.Section{{
			Title:  "Test address",
			Action: listen,
			Empty:  "The draft can take one call at an address for tests, without being published.",
		}}, nil
	}
	var sections []markup.Section
	for _, at := range listening {
		sections = append(sections, markup.Section{
			Title:  "Test address",
			Action: listen,
			Code: &markup.Code{
				ID:    "test-" + at.NodeID,
				Label: "The draft takes one call until " + at.Until.Go().Format("15:04:05") + " UTC",
				Text:  v.Site.URL + at.Path,
			},
		})
	}
	return sections, nil
}

// listen lets the webhooks of the draft take one call.
func listen(v *web.Visit) (*edge.Response, error) {
	if _, err := v.Site.Engine.Listen(v.Person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect("/workflows/" + v.Param("id")), nil
}

// hosted are the triggers that have an address.
var hosted = map[string]struct{ title, label, path string }{
	"trigger.webhook": {"Webhook address", "Calls start at", "/hooks/"},
	"trigger.form":    {"Form address", "Its form starts", flow.FormsPath},
}

// addresses are those of the graph's triggers.
func addresses(v *web.Visit, w *flow.Workflow, graph *flow.Graph) []markup.Section {
	var sections []markup.Section
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		kind, isHosted := hosted[n.Type]
		path, ok := triggerPath(n)
		if !isHosted || !ok {
			continue
		}
		section := markup.Section{
			Title: kind.title,
			Code: &markup.Code{
				ID:    "webhook-" + n.ID,
				Label: kind.label + " “" + n.Name + "”",
				Text:  v.Site.URL + kind.path + v.Person.Tenant.ID + "/" + path,
			},
		}
		if !w.Enabled {
			section.Empty = "It answers as soon as the workflow is published and enabled."
		}
		sections = append(sections, section)
	}
	return sections
}

// dueTimes are the next times of the workflow's schedules, on the clock of its zone.
func dueTimes(v *web.Visit, w *flow.Workflow, graph *flow.Graph) ([]markup.Section, error) {
	due, err := flow.DueTimes(v.Person.Session, w)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	section := markup.Section{Title: "Next times"}
	if !w.Enabled {
		section.Title = "Times when it is published and enabled"
	}
	for _, d := range due {
		local, err := time.Parse(time.RFC3339, d.Local)
		if err != nil {
			return nil, err
		}
		section.Facts = append(section.Facts, markup.Fact{
			Label: nodeName(graph, d.NodeID),
			Value: markup.Text(local.Format("Mon, 2 Jan 2006, 15:04:05 -07:00")),
		})
	}
	return []markup.Section{section}, nil
}

func mayOnWorkflow(v *web.Visit, verb string) bool {
	return v.Person.May(v.Site.Kind("workflow").Spec(), verb)
}
