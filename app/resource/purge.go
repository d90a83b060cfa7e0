package resource

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// Purge is the verb that deletes a row in the trash permanently; every kind that deletes has it.
const Purge = "purge"

const (
	// trashLife is how long a row can be taken back.
	trashLife = 30 * 24 * time.Hour
	// purgeBatch is how many rows the emptying of the trash reads at once.
	purgeBatch = 100
)

// Purge removes a row from the trash. The ledger says that it happened and not what the row held. A row that others refer to
// stays, because the database would lose what they mean.
func (b *bound[T]) Purge(s *Session, id string) error {
	if err := s.Require(b.spec, Purge, id); err != nil {
		return err
	}
	return s.Write(func(s *Session) error {
		row, err := b.find(s, id, true)
		if err != nil {
			return err
		}
		if err := b.requireOn(s, Purge, row); err != nil {
			return err
		}
		if err := b.erase(s, row); err != nil {
			return err
		}
		if b.spec.Operators {
			s = s.ofInstance()
		}
		return s.record(b.spec.Name, "purged", id, b.workspace(row), nil, nil)
	})
}

// erase removes a row with what hangs on it.
func (b *bound[T]) erase(s *Session, row *T) error {
	id := b.id(row)
	for _, kind := range s.kernel.kinds {
		if parent := kind.Spec().Parent; parent != nil && parent.To == b.spec.Name {
			if err := kind.eraseBelow(s, id); err != nil {
				return err
			}
		}
	}
	scope := s.scope
	if b.spec.Instance {
		scope = store.System("an instance's row was reached through the scope and is purged")
	}
	if _, err := s.tx.Delete(scope, b.table, store.Pair{Column: "id", Value: id}); err != nil {
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.Conflict, "Other rows still refer to this %s. Change or purge them first.", field.Words(b.spec.Name)).Because(err)
		}
		return err
	}
	if b.isSearched() {
		if err := s.tx.Unindex(s.scope, id); err != nil {
			return err
		}
	}
	s.touch(b.table, id)
	return b.letGo(s, row)
}

// eraseBelow removes a child kind's rows under a parent, in the trash or not.
func (b *bound[T]) eraseBelow(s *Session, parent string) error {
	for _, trash := range []bool{false, true} {
		rows, err := store.Rows[T](s.Context, s.source(), s.scope, store.Find{
			Table: b.table,
			Trash: trash,
			Where: []store.Condition{{Column: b.spec.Parent.Name, Operator: "=", Value: parent}},
		})
		if err != nil {
			return err
		}
		for i := range rows {
			if err := b.erase(s, &rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// letGo frees what a row held outside its table: the entries that its lists are found by, and its files.
func (b *bound[T]) letGo(s *Session, row *T) error {
	for _, f := range b.spec.Fields {
		if f.Many() && f.Filter {
			if err := s.tx.List(s.scope, b.table, f.Name, b.value(row).FieldByName("N").Int(), nil); err != nil {
				return err
			}
		}
		if held := f.Held(f.Of(b.value(row))); held != nil && held.ID != "" {
			if _, err := s.kernel.take(s, f, &field.File{}, *held); err != nil {
				return err
			}
		}
	}
	return nil
}

// EmptyTrash purges what went to the trash 30 days ago. Each row is a write of its own; one that others refer to waits
// until nothing does.
func (k *Kernel) EmptyTrash(ctx context.Context) error {
	s := k.System(ctx, "the trash is kept equally long for every tenant")
	for _, kind := range k.kinds {
		if kind.Spec().Has(Delete) {
			if err := kind.emptyTrash(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bound[T]) emptyTrash(s *Session) error {
	find := store.Find{Table: b.table, Trash: true, Order: []string{"deleted_at", "n"}, Limit: purgeBatch,
		Where: []store.Condition{{Column: "deleted_at", Operator: "<", Value: int64(s.Now.Add(-trashLife))}}}
	for {
		rows, err := store.Rows[T](s.Context, s.source(), s.scope, find)
		if err != nil || len(rows) == 0 {
			return err
		}
		for i := range rows {
			owner := s
			if b.own.tenant != nil {
				owner = s.In(b.own.tenant.Of(b.value(&rows[i])).String())
			}
			switch err := b.Purge(owner, b.id(&rows[i])); {
			case fault.Is(err, fault.Conflict):
				find.Offset++ // it waits, and those after it are next
			case err != nil && !fault.Is(err, fault.NotFound):
				return err
			}
		}
	}
}
