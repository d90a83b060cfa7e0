package format

import (
	"context"
	"database/sql/driver"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"zygo/app/fault"
	"zygo/app/value"
)

// readSQLite asks a database in a file, which is opened in memory and can't be written. It is for a worker: SQLite does not bound
// what a statement takes.
func readSQLite(o Options, body []byte, put func(value.Value) error) error {
	if err := CheckQuery(o.SQL); err != nil {
		return err
	}
	conn, err := (&sqlite.Driver{}).Open(":memory:")
	if err != nil {
		return wrong("SQLite does not start: %s", err)
	}
	defer conn.Close()
	if err := conn.(interface{ Deserialize([]byte) error }).Deserialize(body); err != nil || len(body) == 0 {
		return wrong("the file is no database of SQLite")
	}
	for _, pragma := range []string{"query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"} {
		if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), "PRAGMA "+pragma, nil); err != nil {
			return wrong("the file is no database of SQLite")
		}
	}
	given := make([]driver.NamedValue, len(o.Parameters))
	for i, v := range o.Parameters {
		given[i] = driver.NamedValue{Ordinal: i + 1, Value: sqliteArgument(v)}
	}
	rows, err := conn.(driver.QueryerContext).QueryContext(context.Background(), o.SQL, given)
	if err != nil {
		return wrong("SQLite says: %s", err)
	}
	defer rows.Close()
	return sqliteRows(rows, put)
}

// Database is a file of SQLite that an operator names, and that is only read. Another process may have it open.
type Database struct{ conn driver.Conn }

// OpenDatabase opens a file. Its errors say what is wrong with it.
func OpenDatabase(path string) (*Database, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.New(fault.NotFound, "The file %s can't be read.", path).Because(err)
	}
	conn, err := (&sqlite.Driver{}).Open((&url.URL{Scheme: "file", Opaque: path, RawQuery: "mode=ro"}).String())
	if err != nil {
		return nil, wrong("SQLite does not open the file: %s", err)
	}
	d := &Database{conn}
	for _, pragma := range []string{"query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "busy_timeout = 5000"} {
		if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), "PRAGMA "+pragma, nil); err != nil {
			d.Close()
			return nil, wrong("the file is no database of SQLite: %s", err)
		}
	}
	return d, nil
}

// Close closes the file.
func (d *Database) Close() { _ = d.conn.Close() }

// All gives the rows of a SELECT, as objects.
func (d *Database) All(sql string) (all []value.Value, err error) {
	rows, err := d.conn.(driver.QueryerContext).QueryContext(context.Background(), sql, nil)
	if err != nil {
		return nil, wrong("SQLite says: %s", err)
	}
	defer rows.Close()
	err = sqliteRows(rows, func(row value.Value) error {
		all = append(all, row)
		return nil
	})
	return all, err
}

func sqliteRows(rows driver.Rows, put func(value.Value) error) error {
	columns := table{header: true, put: put}
	names := make([]value.Value, len(rows.Columns()))
	for i, name := range rows.Columns() {
		names[i] = value.String(name)
	}
	if err := columns.row(names); err != nil {
		return err
	}
	row := make([]driver.Value, len(names))
	for {
		err := rows.Next(row)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return wrong("SQLite says: %s", err)
		}
		cells := make([]value.Value, len(row))
		for i, v := range row {
			cells[i] = sqliteColumn(v)
		}
		if err := columns.row(cells); err != nil {
			return err
		}
	}
}

func sqliteColumn(v driver.Value) value.Value {
	switch v := v.(type) {
	case nil:
		return value.Null()
	case int64:
		return value.Int(v)
	case float64:
		return value.Float(v)
	case bool:
		return value.Bool(v)
	case []byte:
		return value.String(base64.StdEncoding.EncodeToString(v))
	case time.Time: // what the driver makes of a column of dates
		return value.String(v.UTC().Format("2006-01-02T15:04:05.999999999Z07:00"))
	}
	return value.String(fmt.Sprint(v))
}

func sqliteArgument(v value.Value) driver.Value {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return nil
	case value.BoolKind:
		return v.Truthy()
	case value.NumberKind:
		if n, err := strconv.ParseInt(v.Raw(), 10, 64); err == nil {
			return n
		}
		return v.Number()
	case value.ListKind, value.ObjectKind:
		return v.JSON()
	}
	return v.Text()
}

// CheckQuery refuses what is not one statement that asks a database in a file.
func CheckQuery(sql string) error {
	first, isOver, ended := "", false, false
	for rest := sql; rest != ""; {
		length := pieceOf(rest)
		piece := rest[:length]
		rest = rest[length:]
		switch {
		case strings.TrimSpace(piece) == "" || strings.HasPrefix(piece, "--") || strings.HasPrefix(piece, "/*"):
			isOver = first != ""
		case piece == ";":
			ended = true
		case ended:
			return wrong("there is more than one statement")
		case !isOver && len(first) < len("VALUES"):
			first += piece
		}
	}
	for _, allowed := range []string{"SELECT", "WITH", "VALUES"} {
		if strings.EqualFold(first[:min(len(first), len(allowed))], allowed) {
			return nil
		}
	}
	return wrong("a database in a file is only asked: the statement must begin with SELECT, WITH or VALUES")
}

// quotes are what begins and ends texts, names and comments.
var quotes = [...][2]string{{"'", "'"}, {`"`, `"`}, {"`", "`"}, {"[", "]"}, {"--", "\n"}, {"/*", "*/"}}

// pieceOf is the length of the next piece of a statement: a text or name in quotes, a comment, or one character.
func pieceOf(rest string) int {
	for _, q := range quotes {
		if !strings.HasPrefix(rest, q[0]) {
			continue
		}
		if at := strings.Index(rest[len(q[0]):], q[1]); at >= 0 {
			return len(q[0]) + at + len(q[1])
		}
		return len(rest)
	}
	return 1
}
