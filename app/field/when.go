package field

import (
	"fmt"
	"slices"
	"strings"
)

// When says on which values of another field a field has a meaning.
type When struct {
	Field  string   `json:"field"`
	Values []string `json:"values"`
}

func newWhen(argument string) *When {
	field, values, _ := strings.Cut(argument, ":")
	return &When{field, strings.Split(values, "|")}
}

// related finds what when= and document= name among the fields of the struct.
func related(fields []*Field) error {
	for _, f := range fields {
		isWritten := f.Document == "" || f.Document == AlwaysDocument || (&When{f.Document, []string{"json"}}).names(fields)
		if f.When != nil && !f.When.names(fields) || !isWritten {
			return fmt.Errorf("%s depends on a field, or on a choice of it, that does not exist", f.Name)
		}
	}
	return nil
}

func (w *When) names(fields []*Field) bool {
	i := slices.IndexFunc(fields, func(f *Field) bool { return f.Name == w.Field })
	if i < 0 {
		return false
	}
	return fields[i].Choices == nil || !slices.ContainsFunc(w.Values, func(value string) bool {
		return !slices.Contains(fields[i].choiceValues(), value)
	})
}
