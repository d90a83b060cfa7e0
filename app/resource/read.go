package resource

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource/listing"
	"zygo/store"
)

// Query is what a list is asked for.
type Query = listing.Query

// Filter compares a field with values.
type Filter = listing.Filter

// Page is one page of a list.
type Page struct {
	Rows []Record
	// Total is exact up to MostCounted; at that number it means "or more".
	Total      int
	Page       int
	Limit      int
	NextCursor string
	// States counts the rows by the kind's state field, without the filter on it, where the query asks for that.
	States map[string]int
}

// The bounds of a list.
const (
	MostRows    = listing.MostValues
	MostCounted = 10_000
	usualRows   = 20
)

func (b *bound[T]) find(s *Session, id string, trash bool) (*T, error) {
	rows, err := store.Rows[T](s.Context, s.source(), s.scope, store.Find{
		Table: b.table,
		Where: []store.Condition{{Column: "id", Operator: "=", Value: id}},
		Limit: 1,
		Trash: trash,
	})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, notFound(b.spec)
	}
	return &rows[0], b.guard(s, rows)
}

// reading is the session that reads the rows for an actor who may read them all: those of operators' query kinds cross tenants.
func (b *bound[T]) reading(s *Session) *Session {
	if b.table.From == "" || !b.spec.Operators {
		return s
	}
	return s.Across("operators read what belongs to no tenant")
}

// guard is the net under the scope: a row of another tenant stops the request.
func (b *bound[T]) guard(s *Session, rows []T) error {
	if b.spec.Instance {
		return nil
	}
	for i := range rows {
		if tenant := b.own.tenant.Of(b.value(&rows[i])).String(); !s.scope.Sees(tenant) {
			return fmt.Errorf("a %s of another tenant came back from a query of tenant %s", b.spec.Name, s.Tenant())
		}
	}
	return nil
}

func notFound(spec *Spec) error {
	return fault.New(fault.NotFound, "This %s does not exist, or you can't see it.", spec.lower())
}

func (b *bound[T]) list(s *Session, q Query) ([]T, *Page, error) {
	if err := s.Require(b.spec, List, ""); err != nil {
		return nil, nil, err
	}
	s = b.reading(s)
	find := store.Find{Table: b.table, Trash: q.Trash}
	page := &Page{Page: max(q.Page, 1), Limit: min(cmp.Or(max(q.Limit, 0), usualRows), MostRows)}
	var err error
	if find.Where, err = b.conditions(s, q); err != nil {
		return nil, nil, err
	}
	counted, err := b.counts(s, q, find)
	if err != nil {
		return nil, nil, err
	}
	page.Total, page.States = counted.total, counted.states
	order, err := b.order(s, q)
	if err != nil {
		return nil, nil, err
	}
	order.Sort(&find)
	find.Limit = page.Limit + 1
	if q.Cursor != "" {
		after, err := order.After(q.Cursor, q.Sum(s.Tenant()))
		if err != nil {
			return nil, nil, err
		}
		find.Where = append(find.Where, after)
	} else {
		find.Offset = (page.Page - 1) * page.Limit
	}
	rows, err := store.Rows[T](s.Context, s.source(), s.scope, find)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := b.value(&rows[page.Limit-1])
		value, err := order.Value(last, s.TitlesOf)
		if err != nil {
			return nil, nil, err
		}
		page.NextCursor = listing.Cursor(q.Sum(s.Tenant()), last.FieldByName("N").Int(), value)
	}
	return rows, page, b.guard(s, rows)
}

// counts are what a list says of all the rows that it has pages of. The states are shared and must not be changed.
type counts struct {
	total  int
	states map[string]int
}

// counts counts the rows of a list, once until a row of the kind changes. It remembers only what this kind's rows alone decide for
// everybody: never what somebody sees from whom a workspace or some of the rows are hidden. Where the engine of an area writes
// the rows, nobody says when one changes.
func (b *bound[T]) counts(s *Session, q Query, find store.Find) (counts, error) {
	q.States = q.States && b.spec.State != ""
	count := func(s *Session) (c counts, err error) {
		if q.States {
			if c.states, err = b.tally(s, q); err != nil {
				return c, err
			}
		}
		var told bool
		if c.total, told = b.totalOf(q, c.states); !told {
			c.total, err = store.Count(s.Context, s.source(), s.scope, find, MostCounted)
		}
		return c, err
	}
	byOthers := func(f Filter) bool { return f.Operator != "eq" && f.Operator != "not" && f.Operator != "in" }
	ofOthers := b.spec.Instance || b.own.version == nil || q.Trash || q.Search != "" || slices.ContainsFunc(q.Filters, byOthers)
	if ofOthers || s.Tenant() == "" || s.Rights != nil && s.Rights.Hides || s.readable(b.spec, "id") != nil {
		return count(s)
	}
	return Cached(s, fmt.Sprintf("counts %s %t %q", b.spec.Name, q.States, q.Filters), []string{b.spec.Name}, count)
}

