package kinds

import (
	"net/url"

	"zygo/app/fault"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// ListHref leads back to the list that this page came from.
func ListHref(v *web.Visit, spec *resource.Spec) string {
	parameters, _ := cameFrom(v)
	return "/" + spec.Path + web.QueryText(parameters)
}

// cameFrom is the list that this page came from, with its parameters; those that don't fit are left out.
func cameFrom(v *web.Visit) (url.Values, resource.Query) {
	parameters, err := url.ParseQuery(v.Query.Get(listParameter))
	if err != nil {
		return nil, resource.Query{}
	}
	query, _, err := request.List(listParameters(parameters))
	if err != nil {
		return nil, resource.Query{}
	}
	return parameters, query
}

// Place is where the row stands in the list that this page came from; nil where there is no list to stand in.
func Place(v *web.Visit, kind resource.Resource, record resource.Record) (*markup.Place, error) {
	spec := kind.Spec()
	if !spec.Has(resource.List) || spec.Area == "" || !v.Person.May(spec, resource.List) {
		return nil, nil
	}
	_, query := cameFrom(v)
	found, err := kind.Place(v.Person.Session, query, record)
	if fault.Is(err, fault.BadRequest) {
		return nil, nil // an address that somebody wrote by hand, which names no list
	}
	if err != nil || found.Previous == "" && found.Next == "" {
		return nil, err
	}
	place := &markup.Place{Index: found.Index, Total: Total(found.Total)}
	for id, href := range map[string]*string{found.Previous: &place.PreviousHref, found.Next: &place.NextHref} {
		if id != "" {
			*href = "/" + spec.Path + "/" + id + Kept(v)
		}
	}
	return place, nil
}
