package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
)

// remove throws a row away, and offers on the next page to take it back.
func (s *Site) remove(kind resource.Resource) edge.Handler {
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		spec, id := kind.Spec(), v.Param("id")
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
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		id := v.Param("id")
		if _, err := kind.Restore(v.person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect("/" + kind.Spec().Path + "/" + id), nil
	})
}

// act carries out an action of a row. One that is dangerous needs the answer to the question that its form asks.
func (s *Site) act(kind resource.Resource, action resource.ActionSpec) edge.Handler {
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		spec, id := kind.Spec(), v.Param("id")
		if action.Danger && v.form.Get("confirm") == "" {
			record, err := kind.Get(v.person.Session, id)
			if err != nil {
				return nil, err
			}
			return v.ask(action.Label+" "+lower(spec.Label()), kind.Title(record), "", "/"+spec.Path+"/"+id+v.kept())
		}
		if _, err := kind.Act(v.person.Session, id, action.Name, 0, nil); err != nil {
			return nil, err
		}
		return edge.Redirect("/" + spec.Path + "/" + id + v.kept()), nil
	})
}
