package ui

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// The form of a workflow: every node with its generated fields, the connections as a list, and room to add to both. It is
// sent as the whole graph with the version that it changes, and needs no script.

// newWorkflow is the form of a workflow without nodes; those come on the next page.
func (s *Site) newWorkflow(v *visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.person.Session, resource.Create); err != nil {
		return nil, err
	}
	page, err := v.newWorkflowForm(nil)
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) newWorkflowForm(values map[string]string) (*FormPage, error) {
	page, err := v.createForm(v.site.kind("workflow"), values)
	if err != nil {
		return nil, err
	}
	page.Groups = page.Groups[:1] // the documents are drawn on the next page
	return page, nil
}

func (s *Site) createWorkflow(v *visit) (*edge.Response, error) {
	kind := s.kind("workflow")
	record, err := kind.Create(v.person.Session, v.given(kind.Spec(), kind.Spec().Fields))
	if err == nil {
		return edge.Redirect("/workflows/" + kind.ID(record) + "/edit"), nil
	}
	page, wrong := v.newWorkflowForm(typed(kind.Spec().Fields, v.form))
	if wrong != nil {
		return nil, wrong
	}
	return v.refused(page, err)
}

func (s *Site) editWorkflow(v *visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.person.Session, resource.Update); err != nil {
		return nil, err
	}
	w, err := flow.Workflows.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := w.Draft()
	if err != nil {
		return nil, err
	}
	values := map[string]string{"name": w.Name, "description": string(w.Description), "tags": strings.Join(w.Tags, ", ")}
	page := v.workflowForm(w, graph, values)
	if len(graph.Nodes) > 0 {
		problems, err := flow.Problems(v.person.Session, w.ID)
		if err != nil {
			return nil, err
		}
		markProblems(page, graph, problems)
	}
	return v.show(http.StatusOK, page)
}

// updateWorkflow stores the graph of the form. Where a node was added the form opens again at it.
func (s *Site) updateWorkflow(v *visit) (*edge.Response, error) {
	id := v.Param("id")
	version, err := strconv.ParseInt(v.form.Get("version"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form lacks the version that it changes. Load it again.")
	}
	graph, added := readGraph(v.form)
	input := resource.Input{"name": resource.Text(v.form.Get("name")), "description": resource.Text(v.form.Get("description")), "tags": resource.Text(v.form.Get("tags"))}
	if err := graph.into(input); err != nil {
		return nil, err
	}
	kind := s.kind("workflow")
	if _, err = kind.Update(v.person.Session, id, version, input); err == nil {
		if added != "" {
			return edge.Redirect("/workflows/" + id + "/edit#node-" + added), nil
		}
		return edge.Redirect("/workflows/" + id), nil
	}
	w, missing := flow.Workflows.Get(v.person.Session, id)
	if missing != nil {
		return nil, missing
	}
	page := v.workflowForm(w, &graph.Graph, typed(kind.Spec().Fields, v.form))
	if fault.Is(err, fault.Stale) {
		page.Notice = &Strip{Tone: Warn, Text: "This workflow changed while you were typing.", Remedy: "What you typed is below. Saving now replaces what is stored."}
		return v.show(edge.Status(fault.Stale), page)
	}
	return v.refused(page, err)
}

// blankConnections is how many empty rows the list of connections has.
const blankConnections = 2

func (v *visit) workflowForm(w *flow.Workflow, graph *flow.Graph, values map[string]string) *FormPage {
	path := "/workflows/" + w.ID
	page := &FormPage{
		Shell: v.shell("Edit " + w.Name), Crumbs: []Crumb{{"Workflows", "/workflows"}, {w.Name, path}}, Heading: "Edit workflow", Submit: "Save draft", Changes: true,
		Action: path, Cancel: path, Draft: "workflow:" + w.ID, Hidden: []Hidden{{"version", strconv.FormatInt(w.Version, 10)}},
	}
	page.Groups = []FieldGroup{{Rows: [][]FieldView{
		{{Kind: FieldText, Name: "name", Label: "Name", Value: values["name"], Required: true, MaxLength: 200, First: true}},
		{{Kind: FieldMarkdown, Name: "description", Label: "Description", Value: values["description"]}},
		{{Kind: FieldText, Name: "tags", Label: "Tags", Value: values["tags"], Help: "Words with commas between them."}},
	}}}
	for i := range graph.Nodes {
		page.Groups = append(page.Groups, nodeGroup(i, &graph.Nodes[i]))
	}
	if len(graph.Nodes) > 0 {
		page.Groups = append(page.Groups, connectionGroup(graph))
	}
	page.Groups = append(page.Groups, addGroup(graph), settingsGroup(graph.Settings))
	return page
}

// ends are the outputs that a connection may leave from and the nodes that it may lead to.
func ends(graph *flow.Graph) (from, to []Option) {
	from, to = []Option{{Label: "–"}}, []Option{{Label: "–"}}
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if !ok {
			continue
		}
		outputs := kind.Outputs
		if n.OnError == "output" {
			outputs = append(append([]string(nil), outputs...), "error")
		}
		for _, output := range outputs {
			label := n.Name
			if output != node.Main {
				label += ", " + output
			}
			from = append(from, Option{Value: n.ID + " " + output, Label: label})
		}
		if !kind.Trigger {
			to = append(to, Option{Value: n.ID, Label: n.Name})
		}
	}
	return from, to
}

