package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"zygo/app/fault"
)

type note struct {
	N           int64
	ID          string
	TenantID    string
	WorkspaceID string
	Version     int64
	Title       string
	Done        bool
	DueAt       Time
	DeletedAt   Time
}

func notes() *Table {
	t := NewTable[note]("note")
	t.Unique = [][]string{{"tenant_id", "title"}}
	t.Indexes = []Index{{Columns: []string{"done"}}}
	return t
}

func open(t *testing.T, dir string, table *Table) *Store {
	t.Helper()
	// Nothing but the version of the schema: the tests create the tables that they declare.
	bare := fstest.MapFS{"00001_bare.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}}
	s, err := Open(t.Context(), Options{Dir: dir, Tables: []*Table{table}, Migrations: bare})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openWithNotes(t *testing.T) (*Store, *Table) {
	t.Helper()
	table := notes()
	s := open(t, t.TempDir(), table)
	if err := s.CreateTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, table
}

func insert(t *testing.T, s *Store, table *Table, scope Scope, n note) note {
	t.Helper()
	n.Version = 1
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.Insert(scope, table, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestScopeSeesItsOwnRowsOnly(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	a, b := Within("a"), Within("b")
	insert(t, s, table, a, note{ID: "1", Title: "of a"})
	insert(t, s, table, a, note{ID: "2", Title: "of a's workspace", WorkspaceID: "w"})
	insert(t, s, table, b, note{ID: "1", Title: "of b"})
	for name, test := range map[string]struct {
		scope Scope
		want  int
	}{
		"tenant a":                {a, 2},
		"a without the workspace": {a.Seeing(nil), 1},
		"a with the workspace":    {a.Seeing([]string{"w"}), 2},
		"tenant b":                {b, 1},
		"an unknown tenant":       {Within("c"), 0},
		"the system":              {System("test"), 3},
	} {
		rows, err := Select[note](t.Context(), s, test.scope, "SELECT * FROM {note}")
		if err != nil || len(rows) != test.want {
			t.Errorf("%s sees %d rows and %v, want %d", name, len(rows), err, test.want)
		}
		found, err := Rows[note](t.Context(), s, test.scope, Find{Table: table, Order: []string{"-n"}, Limit: 10})
		if err != nil || len(found) != test.want {
			t.Errorf("%s finds %d rows and %v, want %d", name, len(found), err, test.want)
		}
	}
	for name, scope := range map[string]Scope{"zero": {}, "empty tenant": Within(""), "system without a reason": System("")} {
		if _, err := Select[note](t.Context(), s, scope, "SELECT * FROM {note}"); err == nil {
			t.Errorf("the scope %q reads", name)
		}
		err := s.Write(t.Context(), func(tx *Tx) error { return tx.Insert(scope, table, &note{ID: "x", TenantID: "a"}) })
		if err == nil {
			t.Errorf("the scope %q writes", name)
		}
	}
}

func TestWritesStayInTheirTenant(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	insert(t, s, table, Within("a"), note{ID: "1", Title: "of a"})
	foreign := note{ID: "1", TenantID: "a", Version: 1, Title: "taken over"}
	for name, change := range map[string]func(*Tx) error{
		"insert": func(tx *Tx) error { return tx.Insert(Within("b"), table, &note{ID: "9", TenantID: "a"}) },
		"update": func(tx *Tx) error { return tx.Update(Within("b"), table, &foreign) },
		"delete": func(tx *Tx) error {
			if n, err := tx.Delete(Within("b"), table, Pair{"id", "1"}); n != 0 || err != nil {
				return err
			}
			return errors.New("nothing was deleted")
		},
	} {
		if err := s.Write(t.Context(), change); err == nil {
			t.Errorf("%s reaches another tenant", name)
		}
	}
	rows, err := Select[note](t.Context(), s, Within("a"), "SELECT * FROM {note}")
	if err != nil || len(rows) != 1 || rows[0].Title != "of a" {
		t.Errorf("tenant a has %v, %v", rows, err)
	}
}

// SQLite prepares a statement again for each call when its limit is a bare parameter: that was two thirds of the cost of a row.
func TestALimitIsNoBareParameter(t *testing.T) {
	t.Parallel()
	s, _ := openWithNotes(t)
	for text, want := range map[string]string{
		"SELECT 1 LIMIT ? OFFSET ?":                  "SELECT 1 LIMIT (?1 + 0) OFFSET ?2",
		"SELECT (SELECT ? limit ?) WHERE limits = ?": "SELECT (SELECT ?1 limit (?2 + 0)) WHERE limits = ?3",
		"SELECT 1 WHERE 1 = ? LIMIT 20":              "SELECT 1 WHERE 1 = ?1 LIMIT 20",
	} {
		if got, err := s.expand(text, System("test")); err != nil || got != want {
			t.Errorf("%q becomes %q, %v", text, got, err)
		}
	}
}

func TestQueriesThatReachPastTheirTablesAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := openWithNotes(t)
	for _, text := range []string{
		"SELECT * FROM t_note", "select * from T_NOTE", `SELECT * FROM "t_note"`, "SELECT * FROM [t_note]", "SELECT * FROM `t_note`",
		"SELECT 1; SELECT 2", "SELECT 1 -- {note}", "SELECT /* x */ 1", "DELETE FROM {note}", "WITH x AS (SELECT 1) DELETE FROM {note}",
		"PRAGMA user_version", "SELECT * FROM pragma_table_info('t_note')", "SELECT * FROM sqlite_schema", "SELECT * FROM {nobody}",
		"SELECT * FROM {note", "SELECT 'open", "SELECT ?1", "SELECT :tenant", "SELECT * FROM goose_db_version", "", "EXPLAIN SELECT 1",
	} {
		if _, err := selectText[int](t.Context(), s, Within("a"), text, nil); err == nil {
			t.Errorf("%q runs", text)
		}
	}
	got, err := s.expand("SELECT '?' FROM {note} WHERE title = ? AND n > ?", Within("a"))
	want := "SELECT '?' FROM (SELECT * FROM t_note WHERE tenant_id = ?1 AND deleted_at IS NULL) WHERE title = ?2 AND n > ?3"
	if got != want || err != nil {
		t.Errorf("expanded to %s, %v", got, err)
	}
}

func TestListOrderComesFromTheIndex(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	for name, find := range map[string]Find{
		"newest first": {Table: table, Order: []string{"-n"}, Limit: 20},
		"filtered":     {Table: table, Where: []Condition{{Column: "done", Operator: "=", Value: false}}, Order: []string{"-n"}, Limit: 20},
	} {
		for scopeName, scope := range map[string]Scope{"all": Within("a"), "some workspaces": Within("a").Seeing([]string{"w"})} {
			text, args, err := find.text()
			if err != nil {
				t.Fatal(err)
			}
			expanded, err := s.expand(text, scope)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := s.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+expanded, scope.arguments(args)...)
			if err != nil {
				t.Fatal(err)
			}
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					t.Fatal(err)
				}
				plan = append(plan, detail)
			}
			rows.Close()
			if text := strings.Join(plan, "; "); strings.Contains(text, "TEMP B-TREE FOR ORDER") || strings.Contains(text, "SCAN t_note") {
				t.Errorf("%s for %s: %s", name, scopeName, text)
			}
		}
	}
}

func TestGroupCommitHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	const writes = 400
	var wait sync.WaitGroup
	results := make([]error, writes)
	writing := make(chan struct{})
	wait.Go(func() {
		_ = s.Write(context.Background(), func(*Tx) error {
			close(writing)
			for len(s.writer.queue) < writes {
				runtime.Gosched() // so that the others stand in a few batches
			}
			return nil
		})
	})
	<-writing
	for i := range writes {
		wait.Go(func() {
			results[i] = s.Write(context.Background(), func(tx *Tx) error {
				if err := tx.Insert(Within("a"), table, &note{ID: fmt.Sprint(i), Version: 1, Title: fmt.Sprint("note ", i)}); err != nil {
					return err
				}
				switch i % 7 {
				case 3:
					return errors.New("refused by the closure")
				case 5:
					panic("in the closure")
				}
				return nil
			})
		})
	}
	wait.Wait()
	want := 0
	for i, err := range results {
		fails := i%7 == 3 || i%7 == 5
		if fails != (err != nil) {
			t.Errorf("write %d: %v", i, err)
		}
		if !fails {
			want++
		}
	}
	rows, err := Select[int](t.Context(), s, Within("a"), "SELECT count(*) FROM {note}")
	if err != nil || rows[0] != want {
		t.Errorf("%d rows, %v; want %d", rows[0], err, want)
	}
}

