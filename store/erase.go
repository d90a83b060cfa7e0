package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// erasing names the tenant whose rows leave the appended tables too. A row stands in it only within the transaction that
// removes them, so the guards of those tables give way to nothing else.
type erasing struct{ TenantID string }

func erasingTable() *Table {
	t := NewTable[erasing]("erasing")
	t.Visible = Nothing
	t.Key = []string{"tenant_id"}
	return t
}

// erasedAtOnce bounds one transaction of EraseTenant.
const erasedAtOnce = 1000

// EraseTenant removes every row of a tenant from every table, some at a time, and tells how many went from each. Appended
// tables come last and lose their newest rows first, so that a chain fits at each moment. It can be called again after a crash.
func (s *Store) EraseTenant(ctx context.Context, tenant string) (map[string]int64, error) {
	if tenant == "" {
		return nil, errors.New("erase: the instance itself is no tenant")
	}
	counts := map[string]int64{}
	for _, t := range s.erasable() {
		for _, column := range t.loops(s.tables) {
			if err := s.Write(ctx, func(tx *Tx) error {
				_, err := tx.exec("unlink "+t.Name+" "+column, []any{tenant}, func() string {
					return fmt.Sprintf("UPDATE %s SET %s = NULL WHERE tenant_id = ? AND %s IS NOT NULL", t.physical(), column, column)
				})
				return err
			}); err != nil {
				return counts, err
			}
		}
		for removed := int64(erasedAtOnce); removed == erasedAtOnce; {
			if err := s.Write(ctx, func(tx *Tx) (err error) {
				removed, err = tx.eraseSome(t, tenant)
				return err
			}); err != nil {
				return counts, fmt.Errorf("erase %s: %w", t.Name, err)
			}
			counts[t.Name] += removed
		}
	}
	return counts, nil
}

// eraseSome removes the newest rows of a tenant from a table.
func (tx *Tx) eraseSome(t *Table, tenant string) (int64, error) {
	keys, order := "n", " ORDER BY n DESC"
	if t.Key != nil {
		keys, order = strings.Join(t.Key, ", "), ""
	}
	some := fmt.Sprintf("SELECT %s FROM %s WHERE tenant_id = ?%s LIMIT ?", keys, t.physical(), order)
	guard := tx.writer.store.tables["erasing"]
	if t.Appended {
		if err := tx.Insert(System("the guard of an appended table gives way"), guard, &erasing{tenant}); err != nil {
			return 0, err
		}
	}
	if t.Name == "search" {
		if _, err := tx.exec("erase full text", []any{tenant, erasedAtOnce},
			func() string { return "DELETE FROM f_search WHERE rowid IN (" + some + ")" }); err != nil {
			return 0, err
		}
	}
	result, err := tx.exec("erase "+t.Name, []any{tenant, erasedAtOnce}, func() string {
		return fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (%s)", t.physical(), keys, some)
	})
	if err != nil {
		return 0, err
	}
	if t.Appended {
		if _, err := tx.Delete(System("the guard of an appended table stands again"), guard, Pair{"tenant_id", tenant}); err != nil {
			return 0, err
		}
	}
	return result.RowsAffected()
}

// erasable are the tables that hold rows of tenants, each before those that it refers to and appended ones last.
func (s *Store) erasable() []*Table {
	all := slices.DeleteFunc(inOrder(s.tables), func(t *Table) bool { return !t.has("tenant_id") || t.Name == "erasing" })
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b *Table) int {
		switch {
		case a.Appended == b.Appended:
			return 0
		case b.Appended:
			return -1
		}
		return 1
	})
	return all
}

// loops are the references that lead to the table itself, or back to one that refers to it.
func (t *Table) loops(tables map[string]*Table) (columns []string) {
	all := inOrder(tables)
	for _, c := range t.columns {
		if to, ok := t.References[c.name]; ok && slices.Index(all, to) >= slices.Index(all, t) {
			columns = append(columns, c.name)
		}
	}
	return columns
}
