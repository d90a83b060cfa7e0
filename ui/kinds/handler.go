package kinds

import (
	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/web"
)

// Rows runs a page on a kind's rows: all that the person may see, or for a child those below the row that the address
// names, which the handler then finds at the kind's own path.
func Rows(s *web.Site, kind resource.Resource,
	handle func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error)) edge.Handler {
	return s.SignedIn(func(v *web.Visit) (*edge.Response, error) {
		if kind.Spec().Parent == nil {
			return handle(v, kind, v.Param("id"))
		}
		below, err := kind.Under(v.Person.Session, v.Param("id"))
		if err != nil {
			return nil, err
		}
		return handle(v, below, v.Param("child_id"))
	})
}

// Above is the kind that a child's rows hang on.
func Above(s *web.Site, spec *resource.Spec) resource.Resource { return s.Kind(spec.Parent.To) }

// locate leads to a child row of which only the id is known, as links to it do.
func locate(s *web.Site, kind resource.Resource) edge.Handler {
	return s.SignedIn(func(v *web.Visit) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, v.Param("id"))
		if err != nil {
			return nil, err
		}
		spec := kind.Spec()
		return edge.Redirect(
			"/" + Above(s, spec).Spec().Path + "/" + kind.Value(record, spec.Parent) + "/" + spec.Segment + "/" + kind.ID(record)), nil
	})
}
