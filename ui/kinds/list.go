package kinds

import (
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// ListRows is how many rows a page of a list has.
const ListRows = 50

// list is the page of a kind's rows.
func list(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		if to, err := Canonical(v, kind); to != nil || err != nil {
			return to, err
		}
		page, _, err := ListPage(v, kind)
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, page)
	})
}

// ListPage builds the list that the address asks for, with the rows that it shows. Fixed filters hold besides those of the
// address and are not shown.
func ListPage(v *web.Visit, kind resource.Resource, fixed ...resource.Filter) (*markup.ListPage, []resource.Record, error) {
	spec := kind.Spec()
	query, _, err := request.List(listParameters(v.Query))
	if err != nil {
		return nil, nil, err
	}
	if query.Limit == 0 {
		query.Limit = ListRows
	}
	asked := query
	asked.States = true
	asked.Filters = append(slices.Clone(query.Filters), fixed...)
	found, err := kind.List(v.Person.Session, asked)
	if err != nil {
		return nil, nil, err
	}
	look, err := listViewOf(v, spec)
	if err != nil {
		return nil, nil, err
	}
	l := Lister{view: look, Visit: v, Kind: kind, Spec: spec, query: query, here: Address{v.Path, v.Query}, Fixed: fixed}
	page := &markup.ListPage{
		Kind:    spec.Name,
		Shell:   v.Shell(spec.PluralLabel()),
		Heading: spec.PluralLabel(),
		Total:   Total(found.Total),
		States:  l.states(found),
		More:    []markup.Action{},
		Path:    v.Path,
		Self:    v.Path + web.QueryText(v.Query),
		Search:  query.Search,
		Live:    spec.Name,
		Paging:  l.paging(found),
	}
	l.searching(page)
	if err := l.offer(page, len(found.Rows) > 0); err != nil {
		return nil, nil, err
	}
	if page.Filters, err = l.filters(); err != nil {
		return nil, nil, err
	}
	if page.Filterable, err = l.filterable(); err != nil {
		return nil, nil, err
	}
	if page.Table, err = l.Table(found.Rows, l.columns()); err != nil {
		return nil, nil, err
	}
	page.Bulk = l.bulk()
	if spec.Parent != nil {
		crumbs, err := crumbs(v, kind)
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

// searching gives the page its search field, if a field of the kind is searched, and what a search keeps of the address.
func (l Lister) searching(page *markup.ListPage) {
	for name, values := range l.Query {
		if name != "search" && name != "page" && name != "cursor" {
			page.Kept = append(page.Kept, markup.Hidden{Name: name, Value: values[0]})
		}
	}
	sort.Slice(page.Kept, func(i, j int) bool { return page.Kept[i].Name < page.Kept[j].Name })
	if !slices.ContainsFunc(l.Spec.Fields, func(f *field.Field) bool { return f.Search }) {
		return
	}
	page.SearchHint, page.Suggestions = "Search "+web.Lower(l.Spec.PluralLabel()), "/"+l.Spec.Path+"/suggestions"
	if state, ok := l.Spec.Field(l.Spec.State); ok {
		page.SearchHint = "Search, or " + state.Name + ":" + state.Choices[0].Value
	}
}

// offer adds what the person may do with the list as a whole.
func (l Lister) offer(page *markup.ListPage, hasRows bool) error {
	mayCreate, withheld, err := MayMake(l.Visit, l.Spec)
	if err != nil {
		return err
	}
	trash, path := l.query.Trash, "/"+l.Spec.Path
	if page.Notice = withheld; l.Spec.Has(resource.Create) && mayCreate && !trash {
		page.Primary = &markup.Action{Label: "Create " + web.Lower(l.Spec.Label()), Icon: "plus", Href: path + "/new", Key: "c"}
	}
	if l.Spec.Has(resource.Import) && l.Person.May(l.Spec, resource.Import) && !trash {
		page.More = append(page.More, markup.Action{Label: "Import CSV", Icon: "upload", Href: path + "/import"})
	}
	if hasRows {
		page.More = append(page.More, markup.Action{Label: "Export CSV", Icon: "download", Href: l.exportHref()})
	}
	if !l.Spec.Has(resource.Delete) || !l.Person.May(l.Spec, resource.Delete) {
		return nil
	}
	if trash {
		page.Heading += " in the trash"
		page.More = append(page.More, markup.Action{Label: "Leave the trash", Icon: "arrow-left", Href: path})
	} else {
		page.More = append(page.More, markup.Action{Label: "Trash", Icon: "trash-2", Href: path + "?deleted=true"})
	}
	return nil
}

// states count the rows by state; pressing one filters by it, pressing it again does not.
func (l Lister) states(page *resource.Page) []markup.Chip {
	field, ok := l.Spec.Field(l.Spec.State)
	if !ok {
		return nil
	}
	var chips []markup.Chip
	name := "filter[" + field.Name + "]"
	for _, choice := range field.Choices {
		on := l.here.Values.Get(name) == choice.Value
		count := page.States[choice.Value]
		if count == 0 && !on {
			continue
		}
		chip := markup.Chip{
			Label: choice.Label,
			Count: Total(count),
			Tone:  widget.Tones[choice.Tone],
			On:    on,
			Href:  l.here.With(name, choice.Value),
		}
		if on {
			chip.Href = l.here.With(name, "")
		}
		chips = append(chips, chip)
	}
	return chips
}

func (l Lister) paging(page *resource.Page) markup.Paging {
	from := (page.Page-1)*page.Limit + 1
	paging := markup.Paging{From: from, To: from + len(page.Rows) - 1, Total: Total(page.Total)}
	if page.Page > 1 {
		paging.PreviousHref = l.here.With("page", strconv.Itoa(page.Page-1))
	}
	if page.NextCursor != "" {
		paging.NextHref = l.here.With("page", strconv.Itoa(page.Page+1))
	}
	return paging
}

// operators are the words between a field and the value of a filter.
var operators = map[string]string{
	"eq":  ": ",
	"not": " is not ",
	"gt":  " over ",
	"gte": " from ",
	"lt":  " under ",
	"lte": " until ",
	"in":  ": ",
}

// filters are those in force. That on the state stands among the counts already.
func (l Lister) filters() ([]markup.Chip, error) {
	var chips []markup.Chip
	for _, filter := range l.query.Filters {
		field, ok := l.Spec.Field(filter.Field)
		if !ok || filter.Field == l.Spec.State && filter.Operator == "eq" {
			continue
		}
		name := "filter[" + filter.Field + "]"
		if filter.Operator != "eq" {
			name += "[" + filter.Operator + "]"
		}
		if filter.IsBlank() {
			words := map[string]string{"eq": " is empty", "not": " has a value"}[filter.Operator]
			chips = append(chips, markup.Chip{Label: field.Label + words, Href: l.here.With(name, "")})
			continue
		}
		known := widget.Titles{}
		if field.To != "" {
			found, err := l.Person.TitlesOf(field.To, filter.Values)
			if err != nil {
				return nil, err
			}
			known[field.To] = found
		}
		shown := make([]string, len(filter.Values))
		for i, value := range filter.Values {
			shown[i] = l.filterWords(field, value, known)
		}
		chips = append(chips, markup.Chip{
			Label: field.Label + operators[filter.Operator] + strings.Join(shown, ", "),
			Href:  l.here.With(name, ""),
		})
	}
	sort.Slice(chips, func(i, j int) bool { return chips[i].Label < chips[j].Label })
	return chips, nil
}

func (l Lister) filterWords(f *field.Field, value string, known widget.Titles) string {
	switch {
	case f.To != "" && value == l.Person.User.ID:
		return "me"
	case f.Type.Name() == "time":
		return l.moment(value)
	}
	if f.Dropdown != "" {
		return widget.Labels(l.Visit, f, []string{value})[0]
	}
	read := f.New()
	if f.Type.FromText(f, value, read) != nil {
		return value
	}
	return widget.WordsOf(f, read, known, markup.Viewer{})
}

// moment is a bound of a filter: a day where it is the beginning or end of one for the person.
func (l Lister) moment(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	at = at.In(l.Zone())
	if clock := at.Format("15:04:05.000"); clock == "00:00:00.000" || clock == "23:59:59.999" {
		return at.Format("2 Jan 2006")
	}
	return markup.Viewer{Zone: l.Zone()}.Exact(at)
}

// empty says what the list is for and what to do first or, where a filter leaves nothing, how to take it off.
func (l Lister) empty(page *markup.ListPage) markup.Empty {
	plural := web.Lower(l.Spec.PluralLabel())
	if l.query.Trash {
		return markup.Empty{
			Icon:    "trash-2",
			Title:   "The trash is empty",
			Text:    "What is deleted stays here for 30 days.",
			Actions: []markup.Action{{Label: "All " + plural, Href: "/" + l.Spec.Path}},
		}
	}
	if len(l.query.Filters) > 0 || l.query.Search != "" {
		return markup.Empty{
			Icon:    "search",
			Title:   "No " + web.Lower(l.Spec.Label()) + " fits",
			Text:    "Nothing fits this search and filter.",
			Actions: []markup.Action{{Label: "Show all " + plural, Href: l.wholeHref()}},
		}
	}
	empty := markup.Empty{Icon: l.Spec.Icon, Title: "No " + plural + " yet", Text: l.Spec.Help}
	if page.Primary != nil && len(page.Rows()) == 0 {
		// The first action stands in the middle of the empty page, and once is enough.
		empty.Actions, page.Primary = []markup.Action{*page.Primary}, nil
	}
	return empty
}
