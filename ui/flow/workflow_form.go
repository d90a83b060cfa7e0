package flow

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// The form of a workflow: every node with its generated fields, the connections as a list, and room to add to both. It is
// sent as the whole graph with the version that it changes, and needs no script.

// newWorkflow is the form of a workflow without nodes; those come on the next page.
func newWorkflow(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Create); err != nil {
		return nil, err
	}
	page, err := newWorkflowForm(v, nil)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func newWorkflowForm(v *web.Visit, values map[string]string) (*markup.FormPage, error) {
	page, err := kinds.CreateForm(v, v.Site.Kind("workflow"), values)
	if err != nil {
		return nil, err
	}
	page.Groups = page.Groups[:1] // the documents are drawn on the next page
	return page, nil
}

func createWorkflow(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind("workflow")
	record, err := kind.Create(v.Person.Session, widget.Given(v, kind.Spec(), kind.Spec().Fields))
	if err == nil {
		return edge.Redirect("/workflows/" + kind.ID(record) + "/edit"), nil
	}
	page, wrong := newWorkflowForm(v, kinds.Typed(kind.Spec().Fields, v.Form))
	if wrong != nil {
		return nil, wrong
	}
	return kinds.Refused(v, page, err)
}

func editWorkflow(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Update); err != nil {
		return nil, err
	}
	w, err := flow.Workflows.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := w.Draft()
	if err != nil {
		return nil, err
	}
	page, err := workflowForm(v, w, graph, kinds.StoredValues(v, v.Site.Kind("workflow"), w))
	if err != nil {
		return nil, err
	}
	if len(graph.Nodes) > 0 {
		problems, err := flow.Problems(v.Person.Session, w.ID)
		if err != nil {
			return nil, err
		}
		markProblems(page, graph, problems)
	}
	return v.Show(http.StatusOK, page)
}

// aboutFields are the fields that people write about a workflow besides its graph.
func aboutFields(v *web.Visit) (fields []*field.Field) {
	for _, name := range []string{"name", "description", "folder", "tags"} {
		f, _ := v.Site.Kind("workflow").Spec().Field(name)
		fields = append(fields, f)
	}
	return fields
}

// updateWorkflow stores the graph of the form. Where a node was added the form opens again at it.
func updateWorkflow(v *web.Visit) (*edge.Response, error) {
	id := v.Param("id")
	version, err := strconv.ParseInt(v.Form.Get("version"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form lacks the version that it changes. Load it again.")
	}
	graph, added := readGraph(v.Form)
	kind := v.Site.Kind("workflow")
	input := widget.Given(v, kind.Spec(), aboutFields(v))
	if err := graph.into(input); err != nil {
		return nil, err
	}
	if _, err = kind.Update(v.Person.Session, id, version, input); err == nil {
		if added != "" {
			return edge.Redirect("/workflows/" + id + "/edit?form=#node-" + added), nil
		}
		return edge.Redirect("/workflows/" + id), nil
	}
	w, missing := flow.Workflows.Get(v.Person.Session, id)
	if missing != nil {
		return nil, missing
	}
	page, missing := workflowForm(v, w, &graph.Graph, kinds.Typed(kind.Spec().Fields, v.Form))
	if missing != nil {
		return nil, missing
	}
	if fault.Is(err, fault.Stale) {
		page.Notice = &markup.Strip{
			Tone:   markup.Warn,
			Text:   "This workflow changed while you were typing.",
			Remedy: "What you typed is below. Saving now replaces what is stored.",
		}
		return v.Show(edge.Status(fault.Stale), page)
	}
	return kinds.Refused(v, page, err)
}

// blankConnections is how many empty rows the list of connections has.
const blankConnections = 2

func workflowForm(v *web.Visit, w *flow.Workflow, graph *flow.Graph, values map[string]string) (*markup.FormPage, error) {
	path := "/workflows/" + w.ID
	page := &markup.FormPage{
		Shell: v.Shell("Edit " + w.Name), Crumbs: []markup.Crumb{
			{Label: "Workflows", Href: "/workflows"},
			{Label: w.Name, Href: path},
		}, Heading: "Edit workflow", Submit: "Save draft", Changes: true,
		Action: path, Cancel: path, Draft: "workflow:" + w.ID, Hidden: []markup.Hidden{
			{Name: "version", Value: strconv.FormatInt(w.Version, 10)},
		},
	}
	page.Groups = make([]markup.FieldGroup, 1)
	for i, f := range aboutFields(v) {
		view, err := widget.Field(v, f, values[f.Name])
		if err != nil {
			return nil, err
		}
		view.First = i == 0
		page.Groups[0].Rows = append(page.Groups[0].Rows, []markup.FieldView{view})
	}
	for i := range graph.Nodes {
		page.Groups = append(page.Groups, nodeGroup(i, &graph.Nodes[i]))
	}
	if len(graph.Nodes) > 0 {
		page.Groups = append(page.Groups, connectionGroup(graph))
	}
	page.Groups = append(page.Groups, addGroup(graph), settingsGroup(graph.Settings))
	return page, offerRows(v, page, graph)
}

// offerRows lets people choose where a parameter or a setting is the id of a row.
func offerRows(v *web.Visit, page *markup.FormPage, graph *flow.Graph) error {
	references := map[string]*field.Field{}
	note := func(prefix string, fields []*field.Field) {
		for _, f := range fields {
			if f.To != "" {
				references[prefix+f.Name] = f
			}
		}
	}
	note("settings.", flow.Fields[flow.Settings]())
	for i, n := range graph.Nodes {
		if kind, ok := node.Find(n.Type, n.TypeVersion); ok {
			note(fmt.Sprintf("nodes.%d.config.", i), kind.Fields())
		}
	}
	for _, group := range page.Groups {
		for _, row := range slices.Concat(group.Rows, group.More) {
			for i := range row {
				f, ok := references[row[i].Name]
				if !ok {
					continue
				}
				offered, err := widget.Field(v, f, row[i].Value)
				if err != nil {
					return err
				}
				offered.Name, offered.When = row[i].Name, row[i].When
				row[i] = offered
			}
		}
	}
	return nil
}

// ends are the outputs that a connection may leave from and the inputs that it may lead to.
func ends(graph *flow.Graph) (from, to []markup.Option) {
	from, to = []markup.Option{{Label: "–"}}, []markup.Option{{Label: "–"}}
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if !ok || kind.Note {
			continue
		}
		outputs := outputsOf(n)
		if n.OnError == "output" {
			outputs = append(append([]string(nil), outputs...), "error")
		}
		for _, output := range outputs {
			label := n.Name
			if output != node.Main {
				label += ", " + output
			}
			from = append(from, markup.Option{Value: n.ID + " " + output, Label: label})
		}
		for _, input := range kind.InputsOf(n.Config) {
			label := n.Name
			if input != node.Main {
				label += ", input " + input
			}
			to = append(to, markup.Option{Value: n.ID + " " + input, Label: label})
		}
	}
	return from, to
}

