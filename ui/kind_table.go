package ui

import (
	"slices"
	"strings"
	"zygo/app/identity"

	"zygo/app/field"
	"zygo/app/resource"
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

func (l lister) table(records []resource.Record, columns []*field.Field) (*Table, error) {
	known, err := l.referenced(l.kind, records, columns)
	if err != nil {
		return nil, err
	}
	table := &Table{Caption: l.spec.PluralLabel()}
	if len(l.bulk()) > 0 {
		table.Chooses = lower(l.spec.Label())
	}
	for i, f := range columns {
		column := Column{Label: f.Label, State: f.Name == l.spec.State && f.Name != "", Right: looks[f.Type.Name()].right}
		switch {
		case i >= lastColumn:
			column.Leaves = 2
		case i >= lateColumn:
			column.Leaves = 1
		}
		column.SortHref, column.Sorted = l.sort(f)
		table.Columns = append(table.Columns, column)
	}
	hasMenu := l.spec.Has(resource.Get) && (len(l.site.verbs(l.spec)) > 0 || l.spec.Has(resource.Update) || l.spec.Has(resource.Delete)) || l.query.Trash
	mayEdit := l.spec.Has(resource.Update) && l.person.May(l.spec, resource.Update)
	for _, record := range records {
		path := "/" + l.spec.Path + "/" + l.kind.ID(record)
		row := Row{ID: l.kind.ID(record), Label: l.visit.title(l.kind, record, known)}
		for i, f := range columns {
			cell := l.cell(l.kind, record, f, known)
			if i == 0 {
				cell = Text(row.Label)
			}
			row.Cells = append(row.Cells, cell)
		}
		if l.spec.Has(resource.Get) && !l.query.Trash {
			row.Href = l.rowHref(row.ID)
			if mayEdit {
				row.Edit = path + "/edit"
			}
		}
		if l.query.Trash && l.person.May(l.spec, resource.Restore) {
			row.Href = path + "/deleted"
		}
		if hasMenu {
			row.Menu = path + "/menu"
			if l.query.Trash {
				row.Menu += "?deleted=true"
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}

// sort leads to the list sorted by a field, and turned round where it is sorted by it already.
func (l lister) sort(f *field.Field) (href, sorted string) {
	if !f.List && !f.Standard || looks[f.Type.Name()].unsorted {
		return "", ""
	}
	by, down := l.query.SortBy, l.query.Descending
	if by == "" {
		by, down = strings.CutPrefix(l.spec.Order, "-")
	}
	order := "asc"
	if by == f.Name {
		sorted = "ascending"
		if down {
			sorted = "descending"
		} else {
			order = "desc"
		}
	}
	return l.here.with("sort_by", f.Name, "sort_order", order), sorted
}

// title names a row: its title, or what its first column shows.
func (v *visit) title(kind resource.Resource, record resource.Record, known titles) string {
	spec := kind.Spec()
	if spec.Title != nil {
		return kind.Title(record)
	}
	if f := nameColumn(spec); f != nil {
		switch cell := v.cell(kind, record, f, known).(type) {
		case Reference:
			return cell.Label
		case Text:
			return string(cell)
		}
	}
	return spec.Label() + " " + kind.ID(record)
}

// bulk are the actions on the rows that a person selects.
func (l lister) bulk() []Action {
	var actions []Action
	path, list := "/"+l.spec.Path+"/bulk/", carried(l.here.values.Encode())
	if l.query.Trash {
		return []Action{{Label: "Restore", Icon: "undo-2", Post: path + resource.Restore + list}}
	}
	for _, a := range l.spec.Actions {
		if !a.Asks() && l.person.May(l.spec, a.Name) {
			action := Action{Label: a.Label, Icon: a.Icon, Post: path + a.Name + list, Danger: a.Danger}
			if a.Danger {
				action.Confirm = &Confirm{Title: a.Label + " " + lower(l.spec.Label()), Many: a.Label + " # " + lower(l.spec.PluralLabel())}
			}
			actions = append(actions, action)
		}
	}
	if l.person.May(l.spec, resource.Update) {
		switch {
		case l.spec.Shared:
			actions = append(actions, Action{Label: "Move", Icon: "layers", Post: path + moveVerb + list})
		case l.spec.Name == identity.Memberships.Name:
			actions = append(actions, Action{Label: "Change role", Icon: "shield", Post: path + assignVerb + list})
		}
	}
	if l.spec.Has(resource.Delete) && l.person.May(l.spec, resource.Delete) {
		actions = append(actions, Action{Label: "Delete", Icon: "trash-2", Post: path + resource.Delete + list, Danger: true, Confirm: &Confirm{
			Title: "Delete " + lower(l.spec.Label()), Many: "Delete # " + lower(l.spec.PluralLabel()), Body: trashNote}})
	}
	return actions
}

// trashNote says what becomes of what is deleted.
const trashNote = "It can be restored from the trash for 30 days."