// totalOf takes the number of rows from the counts by state, where these tell it.
func (b *bound[T]) totalOf(q Query, states map[string]int) (total int, told bool) {
	only := ""
	for _, f := range q.Filters {
		if f.Field == b.spec.State {
			if told = only == "" && f.Operator == "eq" && !f.IsBlank(); !told {
				return 0, false
			}
			only = f.Values[0]
		}
	}
	all := 0
	for state, count := range states {
		if all += count; only == "" || state == only {
			total += count
		}
	}
	// Counts stop at a bound together, so that a part of them may lack rows.
	return total, states != nil && (only == "" || total < MostCounted && all < MostCounted)
}

func (b *bound[T]) tally(s *Session, q Query) (map[string]int, error) {
	others := q
	others.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f Filter) bool { return f.Field == b.spec.State })
	where, err := b.conditions(s, others)
	if err != nil {
		return nil, err
	}
	return store.Tally(s.Context, s.source(), s.scope, store.Find{Table: b.table, Where: where, Trash: q.Trash}, b.spec.State)
}

func (b *bound[T]) conditions(s *Session, q Query) ([]store.Condition, error) {
	where := s.readable(b.spec, "id")
	for _, filter := range q.Filters {
		f, ok := b.spec.byName[filter.Field]
		if !ok || f.Internal || !f.Filter && !f.Standard {
			return nil, fault.New(fault.BadRequest, "%s can't be filtered by %q.", b.spec.PluralLabel(), filter.Field)
		}
		asked, err := filter.Conditions(f, s.key)
		if err != nil {
			return nil, err
		}
		where = append(where, asked...)
	}
	return b.searchCondition(s, q, where)
}

// searchCondition adds the words of a search: by the full text, or in the columns of kinds that are not in it, and of rows
// in the trash.
func (b *bound[T]) searchCondition(s *Session, q Query, where []store.Condition) ([]store.Condition, error) {
	words := strings.TrimSpace(q.Search)
	if words == "" {
		return where, nil
	}
	if err := CheckSearch(words); err != nil {
		return nil, err
	}
	if b.isSearched() && !q.Trash {
		match := store.Match(words, tenantNumber(s.Tenant()))
		if match == "" {
			return append(where, store.Condition{Column: "id", Operator: "=", Value: ""}), nil // no word, no row
		}
		return append(where, store.Condition{Operator: "matches", Value: match}), nil
	}
	for word := range strings.FieldsSeq(words) {
		columns := containing(b.spec, word, s.kernel.byName)
		if columns == nil {
			return nil, fault.New(fault.BadRequest, "%s can't be searched.", b.spec.PluralLabel())
		}
		where = append(where, store.Condition{Alternatives: columns})
	}
	return where, nil
}

// containing looks for a word in the columns of a kind, and for a reference in those of what it names.
func containing(spec *Spec, word string, kinds map[string]Resource) (columns []store.Condition) {
	for _, f := range spec.Fields {
		switch to, refers := kinds[f.To]; {
		case !f.Search:
		case refers:
			named := store.Condition{Alternatives: containing(to.Spec(), word, nil)}
			columns = append(columns, store.Condition{
				Column:   f.Name,
				Operator: "in rows",
				Rows:     &store.Find{Table: to.Table(), Where: []store.Condition{named}},
			})
		default:
			columns = append(columns, store.Condition{Column: f.Name, Operator: "contains", Value: word})
		}
	}
	return columns
}

// order is what a list is sorted by.
func (b *bound[T]) order(s *Session, q Query) (listing.Order, error) {
	name, down := q.SortBy, q.Descending
	if name == "" {
		name, down = strings.CutPrefix(b.spec.Order, "-")
	}
	f, ok := b.spec.byName[name]
	if !ok || f.Internal || !f.List && !f.Standard {
		return listing.Order{}, fault.New(fault.BadRequest, "%s can't be sorted by %q.", b.spec.PluralLabel(), name)
	}
	key, err := s.key(f)
	return listing.Order{Field: f, Down: down, Key: key}, err
}

// key is what lists compare a field by: the order of its choices, the titles that a reference shows, or words. Titles that
// the session can't read have no part in it.
func (s *Session) key(f *field.Field) (*store.Key, error) {
	choices, err := f.Choices, error(nil)
	if f.Dropdown != "" {
		choices, err = s.Choices(f.Dropdown)
	}
	to, refers := s.kernel.byName[f.To]
	switch {
	case len(choices) > 0:
		key := &store.Key{}
		for _, c := range choices {
			key.Ranks = append(key.Ranks, c.Value)
		}
		return key, err
	case refers && !f.Many() && to.Spec().Title != nil:
		return &store.Key{
			Named: &store.Find{Table: to.Table(), Columns: []string{to.Spec().Title.Name}, Where: s.readable(to.Spec(), "id")},
		}, err
	case f.Worded() && !f.Standard:
		return &store.Key{Words: true}, err
	}
	return nil, err
}
