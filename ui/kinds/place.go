package kinds

import (
	"net/url"

	"zygo/app/fault"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// listParameter carries the parameters of the list that a row was opened from, so that its neighbours are those of that
// list. Without it the list is the usual one of the kind.
const listParameter = "list"

// rowHref is the page of a row, with the list that leads to it.
func (l Lister) rowHref(id string) string {
	kept := url.Values{}
	for name, values := range l.here.Values {
		if !pageParameters[name] {
			kept[name] = values
		}
	}
	for i, pairs := 0, filterPairs(l.Fixed); i < len(pairs); i += 2 {
		kept.Set(pairs[i], pairs[i+1])
	}
	return "/" + l.Spec.Path + "/" + id + carried(kept.Encode())
}

// pageParameters belong to one page of a list and not to its rows.
var pageParameters = map[string]bool{"page": true, "cursor": true, "limit": true}

// carried is the list as a parameter, nothing for the usual one.
func carried(list string) string {
	if list == "" {
		return ""
	}
	return "?" + listParameter + "=" + url.QueryEscape(list)
}

// Kept is the list that this page came from, to be carried on.
func Kept(v *web.Visit) string { return carried(v.Query.Get(listParameter)) }

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

// ListHref leads back to the list that this page came from.
func ListHref(v *web.Visit, spec *resource.Spec) string {
	parameters, _ := cameFrom(v)
	return "/" + spec.Path + web.QueryText(parameters)
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
