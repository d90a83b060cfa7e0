package ui

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/request"
	"zygo/app/resource"
)

// listRows is how many rows a page of a list has.
const listRows = 50

// list is the page of a kind's rows.
func (s *Site) list(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		if to, err := v.canonical(kind); to != nil || err != nil {
			return to, err
		}
		page, _, err := v.listPage(kind)
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, page)
	})
}

// listPage builds the list that the address asks for, with the rows that it shows. Fixed filters hold beside those of the
// address and are not shown.
func (v *visit) listPage(kind resource.Resource, fixed ...resource.Filter) (*ListPage, []resource.Record, error) {
	spec := kind.Spec()
	query, _, err := request.List(listParameters(v.Query))
	if err != nil {
		return nil, nil, err
	}
	if query.Limit == 0 {
		query.Limit = listRows
	}
	asked := query
	asked.States = true
	asked.Filters = append(slices.Clone(query.Filters), fixed...)
	found, err := kind.List(v.person.Session, asked)
	if err != nil {
		return nil, nil, err
	}
	look, err := v.listLook(spec)
	if err != nil {
		return nil, nil, err
	}
	l := lister{look: look, visit: v, kind: kind, spec: spec, query: query, here: address{v.Path, v.Query}, fixed: fixed}
	page := &ListPage{
		Kind: spec.Name, Shell: v.shell(spec.PluralLabel()), Heading: spec.PluralLabel(), Total: total(found.Total), States: l.states(found), More: []Action{},
		Path: v.Path, Self: v.Path + queryText(v.Query), Search: query.Search, Live: spec.Name,
		Paging: l.paging(found),
	}
	if slices.ContainsFunc(spec.Fields, func(f *field.Field) bool { return f.Search }) {
		page.SearchHint, page.Suggestions = "Search "+lower(spec.PluralLabel()), "/"+spec.Path+"/suggestions"
		if state, ok := spec.Field(spec.State); ok {
			page.SearchHint = "Search, or " + state.Name + ":" + state.Choices[0].Value
		}
	}
	mayCreate, withheld, err := v.mayMake(spec)
	if err != nil {
		return nil, nil, err
	}
	if page.Notice = withheld; spec.Has(resource.Create) && mayCreate && !query.Trash {
		page.Primary = &Action{Label: "Create " + lower(spec.Label()), Icon: "plus", Href: "/" + spec.Path + "/new", Key: "c"}
	}
	if spec.Has(resource.Delete) && v.person.May(spec, resource.Delete) {
		if query.Trash {
			page.Heading += " in the trash"
			page.More = append(page.More, Action{Label: "Leave the trash", Icon: "arrow-left", Href: "/" + spec.Path})
		} else {
			page.More = append(page.More, Action{Label: "Trash", Icon: "trash-2", Href: "/" + spec.Path + "?deleted=true"})
		}
	}
	if len(found.Rows) > 0 {
		page.More = append([]Action{{Label: "Export CSV", Icon: "download", Href: l.exportHref()}}, page.More...)
	}
	if spec.Has(resource.Import) && v.person.May(spec, resource.Import) && !query.Trash {
		page.More = append([]Action{{Label: "Import CSV", Icon: "upload", Href: "/" + spec.Path + "/import"}}, page.More...)
	}
	for name, values := range v.Query {
		if name != "search" && name != "page" && name != "cursor" {
			page.Kept = append(page.Kept, Hidden{name, values[0]})
		}
	}
	sort.Slice(page.Kept, func(i, j int) bool { return page.Kept[i].Name < page.Kept[j].Name })
	if page.Filters, err = l.filters(); err != nil {
		return nil, nil, err
	}
	if page.Filterable, err = l.filterable(); err != nil {
		return nil, nil, err
	}
	if page.Table, err = l.table(found.Rows, l.columns()); err != nil {
		return nil, nil, err
	}
	page.Bulk = l.bulk()
	if spec.Parent != nil {
		crumbs, err := v.crumbs(kind)
		if err != nil {
			return nil, nil, err
		}
		page.Crumbs = crumbs[:len(crumbs)-1]
	} else if !query.Trash && (len(found.Rows) > 0 || len(l.parameters()) > 0 || look.open != nil) {
		page.Views, page.Keep, page.Columns = l.tabs(), l.keeping(), l.columnChoice()
	}
	page.Empty = l.empty(page)
	return page, found.Rows, nil
}

// lister builds the parts of one list.
type lister struct {
	*visit
	kind  resource.Resource
	spec  *resource.Spec
	query resource.Query
	here  address
	look  listLook
	// fixed are the filters of the page itself, which its address does not carry.
	fixed []resource.Filter
}

// address is a path with parameters, of which others are made.
type address struct {
	path   string
	values url.Values
}