// firstInput is where a connection leads that names no input.
func firstInput(graph *flow.Graph, id string) string {
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		if kind, ok := node.Find(n.Type, n.TypeVersion); ok && n.ID == id {
			if inputs := kind.InputsOf(n.Config); len(inputs) > 0 {
				return inputs[0]
			}
		}
	}
	return node.Main
}

func connectionGroup(graph *flow.Graph) markup.FieldGroup {
	group := markup.FieldGroup{Title: "Connections", ID: "connections"}
	from, to := ends(graph)
	for i := range len(graph.Connections) + blankConnections {
		var c flow.Connection
		left, right := "", ""
		if i < len(graph.Connections) {
			c = graph.Connections[i]
			left, right = c.FromNode+" "+cmp.Or(c.FromOutput, node.Main), c.ToNode+" "+cmp.Or(c.ToInput, firstInput(graph, c.ToNode))
		}
		name := fmt.Sprintf("connections.%d", i)
		group.Rows = append(group.Rows, []markup.FieldView{
			{
				Kind:     markup.FieldSelect,
				Name:     name,
				Label:    fmt.Sprintf("Connection %d, from", i+1),
				Required: true,
				Options:  web.Chosen(from, left),
			},
			{Kind: markup.FieldSelect, Name: name + ".to", Label: "to", Required: true, Options: web.Chosen(to, right)},
		})
		group.Hidden = append(group.Hidden, markup.Hidden{Name: name + ".id", Value: c.ID})
	}
	return group
}

func addGroup(graph *flow.Graph) markup.FieldGroup {
	types := []markup.Option{{Label: "–"}}
	for _, t := range node.All() {
		label := t.Title
		if t.Trigger {
			label += " (starts the workflow)"
		}
		types = append(types, markup.Option{Value: t.Name, Label: label})
	}
	row := []markup.FieldView{
		{
			Kind:     markup.FieldSelect,
			Name:     "add",
			Label:    "Node",
			Required: true,
			Options:  types,
			Help:     "Saving adds it and opens its fields.",
		},
	}
	if from, _ := ends(graph); len(from) > 1 {
		row = append(row, markup.FieldView{Kind: markup.FieldSelect, Name: "add.after", Label: "After", Required: true, Options: from})
	}
	return markup.FieldGroup{Title: "Add a node", ID: "add", Rows: [][]markup.FieldView{row}}
}

func settingsGroup(settings flow.Settings) markup.FieldGroup {
	return markup.FieldGroup{Title: "Settings", Folded: true, Rows: inputs("settings.", flow.Fields[flow.Settings](), settings)}
}

// markProblems shows next to each field what keeps the draft from being published, and the rest above the form.
func markProblems(page *markup.FormPage, graph *flow.Graph, problems []flow.Problem) {
	errors := map[string]string{}
	var rest []markup.Link
	for _, p := range problems {
		if name := problemField(graph, p); name != "" && errors[name] == "" {
			errors[name] = p.Message
			continue
		}
		rest = append(rest, markup.Link{Label: problemText(graph, p), Href: problemHref("", p)})
	}
	kinds.Mark(page, errors)
	for _, p := range problems {
		if name := problemField(graph, p); name != "" && errors[name] != "" {
			rest = append(rest, markup.Link{Label: problemText(graph, p), Href: problemHref("", p)})
		}
	}
	if rest != nil {
		page.Notice = &markup.Strip{Tone: markup.Warn, Text: "To solve before the draft can be published:", Items: rest}
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
