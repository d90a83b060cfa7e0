package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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
)

// canvasNode is the form of one node next to the canvas. It takes the node as JSON, or the fields of the form that it gave before, and
// gives the form with the node as it reads then. It stores nothing.
func canvasNode(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Update); err != nil {
		return nil, err
	}
	n, err := sentNode(v)
	if err != nil {
		return nil, err
	}
	graph := &flow.Graph{Nodes: []flow.Node{n}}
	form := &markup.FormPage{Groups: panelGroups(&n)}
	if err := offerRows(v, form, graph); err != nil {
		return nil, err
	}
	errors, err := nodeErrors(v, graph)
	if err != nil {
		return nil, err
	}
	kinds.Mark(form, errors)
	page := &markup.NodePanel{Groups: form.Groups}
	for into, part := range map[*string]any{&page.Node: n, &page.Look: lookOf(&n)} {
		text, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		*into = string(text)
	}
	return v.Show(http.StatusOK, page)
}

// nodeErrors are what is wrong with the fields of a form: of the stored draft, of what was refused when it was to be stored, and the name.
func nodeErrors(v *web.Visit, graph *flow.Graph) (map[string]string, error) {
	n := &graph.Nodes[0]
	problems, err := flow.Problems(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	errors := map[string]string{}
	for _, p := range problems {
		if name := problemField(graph, p); name != "" && p.Node == n.ID && errors[name] == "" {
			errors[name] = p.Message
		}
	}
	var refused map[string]string
	var taken []string
	if json.Unmarshal([]byte(v.Form.Get("refused")), &refused) != nil || json.Unmarshal([]byte(v.Form.Get("taken")), &taken) != nil {
		return nil, fault.New(fault.BadRequest, "The form does not say what the canvas knows of the node.")
	}
	for name, message := range refused {
		errors["nodes.0."+name] = message
	}
	switch {
	case n.Name == "":
		errors["nodes.0.name"] = "is required"
	case slices.Contains(taken, n.Name):
		errors["nodes.0.name"] = "is that of another node; expressions find a node by its name"
	}
	return errors, nil
}

// sentNode is the node of a form, or the one that is sent as JSON.
func sentNode(v *web.Visit) (n flow.Node, err error) {
	if v.Form.Has("nodes.0.id") {
		return readNode(v.Form, "nodes.0."), nil
	}
	if json.Unmarshal([]byte(v.Form.Get("node")), &n) != nil || n.ID == "" {
		return n, fault.New(fault.BadRequest, "The form holds no node that can be read.")
	}
	return n, nil
}

// panelGroups are the fields of a node in the order of the panel: what it is and does, what is rarely needed, and what the engine does
// around it.
func panelGroups(n *flow.Node) []markup.FieldGroup {
	all := nodeGroup(0, n)
	first := markup.FieldGroup{Hidden: all.Hidden, Rows: all.Rows}
	kind, ok := node.Find(n.Type, n.TypeVersion)
	if !ok {
		return []markup.FieldGroup{first}
	}
	around := markup.FieldGroup{Title: "Notes, errors and retries", ID: "around", Folded: true}
	for _, row := range all.More {
		name := row[0].Name
		switch {
		case name == "nodes.0.remove": // the canvas has a key for that
		case strings.HasPrefix(name, "nodes.0.config."):
			first.More = append(first.More, row)
		default:
			around.Rows = append(around.Rows, row)
		}
	}
	if kind.Note {
		return []markup.FieldGroup{first}
	}
	return []markup.FieldGroup{first, around}
}

// pastedParts are nodes that somebody pastes, with what they look like.
type pastedParts struct {
	Nodes       []flow.Node         `json:"nodes"`
	Connections []flow.Connection   `json:"connections"`
	Looks       map[string]nodeLook `json:"looks"`
	// Notes say what of another program became something else.
	Notes []string `json:"notes"`
}

// pasteNodes reads what the clipboard holds: nodes of this canvas, or those that n8n's editor copies. It stores nothing.
func pasteNodes(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Update); err != nil {
		return nil, err
	}
	text := []byte(v.Form.Get("text"))
	parts := pastedParts{Nodes: []flow.Node{}, Connections: []flow.Connection{}, Notes: []string{}}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var own struct {
		Nodes       []flow.Node       `json:"nodes"`
		Connections []flow.Connection `json:"connections"`
		Name        string            `json:"name"`
		Description field.Markdown    `json:"description"`
		Tags        []string          `json:"tags"`
		Settings    field.JSON        `json:"settings"`
	}
	if decoder.Decode(&own) == nil && own.Nodes != nil {
		parts.Nodes = own.Nodes
		parts.Connections = append(parts.Connections, own.Connections...)
	} else {
		graph, report, err := flow.ReadN8n(text)
		if err != nil {
			return nil, err
		}
		parts.Nodes, parts.Connections = graph.Nodes, append(parts.Connections, graph.Connections...)
		for _, note := range report.Notes {
			parts.Notes = append(parts.Notes, strings.TrimPrefix(fmt.Sprintf("%s: %s", note.Node, note.Text), ": "))
		}
	}
	parts.Looks = looksOf(parts.Nodes)
	return v.JSON(parts)
}
