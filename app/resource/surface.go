package resource

import (
	"fmt"

	"zygo/app/field"
	"zygo/store"
)

// Record is a pointer to a kind's row, for code that does not know its type.
type Record any

// Resource is a kind without its Go type: what API, pages and contract tests work with. Its functions that take a
// session are those that everything goes through.
type Resource interface {
	Spec() *Spec
	Table() *store.Table

	Get(s *Session, id string) (Record, error)
	List(s *Session, q Query) (*Page, error)
	// Place finds a row's neighbours in a list.
	Place(s *Session, q Query, record Record) (*Place, error)
	Create(s *Session, in Input) (Record, error)
	// Update, Remove and Act take the version that the caller saw, or 0.
	Update(s *Session, id string, version int64, in Input) (Record, error)
	Remove(s *Session, id string, version int64) error
	Restore(s *Session, id string) (Record, error)
	// Purge deletes a row in the trash permanently.
	Purge(s *Session, id string) error
	Act(s *Session, id, action string, version int64, in Input) (Record, error)

	// Under is a child kind below one row of its parent; only kinds with a parent have it.
	Under(s *Session, parent string) (Resource, error)

	// May tells which of the kind's actions the row's state and the actor's rights allow.
	May(s *Session, record Record, action string) bool
	// Value is a field's value as text, as a form shows it.
	Value(record Record, f *field.Field) string
	// Plain is a field's value itself: Time, Ref, Markdown, Tags, JSON, Secret (sealed), bool, or a number or text of any Go type.
	Plain(record Record, f *field.Field) any
	// File is what a field that holds files holds.
	File(record Record, f *field.Field) (file field.File, ok bool)
	// AppendJSON encodes a row; only names the fields, nil is all.
	AppendJSON(out []byte, record Record, only []string) []byte
	ID(record Record) string
	Version(record Record) int64
	// Workspace is the id of the workspace that the row is in, empty for the whole organization.
	Workspace(record Record) string
	// Title names the row to people.
	Title(record Record) string

	eraseBelow(s *Session, parent string) error
	// emptyTrash purges what is there for too long.
	emptyTrash(s *Session) error
}

func (b *bound[T]) Spec() *Spec         { return b.spec }
func (b *bound[T]) Table() *store.Table { return b.table }

