package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"zygo/app/fault"
)

// Query is hand-written SQL. Callers give constants; the one conversion from another type, which itself accepts constants
// only, is pinned by a test.
type Query string

// Source is where a query runs: the Store (a reader) or a Tx (the writer, which sees its own changes).
type Source interface {
	prepared(ctx context.Context, text string, scope Scope) (*statement, error)
}

// statementsKept bounds the prepared statements by number; lists with filters make many texts.
const statementsKept = 500

// statement is a prepared query with the ways to read its rows into Go types. It is closed when it was evicted from the
// cache and nobody reads from it any more.
type statement struct {
	stmt    *sql.Stmt
	plans   sync.Map // reflect.Type → *plan
	holders atomic.Int32
}

func (s *statement) hold() *statement {
	s.holders.Add(1)
	return s
}

func (s *statement) release() {
	if s.holders.Add(-1) == 0 {
		s.stmt.Close()
	}
}

type statements struct {
	db     *sql.DB
	mu     sync.RWMutex
	byText map[string]*statement
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, byText: map[string]*statement{}}
}

func (c *statements) close() {
	for _, s := range c.byText {
		s.release()
	}
}

// put keeps a statement, in the place of another where it is full, and gives it held by the caller.
func (c *statements) put(key string, s *statement) *statement {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.byText[key]; ok {
		old.release()
	} else if len(c.byText) >= statementsKept {
		for k, old := range c.byText {
			old.release()
			delete(c.byText, k)
			break
		}
	}
	c.byText[key] = s.hold()
	return s.hold()
}

func (s *Store) prepared(ctx context.Context, text string, scope Scope) (*statement, error) {
	key := string(scope.mode()) + text
	s.cache.mu.RLock()
	found, ok := s.cache.byText[key]
	if ok {
		found.hold()
	}
	s.cache.mu.RUnlock()
	if ok {
		return found, nil
	}
	expanded, err := s.expand(text, scope)
	if err != nil {
		return nil, err
	}
	stmt, err := s.cache.db.PrepareContext(ctx, expanded)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", expanded, err)
	}
	return s.cache.put(key, &statement{stmt: stmt}), nil
}

// Select reads all rows of a query into T: a struct whose fields are named by the columns, or a single value. Tables stand
// in braces ({incident}) and mean the rows that the scope sees; parameters are question marks.
func Select[T any](ctx context.Context, from Source, scope Scope, text Query, args ...any) ([]T, error) {
	return selectText[T](ctx, from, scope, string(text), args)
}

// SelectOne reads the first row; without one it is a fault NotFound.
func SelectOne[T any](ctx context.Context, from Source, scope Scope, text Query, args ...any) (T, error) {
	rows, err := selectText[T](ctx, from, scope, string(text), args)
	if err != nil || len(rows) == 0 {
		var none T
		if err == nil {
			err = fault.New(fault.NotFound, "There is no such thing here.")
		}
		return none, err
	}
	return rows[0], nil
}

func selectText[T any](ctx context.Context, from Source, scope Scope, text string, args []any) ([]T, error) {
	if scope.reachesNothing() {
		return nil, fmt.Errorf("%w: %s", ErrNoScope, text)
	}
	prepared, err := from.prepared(ctx, text, scope)
	if err != nil {
		return nil, err
	}
	defer prepared.release()
	rows, err := prepared.stmt.QueryContext(ctx, scope.arguments(args)...)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	var all []T
	var destinations []any
	var read *plan
	for rows.Next() {
		if read == nil {
			if read, err = prepared.plan(rows, reflect.TypeFor[T]()); err != nil {
				return nil, err
			}
			destinations = make([]any, len(read.fields))
		}
		var one T
		read.point(reflect.ValueOf(&one).Elem(), destinations)
		if err := rows.Scan(destinations...); err != nil {
			return nil, fmt.Errorf("read a row of %s: %w", text, err)
		}
		all = append(all, one)
	}
	return all, translate(rows.Err())
}

// plan maps the columns of a result to the fields of a Go type; a nil path is the value itself.
type plan struct{ fields [][]int }

// unread is the path of a column that no field takes.
var unread = []int{}

func (s *statement) plan(rows *sql.Rows, t reflect.Type) (*plan, error) {
	if found, ok := s.plans.Load(t); ok {
		return found.(*plan), nil
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	made := &plan{fields: make([][]int, len(names))}
	if t.Kind() == reflect.Struct {
		byName := map[string][]int{}
		fieldPaths(t, nil, byName)
		for i, name := range names {
			path, ok := byName[name]
			if strings.HasSuffix(name, foldedSuffix) && !ok {
				path, ok = unread, true // a star in a query means this one too
			}
			if !ok {
				return nil, fmt.Errorf("%s has no field for the column %s", t, name)
			}
			made.fields[i] = path
		}
	} else if len(names) != 1 {
		return nil, fmt.Errorf("%s takes one column, not %d", t, len(names))
	}
	s.plans.Store(t, made)
	return made, nil
}

func fieldPaths(t reflect.Type, path []int, into map[string][]int) {
	for i := range t.NumField() {
		field := t.Field(i)
		index := append(path[:len(path):len(path)], i)
		switch {
		case field.Anonymous:
			fieldPaths(field.Type, index, into)
		case field.IsExported():
			into[SnakeCase(field.Name)] = index
		}
	}
}

func (p *plan) point(row reflect.Value, destinations []any) {
	for i, path := range p.fields {
		if path != nil && len(path) == 0 {
			destinations[i] = new(any)
			continue
		}
		target := row
		if path != nil {
			target = row.FieldByIndex(path)
		}
		destinations[i] = target.Addr().Interface()
	}
}
