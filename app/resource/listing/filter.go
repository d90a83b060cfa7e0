// Package listing turns what a list is asked for into conditions of the store: its filters, its order, and the cursor after
// which it goes on. It knows fields and nothing of sessions. Start with Query.
package listing

import (
	"fmt"
	"hash/fnv"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// MostValues bounds the values of one filter.
const MostValues = 100

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
	// States asks for the number of rows in each state, which costs more than the page where there are many.
	States bool
}

// Sum tells the query of a tenant from others, whatever its page.
func (q Query) Sum(tenant string) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%q %q %q %t %q %t", tenant, q.Search, q.SortBy, q.Descending, q.Filters, q.Trash)
	return h.Sum32()
}

// Filter compares a field with values: operator is eq, not, gt, gte, lt, lte or in. An empty value stands for rows that have
// none.
type Filter struct {
	Field, Operator string
	Values          []string
}

// IsBlank tells whether the filter asks for rows without a value, or with "not" for those that have one.
func (x Filter) IsBlank() bool {
	return len(x.Values) == 1 && strings.TrimSpace(x.Values[0]) == "" && (x.Operator == "eq" || x.Operator == "not")
}

var operators = map[string]string{"eq": "=", "not": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in"}

// Conditions are what the filter on a field asks of the rows. Key gives what the field is compared by, which only
// comparisons need.
func (x Filter) Conditions(f *field.Field, key func(*field.Field) (*store.Key, error)) ([]store.Condition, error) {
	operator, ok := operators[x.Operator]
	if !ok {
		return nil, fault.New(fault.BadRequest, "There is no filter operator %q; use gt, gte, lt, lte, in or not.", x.Operator)
	}
	if len(x.Values) == 0 || len(x.Values) > MostValues {
		return nil, fault.New(fault.BadRequest, "The filter on %s needs between 1 and %d values.", x.Field, MostValues)
	}
	if operator != "=" && operator != "<>" && operator != "in" {
		return x.comparison(f, operator, key)
	}
	var each []store.Condition
	for _, text := range x.Values {
		condition, err := x.equal(f, operator, text)
		if err != nil {
			return nil, err
		}
		each = append(each, condition)
	}
	return []store.Condition{{Alternatives: each}}, nil
}

// equal finds the rows that have a value, or those that have not.
func (x Filter) equal(f *field.Field, operator, text string) (store.Condition, error) {
	not := operator == "<>"
	none := store.Condition{Column: f.Name, Operator: "=", Value: Plain(f.New())}
	if strings.TrimSpace(text) == "" {
		if not {
			none.Operator = "<>"
		}
		return none, nil
	}
	if f.Many() {
		holds := store.Condition{Column: f.Name, Operator: "lists", Value: strings.ToLower(text)}
		if not {
			holds.Operator = "lacks"
		}
		return holds, nil
	}
	v := f.New()
	if err := f.Type.FromText(f, text, v); err != nil {
		return store.Condition{}, fault.New(fault.BadRequest, "The filter on %s %s.", x.Field, err)
	}
	has := store.Condition{Column: f.Name, Operator: "=", Value: Plain(v)}
	if not {
		has.Operator = "<>"
		if none.Value == nil { // in SQL, NULL differs from nothing
			return store.Condition{Alternatives: []store.Condition{has, none}}, nil
		}
	}
	return has, nil
}

// comparison finds the rows before or after a value. Rows without a value are neither.
func (x Filter) comparison(f *field.Field, operator string, key func(*field.Field) (*store.Key, error)) ([]store.Condition, error) {
	switch {
	case f.Many():
		return nil, fault.New(fault.BadRequest, "The filter on %s has no operator %q, since it is a list; use in or not.", x.Field,
			x.Operator)
	case f.To != "":
		return nil, fault.New(fault.BadRequest, "The filter on %s has no operator %q, since it names another row; use in or not.", x.Field,
			x.Operator)
	case strings.TrimSpace(x.Values[0]) == "":
		return nil, fault.New(fault.BadRequest, "The filter on %s needs a value to compare with.", x.Field)
	}
	v := f.New()
	if err := f.Type.FromText(f, x.Values[0], v); err != nil {
		return nil, fault.New(fault.BadRequest, "The filter on %s %s.", x.Field, err)
	}
	by, err := key(f)
	if err != nil {
		return nil, err
	}
	bound := store.Condition{Column: f.Name, By: by, Operator: operator, Value: Plain(v)}
	if by != nil && by.Ranks != nil {
		rank := by.Rank(v.String())
		if rank == len(by.Ranks) {
			return nil, fault.New(fault.BadRequest, "The filter on %s must be one of %s.", x.Field, strings.Join(by.Ranks, ", "))
		}
		// What is no longer offered has no place in the order.
		return []store.Condition{
			{Column: f.Name, By: by, Operator: "<", Value: len(by.Ranks)},
			{Column: f.Name, By: by, Operator: operator, Value: rank},
		}, nil
	}
	where := []store.Condition{bound}
	if least, most, limited := f.Peers(v); limited {
		where = append(where, store.Condition{
			Column:   f.Name,
			Operator: ">=",
			Value:    least,
		}, store.Condition{Column: f.Name, Operator: "<=", Value: most})
	}
	if f.Vacant() {
		where = append(where, store.Condition{Column: f.Name, Operator: "<>", Value: Plain(f.New())})
	}
	return where, nil
}
