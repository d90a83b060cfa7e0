package kinds

import (
	"strings"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// RowsOf is a plain table of rows: without selection, menus and sorting.
func RowsOf(v *web.Visit, kind resource.Resource, records []resource.Record) (*markup.Table, error) {
	l := Lister{Visit: v, Kind: kind, Spec: kind.Spec()}
	table, err := l.plainTable(records, columnsOf(l.Spec))
	if err != nil {
		return nil, err
	}
	if show := v.Site.Tables[kind.Spec().Name]; show != nil {
		err = show(v, table, records)
	}
	return table, err
}

// plainTable is a table without selection, menus and sorting.
func (l Lister) plainTable(records []resource.Record, columns []*field.Field) (*markup.Table, error) {
	table, err := l.Table(records, columns)
	if err != nil {
		return nil, err
	}
	table.Chooses = ""
	for i := range table.Columns {
		table.Columns[i].SortHref, table.Columns[i].Sorted = "", ""
	}
	for i := range table.Rows {
		table.Rows[i].Menu, table.Rows[i].Edit = "", ""
	}
	return table, nil
}

// Table shows rows in columns.
func (l Lister) Table(records []resource.Record, columns []*field.Field) (*markup.Table, error) {
	known, err := widget.Referenced(l.Visit, l.Kind, records, columns)
	if err != nil {
		return nil, err
	}
	table := &markup.Table{Caption: l.Spec.PluralLabel()}
	if len(l.bulk()) > 0 {
		table.Chooses = web.Lower(l.Spec.Label())
	}
	for i, f := range columns {
		column := markup.Column{Label: f.Label, State: f.Name == l.Spec.State && f.Name != "", Right: widget.Of(f).Right}
		switch {
		case i >= lastColumn:
			column.Leaves = 2
		case i >= lateColumn:
			column.Leaves = 1
		}
		column.SortHref, column.Sorted = l.sort(f)
		table.Columns = append(table.Columns, column)
	}
	hasMenu := l.Spec.Has(resource.Get) && (len(verbs(l.Site, l.Spec)) > 0 || l.Spec.Has(resource.Update) ||
		l.Spec.Has(resource.Delete)) || l.query.Trash
	mayEdit := l.Spec.Has(resource.Update) && l.Person.May(l.Spec, resource.Update)
	for _, record := range records {
		path := "/" + l.Spec.Path + "/" + l.Kind.ID(record)
		row := markup.Row{ID: l.Kind.ID(record), Label: Title(l.Visit, l.Kind, record, known)}
		for i, f := range columns {
			cell := widget.Cell(l.Visit, l.Kind, record, f, known)
			if i == 0 {
				cell = markup.Text(row.Label)
			}
			row.Cells = append(row.Cells, cell)
		}
		if l.Spec.Has(resource.Get) && !l.query.Trash {
			row.Href = l.rowHref(row.ID)
			if mayEdit {
				row.Edit = path + "/edit"
			}
		}
		if l.query.Trash && l.Person.May(l.Spec, resource.Restore) {
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
func (l Lister) sort(f *field.Field) (href, sorted string) {
	if !f.List && !f.Standard || widget.Of(f).Unsorted {
		return "", ""
	}
	by, down := l.query.SortBy, l.query.Descending
	if by == "" {
		by, down = strings.CutPrefix(l.Spec.Order, "-")
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
	return l.here.With("sort_by", f.Name, "sort_order", order), sorted
}

// bulk are the actions on the rows that a person selects.
func (l Lister) bulk() []markup.Action {
	var actions []markup.Action
	path, list := "/"+l.Spec.Path+"/bulk/", Carried(l.here.Values.Encode())
	if l.query.Trash {
		return []markup.Action{{Label: "Restore", Icon: "undo-2", Post: path + resource.Restore + list}}
	}
	for _, a := range l.Spec.Actions {
		if !a.Asks() && l.Person.May(l.Spec, a.Name) {
			action := markup.Action{Label: a.Label, Icon: a.Icon, Post: path + a.Name + list, Danger: a.Danger}
			if a.Danger {
				action.Confirm = &markup.Confirm{
					Title: a.Label + " " + web.Lower(l.Spec.Label()),
					Many:  a.Label + " # " + web.Lower(l.Spec.PluralLabel()),
				}
			}
			actions = append(actions, action)
		}
	}
	if l.Person.May(l.Spec, resource.Update) {
		switch {
		case l.Spec.Shared:
			actions = append(actions, markup.Action{Label: "Move", Icon: "layers", Post: path + MoveVerb + list})
		case l.Spec.Name == people.Memberships.Name:
			actions = append(actions, markup.Action{Label: "Change role", Icon: "shield", Post: path + AssignVerb + list})
		}
	}
	if l.Spec.Has(resource.Delete) && l.Person.May(l.Spec, resource.Delete) {
		actions = append(actions, markup.Action{
			Label:  "Delete",
			Icon:   "trash-2",
			Post:   path + resource.Delete + list,
			Danger: true,
			Confirm: &markup.Confirm{
				Title: "Delete " + web.Lower(l.Spec.Label()), Many: "Delete # " + web.Lower(l.Spec.PluralLabel()), Body: trashNote},
		})
	}
	return actions
}
