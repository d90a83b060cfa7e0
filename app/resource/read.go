package resource

import (
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// Query is what a list is asked for.
type Query struct {
	Page, Limit int
	Cursor      string
	Search      string
	SortBy      string
	Descending  bool
	Filters     []Filter
	// Trash lists what was deleted instead.
	Trash bool

	tenant string
	kinds  map[string]Resource
	// some are conditions for somebody who may read some rows only.
	some []store.Condition
}

// Filter compares a field with values: operator is eq, not, gte, lte or in.
type Filter struct {
	Field, Operator string
	Values          []string
}

// Page is one page of a list.
type Page struct {
	Rows []Record
	// Total is exact up to MostCounted; at that number it means "or more".
	Total      int
	Page       int
	Limit      int
	NextCursor string
	// States counts the rows by the kind's state field, without the filter on it.
	States map[string]int
}

// The bounds of a list.
const (
	MostRows    = 100
	MostCounted = 10_000
	usualRows   = 20
)

func (b *bound[T]) find(s *Session, id string, trash bool) (*T, error) {
	rows, err := store.Rows[T](s.Context, s.source(), s.scope, store.Find{Table: b.table, Where: []store.Condition{{Column: "id", Operator: "=", Value: id}}, Limit: 1, Trash: trash})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, notFound(b.spec)
	}
	return &rows[0], b.guard(s, rows)
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
	q.tenant, q.some, q.kinds = s.Tenant(), s.readable(b.spec), s.kernel.byName
	find := store.Find{Table: b.table, Trash: q.Trash}
	page := &Page{Page: max(q.Page, 1), Limit: q.Limit}
	if page.Limit <= 0 {
		page.Limit = usualRows
	}
	page.Limit = min(page.Limit, MostRows)
	var err error
	if find.Where, err = b.conditions(q); err != nil {
		return nil, nil, err
	}
	if b.spec.State != "" {
		if page.States, err = b.tally(s, q); err != nil {
			return nil, nil, err
		}
	}
	var told bool
	if page.Total, told = b.totalOf(q, page.States); !told {
		if page.Total, err = store.Count(s.Context, s.source(), s.scope, find, MostCounted); err != nil {
			return nil, nil, err
		}
	}
	sort, err := b.sortField(q)
	if err != nil {
		return nil, nil, err
	}
	find.Order = sort.order()
	find.Limit = page.Limit + 1
	if q.Cursor != "" {
		after, err := b.after(q, sort, s)
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
		page.NextCursor = b.cursor(q, sort, s, &rows[len(rows)-1])
	}
	return rows, page, b.guard(s, rows)
}

// totalOf takes the number of rows from the counts by state, where these tell it.
func (b *bound[T]) totalOf(q Query, states map[string]int) (total int, told bool) {
	only := ""
	for _, f := range q.Filters {
		if f.Field == b.spec.State {
			if told = only == "" && f.Operator == "eq"; !told {
				return 0, false
			}
			only = f.Values[0]
		}
	}
	for state, count := range states {
		if only == "" || state == only {
			total += count
		}
	}
	// Counts stop at a bound together, so that a part of them may lack rows.
	return total, states != nil && (only == "" || total < MostCounted && sum(states) < MostCounted)
}

func sum(counts map[string]int) (total int) {
	for _, count := range counts {
		total += count
	}
	return total
}

func (b *bound[T]) tally(s *Session, q Query) (map[string]int, error) {
	others := q
	others.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f Filter) bool { return f.Field == b.spec.State })
	where, err := b.conditions(others)
	if err != nil {
		return nil, err
	}
	return store.Tally(s.Context, s.source(), s.scope, store.Find{Table: b.table, Where: where, Trash: q.Trash}, b.spec.State)
}

