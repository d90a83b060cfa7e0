package database

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"zygo/app/outgoing"
	"zygo/app/value"
)

// mySQL is a connection to MySQL or MariaDB. It uses the driver itself, which gives values as they came.
type mySQL struct {
	at   *address
	conn driver.Conn
	wire *bounded
	// limit is the setting by which a statement is ended in time.
	limit func(time.Duration) string
}

func openMySQL(ctx context.Context, guard *outgoing.Guard, a *address) (Connection, error) {
	m := &mySQL{at: a}
	config := mysql.NewConfig()
	config.User, config.Passwd, config.DBName = a.user, a.password, a.name
	config.Net, config.Addr = "tcp", net.JoinHostPort(a.host, a.port)
	config.TLS = a.tls
	config.Logger = &mysql.NopLogger{} // it would write to the log of the instance
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		wire, err := a.dial(ctx, guard)
		m.wire = wire
		return wire, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, wrong("The address of the database can't be used.")
	}
	if m.conn, err = connector.Connect(ctx); err != nil {
		return nil, m.failure(ctx, err)
	}
	version, err := m.Ask(ctx, Statement{SQL: "SELECT @@version AS v", ReadOnly: true, Most: 1, Time: connectTime})
	if err != nil {
		m.Close()
		return nil, err
	}
	m.limit = func(limit time.Duration) string { return fmt.Sprintf("max_execution_time = %d", limit.Milliseconds()) }
	if strings.Contains(version.Rows[0].Get("v").Raw(), "MariaDB") {
		m.limit = func(limit time.Duration) string { return fmt.Sprintf("max_statement_time = %g", limit.Seconds()) }
	}
	return m, nil
}

// passingNumbers are the numbers of errors that may not come again: too many connections, a server that goes down, a lock that was
// waited for too long, a deadlock.
var passingNumbers = []uint16{1040, 1053, 1203, 1205, 1213}

func (m *mySQL) failure(ctx context.Context, err error) error {
	var said *mysql.MySQLError
	switch {
	case errors.As(err, &said) && slices.Contains([]uint16{1317, 1969, 3024}, said.Number):
		return wrong("The database did not answer in time, and the statement was ended.")
	case errors.As(err, &said):
		message := fmt.Sprintf("The database says: %s (%d).", strings.TrimSuffix(said.Message, "."), said.Number)
		if said.Number == 1792 {
			message += " Turn off Read only if the statement may write."
		}
		return &Error{Message: message, Retryable: slices.Contains(passingNumbers, said.Number)}
	case errors.Is(err, mysql.ErrNoTLS):
		return wrong("The database does not encrypt connections. End its address in ?sslmode=disable to connect without.")
	case errors.Is(err, mysql.ErrPktTooLarge):
		return wrong("The statement with its parameters is too large for the database.")
	case errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn):
		if m.wire != nil && m.wire.left.Load() < 0 {
			err = errTooMuch
		}
	}
	return m.at.unreachable(ctx, err)
}

func (m *mySQL) IsUsable() bool {
	valid, ok := m.conn.(driver.Validator)
	return ok && valid.IsValid()
}

func (m *mySQL) Close() { _ = m.conn.Close() }

// Ask runs a statement in a transaction of its own.
func (m *mySQL) Ask(ctx context.Context, s Statement) (Answer, error) {
	m.wire.left.Store(mostReceived)
	ctx, cancel := context.WithTimeout(ctx, s.Time+5*time.Second) // the database ends the statement before
	defer cancel()
	access := "READ WRITE"
	if s.ReadOnly {
		access = "READ ONLY"
	}
	before := []string{"SET SESSION TRANSACTION " + access, "SET SESSION time_zone = '+00:00'", "START TRANSACTION " + access}
	if m.limit != nil {
		before = append([]string{"SET SESSION " + m.limit(s.Time)}, before...)
	}
	for _, sql := range before {
		if err := m.do(ctx, sql); err != nil {
			return Answer{}, err
		}
	}
	answer, err := m.run(ctx, s)
	end := "COMMIT"
	if err != nil {
		end = "ROLLBACK"
	}
	if !m.IsUsable() {
		if err != nil && !s.ReadOnly {
			err = unknown(err)
		}
		return answer, err
	}
	failed := m.do(ctx, end)
	if err == nil && failed != nil && !m.IsUsable() {
		failed = unknown(failed)
	}
	return answer, cmp.Or(err, failed)
}

