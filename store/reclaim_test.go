package store

import (
	"fmt"
	"strings"
	"testing"
)

func TestDeletedRowsGiveTheDiskBack(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	pages := func() (count int) {
		t.Helper()
		if err := s.Write(t.Context(), func(tx *Tx) error {
			return tx.writer.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&count)
		}); err != nil {
			t.Fatal(err)
		}
		return count
	}
	tenant, before := Within("a"), pages()
	for i := range 20 {
		if err := s.Write(t.Context(), func(tx *Tx) error {
			for j := range 50 {
				id := fmt.Sprint(i, "-", j)
				if err := tx.Insert(tenant, table, &note{ID: id, Title: id + strings.Repeat("x", 10_000), Version: 1}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	insert(t, s, table, tenant, note{ID: "kept", Title: "kept", Done: true})
	full := pages()
	if err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Delete(tenant, table, Pair{"done", false})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if left := pages(); left < full {
		t.Fatalf("%d of %d pages are left by themselves", left, full)
	}
	err := s.Reclaim(t.Context())
	if left := pages(); err != nil || left > before+keptFree+50 {
		t.Errorf("%d of %d pages are left, %v; there were %d at first", left, full, err, before)
	}
	if rows, err := Select[note](t.Context(), s, tenant, "SELECT * FROM {note}"); err != nil || len(rows) != 1 || rows[0].ID != "kept" {
		t.Errorf("there are %d rows, %v", len(rows), err)
	}
}
