package resource

import (
	"html"
	"reflect"
	"slices"
	"strings"
)

// choiceType is a string type with a method Choices() []Choice.
type choiceType struct{ textType }

func (choiceType) Name() string { return "choice" }

func (choiceType) Schema(f *Field) Schema {
	values := make([]any, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	return Schema{"type": "string", "enum": values}
}

func (choiceType) Check(f *Field, v reflect.Value) string {
	if v.String() == "" && !f.Required && f.Default == "" {
		return ""
	}
	if slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Value == v.String() }) {
		return ""
	}
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	return "must be one of " + strings.Join(values, ", ")
}

func (choiceType) AppendCell(out []byte, f *Field, v reflect.Value, _ Titles) []byte {
	if v.String() == "" {
		return out
	}
	c := f.ChoiceOf(v.String())
	out = append(out, `<span class="badge badge-`+c.Tone+`">`...)
	out = append(out, html.EscapeString(c.Label)...)
	return append(out, "</span>"...)
}

// ChoiceOf finds a choice by its value; an unknown value is a grey choice of that name.
func (f *Field) ChoiceOf(value string) Choice {
	for _, c := range f.Choices {
		if c.Value == value {
			if c.Tone == "" {
				c.Tone = "grey"
			}
			return c
		}
	}
	return Choice{Value: value, Label: value, Tone: "grey"}
}
