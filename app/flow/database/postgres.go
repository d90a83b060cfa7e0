package database

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"zygo/app/outgoing"
	"zygo/app/value"
)

// postgres is a connection to PostgreSQL. Values travel as texts, so that they keep their digits.
type postgres struct {
	at   *address
	conn *pgconn.PgConn
	wire *bounded
}

func openPostgres(ctx context.Context, guard *outgoing.Guard, a *address) (Connection, error) {
	// What the driver finds in the environment is replaced, all of it.
	config, err := pgconn.ParseConfig("postgres://unused@unused:1/unused?sslmode=disable")
	if err != nil {
		return nil, wrong("The environment of this instance keeps PostgreSQL's driver from starting: its operator has to take away the variables that begin with PG.")
	}
	port, _ := strconv.ParseUint(a.port, 10, 16) // which parseAddress checked
	config.Host, config.Port, config.Database, config.User, config.Password = a.host, uint16(port), a.name, a.user, a.password
	if a.name == "" {
		config.Database = a.user
	}
	config.Fallbacks, config.TLSConfig, config.SSLNegotiation, config.SSLCertMode = nil, a.tls, "", "disable"
	config.RuntimeParams = map[string]string{"client_encoding": "UTF8", "application_name": "zygo"}
	config.ValidateConnect, config.AfterConnect, config.OnNotice = nil, nil, nil
	config.MaxProtocolMessageBodyLen = mostReceived
	config.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	p := &postgres{at: a}
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		if p.wire, err = a.dial(ctx, guard); err != nil {
			return nil, err
		}
		return p.wire, nil
	}
	if p.conn, err = pgconn.ConnectConfig(ctx, config); err != nil {
		return nil, p.failure(ctx, err)
	}
	return p, nil
}

// passing are the codes of errors that may not come again (appendix A of PostgreSQL's manual): a connection that failed, too many
// of them, a server that goes down, a deadlock, a transaction that was in the way of another one.
var passing = []string{"08", "40", "53", "57P01", "57P02", "57P03", "55P03"}

func (p *postgres) failure(ctx context.Context, err error) error {
	var said *pgconn.PgError
	var certificate *tls.CertificateVerificationError
	var large *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.As(err, &large):
		err = errTooMuch
	case errors.As(err, &said) && said.Code == "57014":
		return wrong("The database did not answer in time, and the statement was ended.")
	case errors.As(err, &said):
		message := fmt.Sprintf("The database says: %s (%s).", strings.TrimSuffix(said.Message, "."), said.Code)
		for _, more := range []string{said.Detail, said.Hint} {
			if more != "" {
				message += " " + strings.TrimSuffix(more, ".") + "."
			}
		}
		if said.Code == "25006" {
			message += " Turn off Read only if the statement may write."
		}
		return &Error{
			Message:   message,
			Retryable: slices.ContainsFunc(passing, func(code string) bool { return strings.HasPrefix(said.Code, code) }),
		}
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return wrong("The database does not encrypt connections. End its address in ?sslmode=disable to connect without.")
	case errors.As(err, &certificate):
		return p.at.unreachable(ctx, certificate.Err)
	}
	return p.at.unreachable(ctx, err)
}

func (p *postgres) IsUsable() bool { return !p.conn.IsClosed() }

func (p *postgres) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.conn.Close(ctx)
}

// Ask runs a statement in a transaction of its own, whose settings end with it.
func (p *postgres) Ask(ctx context.Context, s Statement) (Answer, error) {
	p.wire.left.Store(mostReceived)
	limit := s.Time + 5*time.Second // the database ends the statement before
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	access := "READ WRITE"
	if s.ReadOnly {
		access = "READ ONLY"
	}
	answer, err := Answer{}, p.do(ctx, fmt.Sprintf("BEGIN %s; SET LOCAL statement_timeout = %d; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'; SET LOCAL IntervalStyle = 'iso_8601'",
		access, s.Time.Milliseconds()))
	if err == nil {
		answer, err = p.run(ctx, s)
	}
	end := "COMMIT"
	if err != nil {
		end = "ROLLBACK"
	}
	if p.conn.IsClosed() {
		if err != nil && !s.ReadOnly {
			err = unknown(err)
		}
		return answer, err
	}
	failed := p.do(ctx, end)
	if err == nil && failed != nil && p.conn.IsClosed() {
		failed = unknown(failed)
	}
	return answer, cmp.Or(err, failed)
}

