package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
)

// nodeGroup is the part of the form that one node has: its parameters, then what is the same for every type.
func nodeGroup(index int, n *flow.Node) FieldGroup {
	prefix := fmt.Sprintf("nodes.%d.", index)
	group := FieldGroup{Title: n.Name, ID: "node-" + n.ID, Folded: true, Line: n.Type, Hidden: []Hidden{
		{prefix + "id", n.ID}, {prefix + "type", n.Type}, {prefix + "type_version", strconv.Itoa(n.TypeVersion)},
		{prefix + "position.x", strconv.Itoa(n.Position.X)}, {prefix + "position.y", strconv.Itoa(n.Position.Y)},
	}}
	group.Rows = [][]FieldView{{{Kind: FieldText, Name: prefix + "name", Label: "Name", Value: n.Name, Required: true, MaxLength: 100}}}
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
		if f.Fold {
			group.More = append(group.More, rows...)
			continue
		}
		if last := len(group.Rows) - 1; f.Short && len(rows) == 1 && last > 0 && group.Rows[last][0].Short && len(group.Rows[last]) < 3 {
			group.Rows[last] = append(group.Rows[last], rows[0]...)
			continue
		}
		group.Rows = append(group.Rows, rows...)
	}
	group.More = append(group.More, envelope(prefix, n, kind.Trigger)...)
	return group
}

// envelope is what the engine does around a node: repeat it, go on without it, give it up.
func envelope(prefix string, n *flow.Node, trigger bool) [][]FieldView {
	var rows [][]FieldView
	if !trigger {
		onError := chosen([]Option{{Value: "stop", Label: "The execution fails"}, {Value: "continue", Label: "It goes on with the input"}, {Value: "output", Label: "It goes on at the output error"}}, orElse(n.OnError, "stop"))
		backoff := chosen([]Option{{Value: "fixed", Label: "The same each time"}, {Value: "exponential", Label: "Twice as long each time"}}, orElse(n.Retry.Backoff, "fixed"))
		rows = [][]FieldView{
			{
				{Kind: FieldSelect, Name: prefix + "on_error", Label: "When it fails", Required: true, Options: onError},
				{Kind: FieldNumber, Name: prefix + "timeout", Label: "Time limit", Unit: "s", Value: numberText(n.Timeout)},
			},
			{
				{Kind: FieldNumber, Name: prefix + "retry.attempts", Label: "Attempts", Value: numberText(n.Retry.Attempts), Least: "1", Most: "10"},
				{Kind: FieldNumber, Name: prefix + "retry.delay", Label: "Wait between", Unit: "s", Value: numberText(n.Retry.Delay)},
				{Kind: FieldSelect, Name: prefix + "retry.backoff", Label: "The wait is", Required: true, Options: backoff},
			},
		}
	}
	return append(rows,
		[]FieldView{{Kind: FieldLong, Name: prefix + "notes", Label: "Notes", Value: n.Notes}},
		[]FieldView{{Kind: FieldCheck, Name: prefix + "disabled", Label: "Let items pass without running it", Value: tick(n.Disabled)}},
		[]FieldView{{Kind: FieldCheck, Name: prefix + "remove", Label: "Remove this node when the draft is saved"}},
	)
}

func tick(on bool) string {
	if on {
		return "true"
	}
	return ""
}

