package request

import (
	"net/url"
	"strconv"
	"strings"

	"zygo/app/fault"
	"zygo/app/resource"
)

// List reads the parameters that all lists share, and the fields that a client asked for. What it does not know is an
// error, never ignored.
func List(parameters url.Values) (query resource.Query, only []string, err error) {
	for name, values := range parameters {
		value := values[0]
		if len(values) > 1 {
			return query, nil, fault.New(fault.BadRequest, "The parameter %q stands twice.", name)
		}
		switch name {
		case "page":
			query.Page, err = positive(name, value)
		case "limit":
			query.Limit, err = positive(name, value)
		case "cursor":
			query.Cursor = value
		case "search":
			query.Search = value
		case "sort_by":
			query.SortBy = value
		case "sort_order":
			query.Descending = value == "desc"
			if value != "asc" && value != "desc" {
				err = fault.New(fault.BadRequest, "sort_order is asc or desc.")
			}
		case "fields":
			for name := range strings.SplitSeq(value, ",") {
				only = append(only, strings.TrimSpace(name))
			}
		case "deleted":
			query.Trash = value == "true"
		case "states":
			query.States = value == "true"
		default:
			var filter resource.Filter
			if filter, err = listFilter(name, value); err == nil {
				query.Filters = append(query.Filters, filter)
			}
		}
		if err != nil {
			return query, nil, err
		}
	}
	return query, only, nil
}

// listFilter reads filter[field] and filter[field][operator].
func listFilter(name, value string) (resource.Filter, error) {
	inner, ok := strings.CutPrefix(name, "filter[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !ok || !closed {
		return resource.Filter{}, fault.New(fault.BadRequest, "There is no parameter %q.", name)
	}
	field, operator, has := strings.Cut(inner, "][")
	if !has {
		operator = "eq"
	}
	filter := resource.Filter{Field: field, Operator: operator, Values: []string{value}}
	if operator == "in" {
		filter.Values = strings.Split(value, ",")
	}
	return filter, nil
}

func positive(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, fault.New(fault.BadRequest, "%s is a number from 1 on.", name)
	}
	return n, nil
}
