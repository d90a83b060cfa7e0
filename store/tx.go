package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fault"
)

// Tx is the transaction that a closure of Write runs in. It must not be kept after the closure returns.
type Tx struct{ writer *writer }

// Pair is a column and its value.
type Pair struct {
	Column string
	Value  any
}

// Insert adds row, a pointer to the table's struct, and sets its field N. A tenant's scope stamps its tenant; a row that
// already names another tenant is refused, and so is one without a tenant under the system scope.
func (tx *Tx) Insert(scope Scope, t *Table, row any) error {
	v, err := tx.rowOf(t, row)
	if err != nil {
		return err
	}
	if err := stamp(scope, t, v); err != nil {
		return err
	}
	args := make([]any, len(t.columns))
	for i, c := range t.columns {
		args[i] = c.encode(v.FieldByIndex(c.index))
	}
	result, err := tx.exec("insert "+t.Name, args, func() string {
		return "INSERT INTO " + t.physical() + " " + t.written()
	})
	if err != nil {
		return err
	}
	if t.hasN != nil {
		n, err := result.LastInsertId()
		if err != nil {
			return err
		}
		v.FieldByIndex(t.hasN).SetInt(n)
	}
	return nil
}

// Put adds row to a table with a Key, or replaces the row that has the key.
func (tx *Tx) Put(scope Scope, t *Table, row any) error {
	v, err := tx.rowOf(t, row)
	if err != nil {
		return err
	}
	if t.Key == nil {
		return fmt.Errorf("put %s: the table has no key", t.Name)
	}
	if err := stamp(scope, t, v); err != nil {
		return err
	}
	args := make([]any, len(t.columns))
	for i, c := range t.columns {
		args[i] = c.encode(v.FieldByIndex(c.index))
	}
	_, err = tx.exec("put "+t.Name, args, func() string {
		var set []string
		for _, c := range t.columns {
			if !slices.Contains(t.Key, c.name) && c.name != "tenant_id" {
				set = append(set, c.name+" = excluded."+c.name)
			}
		}
		replace := strings.Join(set, ", ")
		if t.has("tenant_id") {
			replace += " WHERE tenant_id = excluded.tenant_id" // a key of another tenant stays as it is
		}
		return fmt.Sprintf("INSERT INTO %s %s ON CONFLICT (%s) DO UPDATE SET %s", t.physical(), t.written(), strings.Join(t.Key, ", "),
			replace)
	})
	return err
}

// Update writes the named columns of row, found by its id, or all columns when none are named. Where the table has a
// version the row's must be the stored one, else the fault is Stale; it is raised by one in the row and in the database.
func (tx *Tx) Update(scope Scope, t *Table, row any, columns ...string) error {
	v, err := tx.rowOf(t, row)
	if err != nil {
		return err
	}
	if len(columns) == 0 {
		columns = t.Columns()
	}
	var set []Pair
	where := []Pair{{"id", v.FieldByName("ID").String()}}
	for _, name := range columns {
		if name == "id" || name == "tenant_id" || name == "version" {
			continue
		}
		c, ok := t.column(name)
		if !ok {
			return fmt.Errorf("update %s: no column %s", t.Name, name)
		}
		set = append(set, Pair{name, c.encode(v.FieldByIndex(c.index))})
	}
	if t.has("version") {
		version := v.FieldByName("Version")
		where = append(where, Pair{"version", version.Int()})
		set = append(set, Pair{"version", version.Int() + 1})
	}
	count, err := tx.Change(scope, t, set, where)
	if err != nil {
		return err
	}
	if count == 0 {
		return fault.New(fault.Stale, "Somebody changed this in the meantime. Load it again and repeat your change.")
	}
	if t.has("version") {
		version := v.FieldByName("Version")
		version.SetInt(version.Int() + 1)
	}
	return nil
}

// Prune removes rows of all tenants whose column is below a bound, at most so many of them: a slice of a pruning that the
// caller repeats where it removed as many. Older rows stand first in the index of the column.
func (tx *Tx) Prune(t *Table, column string, below int64, most int) (int64, error) {
	if !t.has(column) || t.has("version") || t.Appended {
		return 0, fmt.Errorf("prune %s: it is not a table to be pruned by %s", t.Name, column)
	}
	keys := "n"
	if t.Key != nil {
		keys = strings.Join(t.Key, ", ")
	}
	result, err := tx.exec("prune "+t.Name+" "+column, []any{below, most}, func() string {
		return fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s < ? LIMIT ?)", t.physical(), keys, keys, t.physical(),
			column)
	})
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Change sets columns in the rows that equal all of where, within the scope, and tells how many there were.
func (tx *Tx) Change(scope Scope, t *Table, set, where []Pair) (int64, error) {
	return tx.changeWhere(scope, t, t.withFolded(set), where)
}

