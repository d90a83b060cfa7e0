package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// The order of words stands in the database itself: it follows every write, its index serves it, and a SQLite that knows nothing
// of Zygo checks and writes it.
func TestWordsAreOrderedByAnIndexOfTheirOwn(t *testing.T) {
	t.Parallel()
	table := notes()
	table.IndexWords("title")
	s := open(t, t.TempDir(), table)
	if err := s.CreateTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, title := range map[string]string{"1": "Zebra", "2": "äpfel", "3": "Apple", "4": "Écueil"} {
		insert(t, s, table, Within("a"), note{ID: id, Title: title})
	}
	order := func() string {
		t.Helper()
		rows, err := Rows[note](t.Context(), s, Within("a"), Find{Table: table, Order: []string{"title", "n"}, Key: &Key{Words: true}})
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, row := range rows {
			titles = append(titles, row.Title)
		}
		return strings.Join(titles, " ")
	}
	if got := order(); got != "äpfel Apple Écueil Zebra" {
		t.Errorf("in order: %s", got)
	}
	if err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Change(Within("a"), table, []Pair{{"title", "ärger"}}, []Pair{{"id", "1"}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := order(); got != "äpfel Apple ärger Écueil" {
		t.Errorf("after a change: %s", got)
	}
	found, err := Rows[note](t.Context(), s, Within("a"), Find{Table: table,
		Where: []Condition{{Column: "title", Operator: ">", Value: "ÄPPLE", By: &Key{Words: true}}}})
	if err != nil || len(found) != 2 {
		t.Errorf("behind apple are %v, %v", found, err)
	}
	plain, err := sql.Open("sqlite", filepath.Join(s.Dir(), FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	var schema string
	if err := plain.QueryRow("SELECT group_concat(sql) FROM sqlite_schema WHERE tbl_name = 't_note'").Scan(&schema); err != nil ||
		strings.Contains(schema, "COLLATE") || strings.Contains(schema, "folded(") {
		t.Errorf("the schema needs Zygo: %v %s", err, schema)
	}
	var plan string
	rows, err := plain.Query(
		"EXPLAIN QUERY PLAN SELECT * FROM t_note WHERE tenant_id = 'a' AND deleted_at IS NULL ORDER BY title_folded LIMIT 2")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b, c int
		var step string
		if err := rows.Scan(&a, &b, &c, &step); err != nil {
			t.Fatal(err)
		}
		plan += fmt.Sprintln(step)
	}
	if strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("the order has no index: %s", plan)
	}
}
