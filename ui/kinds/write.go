package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// remove throws a row away, and offers on the next page to take it back.
func remove(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		if v.Form.Get("confirm") == "" && v.Person.May(spec, resource.Delete) {
			return Ask(v, "Delete "+web.Lower(spec.Label()), kind.Title(record), trashNote, "/"+spec.Path+"/"+id+Kept(v))
		}
		if err := kind.Remove(v.Person.Session, id, 0); err != nil {
			return nil, err
		}
		v.OfferUndo(kind, []string{id})
		return edge.Redirect(ListHref(v, spec)), nil
	})
}

// Ask shows the question that the script asks in a dialog, to somebody without script.
func Ask(v *web.Visit, question, name, body, back string, carried ...markup.Hidden) (*edge.Response, error) {
	return v.Show(http.StatusOK, &markup.FormPage{Shell: v.Shell(question), Crumbs: []markup.Crumb{{Label: name, Href: back}}, Heading: question, Submit: question, Action: v.Path + Kept(v), Cancel: back,
		Hidden: append(carried, markup.Hidden{Name: "confirm", Value: "yes"}), Notice: &markup.Strip{Tone: markup.Warn, Text: body}})
}

func restore(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		if _, err := kind.Restore(v.Person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect("/" + kind.Spec().Path + "/" + id), nil
	})
}