func (b *bound[T]) conditions(q Query) ([]store.Condition, error) {
	where := slices.Clone(q.some)
	for _, filter := range q.Filters {
		f, ok := b.spec.byName[filter.Field]
		if !ok || f.Internal || !f.Filter && !f.Standard {
			return nil, fault.New(fault.BadRequest, "%s can't be filtered by %q.", b.spec.PluralLabel(), filter.Field)
		}
		operator, ok := map[string]string{"eq": "=", "not": "<>", "gte": ">=", "lte": "<=", "in": "in"}[filter.Operator]
		if !ok {
			return nil, fault.New(fault.BadRequest, "There is no filter operator %q; use gte, lte, in or not.", filter.Operator)
		}
		if len(filter.Values) == 0 || len(filter.Values) > MostRows {
			return nil, fault.New(fault.BadRequest, "The filter on %s needs between 1 and %d values.", filter.Field, MostRows)
		}
		if f.Many() {
			condition, err := entries(f, filter)
			if err != nil {
				return nil, err
			}
			where = append(where, condition)
			continue
		}
		values := make([]any, len(filter.Values))
		v := f.New()
		for i, text := range filter.Values {
			if err := f.Type.FromText(f, text, v); err != nil {
				return nil, fault.New(fault.BadRequest, "The filter on %s %s.", filter.Field, err)
			}
			values[i] = plain(v)
		}
		if operator == "in" {
			where = append(where, store.Condition{Column: f.Name, Operator: "in", Value: values})
			continue
		}
		if operator == "<>" && f.To != "" {
			// A row that names none is not that one either.
			other := store.Condition{Column: f.Name, Operator: operator, Value: values[0]}
			where = append(where, store.Condition{Alternatives: []store.Condition{other, {Column: f.Name, Operator: "="}}})
			continue
		}
		where = append(where, store.Condition{Column: f.Name, Operator: operator, Value: values[0]})
		if least, most, limited := f.Peers(v); limited && operator != "=" && operator != "<>" {
			where = append(where, store.Condition{Column: f.Name, Operator: ">=", Value: least}, store.Condition{Column: f.Name, Operator: "<=", Value: most})
		}
	}
	return b.searchCondition(q, where)
}

// entries finds the lists that hold one of a filter's values, or with "not" those that lack it.
func entries(f *field.Field, filter Filter) (store.Condition, error) {
	operator := map[string]string{"eq": "lists", "in": "lists", "not": "lacks"}[filter.Operator]
	if operator == "" {
		return store.Condition{}, fault.New(fault.BadRequest, "The filter on %s has no operator %q, since it is a list; use in or not.", f.Name, filter.Operator)
	}
	var each []store.Condition
	for _, text := range filter.Values {
		each = append(each, store.Condition{Column: f.Name, Operator: operator, Value: strings.ToLower(text)})
	}
	return store.Condition{Alternatives: each}, nil
}

// searchCondition adds the words of a search: by the full text, or in the columns of kinds that are not in it, and of rows
// in the trash.
func (b *bound[T]) searchCondition(q Query, where []store.Condition) ([]store.Condition, error) {
	words := strings.TrimSpace(q.Search)
	if words == "" {
		return where, nil
	}
	if b.isSearched() && !q.Trash {
		match := store.Match(words, tenantNumber(q.tenant))
		if match == "" {
			return append(where, store.Condition{Column: "id", Operator: "=", Value: ""}), nil // no word, no row
		}
		return append(where, store.Condition{Operator: "matches", Value: match}), nil
	}
	columns := containing(b.spec, words, q.kinds)
	if columns == nil {
		return nil, fault.New(fault.BadRequest, "%s can't be searched.", b.spec.PluralLabel())
	}
	return append(where, store.Condition{Alternatives: columns}), nil
}

// containing looks for words in the columns of a kind, and for a reference in those of what it names.
func containing(spec *Spec, words string, kinds map[string]Resource) (columns []store.Condition) {
	for _, f := range spec.Fields {
		switch to, refers := kinds[f.To]; {
		case !f.Search:
		case refers:
			named := store.Condition{Alternatives: containing(to.Spec(), words, nil)}
			columns = append(columns, store.Condition{Column: f.Name, Operator: "in rows", Rows: &store.Find{Table: to.Table(), Where: []store.Condition{named}}})
		default:
			columns = append(columns, store.Condition{Column: f.Name, Operator: "contains", Value: words})
		}
	}
	return columns
}

