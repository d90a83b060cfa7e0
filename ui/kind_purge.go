package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// purgeNote says what is lost.
const purgeNote = "Nobody can take it back. What happened to it stays in the audit log."

func purgeTitle(spec *resource.Spec) string { return "Delete " + lower(spec.Label()) + " for ever" }

// inTrash finds a row that was deleted.
func (v *visit) inTrash(kind resource.Resource, id string) (resource.Record, error) {
	found, err := kind.List(v.person.Session, resource.Query{Trash: true, Limit: 1, Filters: []resource.Filter{{Field: "id", Operator: "eq", Values: []string{id}}}})
	if err != nil {
		return nil, err
	}
	if len(found.Rows) == 0 {
		return nil, fault.New(fault.NotFound, "This %s is not in the trash, or you can't see it.", lower(kind.Spec().Label()))
	}
	return found.Rows[0], nil
}

// trashActions are what can be done with a row in the trash.
func trashActions(kind resource.Resource, record resource.Record) (restore, purge Action) {
	spec := kind.Spec()
	path := "/" + spec.Path + "/" + kind.ID(record)
	return Action{Label: "Restore", Icon: "undo-2", Post: path + "/restore"},
		Action{Label: "Delete permanently", Icon: "trash-2", Post: path + "/purge", Danger: true, Confirm: &Confirm{Title: purgeTitle(spec), Body: purgeNote, Name: kind.Title(record)}}
}

// deleted is the page of a row in the trash, to read it before it is restored. Nothing on it changes the row itself.
func (s *Site) deleted(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		if err := v.person.Require(spec, resource.Restore, id); err != nil {
			return nil, err
		}
		record, err := v.inTrash(kind, id)
		if err != nil {
			return nil, err
		}
		known, err := v.referenced(kind, []resource.Record{record}, spec.Fields)
		if err != nil {
			return nil, err
		}
		title := v.title(kind, record, known)
		restore, purge := trashActions(kind, record)
		page := &DetailPage{
			Kind: spec.Name, Shell: v.shell(title), Crumbs: []Crumb{{spec.PluralLabel() + " in the trash", "/" + spec.Path + "?deleted=true"}}, Heading: title, Self: v.Path,
			Primary: &restore, Actions: []Action{purge}, Notice: &Strip{Tone: Warn, Text: "This " + lower(spec.Label()) + " is in the trash. Restore it to change it."},
		}
		if err := v.sections(page, kind, record, known); err != nil {
			return nil, err
		}
		page.Timeline, err = v.timeline(kind, id, timelineRows)
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, page)
	})
}

// purge ends a row in the trash for ever, once its name was typed.
func (s *Site) purge(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		trash := "/" + spec.Path + "?deleted=true"
		if err := v.person.Require(spec, resource.Purge, id); err != nil {
			return nil, err
		}
		record, err := v.inTrash(kind, id)
		if err != nil {
			return nil, err
		}
		if name, typed := kind.Title(record), v.form.Get("confirm"); field.Line(typed) != field.Line(name) {
			field := FieldView{Kind: FieldText, Name: "confirm", Label: "Type “" + name + "” to go on", Value: typed, Required: true, First: true, Autocomplete: "off"}
			if v.form.Has("confirm") {
				field.Error = "This is not the name."
			}
			return v.show(http.StatusOK, &FormPage{Shell: v.shell(purgeTitle(spec)), Crumbs: []Crumb{{spec.PluralLabel() + " in the trash", trash}}, Heading: purgeTitle(spec), Submit: purgeTitle(spec),
				Action: v.Path, Cancel: trash, Notice: &Strip{Tone: Warn, Text: purgeNote}, Groups: []FieldGroup{{Rows: [][]FieldView{{field}}}}})
		}
		if err := kind.Purge(v.person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect(trash), nil
	})
}