// parameter is the input of one parameter, or one line of inputs for each of its rows and a blank one.
func parameter(prefix string, f *node.Field, value json.RawMessage) [][]FieldView {
	when := ""
	if f.When != nil {
		when = prefix + f.When.Field + ":" + strings.Join(f.When.Values, "|")
	}
	if f.Widget != "rows" {
		view := input(prefix+f.Name, f, value)
		view.When = when
		return [][]FieldView{{view}}
	}
	var stored []map[string]json.RawMessage
	// Rows of another shape are among the problems of the draft.
	_ = json.Unmarshal(value, &stored)
	var rows [][]FieldView
	for i := range len(stored) + 1 {
		var row []FieldView
		for _, column := range f.Rows {
			var cell json.RawMessage
			if i < len(stored) {
				cell = stored[i][column.Name]
			}
			view := input(fmt.Sprintf("%s%s.%d.%s", prefix, f.Name, i, column.Name), column, cell)
			view.Label, view.When = fmt.Sprintf("%s %d, %s", f.Label, i+1, lower(column.Label)), when
			if i > 0 {
				view.Help = ""
			}
			if i == len(stored) {
				view.Required, view.Value = view.Kind == FieldSelect, ""
				if view.Kind == FieldSelect {
					view.Options = chosen(withoutChoice(view.Options), "")
				}
			}
			row = append(row, view)
		}
		rows = append(rows, row)
	}
	return rows
}

// withoutChoice begins a select with nothing, so that a blank row stays one.
func withoutChoice(options []Option) []Option {
	blank := []Option{{Label: "–"}}
	for _, o := range options {
		if o.Value != "" {
			o.Chosen = false
			blank = append(blank, o)
		}
	}
	return blank
}

// input is the widget of a parameter. Where an expression may stand, the widget takes text.
func input(name string, f *node.Field, value json.RawMessage) FieldView {
	view := FieldView{Kind: FieldText, Name: name, Label: f.Label, Help: f.Help, Required: f.Required, Short: f.Short, Value: plainValue(value)}
	if value == nil {
		view.Value = f.Default
	}
	switch f.Widget {
	case "long":
		view.Kind = FieldLong
	case "code":
		view.Kind = FieldCode
	case "value":
		if strings.ContainsAny(view.Value, "\n{[") && !strings.HasPrefix(view.Value, "{{") {
			view.Kind = FieldCode
		}
	case "number":
		if f.Literal {
			view.Kind = FieldNumber
		}
	case "boolean":
		if view.Value == "true" || view.Value == "false" || view.Value == "" {
			view.Kind, view.Value, view.Required = FieldCheck, tick(view.Value == "true"), true
		}
	case "choice":
		view.Kind, view.Required = FieldSelect, true
		for _, c := range f.Choices {
			view.Options = append(view.Options, Option{Value: c.Value, Label: c.Label})
		}
		if view.Value == "" && !f.Required {
			view.Options = append([]Option{{Label: "–"}}, view.Options...)
		}
		view.Options = chosen(view.Options, view.Value)
	case "choices":
		view.Kind = FieldChoices
		var picked []string
		_ = json.Unmarshal(value, &picked)
		if value == nil && f.Default != "" {
			picked = []string{f.Default}
		}
		for _, c := range f.Choices {
			view.Options = append(view.Options, Option{Value: c.Value, Label: c.Label, Chosen: contains(picked, c.Value)})
		}
	case "texts":
		view.Kind = FieldLong
		var lines []string
		if json.Unmarshal(value, &lines) == nil {
			view.Value = strings.Join(lines, "\n")
		}
		view.Help = strings.TrimSpace(view.Help + " One on each line.")
	}
	return view
}

func contains(list []string, word string) bool {
	for _, one := range list {
		if one == word {
			return true
		}
	}
	return false
}

// plainValue is a stored value as it is typed: a text as it is, anything else as JSON. A text that would be read as
// something else is written as JSON too.
func plainValue(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if again := valueOf(text); string(again) != string(quoted(text)) {
			return string(quoted(text))
		}
		return text
	}
	return pretty(field.JSON(raw))
}

// valueOf reads what somebody typed for a value of any type: JSON where it is that, else a text.
func valueOf(text string) json.RawMessage {
	trimmed := strings.TrimSpace(text)
	if trimmed != "" && json.Valid([]byte(trimmed)) {
		return json.RawMessage(trimmed)
	}
	return quoted(text)
}

func quoted(text string) json.RawMessage { return field.AppendJSONString(nil, text) }
