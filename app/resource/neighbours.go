package resource

import (
	"slices"

	"zygo/app/resource/listing"
	"zygo/store"
)

// Place is where a row stands in a list.
type Place struct {
	// Index counts from 1; it is 0 where the row is not in the list, and then the neighbours are those that it would have.
	Index int
	// Total is exact up to MostCounted, as that of a Page.
	Total int
	// Previous and Next are the ids of the neighbours, empty at an end of the list.
	Previous, Next string
}

// Place finds a row's neighbours in a list of its kind. It counts up to MostCounted rows and reads two, whatever the list holds.
func (b *bound[T]) Place(s *Session, q Query, record Record) (*Place, error) {
	if err := s.Require(b.spec, List, ""); err != nil {
		return nil, err
	}
	s = b.reading(s)
	where, err := b.conditions(s, q)
	if err != nil {
		return nil, err
	}
	order, err := b.order(s, q)
	if err != nil {
		return nil, err
	}
	row := b.value(record.(*T))
	value, err := order.Value(row, s.TitlesOf)
	if err != nil {
		return nil, err
	}
	behind := func(o listing.Order) store.Condition { return o.Beyond(row.FieldByName("N").Int(), value) }
	count := func(more ...store.Condition) (n int) {
		if err == nil {
			find := store.Find{Table: b.table, Trash: q.Trash, Where: slices.Concat(where, more)}
			n, err = store.Count(s.Context, s.source(), s.scope, find, MostCounted)
		}
		return n
	}
	next := func(o listing.Order) (id string) {
		if err != nil {
			return ""
		}
		var rows []T
		find := store.Find{Table: b.table, Trash: q.Trash, Where: slices.Concat(where, []store.Condition{behind(o)}), Limit: 1}
		o.Sort(&find)
		if rows, err = store.Rows[T](s.Context, s.source(), s.scope, find); err == nil && len(rows) > 0 {
			id, err = b.id(&rows[0]), b.guard(s, rows)
		}
		return id
	}
	back := order.Reversed()
	place := &Place{Total: count(), Previous: next(back), Next: next(order)}
	if count(store.Condition{Column: "id", Operator: "=", Value: b.ID(record)}) > 0 {
		place.Index = 1 + count(behind(back))
	}
	return place, err
}
