package kinds

import (
	"zygo/app/edge"
	"zygo/app/resource"
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

func restore(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		if _, err := kind.Restore(v.Person.Session, id); err != nil {
			return nil, err
		}
		return edge.Redirect("/" + kind.Spec().Path + "/" + id), nil
	})
}