func (m *mySQL) do(ctx context.Context, sql string) error {
	if _, err := m.conn.(driver.ExecerContext).ExecContext(ctx, sql, nil); err != nil {
		return m.failure(ctx, err)
	}
	return nil
}

func (m *mySQL) run(ctx context.Context, s Statement) (Answer, error) {
	prepared, err := m.conn.(driver.ConnPrepareContext).PrepareContext(ctx, s.SQL)
	if err != nil {
		return Answer{}, m.failure(ctx, err)
	}
	defer prepared.Close()
	if prepared.NumInput() != len(s.Parameters) {
		return Answer{}, wrong("The statement has %d parameters (?), and %d are given.", prepared.NumInput(), len(s.Parameters))
	}
	given := make([]driver.NamedValue, len(s.Parameters))
	for i, v := range s.Parameters {
		given[i] = driver.NamedValue{Ordinal: i + 1, Value: argument(v)}
	}
	if s.Count {
		result, err := prepared.(driver.StmtExecContext).ExecContext(ctx, given)
		if err != nil {
			return Answer{}, m.failure(ctx, err)
		}
		changed, _ := result.RowsAffected() // the driver knows both
		id, _ := result.LastInsertId()
		answer := Answer{Changed: changed}
		if id != 0 {
			answer.ID = number(strconv.FormatUint(uint64(id), 10))
		}
		return answer, nil
	}
	came, err := prepared.(driver.StmtQueryContext).QueryContext(ctx, given)
	if err != nil {
		return Answer{}, m.failure(ctx, err)
	}
	defer came.Close()
	return m.read(ctx, came, s)
}

func (m *mySQL) read(ctx context.Context, came driver.Rows, s Statement) (Answer, error) {
	read := newRows(came.Columns(), s.Most)
	typed := came.(driver.RowsColumnTypeDatabaseTypeName)
	row := make([]driver.Value, len(read.columns))
	for {
		err := came.Next(row)
		if errors.Is(err, io.EOF) {
			return read.answer, nil
		}
		if err != nil {
			return Answer{}, m.failure(ctx, err)
		}
		cells := make([]value.Value, len(row))
		for i, v := range row {
			cells[i] = mysqlColumn(typed.ColumnTypeDatabaseTypeName(i), v)
		}
		more, err := read.add(cells)
		if !more {
			_ = m.conn.Close() // the rest may be long, so the connection goes with it
			if err == nil && !s.ReadOnly {
				err = wrong("The statement gave more than %d rows, and was undone. Raise Most rows.", s.Most)
			}
			return read.answer, err
		}
	}
}

// mysqlColumn is a value of a column of a type.
func mysqlColumn(kind string, v driver.Value) value.Value {
	switch v := v.(type) {
	case nil:
		return value.Null()
	case int64:
		return value.Int(v)
	case uint64:
		return number(strconv.FormatUint(v, 10))
	case float32:
		return number(strconv.FormatFloat(float64(v), 'g', -1, 32))
	case float64:
		return value.Float(v)
	case []byte:
		if kind == "DECIMAL" || strings.HasSuffix(kind, "INT") {
			return number(string(v))
		}
		switch kind {
		case "JSON":
			return document(string(v))
		case "DATETIME":
			return moment(string(v))
		case "TIMESTAMP":
			return moment(string(v) + "+00")
		case "BLOB", "BINARY", "VARBINARY", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "GEOMETRY":
			return binary(v)
		case "BIT":
			return bits(v)
		}
		return value.String(string(v))
	}
	return value.String(fmt.Sprint(v))
}

// bits are a number of up to 64.
func bits(bytes []byte) value.Value {
	var n uint64
	for _, b := range bytes {
		n = n<<8 | uint64(b)
	}
	return number(strconv.FormatUint(n, 10))
}

// argument is a parameter as MySQL takes it. A number that a float would change travels as a text, which MySQL reads with all
// of its digits.
func argument(v value.Value) driver.Value {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return nil
	case value.BoolKind:
		return v.Truthy()
	case value.NumberKind:
		if n, err := strconv.ParseInt(v.Raw(), 10, 64); err == nil {
			return n
		}
		if f, err := strconv.ParseFloat(v.Raw(), 64); err == nil && !math.IsInf(f, 0) && strconv.FormatFloat(f, 'f', -1, 64) == v.Raw() {
			return f
		}
		return v.Raw()
	case value.ListKind, value.ObjectKind:
		return v.JSON()
	}
	return v.Text()
}
