package field

import (
	"reflect"
	"slices"
	"strings"
)

// choiceType is a string type with a method Choices() []Choice.
type choiceType struct{ exactText }

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

func (choiceType) indexed(f *Field) bool { return f.List }

// ChoiceOf finds a choice by its value; an unknown value is a choice of that name.
func (f *Field) ChoiceOf(value string) Choice {
	for _, c := range f.Choices {
		if c.Value == value {
			return c
		}
	}
	return Choice{Value: value, Label: value}
}
