package ui

import (
	"net/url"

	"zygo/app/fault"
	"zygo/app/request"
	"zygo/app/resource"
)

// listParameter carries the parameters of the list that a row was opened from, so that its neighbours are those of that
// list. Without it the list is the usual one of the kind.
const listParameter = "list"

// rowHref is the page of a row, with the list that leads to it.
func (l lister) rowHref(id string) string {
	kept := url.Values{}
	for name, values := range l.here.values {
		if !pageParameters[name] {
			kept[name] = values
		}
	}
	for i, pairs := 0, filterPairs(l.fixed); i < len(pairs); i += 2 {
		kept.Set(pairs[i], pairs[i+1])
	}
	return "/" + l.spec.Path + "/" + id + carried(kept.Encode())
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

// kept is the list that this page came from, to be carried on.
func (v *visit) kept() string { return carried(v.Query.Get(listParameter)) }

// cameFrom is the list that this page came from, with its parameters; those that don't fit are left out.
func (v *visit) cameFrom() (url.Values, resource.Query) {
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

// listHref leads back to the list that this page came from.
func (v *visit) listHref(spec *resource.Spec) string {
	parameters, _ := v.cameFrom()
	return "/" + spec.Path + queryText(parameters)
}

// place is where the row stands in the list that this page came from; nil where there is no list to stand in.
func (v *visit) place(kind resource.Resource, record resource.Record) (*Place, error) {
	spec := kind.Spec()
	if !spec.Has(resource.List) || spec.Area == "" || !v.person.May(spec, resource.List) {
		return nil, nil
	}
	_, query := v.cameFrom()
	found, err := kind.Place(v.person.Session, query, record)
	if fault.Is(err, fault.BadRequest) {
		return nil, nil // an address that somebody wrote by hand, which names no list
	}
	if err != nil || found.Previous == "" && found.Next == "" {
		return nil, err
	}
	place := &Place{Index: found.Index, Total: total(found.Total)}
	for id, href := range map[string]*string{found.Previous: &place.PreviousHref, found.Next: &place.NextHref} {
		if id != "" {
			*href = "/" + spec.Path + "/" + id + v.kept()
		}
	}
	return place, nil
}
