package kinds

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// In the search field of a list people type filters among the words: "state:open severity:sev1 payment". What names a field
// and fits it becomes a filter, everything else stays a word, so that no search is ever refused.

// term is one part of a typed search: a word, or a name with what it is compared with.
type term struct {
	text        string
	not         bool
	name, value string
}

// The patterns are compiled when somebody searches, because the letters of all scripts make them large.
var (
	// termPattern parts a search: a name may be followed by a value in quotes, which may hold spaces.
	termPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(-?)([\p{L}_][\p{L}\d_-]*):"([^"]*)"|\S+`) })
	namedPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)([\p{L}_][\p{L}\d_-]*):(.*)$`) })
)

func termsOf(search string) []term {
	var terms []term
	for _, text := range termPattern().FindAllString(search, -1) {
		t := term{text: text}
		if parts := namedPattern().FindStringSubmatch(text); parts != nil {
			t.not, t.name, t.value = parts[1] != "", parts[2], strings.Trim(parts[3], `"`)
		}
		terms = append(terms, t)
	}
	return terms
}

// Canonical sends the browser on where the address is not the one that the page has: to the view that the person wants to
// see first, or from filters that were typed among the words, or chosen as days, to those filters.
func Canonical(v *web.Visit, kind resource.Resource) (*edge.Response, error) {
	if to := betweenDays(v, kind.Spec()); to != nil {
		return to, nil
	}
	if search := v.Query.Get("search"); strings.Contains(search, ":") && len(search) <= 200 {
		return typedFilters(v, kind, search)
	}
	return opensWith(v, kind)
}

func typedFilters(v *web.Visit, kind resource.Resource, search string) (*edge.Response, error) {
	var words []string
	var filters []resource.Filter
	for _, t := range termsOf(search) {
		meant, err := filtersOf(v, kind.Spec(), t)
		if err != nil {
			return nil, err
		}
		if joined, fits := join(filters, meant); fits {
			filters = joined
		} else {
			words = append(words, t.text)
		}
	}
	if len(filters) == 0 {
		return nil, nil
	}
	for i := range filters {
		if len(filters[i].Values) == 1 && filters[i].Operator == "in" {
			filters[i].Operator = "eq"
		}
	}
	here := Address{v.Path, v.Query}
	return edge.Redirect(here.With(append(filterPairs(filters), "search", strings.Join(words, " "))...)), nil
}

// join adds the filters of a term to those before it. Several values of one field are alternatives; what can't hold beside
// the others does not fit, and neither does a term that means nothing.
func join(filters, meant []resource.Filter) ([]resource.Filter, bool) {
	for _, f := range meant {
		same := func(before resource.Filter) bool { return before.Field == f.Field && before.Operator == f.Operator }
		switch at := slices.IndexFunc(filters, same); {
		case at < 0:
			filters = append(filters, f)
		case f.Operator == "in":
			filters[at].Values = append(filters[at].Values, f.Values...)
		default:
			return filters, false
		}
	}
	return filters, len(meant) > 0
}

// filtersOf is what a term means, nothing where it is a word.
func filtersOf(v *web.Visit, spec *resource.Spec, t term) ([]resource.Filter, error) {
	f := fieldCalled(spec, t.name)
	if f == nil || t.value == "" {
		return nil, nil
	}
	operator := "eq"
	switch f.Type.Name() {
	case "time", "number":
		if t.not {
			return nil, nil
		}
		return comparisons(f, t.value, v.Zone(), v.Person.Now.Go()), nil
	case "tags":
		if t.not {
			operator = "not"
		}
		return []resource.Filter{{Field: f.Name, Operator: operator, Values: []string{t.value}}}, nil
	}
	var values []string
	for given := range strings.SplitSeq(t.value, ",") {
		value, err := valueCalled(v, f, strings.TrimSpace(given))
		if err != nil || value == "" {
			return nil, err
		}
		values = append(values, value)
	}
	switch {
	case t.not && len(values) > 1:
		return nil, nil
	case t.not:
		operator = "not"
	default:
		operator = "in"
	}
	return []resource.Filter{{Field: f.Name, Operator: operator, Values: values}}, nil
}

// fieldCalled finds the field that people call so, nil for none: created is created_at, tag is tags.
func fieldCalled(spec *resource.Spec, name string) *field.Field {
	name = strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	for _, f := range filterFields(spec) {
		if label := strings.ReplaceAll(web.Lower(f.Label), " ", "_"); name != "" && (name == f.Name || name == label || name == typedName(f) || name+"s" == f.Name) {
			return f
		}
	}
	return nil
}

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

// typedName is the shortest name of a field.
func typedName(f *field.Field) string {
	return strings.TrimSuffix(f.Name, widget.Of(f).Suffix)
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
