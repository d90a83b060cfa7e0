package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
)

// remove throws a row away, and offers on the next page to take it back.
func (s *Site) remove(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		if v.form.Get("confirm") == "" && v.person.May(spec, resource.Delete) {
			return v.ask("Delete "+lower(spec.Label()), kind.Title(record), trashNote, "/"+spec.Path+"/"+id+v.kept())
		}
		if err := kind.Remove(v.person.Session, id, 0); err != nil {
			return nil, err
		}
		v.offerUndo(kind, []string{id})
		return edge.Redirect(v.listHref(spec)), nil
	})
}

// ask shows the question that the script asks in a dialog, to somebody without script.
func (v *visit) ask(question, name, body, back string, carried ...Hidden) (*edge.Response, error) {
	return v.show(http.StatusOK, &FormPage{Shell: v.shell(question), Crumbs: []Crumb{{name, back}}, Heading: question, Submit: question, Action: v.Path + v.kept(), Cancel: back,
		Hidden: append(carried, Hidden{"confirm", "yes"}), Notice: &Strip{Tone: Warn, Text: body}})
}

func (s *Site) restore(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		if _, err := kind.Restore(v.person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect("/" + kind.Spec().Path + "/" + id), nil
	})
}
