package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// sentGraph is the graph that a form was sent with.
type sentGraph struct{ flow.Graph }

// into sets the documents of a workflow's row.
func (g *sentGraph) into(input resource.Input) error {
	for name, part := range map[string]any{"nodes": g.Nodes, "connections": g.Connections, "settings": g.Settings} {
		raw, err := json.Marshal(part)
		if err != nil {
			return err
		}
		input[name] = resource.Given{Raw: raw}
	}
	return nil
}

const (
	mostFormNodes       = 500
	mostFormConnections = 2000
	mostFormRows        = 200
	// nextNode is how far to the right of the last one a new node stands.
	nextNode = 264
)

// readGraph reads the graph of a form: nodes that are to be removed leave with their connections, and the one that is to be
// added comes with its own. It gives the id of that one.
func readGraph(form url.Values) (*sentGraph, string) {
	g := &sentGraph{flow.Graph{Nodes: []flow.Node{}, Connections: []flow.Connection{}}}
	removed := map[string]bool{}
	for i := 0; i < mostFormNodes && form.Has(fmt.Sprintf("nodes.%d.id", i)); i++ {
		prefix := fmt.Sprintf("nodes.%d.", i)
		if form.Get(prefix+"remove") != "" {
			removed[form.Get(prefix+"id")] = true
			continue
		}
		g.Nodes = append(g.Nodes, readNode(form, prefix))
	}
	for i := 0; i < mostFormConnections && form.Has(fmt.Sprintf("connections.%d", i)); i++ {
		name := fmt.Sprintf("connections.%d", i)
		from, output, _ := strings.Cut(form.Get(name), " ")
		to, input, _ := strings.Cut(form.Get(name+".to"), " ")
		if from == "" || to == "" || removed[from] || removed[to] {
			continue
		}
		g.connect(form.Get(name+".id"), from, output, to, input)
	}
	readInputs(form, "settings.", flow.Fields[flow.Settings](), &g.Settings)
	return g, g.add(form.Get("add"), form.Get("add.after"))
}

func (g *sentGraph) connect(id, from, output, to, input string) {
	if id == "" {
		taken := map[string]bool{}
		for _, c := range g.Connections {
			taken[c.ID] = true
		}
		id = freeName("c", taken)
	}
	g.Connections = append(g.Connections, flow.Connection{ID: id, FromNode: from, FromOutput: output, ToNode: to, ToInput: input})
}

// add puts a new node to the right of the others, behind an output where one is named.
func (g *sentGraph) add(kindName, after string) string {
	kind, ok := node.Find(kindName, 0)
	if !ok {
		return ""
	}
	ids, names := map[string]bool{}, map[string]bool{}
	position := flow.Position{}
	for i, n := range g.Nodes {
		ids[n.ID], names[n.Name] = true, true
		if i == 0 || n.Position.X+nextNode > position.X {
			position = flow.Position{X: n.Position.X + nextNode, Y: n.Position.Y}
		}
	}
	made := flow.Node{
		ID:          kind.Name[strings.LastIndex(kind.Name, ".")+1:],
		Type:        kind.Name,
		TypeVersion: kind.Version,
		Name:        kind.Title,
		Position:    position,
		Config:      field.JSON("{}"),
	}
	if ids[made.ID] {
		made.ID = freeName(made.ID+"_", ids)
	}
	if names[made.Name] {
		made.Name = freeName(made.Name+" ", names)
	}
	g.Nodes = append(g.Nodes, made)
	if from, output, ok := strings.Cut(after, " "); ok && !kind.Trigger && !kind.Note && ids[from] {
		g.connect("", from, output, made.ID, kind.InputsOf(made.Config)[0])
	}
	return made.ID
}

// freeName is the prefix with the first number that makes it a new name.
func freeName(prefix string, taken map[string]bool) string {
	for n := 2; ; n++ {
		if name := prefix + strconv.Itoa(n); !taken[name] {
			return name
		}
	}
}

// pinnedItems are the items of the form. A text that is no JSON stays one, which the problems of the draft then name.
func pinnedItems(text string) field.JSON {
	text = strings.TrimSpace(text)
	if text == "" || json.Valid([]byte(text)) {
		return field.JSON(text)
	}
	return field.JSON(quoted(text))
}

