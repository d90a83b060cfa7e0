package resource

import "zygo/store"

// Table is how a Go struct without surfaces is stored: sessions, steps, timers and other bookkeeping of an area.
type Table = store.Table

// Index is a group of columns that is searched together.
type Index = store.Index

// Pair is a column and its value.
type Pair = store.Pair

// Nothing is the Visible clause of a table that only system sessions reach.
const Nothing = store.Nothing

// NewTable declares the table of T; the area lists it in its Module.
func NewTable[T any](name string) *Table { return store.NewTable[T](name) }

// constant is the type of hand-written SQL. It is not exported, so that callers can give constants only: a string that was
// built at run time does not convert.
type constant string

// Select runs a scoped query: tables stand in braces ({incident}) and mean the rows that the session sees.
func Select[T any](s *Session, text constant, args ...any) ([]T, error) {
	return store.Select[T](s.Context, s.source(), s.scope, store.Query(text), args...)
}

// SelectOne is Select for the first row; without one it is a fault NotFound.
func SelectOne[T any](s *Session, text constant, args ...any) (T, error) {
	return store.SelectOne[T](s.Context, s.source(), s.scope, store.Query(text), args...)
}

// Insert adds a row to a table without surfaces. It runs inside a write.
func (s *Session) Insert(t *Table, row any) error {
	s.touch(t, t.SubjectOf(row))
	return s.tx.Insert(s.scope, t, row)
}

// Put adds a row to a table with a Key, or replaces the row that has the key. It runs inside a write.
func (s *Session) Put(t *Table, row any) error {
	s.touch(t, t.SubjectOf(row))
	return s.tx.Put(s.scope, t, row)
}

// Change sets columns in the rows of a table without surfaces that equal all of where, and tells how many there were.
func (s *Session) Change(t *Table, set, where []Pair) (int64, error) {
	s.touch(t, t.SubjectIn(where))
	return s.tx.Change(s.scope, t, set, where)
}

// Erase removes the rows of a table without surfaces that equal all of where, and tells how many there were.
func (s *Session) Erase(t *Table, where ...Pair) (int64, error) {
	s.touch(t, t.SubjectIn(where))
	return s.tx.Delete(s.scope, t, where...)
}

// Prune removes up to limit rows of a table without surfaces whose column is below a bound, for what is kept for a time. It
// runs inside a write of a system session.
func (s *Session) Prune(t *Table, column string, below int64, limit int) error {
	s.touch(t, "")
	_, err := s.tx.Prune(t, column, below, limit)
	return err
}
