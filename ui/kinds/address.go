package kinds

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// FilterText is what the address of a list with filters ends with.
func FilterText(filters []resource.Filter) string {
	values := url.Values{} // and not address.with, which leaves out a filter on what is empty
	for pair := range slices.Chunk(filterPairs(filters), 2) {
		values.Set(pair[0], pair[1])
	}
	return web.QueryText(values)
}

// filterPairs are the parameters of filters, each name with its value.
func filterPairs(filters []resource.Filter) []string {
	var pairs []string
	for _, f := range filters {
		name := "filter[" + f.Field + "]"
		if f.Operator != "eq" {
			name += "[" + f.Operator + "]"
		}
		pairs = append(pairs, name, strings.Join(f.Values, ","))
	}
	return pairs
}

// Address is a path with parameters, of which others are made.
type Address struct {
	Path   string
	Values url.Values
}

// With is the address with a parameter set, or taken off where the value is empty, from the first page on.
func (a Address) With(pairs ...string) string {
	values := url.Values{}
	for name, list := range a.Values {
		if name != "page" && name != "cursor" {
			values[name] = list
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		values.Del(pairs[i])
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return a.Path + web.QueryText(values)
}

// Total is a count as text; the kernel stops counting at a bound.
func Total(n int) string {
	if n >= resource.MostCounted {
		return markup.Number(resource.MostCounted) + "+"
	}
	return markup.Number(int64(n))
}

// Beside the parameters of the list itself, which the API has too, the address of a page says how the list is looked at:
// the view that is open, and columns that were chosen in it and not kept yet.
const (
	viewParameter    = "view"
	columnsParameter = "columns"
	// wholeList in place of a view is the list without any, for those whose list opens with one.
	wholeList = "all"
)

// listParameters are the parameters of the list itself.
func listParameters(values url.Values) url.Values {
	kept := url.Values{}
	for name, list := range values {
		if name != viewParameter && name != columnsParameter {
			kept[name] = list
		}
	}
	return kept
}

// listParameter carries the parameters of the list that a row was opened from, so that its neighbours are those of that
// list. Without it the list is the usual one of the kind.
const listParameter = "list"

// pageParameters belong to one page of a list and not to its rows.
var pageParameters = map[string]bool{"page": true, "cursor": true, "limit": true}

// Carried is the list as a parameter, nothing for the usual one.
func Carried(list string) string {
	if list == "" {
		return ""
	}
	return "?" + listParameter + "=" + url.QueryEscape(list)
}

// Kept is the list that this page came from, to be carried on.
func Kept(v *web.Visit) string { return Carried(v.Query.Get(listParameter)) }
