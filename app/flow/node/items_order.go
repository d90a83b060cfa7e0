package node

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// SortKey is a field by which items are sorted.
type SortKey struct {
	Field field.Exact `z:"required,max=500,short"`
	Order SortOrder   `z:"default=ascending,short"`
}

// SortOrder is a direction.
type SortOrder string

// Choices are the directions.
func (SortOrder) Choices() []field.Choice {
	return []field.Choice{{Value: "ascending", Label: "Smallest first"}, {Value: "descending", Label: "Largest first"}}
}

// arrange gives the same items in another order, or fewer of them.
func (p *Items) arrange(c *Call) ([]value.Item, error) {
	all := derived(c.Items)
	switch p.Op {
	case "sort":
		return all, p.sort(all, c.AsInN8n)
	case "limit":
		count := min(p.Count, len(all))
		if p.From == "last" {
			return all[len(all)-count:], nil
		}
		return all[:count], nil
	case "dedupe":
		if c.AsInN8n {
			if err := p.sameTypes(all); err != nil {
				return nil, err
			}
		}
		return p.dedupe(all)
	case "reverse":
		slices.Reverse(all)
	case "shuffle":
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all, nil
}

// sort sorts in place. What is equal keeps its order, and what is missing stands at the end in both directions.
func (p *Items) sort(all []value.Item, asInN8n bool) error {
	type row struct {
		item value.Item
		keys []value.Value
	}
	rows := make([]row, len(all))
	numeric := make([]bool, len(p.By))
	for k, key := range p.By {
		path, err := pathIn("by", string(key.Field))
		if err != nil {
			return err
		}
		column := make([]value.Value, len(all))
		for i, item := range all {
			column[i] = item.JSON.Find(path)
			rows[i].item, rows[i].keys = item, append(rows[i].keys, column[i])
		}
		if numeric[k] = areNumbers(column); asInN8n && !slices.ContainsFunc(column, isThere) {
			return inRow("by", k, fault.InvalidField("field", "no item has the field %.100q", string(key.Field)))
		}
	}
	order, compare := slices.SortStableFunc[[]row], func(a, b value.Value, k int) int { return compareKeys(a, b, numeric[k]) }
	if asInN8n {
		order, compare = sortAsInN8n[row], func(a, b value.Value, _ int) int { return compareAsInN8n(a, b) }
	}
	order(rows, func(a, b row) int {
		for k, key := range p.By {
			order := compare(a.keys[k], b.keys[k], k)
			if key.Order == "descending" && (asInN8n || !a.keys[k].IsMissing() && !b.keys[k].IsMissing()) {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	for i := range rows {
		all[i] = rows[i].item
	}
	return nil
}

func isThere(v value.Value) bool { return v.Kind() != value.UndefinedKind }

// compareAsInN8n orders two values as JavaScript does: what is neither equal nor less comes later, which makes no order of values of
// several kinds.
func compareAsInN8n(a, b value.Value) int {
	areTexts := a.Kind() == value.StringKind && b.Kind() == value.StringKind
	if areTexts {
		a, b = value.String(strings.ToLower(a.Raw())), value.String(strings.ToLower(b.Raw()))
	}
	switch {
	case value.Equal(a, b):
		return 0
	case areTexts && a.Raw() < b.Raw(), !areTexts && a.Number() < b.Number():
		return -1
	}
	return 1
}

// sortAsInN8n puts one element after the other at its place, as the engine of n8n does with so few. Where a comparison makes no order,
// what comes of it depends on that. More elements it merges; then any stable way gives the same if there is an order.
func sortAsInN8n[T any](all []T, compare func(a, b T) int) {
	if len(all) < 2 || len(all) >= 64 {
		slices.SortStableFunc(all, compare)
		return
	}
	sorted, falls := 2, compare(all[1], all[0]) < 0
	for sorted < len(all) && (compare(all[sorted], all[sorted-1]) < 0) == falls {
		sorted++
	}
	if falls {
		slices.Reverse(all[:sorted])
	}
	for ; sorted < len(all); sorted++ {
		one := all[sorted]
		at := sort.Search(sorted, func(i int) bool { return compare(one, all[i]) < 0 })
		copy(all[at+1:sorted+1], all[at:sorted])
		all[at] = one
	}
}

// areNumbers tells whether values are numbers, or texts that write one, as far as they are there.
func areNumbers(values []value.Value) bool {
	some := false
	for _, v := range values {
		if v.IsMissing() {
			continue
		}
		if !isNumber(v) {
			return false
		}
		some = some || v.Kind() == value.NumberKind
	}
	return some
}

// compareKeys orders two values: numbers by value, texts without regard to case, and different kinds by their kind.
func compareKeys(a, b value.Value, numeric bool) int {
	if a.IsMissing() || b.IsMissing() {
		switch {
		case a.IsMissing() && b.IsMissing():
			return 0
		case a.IsMissing():
			return 1
		}
		return -1
	}
	if numeric || a.Kind() == value.NumberKind && b.Kind() == value.NumberKind {
		order, _ := value.Compare(a, b)
		return order
	}
	if a.Kind() != b.Kind() {
		return int(a.Kind()) - int(b.Kind())
	}
	fold := comparison{foldCase: true}
	return strings.Compare(fold.text(a), fold.text(b))
}

// sameTypes refuses items to be compared of which a field is missing in some or has several types, as n8n does.
func (p *Items) sameTypes(all []value.Item) error {
	kinds := map[string]value.Kind{}
	count := map[string]int{}
	for _, item := range all {
		for name, v := range item.JSON.Members() {
			if p.Compare == "selected" && !slices.Contains(p.Fields, name) || p.Compare == "except" && slices.Contains(p.Fields, name) {
				continue
			}
			count[name]++
			if before, seen := kinds[name]; seen && before != v.Kind() && before != value.NullKind && v.Kind() != value.NullKind {
				return fault.InvalidField("fields", "the field %.100q has several types", name)
			}
			kinds[name] = v.Kind()
		}
	}
	for name, times := range count {
		if times < len(all) {
			return fault.InvalidField("fields", "some items have no field %.100q", name)
		}
	}
	return nil
}

// dedupe keeps the first of the items that are alike. An item without a field that is to be compared is an error: two that lack it
// are not the same for that.
func (p *Items) dedupe(all []value.Item) ([]value.Item, error) {
	paths, err := pathsIn("fields", p.Fields)
	if err != nil {
		return nil, err
	}
	seen := map[[sha256.Size]byte]bool{}
	kept := all[:0]
	for i, item := range all {
		if p.Compare == "selected" {
			for n, path := range paths {
				if item.JSON.Find(path).Kind() == value.UndefinedKind {
					return nil, fault.InvalidField("fields", "item %d has no field %.100q", i+1, p.Fields[n])
				}
			}
		}
		json, err := p.counted(item.JSON)
		if err != nil {
			return nil, err
		}
		if key := sha256.Sum256(canonical(nil, json)); !seen[key] {
			seen[key] = true
			kept = append(kept, item)
		}
	}
	return kept, nil
}

var itemsExamples = []Example{
	{
		Config: `{"op": "split_out", "fields": ["lines"], "include": "selected", "include_fields": ["order"]}`,
		In:     `[{"order": 7, "lines": [{"sku": "a"}, {"sku": "b"}], "note": "x"}]`,
		Out:    `{"main": [{"lines": {"sku": "a"}, "order": 7}, {"lines": {"sku": "b"}, "order": 7}]}`,
	},
	{
		Config: `{"op": "aggregate", "lists": [{"field": "mail", "as": "to"}]}`,
		In:     `[{"mail": "a@example.com"}, {"mail": "b@example.com"}]`,
		Out:    `{"main": [{"to": ["a@example.com", "b@example.com"]}]}`,
	},
	{
		Config: `{"op": "summarize", "values": [{"do": "sum", "field": "amount"}, {"do": "count", "field": "id"}], "group_by": ["team"]}`,
		In:     `[{"id": 1, "team": "a", "amount": 2.5}, {"id": 2, "team": "b", "amount": 4}, {"id": 3, "team": "a", "amount": 1}]`,
		Out:    `{"main": [{"sum_amount": 3.5, "count_id": 2, "team": "a"}, {"sum_amount": 4, "count_id": 1, "team": "b"}]}`,
	},
	{
		Config: `{"op": "sort", "by": [{"field": "n", "order": "descending"}]}`,
		In:     `[{"n": 9}, {"n": 10}, {}]`,
		Out:    `{"main": [{"n": 10}, {"n": 9}, {}]}`,
	},
	{
		Config: `{"op": "dedupe", "compare": "selected", "fields": ["id"]}`,
		In:     `[{"id": 1, "at": "x"}, {"id": 2, "at": "x"}, {"id": 1, "at": "y"}]`,
		Out:    `{"main": [{"id": 1, "at": "x"}, {"id": 2, "at": "x"}]}`,
	},
	{
		Config: `{"op": "rename", "names": [{"from": "user.mail", "to": "email"}]}`,
		In:     `[{"user": {"mail": "a@example.com", "name": "A"}}]`,
		Out:    `{"main": [{"user": {"name": "A"}, "email": "a@example.com"}]}`,
	},
}