func readNode(form url.Values, prefix string) flow.Node {
	get := func(name string) string { return form.Get(prefix + name) }
	n := flow.Node{
		ID:          get("id"),
		Type:        get("type"),
		TypeVersion: signed(get("type_version")),
		Name:        strings.TrimSpace(get("name")),
		Position:    flow.Position{X: signed(get("position.x")), Y: signed(get("position.y"))},
		Disabled:    get("disabled") != "",
		Notes:       strings.ReplaceAll(get("notes"), "\r\n", "\n"),
	}
	n.Pin = pinnedItems(get("pin"))
	readInputs(form, prefix, flow.Fields[flow.Handling](), &n.Handling)
	readInputs(form, prefix+"retry.", flow.Fields[flow.Retry](), &n.Retry)
	if kind, ok := node.Find(n.Type, n.TypeVersion); ok {
		n.Config = readConfig(form, prefix+"config.", kind.Fields())
	}
	return n
}

// readInputs reads declared fields. A default stays zero, so that a form that nobody changed stores the same.
func readInputs(form url.Values, prefix string, fields []*field.Field, into any) {
	for _, f := range fields {
		if raw := readParameter(form, prefix, f); raw != nil {
			_ = f.Type.FromJSON(f, raw, f.Of(reflect.ValueOf(into).Elem())) // an input for numbers sends numbers
		}
	}
}

func signed(text string) int {
	n, _ := strconv.Atoi(text) // a place that can't be read is the corner
	return n
}

// readConfig writes the parameters in the order of their declaration. What is empty is left out.
func readConfig(form url.Values, prefix string, fields []*field.Field) field.JSON {
	out := []byte{'{'}
	for _, f := range fields {
		value := readParameter(form, prefix, f)
		if value == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, quoted(f.Name)...), ':'), value...)
	}
	return append(out, '}')
}

// readParameter is a parameter as JSON, nil where nothing was given, or what is usual.
func readParameter(form url.Values, prefix string, f *field.Field) json.RawMessage {
	name := prefix + f.Name
	text := strings.ReplaceAll(form.Get(name), "\r\n", "\n")
	switch f.Type.Name() {
	case "rows":
		return readRows(form, name, f)
	case "texts":
		return readLines(f, text)
	case "choices":
		text = strings.Join(form[name], ",")
	}
	if text == "" && f.Type.Name() != "boolean" {
		return nil // no tick is an answer, which may not be the usual one
	}
	given := f.New()
	if f.Type.FromText(f, text, given) != nil {
		return quoted(text) // an expression, or a problem of the draft
	}
	return unusual(f, f.Type.AppendJSON(nil, given))
}

// unusual is a value as JSON, nil where it is the field's default.
func unusual(f *field.Field, raw json.RawMessage) json.RawMessage {
	usual := f.New()
	if f.SetDefault(usual) == nil && bytes.Equal(raw, f.Type.AppendJSON(nil, usual)) {
		return nil
	}
	return raw
}

// readLines is a list with an entry on each line. A single line with several entries is cut where it is read.
func readLines(f *field.Field, text string) json.RawMessage {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	switch {
	case lines == nil:
		return nil
	case len(lines) == 1 && strings.ContainsAny(lines[0], ",;"):
		return quoted(lines[0])
	}
	return unusual(f, f.Type.AppendJSON(nil, reflect.ValueOf(lines)))
}

// readRows reads the rows of a list. A row without anything in it is one that was left blank or emptied.
func readRows(form url.Values, name string, f *field.Field) json.RawMessage {
	out := []byte{'['}
	for i := range mostFormRows {
		prefix := fmt.Sprintf("%s.%d.", name, i)
		given, filled := false, false
		for _, column := range f.Rows() {
			given = given || form.Has(prefix+column.Name)
			// A choice is always chosen, so it alone fills no row.
			filled = filled || column.Choices == nil && column.Type.Name() != "boolean" && form.Get(prefix+column.Name) != ""
		}
		if !given {
			break
		}
		if !filled {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, readConfig(form, prefix, f.Rows())...)
	}
	if len(out) == 1 {
		return nil
	}
	return append(out, ']')
}
