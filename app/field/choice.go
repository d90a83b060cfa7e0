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
	return Schema{"type": "string", "enum": f.choiceValues()}
}

func (choiceType) Check(f *Field, v reflect.Value) string {
	if v.String() == "" && !f.Required && f.Default == "" {
		return ""
	}
	values := f.choiceValues()
	if slices.Contains(values, v.String()) {
		return ""
	}
	return "must be one of " + strings.Join(values, ", ")
}

func (choiceType) indexed(f *Field) bool { return f.List }

// choicesOf are the choices of a type, of the entries of a list, or of what may be left out; nil where it has none.
func choicesOf(t reflect.Type) []Choice {
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if chooser, ok := reflect.Zero(t).Interface().(interface{ Choices() []Choice }); ok {
		return chooser.Choices()
	}
	return nil
}

// Offer makes a field whose Go type is string one that is chosen from a list.
func (f *Field) Offer(choices []Choice) { f.Type, f.Choices = choiceType{}, choices }

func (f *Field) choiceValues() []string {
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	return values
}

// ChoiceOf finds a choice by its value; an unknown value is a choice of that name.
func (f *Field) ChoiceOf(value string) Choice {
	for _, c := range f.Choices {
		if c.Value == value {
			return c
		}
	}
	return Choice{Value: value, Label: value}
}