// chosen marks the option of a value, and adds one where nothing has it, so that no value is lost by being shown.
func chosen(options []Option, value string) []Option {
	marked := append([]Option(nil), options...)
	for i := range marked {
		if marked[i].Value == value {
			marked[i].Chosen = true
			return marked
		}
	}
	return append(marked, Option{Value: value, Label: value, Chosen: true})
}

func connectionGroup(graph *flow.Graph) FieldGroup {
	group := FieldGroup{Title: "Connections", ID: "connections"}
	from, to := ends(graph)
	for i := range len(graph.Connections) + blankConnections {
		var c flow.Connection
		left := ""
		if i < len(graph.Connections) {
			c = graph.Connections[i]
			left = c.FromNode + " " + orElse(c.FromOutput, node.Main)
		}
		name := fmt.Sprintf("connections.%d", i)
		group.Rows = append(group.Rows, []FieldView{
			{Kind: FieldSelect, Name: name, Label: fmt.Sprintf("Connection %d, from", i+1), Required: true, Options: chosen(from, left)},
			{Kind: FieldSelect, Name: name + ".to", Label: "to", Required: true, Options: chosen(to, c.ToNode)},
		})
		group.Hidden = append(group.Hidden, Hidden{name + ".id", c.ID})
	}
	return group
}

func addGroup(graph *flow.Graph) FieldGroup {
	types := []Option{{Label: "–"}}
	for _, t := range node.All() {
		label := t.Title
		if t.Trigger {
			label += " (starts the workflow)"
		}
		types = append(types, Option{Value: t.Name, Label: label})
	}
	row := []FieldView{{Kind: FieldSelect, Name: "add", Label: "Node", Required: true, Options: types, Help: "Saving adds it and opens its fields."}}
	if from, _ := ends(graph); len(from) > 1 {
		row = append(row, FieldView{Kind: FieldSelect, Name: "add.after", Label: "After", Required: true, Options: from})
	}
	return FieldGroup{Title: "Add a node", ID: "add", Rows: [][]FieldView{row}}
}

func settingsGroup(settings flow.Settings) FieldGroup {
	return FieldGroup{Title: "Settings", Folded: true, Rows: inputs("settings.", flow.Fields[flow.Settings](), settings)}
}

// markProblems shows beside the fields what keeps the draft from being published, and the rest above the form.
func markProblems(page *FormPage, graph *flow.Graph, problems []flow.Problem) {
	errors := map[string]string{}
	var rest []Link
	for _, p := range problems {
		if name := problemField(graph, p); name != "" && errors[name] == "" {
			errors[name] = p.Message
			continue
		}
		rest = append(rest, Link{Label: problemText(graph, p), Href: problemHref("", p)})
	}
	mark(page, errors)
	for _, p := range problems {
		if name := problemField(graph, p); name != "" && errors[name] != "" {
			rest = append(rest, Link{Label: problemText(graph, p), Href: problemHref("", p)})
		}
	}
	if rest != nil {
		page.Notice = &Strip{Tone: Warn, Text: "To solve before the draft can be published:", Items: rest}
	}
}

// problemField is the name of the form's field that a problem is about, empty for none.
func problemField(graph *flow.Graph, p flow.Problem) string {
	if p.Node == "" {
		if strings.HasPrefix(p.Field, "settings.") {
			return p.Field
		}
		return ""
	}
	for i := range graph.Nodes {
		if graph.Nodes[i].ID == p.Node && p.Field != "" && p.Field != "type" {
			return fmt.Sprintf("nodes.%d.config.%s", i, p.Field)
		}
	}
	return ""
}