func TestStaleAndTakenAreFaults(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	scope := Within("a")
	row := insert(t, s, table, scope, note{ID: "1", Title: "first"})
	fresh := row
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.Update(scope, table, &fresh) }); err != nil {
		t.Fatal(err)
	}
	if fresh.Version != 2 {
		t.Errorf("version is %d after an update", fresh.Version)
	}
	err := s.Write(t.Context(), func(tx *Tx) error { return tx.Update(scope, table, &row) })
	if !fault.Is(err, fault.Stale) {
		t.Errorf("an update of an old version: %v", err)
	}
	err = s.Write(t.Context(), func(tx *Tx) error { return tx.Insert(scope, table, &note{ID: "2", Title: "first"}) })
	if f, ok := fault.As(err); !ok || f.Code != fault.Conflict || f.Details.([]fault.Field)[0].Field != "title" {
		t.Errorf("a taken title: %v", err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir, notes())
	if _, err := Open(t.Context(), Options{Dir: dir}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second open: %v", err)
	}
}

func TestDamagedDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("opening garbage: %v", err)
	}
}

// A database that is not this instance's is refused, and nothing is written to it.
func TestWhatIsNotThisInstancesDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := openPool(t.Context(), foreign, 1, "rwc", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA application_id = 77; CREATE TABLE bookmarks (url TEXT)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	theirs, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		database []byte
		missing  bool
		key      bool
		says     string // nothing where it is opened
	}{
		"none in a new directory":          {missing: true},
		"a missing one, and a key":         {missing: true, key: true, says: "missing or empty"},
		"an empty file in a new directory": {},
		"an empty file, and a key":         {key: true, says: "missing or empty"},
		"another application's":            {database: theirs, says: "another application"},
		"another application's, and a key": {database: theirs, key: true, says: "another application"},
		"no database":                      {database: []byte(strings.Repeat("This is a letter and no database. ", 200)), says: "damaged"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, FileName)
		if !test.missing {
			if err := os.WriteFile(path, test.database, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if test.key {
			if err := os.WriteFile(filepath.Join(dir, KeyFile), []byte("key"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Open(t.Context(), Options{Dir: dir, Unmigrated: true})
		if test.says == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			var id int
			if err := s.writer.conn.QueryRowContext(t.Context(), "PRAGMA application_id").Scan(&id); err != nil || id != applicationID {
				t.Errorf("%s: the id is %x, %v", name, id, err)
			}
			s.Close()
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); !test.missing && (err != nil || !bytes.Equal(after, test.database)) {
			t.Errorf("%s: the file was changed", name)
		}
		if test.missing && exists(path) {
			t.Errorf("%s: a database was made", name)
		}
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, notes())
	if err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.writer.conn.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err := Open(t.Context(), Options{Dir: dir})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "99999") {
		t.Errorf("opening a newer schema: %v", err)
	}
}

func TestBackupBesideARunningStoreComesBack(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	insert(t, s, table, Within("a"), note{ID: "1", Title: "kept"})
	if err := os.WriteFile(filepath.Join(s.Dir(), KeyFile), []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "one"+BackupSuffix)
	if err := CreateBackup(t.Context(), s.Dir(), file); err != nil {
		t.Fatal(err)
	}
	if err := CreateBackup(t.Context(), s.Dir(), file); !fault.Is(err, fault.Conflict) {
		t.Errorf("a backup over another: %v", err)
	}
	insert(t, s, table, Within("a"), note{ID: "2", Title: "later"})
	if _, err := RestoreBackup(t.Context(), file, s.Dir()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a restore over a database: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := RestoreBackup(t.Context(), file, dir); err != nil {
		t.Fatal(err)
	}
	restored := open(t, dir, table)
	rows, err := Select[note](t.Context(), restored, Within("a"), "SELECT * FROM {note}")
	if err != nil || len(rows) != 1 || rows[0].Title != "kept" {
		t.Errorf("restored %v, %v", rows, err)
	}
	if key, err := os.ReadFile(filepath.Join(dir, KeyFile)); err != nil || string(key) != "key" {
		t.Errorf("restored the key %q, %v", key, err)
	}
}

func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	insert(t, s, table, Within("a"), note{ID: "1", Title: "kept"})
	file := filepath.Join(t.TempDir(), "one"+BackupSuffix)
	if err := CreateBackup(t.Context(), s.Dir(), file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 0x40
	for name, content := range map[string][]byte{"half": whole[:len(whole)/2], "flipped": flipped, "empty": nil, "text": []byte("hello")} {
		bad := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "new")
		if _, err := RestoreBackup(t.Context(), bad, dir); !fault.Is(err, fault.Invalid) {
			t.Errorf("a backup that is %s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
			t.Errorf("a backup that is %s was restored", name)
		}
	}
}

func TestUpgradeBacksUpFirstAndLeavesTheOldSchemaWhenItFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	migrations := fstest.MapFS{"00001_initial.sql": {Data: []byte("-- +goose Up\n" + strings.Join(notes().Schema(), ";\n") + ";\n")}}
	with := func() (*Store, error) {
		return Open(t.Context(), Options{Dir: dir, Tables: []*Table{notes()}, Migrations: migrations})
	}
	s, err := with()
	if err != nil {
		t.Fatal(err)
	}
	insert(t, s, s.tables["note"], Within("a"), note{ID: "1", Title: "kept"})
	s.Close()
	if backups, _ := filepath.Glob(filepath.Join(dir, "backups", "*")); len(backups) != 0 {
		t.Errorf("a new database was backed up: %v", backups)
	}
	migrations["00002_more.sql"] = &fstest.MapFile{
		Data: []byte("-- +goose Up\nALTER TABLE t_note ADD COLUMN colour TEXT;\nSELECT no_such_function();\n")}
	if _, err := with(); err == nil {
		t.Fatal("a failing migration passes")
	}
	backups, _ := filepath.Glob(filepath.Join(dir, "backups", "*"+BackupSuffix))
	if len(backups) != 1 {
		t.Fatalf("the backups before the upgrade are %v", backups)
	}
	if manifest, err := VerifyBackup(t.Context(), backups[0]); err != nil || manifest.Schema != 1 || manifest.Rows["t_note"] != 1 {
		t.Errorf("the backup is %+v, %v", manifest, err)
	}
	migrations["00002_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE t_note ADD COLUMN colour TEXT;\n")}
	s, err = with()
	if err != nil {
		t.Fatalf("after a failed upgrade: %v", err)
	}
	defer s.Close()
	rows, err := Select[string](t.Context(), s, Within("a"), "SELECT title FROM {note} WHERE colour IS NULL")
	if err != nil || len(rows) != 1 || rows[0] != "kept" {
		t.Errorf("after the upgrade there are %v, %v", rows, err)
	}
}