// plain is the value that the driver compares with; nil is NULL.
func plain(v reflect.Value) any {
	if valuer, ok := v.Interface().(driver.Valuer); ok {
		value, err := valuer.Value()
		if err != nil {
			return nil
		}
		return value
	}
	return v.Interface()
}

// sorting is the field that a list is sorted by; the order of arrival makes it total.
type sorting struct {
	field *field.Field
	down  bool
}

func (b *bound[T]) sortField(q Query) (sorting, error) {
	name, down := q.SortBy, q.Descending
	if name == "" {
		name, down = strings.CutPrefix(b.spec.Order, "-")
	}
	f, ok := b.spec.byName[name]
	if !ok || f.Internal || !f.List && !f.Standard {
		return sorting{}, fault.New(fault.BadRequest, "%s can't be sorted by %q.", b.spec.PluralLabel(), name)
	}
	return sorting{f, down}, nil
}

// order sorts by arrival where it is the same: rows get their number as they are created.
func (o sorting) order() []string {
	direction := ""
	if o.down {
		direction = "-"
	}
	if o.field.Name == "created_at" {
		return []string{direction + "n"}
	}
	return []string{direction + o.field.Name, direction + "n"}
}

// cursorMark is where a page ended. The sum binds it to the query and the tenant that it came from.
type cursorMark struct {
	N     int64  `json:"n"`
	Value string `json:"v,omitempty"`
	Null  bool   `json:"z,omitempty"`
	Sum   uint32 `json:"s"`
}

func (q Query) sum(tenant string) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%q %q %q %t %q %t", tenant, q.Search, q.SortBy, q.Descending, q.Filters, q.Trash)
	return h.Sum32()
}

func (b *bound[T]) cursor(q Query, o sorting, s *Session, last *T) string {
	v := b.value(last)
	mark := cursorMark{N: v.FieldByName("N").Int(), Sum: q.sum(s.Tenant())}
	if o.field.Name != "created_at" {
		mark.Value = o.field.Type.Text(o.field.Of(v))
		mark.Null = plain(o.field.Of(v)) == nil
	}
	text, _ := json.Marshal(mark)
	return base64.RawURLEncoding.EncodeToString(text)
}

func (b *bound[T]) after(q Query, o sorting, s *Session) (store.Condition, error) {
	wrong := fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
	var mark cursorMark
	text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || json.Unmarshal(text, &mark) != nil || mark.Sum != q.sum(s.Tenant()) {
		return store.Condition{}, wrong
	}
	if o.field.Name == "created_at" {
		return o.beyond(mark.N, nil), nil
	}
	v := o.field.New()
	if err := o.field.Type.FromText(o.field, mark.Value, v); err != nil {
		return store.Condition{}, wrong
	}
	return o.beyond(mark.N, plain(v)), nil
}

// beyond is the condition for the rows that come after the one with this number and value.
func (o sorting) beyond(n int64, value any) store.Condition {
	beyond := map[bool]string{false: ">", true: "<"}[o.down]
	rest := store.Condition{Column: "n", Operator: beyond, Value: n}
	if o.field.Name == "created_at" {
		return rest
	}
	same := store.Condition{All: true, Alternatives: []store.Condition{{Column: o.field.Name, Operator: "=", Value: value}, rest}}
	// NULL sorts before every value: rising lists leave it behind at the start, falling ones meet it at the end.
	switch {
	case value == nil && o.down:
		return same
	case value == nil:
		return store.Condition{Alternatives: []store.Condition{same, {Column: o.field.Name, Operator: "<>", Value: nil}}}
	case o.down:
		return store.Condition{Alternatives: []store.Condition{{Column: o.field.Name, Operator: beyond, Value: value}, same, {Column: o.field.Name, Operator: "=", Value: nil}}}
	}
	return store.Condition{Alternatives: []store.Condition{{Column: o.field.Name, Operator: beyond, Value: value}, same}}
}
