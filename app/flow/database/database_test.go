package database_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/flow/database"
	"zygo/app/outgoing"
	"zygo/app/value"
)

func newGuard(t *testing.T, allow ...string) *outgoing.Guard {
	t.Helper()
	guard, err := outgoing.NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	return guard
}

// user is who signs in, as an address has it.
var user = url.UserPassword("zygo", counterpart.DatabasePassword).String()

// server is a database that is asked.
type server struct {
	*testing.T
	guard   *outgoing.Guard
	address string
}

func (s *server) open(t *testing.T) database.Connection {
	t.Helper()
	c, err := database.Open(t.Context(), s.guard, s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// query is what a test asks; a want that begins with ! is a part of the error.
type query struct {
	sql, parameters, want string
	write, count          bool
}

func (s *server) ask(t *testing.T, c database.Connection, q query) {
	t.Helper()
	parameters, err := value.Parse([]byte("["+q.parameters+"]"), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var given []value.Value
	for _, v := range parameters.Elements() {
		given = append(given, v)
	}
	answer, err := c.Ask(t.Context(), database.Statement{SQL: q.sql, Parameters: given, ReadOnly: !q.write, Count: q.count, Most: 100,
		Time: 20 * time.Second})
	got := value.List(answer.Rows...).JSON()
	if q.count {
		got = strings.TrimSpace(fmt.Sprint(answer.Changed, " ", answer.ID.Raw()))
	}
	if part, isError := strings.CutPrefix(q.want, "!"); isError {
		var failed *database.Error
		if !errors.As(err, &failed) || !strings.Contains(failed.Message, part) {
			t.Errorf("%s %s: %s, %v; want the error %s", q.sql, q.parameters, got, err, part)
		}
	} else if err != nil || got != q.want {
		t.Errorf("%s %s:\n got %s, %v\nwant %s", q.sql, q.parameters, got, err, q.want)
	}
}

// refusals are what no database may be asked, or fails without a word of the password.
func (s *server) refusals(t *testing.T, slow string) {
	t.Helper()
	_, secret, _ := strings.Cut(user, ":")
	for address, part := range map[string]string{
		strings.Replace(s.address, "sslmode=disable", "sslmode=verify-full", 1): "certificate is not trusted",
		strings.Replace(s.address, "zygo:", "other:", 1):                        "The database says",
		strings.Replace(s.address, "127.0.0.1:", "127.0.0.2:", 1):               "outgoing.allow",
		strings.Replace(s.address, "127.0.0.1:", "name.invalid:", 1):            "can't be looked up",
		strings.Replace(s.address, "disable", "prefer", 1):                      "sslmode",
		strings.Replace(s.address, "?", "/x?", 1) + "&passfile=/etc/passwd":     "sslmode",
		"postgres://zygo:" + secret + "@a b/":                                   "no address such as",
		"redis://zygo:" + secret + "@127.0.0.1":                                 "begins with postgres://",
		"postgres://zygo:" + secret + "@a,b/":                                   "no host",
		"mysql://zygo:" + secret + "@h:99999/":                                  "no valid port",
	} {
		c, err := database.Open(t.Context(), s.guard, address)
		if err == nil {
			c.Close()
		}
		var failed *database.Error
		if !errors.As(err, &failed) || !strings.Contains(failed.Message, part) {
			t.Errorf("%s gives %v, want %s", address, err, part)
			continue
		}
		for _, form := range []string{secret, counterpart.DatabasePassword} {
			if strings.Contains(failed.Message, form) {
				t.Errorf("%q tells the password", failed.Message)
			}
		}
	}
	c := s.open(t)
	if _, err := c.Ask(t.Context(), database.Statement{SQL: slow, ReadOnly: true, Most: 1, Time: 50 * time.Millisecond}); err == nil ||
		!strings.Contains(err.Error(), "in time") {
		t.Errorf("a statement that takes too long gives %v", err)
	}
	if !c.IsUsable() {
		t.Error("a statement that took too long took the connection with it")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Ask(ctx, database.Statement{SQL: "SELECT 1", ReadOnly: true, Most: 1,
		Time: time.Second}); !errors.Is(err, context.Canceled) {
		t.Errorf("an execution that is stopped gives %v", err)
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	host := counterpart.Postgres(t)
	s := &server{t, newGuard(t, host), "postgres://" + user + "@" + host + "/postgres?sslmode=disable"}
	c := s.open(t)
	for _, q := range []query{
		{sql: "CREATE TABLE t (id bigserial PRIMARY KEY, n numeric, name text UNIQUE, j jsonb, l int[])", count: true, write: true, want: "0"},
		{sql: "INSERT INTO t (n, name, j, l) VALUES ($1, $2, $3, $4)",
			parameters: `12345678901234567890.10,"O'Hara; --",{"a":[1]},[1,null]`, count: true, write: true, want: "1"},
		{sql: "INSERT INTO t (name, j) VALUES ($1, $2) RETURNING id, n, j", parameters: `"b",[1]`, write: true, want: `[{"id":2,"n":null,"j":[1]}]`},
		{sql: "SELECT * FROM t WHERE name = $1", parameters: `"O'Hara; --"`,
			want: `[{"id":1,"n":12345678901234567890.10,"name":"O'Hara; --","j":{"a":[1]},"l":[1,null]}]`},
		{sql: "SELECT id FROM t WHERE id = ANY($1) ORDER BY id", parameters: `[1,2,3]`, want: `[{"id":1},{"id":2}]`},
		{sql: "SELECT id FROM t WHERE name = ANY($1)", parameters: `["O'Hara; --","\"{},"]`, want: `[{"id":1}]`},
		{sql: "SELECT true AS a, false AS a, 9223372036854775807 AS big, 0.1::float8 AS f, 1e300::float8 AS e, 'NaN'::float8 AS nan, '\\x00ff'::bytea AS b, 'x'::char(3) AS c, NULL AS n",
			want: `[{"a":true,"a_2":false,"big":9223372036854775807,"f":0.1,"e":1e+300,"nan":"NaN","b":"AP8=","c":"x  ","n":null}]`},
		{sql: "SELECT timestamptz '2024-01-31 09:00:00.5+01' AS z, timestamp '2024-01-31 08:00' AS l, date '2024-01-31' AS d, timestamptz 'infinity' AS i, interval '1 day 2h' AS s, time '08:00' AS t",
			want: `[{"z":"2024-01-31T08:00:00.5Z","l":"2024-01-31T08:00:00","d":"2024-01-31","i":"infinity","s":"P1DT2H","t":"08:00:00"}]`},
		{sql: `SELECT ARRAY['a,"b"','NULL',NULL,'\'] AS t, ARRAY[[1,2],[3,4]] AS n, '[5:6]={1,2}'::int[] AS o, '{}'::text[] AS e, ARRAY[true] AS b, ARRAY['{"a":1}'::jsonb] AS j, ARRAY[timestamptz '2024-01-31 08:00Z'] AS z`,
			want: `[{"t":["a,\"b\"","NULL",null,"\\"],"n":[[1,2],[3,4]],"o":[1,2],"e":[],"b":[true],"j":[{"a":1}],"z":["2024-01-31T08:00:00Z"]}]`},
		{sql: "SELECT $1::timestamptz AS z, $2::bool AS b, $3::numeric AS n, $4::text AS o", parameters: `"2024-01-31T08:00:00Z",true,0.10,{"a":1}`,
			want: `[{"z":"2024-01-31T08:00:00Z","b":true,"n":0.10,"o":"{\"a\":1}"}]`},
		{sql: "INSERT INTO t (name) VALUES ('x')", want: "!Turn off Read only"},
		{sql: "SELECT set_config('transaction_read_only', 'off', false), nextval('t_id_seq')", want: "!The database says"},
		{sql: "DROP TABLE t", want: "!Turn off Read only"},
		{sql: "INSERT INTO t (name) VALUES ('b')", write: true, want: "!Key (name)=(b) already exists."},
		{sql: "SELECT 1; SELECT 2", want: "!multiple commands"},
		{sql: "SELECT $1", want: "!has 1 parameters"},
		{sql: "SELECT $1::int", parameters: `"x"`, want: "!invalid input syntax"},
		{sql: "SELEC", want: "!syntax error"},
		{sql: "SELECT generate_series(1, 200) AS n", write: true, want: "!more than 100 rows, and was undone"},
	} {
		if !c.IsUsable() {
			t.Fatal("the connection ended")
		}
		s.ask(t, c, q)
	}
	more, err := s.open(t).Ask(t.Context(), database.Statement{SQL: "SELECT generate_series(1, 1000000) AS n", ReadOnly: true, Most: 3,
		Time: time.Minute})
	if err != nil || len(more.Rows) != 3 || !more.More {
		t.Errorf("%d rows, %v, %v", len(more.Rows), more.More, err)
	}
	s.ask(t, s.open(t), query{sql: "SELECT repeat('x', 65000000), repeat('y', 10000000)", want: "!more than 64 MiB"})
	s.ask(t, s.open(t), query{sql: "COPY t TO STDOUT", want: "[]"})
	encrypted := &server{t, s.guard, strings.Replace(s.address, "disable", "require", 1)}
	encrypted.ask(t, encrypted.open(t), query{sql: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", want: `[{"ssl":true}]`})
	s.refusals(t, "SELECT pg_sleep(60)")
}

func TestMariaDB(t *testing.T) {
	t.Parallel()
	host := counterpart.MariaDB(t)
	s := &server{t, newGuard(t, host), "mysql://" + user + "@" + host + "/test?sslmode=disable"}
	c := s.open(t)
	for _, q := range []query{
		{sql: "CREATE TABLE t (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, n decimal(30,2), name varchar(50) UNIQUE, j json, b blob, f float, d datetime(3), s timestamp NULL, y year, bits bit(9))",
			count: true, write: true, want: "0"},
		{sql: "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", count: true, write: true, want: "1 9223372036854775809",
			parameters: `"9223372036854775809",1234567890123456789012345678.10,"O'Hara; -- é",{"a":[1]},"x",0.1,"2024-01-31 08:00:00.5","2024-01-31 08:00:00",2024,257`},
		{sql: "INSERT INTO t (name, n) VALUES ('b', 1), ('c', NULL)", count: true, write: true, want: "2 9223372036854775810"},
		{sql: "SELECT * FROM t WHERE name = ?", parameters: `"O'Hara; -- é"`,
			want: `[{"id":9223372036854775809,"n":1234567890123456789012345678.10,"name":"O'Hara; -- é","j":"{\"a\":[1]}","b":"eA==","f":0.1,"d":"2024-01-31T08:00:00.500","s":"2024-01-31T08:00:00Z","y":2024,"bits":257}]`},
		{sql: "UPDATE t SET n = n + ? WHERE name = ?", parameters: `0.10,"b"`, count: true, write: true, want: "1"},
		{sql: "SELECT 1 AS a, 'x' AS a, ? AS p, ? AS t, ? AS nothing", parameters: "1.5,true,null", want: `[{"a":1,"a_2":"x","p":1.5,"t":1,"nothing":null}]`},
		{sql: "INSERT INTO t (name) VALUES ('x')", want: "!Turn off Read only"},
		{sql: "DROP TABLE t", want: "!Turn off Read only"},
		{sql: "COMMIT", want: `[]`},
		{sql: "INSERT INTO t (name) VALUES ('x')", want: "!Turn off Read only"},
		{sql: "INSERT INTO t (name) VALUES ('b')", write: true, want: "!Duplicate entry"},
		{sql: "SELECT 1; SELECT 2", want: "!The database says"},
		{sql: "SELECT ?", want: "!has 1 parameters"},
		{sql: "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t", write: true, want: "!"},
		{sql: "SELECT COUNT(*) AS n FROM t", want: `[{"n":3}]`},
	} {
		if !c.IsUsable() {
			c = s.open(t)
		}
		s.ask(t, c, q)
	}
	more, err := s.open(t).Ask(t.Context(), database.Statement{SQL: "SELECT seq FROM seq_1_to_1000000", ReadOnly: true, Most: 3,
		Time: time.Minute})
	if err != nil || len(more.Rows) != 3 || !more.More {
		t.Errorf("%d rows, %v, %v", len(more.Rows), more.More, err)
	}
	s.ask(t, s.open(t), query{sql: "SELECT REPEAT('x', 10000000) AS a FROM seq_1_to_100", want: "!more than 64 MiB"})
	encrypted := &server{t, s.guard, strings.Replace(s.address, "disable", "require", 1)}
	encrypted.ask(t, encrypted.open(t), query{sql: "SELECT VARIABLE_VALUE <> '' AS e FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'", want: `[{"e":1}]`})
	s.refusals(t, "SELECT SLEEP(60)")
}

// A server that is none, or that hangs up, is a failure and nothing worse.
func TestServersThatAreNone(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("\xff\xff\xff\x00SSH-2.0-x\r\n"))
			c.Close()
		}
	}()
	for _, kind := range []string{"postgres", "mysql"} {
		host := listener.Addr().String()
		_, err := database.Open(t.Context(), newGuard(t, host), kind+"://zygo:secret-word@"+host+"/x?sslmode=disable")
		var failed *database.Error
		if !errors.As(err, &failed) || strings.Contains(failed.Message, "secret-word") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