// Delete removes the rows that equal all of where, within the scope, and tells how many there were.
func (tx *Tx) Delete(scope Scope, t *Table, where ...Pair) (int64, error) {
	return tx.changeWhere(scope, t, nil, where)
}

// changeWhere deletes where set is nil.
func (tx *Tx) changeWhere(scope Scope, t *Table, set, where []Pair) (int64, error) {
	if scope.reachesNothing() {
		return 0, errNoScope(t)
	}
	if !scope.system {
		if !t.owned() {
			return 0, fmt.Errorf("change %s: a tenant's scope writes only the tenant's own tables", t.Name)
		}
		where = append(where[:len(where):len(where)], Pair{"tenant_id", scope.tenant})
	}
	var key strings.Builder
	key.WriteString("change " + t.Name)
	args := make([]any, 0, len(set)+len(where))
	for i, pairs := range [][]Pair{set, where} {
		key.WriteByte("=?"[i])
		for _, p := range pairs {
			if p.Column != "n" && !t.has(p.Column) {
				return 0, fmt.Errorf("change %s: no column %s", t.Name, p.Column)
			}
			key.WriteString(p.Column + ",")
			args = append(args, p.Value)
		}
	}
	result, err := tx.exec(key.String(), args, func() string {
		text := "DELETE FROM " + t.physical()
		if set != nil {
			text = "UPDATE " + t.physical() + " SET " + equals(set, ", ")
		}
		return text + " WHERE " + equals(where, " AND ")
	})
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func equals(pairs []Pair, separator string) string {
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = p.Column + " = ?"
	}
	return strings.Join(parts, separator)
}

func (tx *Tx) exec(key string, args []any, text func() string) (sql.Result, error) {
	s, ok := tx.writer.statements[key]
	if !ok {
		var err error
		if s, err = tx.writer.prepare(key, text()); err != nil {
			return nil, translate(err)
		}
	}
	result, err := s.stmt.ExecContext(context.Background(), args...)
	return result, translate(err)
}

// prepared expands and prepares a query on the writing connection, which sees the transaction's own writes.
func (tx *Tx) prepared(_ context.Context, text string, scope Scope) (*statement, error) {
	key := string(scope.mode()) + text
	if s, ok := tx.writer.statements[key]; ok {
		return s.hold(), nil
	}
	expanded, err := tx.writer.store.expand(text, scope)
	if err != nil {
		return nil, err
	}
	s, err := tx.writer.prepare(key, expanded)
	if err != nil {
		return nil, translate(err)
	}
	return s.hold(), nil
}

func (w *writer) prepare(key, text string) (*statement, error) {
	if s, ok := w.statements[key]; ok {
		return s, nil
	}
	if len(w.statements) >= statementsKept {
		for k, s := range w.statements {
			s.release()
			delete(w.statements, k)
			break
		}
	}
	stmt, err := w.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", text, err)
	}
	s := &statement{stmt: stmt}
	w.statements[key] = s.hold()
	return s, nil
}

func (tx *Tx) rowOf(t *Table, row any) (reflect.Value, error) {
	v := reflect.ValueOf(row)
	if v.Kind() != reflect.Pointer || v.Elem().Type() != t.goType {
		return reflect.Value{}, fmt.Errorf("table %s stores %s, not %T", t.Name, t.goType, row)
	}
	return v.Elem(), nil
}

func (t *Table) column(name string) (column, bool) {
	i, ok := t.byName[name]
	if !ok {
		return column{}, false
	}
	return t.columns[i], true
}

func stamp(scope Scope, t *Table, row reflect.Value) error {
	if scope.reachesNothing() {
		return errNoScope(t)
	}
	if !t.owned() {
		if !scope.system {
			return fmt.Errorf("insert %s: a tenant's scope writes only the tenant's own tables", t.Name)
		}
		return nil
	}
	tenant := row.FieldByName("TenantID")
	if !scope.system && tenant.String() == "" {
		tenant.SetString(scope.tenant)
	}
	if !scope.Sees(tenant.String()) {
		return fmt.Errorf("insert %s: the row's tenant is not the scope's", t.Name)
	}
	if tenant.String() == "" && t.has("id") {
		return fmt.Errorf("insert %s: the row has no tenant", t.Name)
	}
	return nil
}

// ErrNoScope is the refusal of an access that names no tenant: a mistake in the code, or somebody who is in no organization.
var ErrNoScope = errors.New("access without a scope")

func errNoScope(t *Table) error { return fmt.Errorf("%w to %s", ErrNoScope, t.Name) }
