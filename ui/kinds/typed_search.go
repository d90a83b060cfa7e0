package kinds

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
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
		label := strings.ReplaceAll(web.Lower(f.Label), " ", "_")
		if name != "" && (name == f.Name || name == label || name == typedName(f) || name+"s" == f.Name) {
			return f
		}
	}
	return nil
}

// typedName is the shortest name of a field.
func typedName(f *field.Field) string {
	return strings.TrimSuffix(f.Name, widget.Of(f).Suffix)
}
