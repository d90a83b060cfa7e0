package kinds

import (
	"strconv"
	"strings"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// The filter menu of a list offers what its rows can be filtered by: choices, the first rows of another kind with a field that
// finds the others, and days.

// mostFilterRows is how many rows of another kind the filter menu offers.
const mostFilterRows = 8

// filterFields are the fields that a list can be filtered by in a typed search.
func filterFields(spec *resource.Spec) []*field.Field {
	var fields []*field.Field
	for _, f := range spec.Fields {
		if !f.Internal && (f.Filter || f.Name == "created_at" || f.Name == "updated_at") {
			fields = append(fields, f)
		}
	}
	return fields
}

// valueCalled is the value that people call so, empty where it is none of the field's.
func valueCalled(v *web.Visit, f *field.Field, given string) (string, error) {
	switch {
	case f.Offers():
		offered, err := widget.Choices(v, f)
		if err != nil {
			return "", err
		}
		for _, c := range offered {
			if strings.EqualFold(given, c.Value) || strings.EqualFold(given, c.Label) {
				return c.Value, nil
			}
		}
		return "", nil
	case f.Type.Name() == "boolean":
		return map[string]string{"yes": "true", "true": "true", "no": "false", "false": "false"}[strings.ToLower(given)], nil
	case f.To != "":
		return rowCalled(v, f, given)
	}
	return given, nil
}

// rowCalled is the id of the row that a reference means: "me", an id, or the name of a row, which may be cut short where it
// is clear.
func rowCalled(v *web.Visit, f *field.Field, given string) (string, error) {
	if f.To == "user" && strings.EqualFold(given, "me") {
		return v.Person.User.ID, nil
	}
	if web.IsID(given) {
		return given, nil
	}
	found, err := rowsCalled(v, f, given)
	if err != nil {
		return "", err
	}
	for _, option := range found {
		if strings.EqualFold(option.Label, given) {
			return option.Value, nil
		}
	}
	if len(found) == 1 {
		return found[0].Value, nil
	}
	return "", nil
}

// rowsCalled are the rows of a reference's kind whose names fit, the first ones by name where nothing is given.
func rowsCalled(v *web.Visit, f *field.Field, given string) ([]markup.Option, error) {
	kind, ok := v.Site.Kernel.Kind(f.To)
	if !ok || kind.Spec().Title == nil || !kind.Spec().Title.Search || !v.Person.May(kind.Spec(), resource.List) {
		return nil, nil
	}
	found, err := kind.List(v.Person.Session, resource.Query{Search: given, SortBy: kind.Spec().Title.Name, Limit: mostFilterRows})
	if err != nil {
		return nil, err
	}
	var options []markup.Option
	for _, record := range found.Rows {
		options = append(options, markup.Option{Value: kind.ID(record), Label: kind.Title(record)})
	}
	return options, nil
}

// comparisons are the filters that ">=2026-01-01" means for a time, or ">5" for a number; none where it means nothing.
func comparisons(f *field.Field, text string, zone *time.Location, now time.Time) []resource.Filter {
	rest := strings.TrimLeft(text, "<>=")
	bounds := numberBounds
	if f.Type.Name() == "time" {
		bounds = func(text string) (below, from, until, above string, ok bool) { return dayBounds(text, zone, now) }
	}
	below, from, until, above, ok := bounds(rest)
	if !ok {
		return nil
	}
	least := func(value string) resource.Filter {
		return resource.Filter{Field: f.Name, Operator: "gte", Values: []string{value}}
	}
	most := func(value string) resource.Filter {
		return resource.Filter{Field: f.Name, Operator: "lte", Values: []string{value}}
	}
	switch text[:len(text)-len(rest)] {
	case "", "=":
		return []resource.Filter{least(from), most(until)}
	case ">=":
		return []resource.Filter{least(from)}
	case ">":
		return []resource.Filter{least(above)}
	case "<=":
		return []resource.Filter{most(until)}
	case "<":
		return []resource.Filter{most(below)}
	}
	return nil
}

// dayBounds are the ends of a day in the person's zone, and the moments before and after it.
func dayBounds(text string, zone *time.Location, now time.Time) (below, from, until, above string, ok bool) {
	day, err := time.ParseInLocation("2006-01-02", text, zone)
	switch local := now.In(zone); text {
	case "today":
		day, err = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone), nil
	case "yesterday":
		day, err = time.Date(local.Year(), local.Month(), local.Day()-1, 0, 0, 0, 0, zone), nil
	}
	write := func(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
	next := day.AddDate(0, 0, 1)
	return write(day.Add(-time.Millisecond)), write(day), write(next.Add(-time.Millisecond)), write(next), err == nil
}

// numberBounds are a whole number and its neighbours.
func numberBounds(text string) (below, from, until, above string, ok bool) {
	n, err := strconv.Atoi(text)
	return strconv.Itoa(n - 1), text, text, strconv.Itoa(n + 1), err == nil
}