func (p *postgres) do(ctx context.Context, sql string) error {
	if _, err := p.conn.Exec(ctx, sql).ReadAll(); err != nil {
		return p.failure(ctx, err)
	}
	return nil
}

func (p *postgres) run(ctx context.Context, s Statement) (Answer, error) {
	prepared, err := p.conn.Prepare(ctx, "", s.SQL, nil)
	if err != nil {
		return Answer{}, p.failure(ctx, err)
	}
	if len(prepared.ParamOIDs) != len(s.Parameters) {
		return Answer{}, wrong("The statement has %d parameters ($1, $2 …), and %d are given.", len(prepared.ParamOIDs), len(s.Parameters))
	}
	given := make([][]byte, len(s.Parameters))
	for i, v := range s.Parameters {
		given[i] = bound(v, prepared.ParamOIDs[i])
	}
	names := make([]string, len(prepared.Fields))
	for i, f := range prepared.Fields {
		names[i] = f.Name
	}
	read := newRows(names, s.Most)
	result := p.conn.ExecPrepared(ctx, "", given, nil, nil)
	for result.NextRow() {
		cells := make([]value.Value, len(names))
		for i, text := range result.Values() {
			cells[i] = value.Null()
			if text != nil {
				cells[i] = column(prepared.Fields[i].DataTypeOID, string(text))
			}
		}
		more, err := read.add(cells)
		if !more {
			// The rest may be long, so the connection goes with it.
			p.Close()
			if err == nil && !s.ReadOnly {
				err = wrong("The statement gave more than %d rows, and was undone. Raise Most rows.", s.Most)
			}
			return read.answer, err
		}
	}
	tag, err := result.Close()
	if err != nil {
		return Answer{}, p.failure(ctx, err)
	}
	read.answer.Changed = tag.RowsAffected()
	return read.answer, nil
}

// The numbers of types, as PostgreSQL's catalogue has them.
const (
	oidBool, oidBytea, oidInt8, oidInt2, oidInt4, oidOID = 16, 17, 20, 21, 23, 26
	oidJSON, oidFloat4, oidFloat8, oidTimestamp          = 114, 700, 701, 1114
	oidTimestamptz, oidNumeric, oidJSONB                 = 1184, 1700, 3802
)

// elements are the types of the elements of arrays.
var elements = map[uint32]uint32{
	1000: oidBool, 1001: oidBytea, 1005: oidInt2, 1007: oidInt4, 1016: oidInt8, 1028: oidOID, 199: oidJSON, 1021: oidFloat4, 1022: oidFloat8,
	1115: oidTimestamp, 1185: oidTimestamptz, 1231: oidNumeric, 3807: oidJSONB,
	1009: 25, 1015: 1043, 1002: 18, 1014: 1042, 1003: 19, 1182: 1082, 1183: 1083, 1270: 1266, 1187: 1186, 2951: 2950, 1041: 869, 651: 650,
}

// column is a value of a column. What has no form of its own is a text, as PostgreSQL writes it.
func column(oid uint32, text string) value.Value {
	switch oid {
	case oidBool:
		return value.Bool(text == "t")
	case oidInt2, oidInt4, oidInt8, oidOID, oidFloat4, oidFloat8, oidNumeric:
		return number(text)
	case oidJSON, oidJSONB:
		return document(text)
	case oidBytea:
		return hexadecimal(text)
	case oidTimestamp, oidTimestamptz:
		return moment(text)
	}
	if element, isArray := elements[oid]; isArray {
		if list, ok := array(element, text); ok {
			return list
		}
	}
	return value.String(text)
}

// bound is a parameter as PostgreSQL reads it.
func bound(v value.Value, oid uint32) []byte {
	isJSON := oid == oidJSON || oid == oidJSONB
	switch {
	case v.IsMissing():
		return nil
	case isJSON:
		return v.AppendJSON(nil)
	case v.Kind() == value.ListKind:
		return []byte(written(v))
	case v.Kind() == value.ObjectKind:
		return v.AppendJSON(nil)
	case v.Kind() == value.NumberKind:
		return []byte(v.Raw())
	}
	return []byte(v.Text())
}
