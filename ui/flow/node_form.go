package flow

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// nodeGroup is the part of the form that one node has: its parameters, then what is the same for every type.
func nodeGroup(index int, n *flow.Node) markup.FieldGroup {
	prefix := fmt.Sprintf("nodes.%d.", index)
	group := markup.FieldGroup{Title: n.Name, ID: "node-" + n.ID, Folded: true, Line: n.Type, Hidden: []markup.Hidden{
		{
			Name:  prefix + "id",
			Value: n.ID,
		}, {Name: prefix + "type", Value: n.Type}, {Name: prefix + "type_version", Value: strconv.Itoa(n.TypeVersion)},
		{Name: prefix + "position.x", Value: strconv.Itoa(n.Position.X)}, {Name: prefix + "position.y", Value: strconv.Itoa(n.Position.Y)},
	}}
	group.Rows = [][]markup.FieldView{
		{{Kind: markup.FieldText, Name: prefix + "name", Label: "Name", Value: n.Name, Required: true, MaxLength: 100}},
	}
	kind, ok := node.Find(n.Type, n.TypeVersion)
	if !ok {
		return group
	}
	group.Line, group.Icon = kind.Title, kind.Icon
	config := map[string]json.RawMessage{}
	// What can't be read is among the problems of the draft; its fields begin empty.
	_ = json.Unmarshal(n.Config, &config)
	for _, f := range kind.Fields() {
		rows := parameter(prefix+"config.", f, config[f.Name])
		if kind.NeedsNow(f, n.Config) {
			rows[0][0].Needed = true
		}
		switch {
		case f.Fold:
			group.More = append(group.More, rows...)
		case f.Short && f.Rows() == nil:
			group.Rows = kinds.AddInput(group.Rows, rows[0][0])
		default:
			group.Rows = append(group.Rows, rows...)
		}
	}
	pinned := []markup.FieldView{{
		Kind:  markup.FieldCode,
		Name:  prefix + "pin",
		Label: "Pinned items",
		Value: pretty(n.Pin),
		Help:  "JSON. When the draft is tried, they stand for what the node puts out, and it doesn't run.",
	}}
	if len(n.Pin) > 0 {
		group.Line += ", pinned"
		group.Rows = append(group.Rows, pinned)
	} else {
		group.More = append(group.More, pinned)
	}
	group.More = append(group.More, envelope(prefix, n, kind.Trigger)...)
	return group
}

// envelope is what the engine does around a node: repeat it, go on without it, give it up.
func envelope(prefix string, n *flow.Node, trigger bool) [][]markup.FieldView {
	disabled := markup.FieldView{Kind: markup.FieldCheck, Name: prefix + "disabled", Label: "Let items pass without running it"}
	if n.Disabled {
		disabled.Value = "true"
	}
	rows := [][]markup.FieldView{
		{{Kind: markup.FieldLong, Name: prefix + "notes", Label: "Notes", Value: n.Notes}},
		{disabled},
		{{Kind: markup.FieldCheck, Name: prefix + "remove", Label: "Remove this node when the draft is saved"}},
	}
	if trigger {
		return rows
	}
	handling := inputs(prefix, flow.Fields[flow.Handling](), n.Handling)
	return slices.Concat(handling, inputs(prefix+"retry.", flow.Fields[flow.Retry](), n.Retry), rows)
}

// inputs are the lines of a form for declared fields and their values. A zero value is shown as the default.
func inputs(prefix string, fields []*field.Field, values any) (rows [][]markup.FieldView) {
	for _, f := range fields {
		var stored json.RawMessage
		if value := f.Of(reflect.ValueOf(values)); !value.IsZero() {
			stored = f.Type.AppendJSON(nil, value)
		}
		rows = kinds.AddInput(rows, input(prefix+f.Name, f, stored))
	}
	return rows
}

// parameter is the input of one parameter, or one line of inputs for each of its rows and a blank one.
func parameter(prefix string, f *field.Field, stored json.RawMessage) [][]markup.FieldView {
	when := ""
	if f.When != nil {
		when = prefix + f.When.Field + ":" + strings.Join(f.When.Values, "|")
	}
	if f.Rows() == nil {
		view := input(prefix+f.Name, f, stored)
		view.When = when
		return [][]markup.FieldView{{view}}
	}
	var given []map[string]json.RawMessage
	// Rows of another shape are among the problems of the draft.
	_ = json.Unmarshal(stored, &given)
	var rows [][]markup.FieldView
	for i, values := range append(given, nil) {
		var row []markup.FieldView
		for _, column := range f.Rows() {
			view := input(fmt.Sprintf("%s%s.%d.%s", prefix, f.Name, i, column.Name), column, values[column.Name])
			view.Label, view.When = fmt.Sprintf("%s %d, %s", f.Label, i+1, web.Lower(column.Label)), when
			if column.When != nil {
				view.When = fmt.Sprintf("%s%s.%d.%s:%s", prefix, f.Name, i, column.When.Field, strings.Join(column.When.Values, "|"))
			}
			if i > 0 {
				view.Help = ""
			}
			if values == nil { // the blank row
				view.Required = view.Kind == markup.FieldSelect
			}
			row = append(row, view)
		}
		rows = append(rows, row)
	}
	return rows
}

// input is the input of a parameter as any field has it. Where an expression may stand, it takes text.
func input(name string, f *field.Field, stored json.RawMessage) markup.FieldView {
	text, fits := parameterText(f, stored)
	view := widget.InputOf(f, text)
	view.Name = name
	switch {
	case view.Kind == markup.FieldSelect:
		view.Options = nil
		widget.Offer(&view, f.Choices, text == "")
		if strings.Contains(text, "{{") {
			view.Options[len(view.Options)-1].Label = text
		}
		view.Required = true
	case !fits && view.Kind == markup.FieldCheck, !f.Literal && view.Kind == markup.FieldNumber:
		view.Kind, view.Value, view.Required, view.Least, view.Most = markup.FieldText, text, f.Required, "", ""
	}
	if !f.Literal {
		view.MaxLength, view.Expression = 0, true // of what an expression gives, not of the expression
	}
	return view
}

// parameterText is what is stored for a parameter in the form's words, and whether it is a value of the parameter's type.
func parameterText(f *field.Field, stored json.RawMessage) (text string, fits bool) {
	if stored == nil {
		return f.Default, true
	}
	var lines []string
	if f.Type.Name() == "texts" && json.Unmarshal(stored, &lines) == nil {
		return strings.Join(lines, "\n"), true // each as it is, since it may hold expressions
	}
	v := f.New()
	if f.Type.FromJSON(f, stored, v) == nil {
		return f.Type.Text(v), true
	}
	if json.Unmarshal(stored, &text) == nil {
		return text, false
	}
	return pretty(field.JSON(stored)), false
}

func quoted(text string) json.RawMessage { return field.AppendJSONString(nil, text) }