func (b *bound[T]) Get(s *Session, id string) (Record, error) {
	row, err := b.get(s, id)
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (b *bound[T]) get(s *Session, id string) (*T, error) {
	if err := s.Require(b.spec, Get, id); err != nil {
		return nil, err
	}
	s = b.reading(s)
	row, err := b.find(s, id, false)
	if err != nil {
		return nil, err
	}
	return row, b.requireOn(s, Get, row)
}

func (b *bound[T]) List(s *Session, q Query) (*Page, error) {
	rows, page, err := b.list(s, q)
	if err != nil {
		return nil, err
	}
	page.Rows = make([]Record, len(rows))
	for i := range rows {
		page.Rows[i] = &rows[i]
	}
	return page, nil
}

func (b *bound[T]) Create(s *Session, in Input) (Record, error) {
	row, err := b.create(s, b.apply(in))
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (b *bound[T]) Update(s *Session, id string, version int64, in Input) (Record, error) {
	row, err := b.alter(s, Update, "updated", id, version, b.apply(in))
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (b *bound[T]) Remove(s *Session, id string, version int64) error {
	_, err := b.alter(s, Delete, "deleted", id, version, func(row *T, _ *Change[T]) error {
		b.own.deleted.Of(b.value(row)).SetInt(int64(s.Now))
		return nil
	})
	return err
}

func (b *bound[T]) Restore(s *Session, id string) (Record, error) {
	row, err := b.alter(s, Restore, "restored", id, 0, func(row *T, _ *Change[T]) error {
		b.own.deleted.Of(b.value(row)).SetInt(0)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (b *bound[T]) May(s *Session, record Record, action string) bool {
	for _, a := range b.declared.Actions {
		if a.Name == action {
			return b.mayOn(s, action, record) && (a.When == nil || a.When(record.(*T)))
		}
	}
	return b.mayOn(s, action, record)
}

func (b *bound[T]) Value(record Record, f *field.Field) string {
	return f.Type.Text(f.Of(b.value(record.(*T))))
}

func (b *bound[T]) Plain(record Record, f *field.Field) any {
	return f.Of(b.value(record.(*T))).Interface()
}

func (b *bound[T]) File(record Record, f *field.Field) (field.File, bool) {
	held := f.Held(f.Of(b.value(record.(*T))))
	return *held, held.ID != ""
}

func (b *bound[T]) Workspace(record Record) string { return b.workspace(record.(*T)) }
func (b *bound[T]) ID(record Record) string        { return b.id(record.(*T)) }
func (b *bound[T]) Version(record Record) int64    { return b.version(record.(*T)) }

func (b *bound[T]) Title(record Record) string {
	switch {
	case b.spec.Title != nil:
		return b.Value(record, b.spec.Title)
	case b.spec.Story != nil:
		return field.Summary(b.Value(record, b.spec.Story))
	}
	return b.ID(record)
}

func (k *Kind[T]) in(s *Session) *bound[T] { return s.kernel.byName[k.Name].(*bound[T]) }

// Get reads one row within the session's scope and rights.
func (k *Kind[T]) Get(s *Session, id string) (*T, error) { return k.in(s).get(s, id) }

// Read is Get for the code of a kind itself, whose declaration can't refer to its own variable.
func Read[T any](s *Session, id string) (*T, error) {
	for _, kind := range s.kernel.kinds {
		if b, ok := kind.(*bound[T]); ok {
			return b.get(s, id)
		}
	}
	return nil, fmt.Errorf("nobody declares %T", *new(T))
}

// List reads a page of rows; page.Rows stays empty, the rows are the first result.
func (k *Kind[T]) List(s *Session, q Query) ([]T, *Page, error) { return k.in(s).list(s, q) }

// Create stores a new row that fill sets up; it may set read-only and internal fields, which input can't.
func (k *Kind[T]) Create(s *Session, fill func(row *T) error) (*T, error) {
	return k.in(s).create(s, func(row *T, _ *Change[T]) error { return fill(row) })
}

// CreateFrom stores a new row from input.
func (k *Kind[T]) CreateFrom(s *Session, in Input, fill func(row *T) error) (*T, error) {
	b := k.in(s)
	return b.create(s, func(row *T, c *Change[T]) error {
		if err := b.apply(in)(row, c); err != nil {
			return err
		}
		return fill(row)
	})
}

// Update changes a row by code. Verb is the permission that it needs, event what the ledger records; version is the one
// that the caller saw, or 0.
func (k *Kind[T]) Update(s *Session, id string, version int64, verb, event string, fill func(row *T) error) (*T, error) {
	return k.in(s).alter(s, verb, event, id, version, func(row *T, _ *Change[T]) error { return fill(row) })
}

// JSON encodes a row as the API shows it.
func (k *Kind[T]) JSON(s *Session, row *T) field.JSON { return k.in(s).AppendJSON(nil, row, nil) }

// Require refuses an actor who may not use a verb of the kind, for operations that are not actions of one row.
func (k *Kind[T]) Require(s *Session, verb string) error { return s.Require(k.in(s).spec, verb, "") }

// RequireOn is Require for one row.
func (k *Kind[T]) RequireOn(s *Session, verb string, row *T) error {
	return k.in(s).requireOn(s, verb, row)
}

// Table is the kind's table, for a kind whose rows its area alone writes. A kind that the surfaces write has one path for
// every write, and Table panics on it.
func (k *Kind[T]) Table(s *Session) *Table {
	b := k.in(s)
	if b.own.version != nil {
		panic("the rows of " + k.Name + " are written by the kernel alone")
	}
	return b.table
}
