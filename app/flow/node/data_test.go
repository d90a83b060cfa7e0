package node_test

import (
	"database/sql/driver"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// sqliteFile is a database in a file, made by statements.
func sqliteFile(t *testing.T, statements ...string) string {
	t.Helper()
	conn, err := (&sqlite.Driver{}).Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, sql := range statements {
		if _, err := conn.(driver.ExecerContext).ExecContext(t.Context(), sql, nil); err != nil {
			t.Fatal(err)
		}
	}
	body, err := conn.(interface{ Serialize() ([]byte, error) }).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func quote(text string) string { return string(value.AppendString(nil, text)) }

func TestDatabasesInFiles(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	body := sqliteFile(t, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n REAL, b BLOB, at TIMESTAMP)",
		"INSERT INTO t VALUES (9007199254740993, 'O''Hara', 0.1, x'00ff', '2024-01-31 08:00:00'), (2, 'b', NULL, NULL, NULL)",
		"CREATE VIEW bad AS SELECT load_extension('x')")
	file := carried("a.db", body)
	for _, c := range []struct{ sql, parameters, want string }{
		{"SELECT * FROM t ORDER BY n DESC", ``,
			`main:[{"id":9007199254740993,"name":"O'Hara","n":0.1,"b":"AP8=","at":"2024-01-31T08:00:00Z"},{"id":2,"name":"b","n":null,"b":null,"at":null}@0]`},
		{"-- by name\n SELECT id, id FROM t WHERE name = ? AND n > ?;", `{"value":"{{ $json.name }}"},{"value":0.05}`, `main:[{"id":9007199254740993,"id_2":9007199254740993}]`},
		{"SELECT ? AS a, ? AS b, ? AS c", `{"value":[1]},{"value":true},{}`, `main:[{"a":"[1]","b":1,"c":null}]`},
		{"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c LIMIT 20000", ``, "first"},
		{"SELECT nothing FROM t", ``, `!"a.db" can't be asked: SQLite says`},
		{"SELECT * FROM bad", ``, `!can't be asked`},
		{"SELECT zeroblob(900000000), zeroblob(900000000)", ``, `!can't be asked`},
		{"WITH x AS (SELECT 1) INSERT INTO t (id) SELECT 7", ``, `!can't be asked`},
		{"SELECT ?", ``, `!can't be asked`},
	} {
		in := call(t, `[{"name":"O'Hara","data":`+file+`}]`)
		in.Services.Sandbox = pool
		r, err := compile(t, "data", `{"source":"sqlite","most":2,"sql":`+quote(c.sql)+`,"parameters":[`+c.parameters+`]}`).Run(t.Context(), in)
		part, isError := strings.CutPrefix(c.want, "!")
		switch {
		case isError:
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %.300s, %v; want the error %s", c.sql, outputs(r), err, part)
			}
		case c.want == "first":
			if err != nil || outputs(r) != `main:[{"x":1},{"x":2}@0]` {
				t.Errorf("%s: %.300s, %v", c.sql, outputs(r), err)
			}
		case err != nil || outputs(r) != c.want:
			t.Errorf("%s:\n got %s, %v\nwant %s", c.sql, outputs(r), err, c.want)
		}
	}
}

func TestStatementsArePublishedOnlyIfTheyAreSafe(t *testing.T) {
	t.Parallel()
	found, _ := node.Find("data", 1)
	const address = `"url":"{{ $secrets.DATABASE }}",`
	for config, wrong := range map[string]string{
		`{` + address + `"sql":"SELECT * FROM t WHERE id = {{ $json.id }}"}`: "sql: holds an expression",
		`{"url":"postgres://zygo:secret@db.example.com/a","sql":"SELECT 1"}`: "url: holds a password",
		`{"url":"redis://db.example.com/a","sql":"SELECT 1"}`:                "url: The address of a database begins",
		`{"sql":"SELECT 1"}`: "url: is required",
		`{` + address + `"sql":"SELECT 1","parameters":[{"value":"{{ $secrets.KEY }}"}]}`: "parameters.0.value: can't use secrets",
		`{` + address + `"sql":""}`:                             "sql: is required",
		`{"source":"sqlite","sql":"SELECT 1; DELETE FROM t"}`:   "sql: there is more than one statement",
		`{"source":"sqlite","sql":"ATTACH 'x' AS y"}`:           "sql: a database in a file is only asked",
		`{"source":"sqlite","sql":"/* SELECT */ PRAGMA x"}`:     "sql: a database in a file is only asked",
		`{"source":"sqlite","sql":"SELECT ';' ; -- more\n ; "}`: "",
	} {
		_, faults := found.Compile(field.JSON(config))
		switch {
		case wrong == "" && len(faults) > 0:
			t.Errorf("%s: %v", config, faults)
		case wrong != "" && (len(faults) == 0 || !strings.HasPrefix(faults[0].Field+": "+faults[0].Message, wrong)):
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
	reads := compile(t, "data", `{`+address+`"sql":"SELECT 1"}`)
	writes := compile(t, "data", `{`+address+`"sql":"DELETE FROM t","result":"changed","read_only":false}`)
	if reads.Repeat() != node.SafeWithKey || writes.Repeat() != node.Never || reads.Pure() {
		t.Errorf("what reads may be repeated: %v; what writes: %v", reads.Repeat(), writes.Repeat())
	}
}

// The guard decides about databases too, and the failure does not tell the address that a secret holds.
func TestDatabasesAreBehindTheGuard(t *testing.T) {
	t.Parallel()
	guard, err := outgoing.NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	in := call(t, `[{"u":"postgres://zygo:hidden-word@127.0.0.1/a"}]`)
	in.Services.HTTP = guard
	_, err = compile(t, "data", `{"url":"{{ $json.u }}","sql":"SELECT 1"}`).Run(t.Context(), in)
	if failure, ok := err.(*node.Error); !ok || failure.Code != "ADDRESS_REFUSED" || !strings.Contains(failure.Message, "outgoing.allow") ||
		strings.Contains(failure.Message, "hidden-word") {
		t.Errorf("got %v", err)
	}
}
