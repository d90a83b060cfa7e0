package kinds

import (
	"slices"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// usualColumns fit a window side by side; who wants others chooses them.
const usualColumns = 8

// columnsOf are the fields that a list shows: the name first, then the state, then the others as they are declared.
func columnsOf(spec *resource.Spec) []*field.Field {
	columns := arranged(spec, func(f *field.Field) bool { return f.List })
	columns = columns[:min(len(columns), usualColumns)]
	if updated, ok := spec.Field("updated_at"); ok && !updated.List {
		columns = append(columns, updated)
	}
	return columns
}

// nameColumn is the field that names a row in a list: its title, or the first one that lists show; nil for none.
func nameColumn(spec *resource.Spec) *field.Field {
	if spec.Title != nil {
		return spec.Title
	}
	for _, f := range spec.Fields {
		if f.List && !f.Internal {
			return f
		}
	}
	return nil
}

// arranged are the chosen fields: the name first, then the state, then the others as they are declared, and last those that
// every kind has.
func arranged(spec *resource.Spec, chosen func(f *field.Field) bool) []*field.Field {
	var columns []*field.Field
	for _, f := range spec.Fields {
		if chosen(f) && !f.Internal {
			columns = append(columns, f)
		}
	}
	named := nameColumn(spec)
	rank := func(f *field.Field) int {
		switch {
		case f == named:
			return 0
		case spec.State != "" && f.Name == spec.State:
			return 1
		case f.Standard:
			return 3
		}
		return 2
	}
	slices.SortStableFunc(columns, func(a, b *field.Field) int { return rank(a) - rank(b) })
	return columns
}

// lateColumn and lastColumn are where columns begin to leave a narrowing page.
const (
	lateColumn = 4
	lastColumn = 6
)

// Title names a row: its title, or what its first column shows.
func Title(v *web.Visit, kind resource.Resource, record resource.Record, known widget.Titles) string {
	spec := kind.Spec()
	if spec.Title != nil {
		return kind.Title(record)
	}
	if f := nameColumn(spec); f != nil {
		switch cell := widget.Cell(v, kind, record, f, known).(type) {
		case markup.Reference:
			return cell.Label
		case markup.Text:
			return string(cell)
		}
	}
	return spec.Label() + " " + kind.ID(record)
}
