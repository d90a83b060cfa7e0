package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// purgeNote says what is lost.
const purgeNote = "Nobody can take it back. What happened to it stays in the audit log."

func purgeTitle(spec *resource.Spec) string {
	return "Delete " + web.Lower(spec.Label()) + " permanently"
}

// inTrash finds a row that was deleted.
func inTrash(v *web.Visit, kind resource.Resource, id string) (resource.Record, error) {
	found, err := kind.List(v.Person.Session, resource.Query{
		Trash:   true,
		Limit:   1,
		Filters: []resource.Filter{{Field: "id", Operator: "eq", Values: []string{id}}},
	})
	if err != nil {
		return nil, err
	}
	if len(found.Rows) == 0 {
		return nil, fault.New(fault.NotFound, "This %s is not in the trash, or you can't see it.", web.Lower(kind.Spec().Label()))
	}
	return found.Rows[0], nil
}

// trashActions are what can be done with a row in the trash.
func trashActions(kind resource.Resource, record resource.Record) (restore, purge markup.Action) {
	spec := kind.Spec()
	path := "/" + spec.Path + "/" + kind.ID(record)
	return markup.Action{Label: "Restore", Icon: "undo-2", Post: path + "/restore"},
		markup.Action{
			Label:   "Delete permanently",
			Icon:    "trash-2",
			Post:    path + "/purge",
			Danger:  true,
			Confirm: &markup.Confirm{Title: purgeTitle(spec), Body: purgeNote, Name: kind.Title(record)},
		}
}

// deleted is the page of a row in the trash, to read it before it is restored. Nothing on it changes the row itself.
func deleted(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		if err := v.Person.Require(spec, resource.Restore, id); err != nil {
			return nil, err
		}
		record, err := inTrash(v, kind, id)
		if err != nil {
			return nil, err
		}
		known, err := widget.Referenced(v, kind, []resource.Record{record}, spec.Fields)
		if err != nil {
			return nil, err
		}
		title := Title(v, kind, record, known)
		restore, purge := trashActions(kind, record)
		page := &markup.DetailPage{
			Kind: spec.Name, Shell: v.Shell(title), Crumbs: []markup.Crumb{
				{Label: spec.PluralLabel() + " in the trash", Href: "/" + spec.Path + "?deleted=true"},
			}, Heading: title, Self: v.Path,
			Primary: &restore, Actions: []markup.Action{purge}, Notice: &markup.Strip{
				Tone: markup.Warn,
				Text: "This " + web.Lower(spec.Label()) + " is in the trash. Restore it to change it.",
			},
		}
		if err := sections(v, page, kind, record, known); err != nil {
			return nil, err
		}
		page.Timeline, err = Timeline(v, kind, id, TimelineRows)
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, page)
	})
}

// purge deletes a row in the trash permanently, once its name was typed.
func purge(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		trash := "/" + spec.Path + "?deleted=true"
		if err := v.Person.Require(spec, resource.Purge, id); err != nil {
			return nil, err
		}
		record, err := inTrash(v, kind, id)
		if err != nil {
			return nil, err
		}
		if name, typed := kind.Title(record), v.Form.Get("confirm"); field.Line(typed) != field.Line(name) {
			field := markup.FieldView{
				Kind:         markup.FieldText,
				Name:         "confirm",
				Label:        "Type “" + name + "” to go on",
				Value:        typed,
				Required:     true,
				First:        true,
				Autocomplete: "off",
			}
			if v.Form.Has("confirm") {
				field.Error = "This is not the name."
			}
			return v.Show(http.StatusOK, &markup.FormPage{
				Shell:   v.Shell(purgeTitle(spec)),
				Crumbs:  []markup.Crumb{{Label: spec.PluralLabel() + " in the trash", Href: trash}},
				Heading: purgeTitle(spec),
				Submit:  purgeTitle(spec),
				Action:  v.Path,
				Cancel:  trash,
				Notice:  &markup.Strip{Tone: markup.Warn, Text: purgeNote},
				Groups:  []markup.FieldGroup{{Rows: [][]markup.FieldView{{field}}}},
			})
		}
		if err := kind.Purge(v.Person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect(trash), nil
	})
}