// with is the address with a parameter set, or taken off where the value is empty, from the first page on.
func (a address) with(pairs ...string) string {
	values := url.Values{}
	for name, list := range a.values {
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
	return a.path + queryText(values)
}

func queryText(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// total is a count as text; the kernel stops counting at a bound.
func total(n int) string {
	if n >= resource.MostCounted {
		return Number(resource.MostCounted) + "+"
	}
	return Number(int64(n))
}

// states count the rows by state; pressing one filters by it, pressing it again does not.
func (l lister) states(page *resource.Page) []Chip {
	field, ok := l.spec.Field(l.spec.State)
	if !ok {
		return nil
	}
	var chips []Chip
	name := "filter[" + field.Name + "]"
	for _, choice := range field.Choices {
		on := l.here.values.Get(name) == choice.Value
		count := page.States[choice.Value]
		if count == 0 && !on {
			continue
		}
		chip := Chip{Label: choice.Label, Count: total(count), Tone: tones[choice.Tone], On: on, Href: l.here.with(name, choice.Value)}
		if on {
			chip.Href = l.here.with(name, "")
		}
		chips = append(chips, chip)
	}
	return chips
}

func (l lister) paging(page *resource.Page) Paging {
	from := (page.Page-1)*page.Limit + 1
	paging := Paging{From: from, To: from + len(page.Rows) - 1, Total: total(page.Total)}
	if page.Page > 1 {
		paging.PreviousHref = l.here.with("page", strconv.Itoa(page.Page-1))
	}
	if page.NextCursor != "" {
		paging.NextHref = l.here.with("page", strconv.Itoa(page.Page+1))
	}
	return paging
}

// operators are the words between a field and the value of a filter.
var operators = map[string]string{"eq": ": ", "not": " is not ", "gt": " over ", "gte": " from ", "lt": " under ", "lte": " until ", "in": ": "}

// filters are those in force. That on the state stands among the counts already.
func (l lister) filters() ([]Chip, error) {
	var chips []Chip
	for _, filter := range l.query.Filters {
		field, ok := l.spec.Field(filter.Field)
		if !ok || filter.Field == l.spec.State && filter.Operator == "eq" {
			continue
		}
		name := "filter[" + filter.Field + "]"
		if filter.Operator != "eq" {
			name += "[" + filter.Operator + "]"
		}
		if filter.IsBlank() {
			words := map[string]string{"eq": " is empty", "not": " has a value"}[filter.Operator]
			chips = append(chips, Chip{Label: field.Label + words, Href: l.here.with(name, "")})
			continue
		}
		known := titles{}
		if field.To != "" {
			found, err := l.person.TitlesOf(field.To, filter.Values)
			if err != nil {
				return nil, err
			}
			known[field.To] = found
		}
		shown := make([]string, len(filter.Values))
		for i, value := range filter.Values {
			shown[i] = l.filterWords(field, value, known)
		}
		chips = append(chips, Chip{Label: field.Label + operators[filter.Operator] + strings.Join(shown, ", "), Href: l.here.with(name, "")})
	}
	sort.Slice(chips, func(i, j int) bool { return chips[i].Label < chips[j].Label })
	return chips, nil
}

func (l lister) filterWords(f *field.Field, value string, known titles) string {
	switch {
	case f.To != "" && value == l.person.User.ID:
		return "me"
	case f.Type.Name() == "time":
		return l.moment(value)
	}
	if f.Dropdown != "" {
		return l.labels(f, []string{value})[0]
	}
	read := f.New()
	if f.Type.FromText(f, value, read) != nil {
		return value
	}
	return wordsOf(f, read, known, Viewer{})
}

// moment is a bound of a filter: a day where it is the beginning or end of one for the person.
func (l lister) moment(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	at = at.In(l.zone())
	if clock := at.Format("15:04:05.000"); clock == "00:00:00.000" || clock == "23:59:59.999" {
		return at.Format("2 Jan 2006")
	}
	return Viewer{Zone: l.zone()}.Exact(at)
}

// empty says what the list is for and what to do first or, where a filter leaves nothing, how to take it off.
func (l lister) empty(page *ListPage) Empty {
	plural := lower(l.spec.PluralLabel())
	if l.query.Trash {
		return Empty{Icon: "trash-2", Title: "The trash is empty", Text: "What is deleted stays here for 30 days.", Actions: []Action{{Label: "All " + plural, Href: "/" + l.spec.Path}}}
	}
	if len(l.query.Filters) > 0 || l.query.Search != "" {
		return Empty{Icon: "search", Title: "No " + lower(l.spec.Label()) + " fits", Text: "Nothing fits this search and filter.", Actions: []Action{{Label: "Show all " + plural, Href: l.wholeHref()}}}
	}
	empty := Empty{Icon: l.spec.Icon, Title: "No " + plural + " yet", Text: l.spec.Help}
	if page.Primary != nil && len(page.Rows()) == 0 {
		// The first action stands in the middle of the empty page, and once is enough.
		empty.Actions, page.Primary = []Action{*page.Primary}, nil
	}
	return empty
}
