// Package database asks databases of others, PostgreSQL and MySQL, on behalf of workflows: one statement at a time, with bound
// parameters, in a transaction of its own that reads only unless the statement may write. It connects through the address
// guard alone, and no error of it holds a password.
//
// Start with Open. address.go reads an address, rows.go bounds what comes back, and each database has a file of its name.
package database

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"zygo/app/fault"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Statement is what a database is asked.
type Statement struct {
	SQL        string
	Parameters []value.Value
	ReadOnly   bool
	// Count asks how many rows were changed, and not for rows.
	Count bool
	// Most are the rows that are read. More are left out.
	Most int
	Time time.Duration
}

// Answer is what a database gave.
type Answer struct {
	Rows []value.Value
	// More tells that there were more rows.
	More    bool
	Changed int64
	// ID is the one that MySQL gave a new row, undefined for none.
	ID value.Value
}

// Connection is a connection to a database. Close it at the end.
type Connection interface {
	Ask(ctx context.Context, s Statement) (Answer, error)
	// IsUsable tells whether it can be asked again after an error.
	IsUsable() bool
	Close()
}

// connectTime bounds a sign-in.
const connectTime = 15 * time.Second

// Error is a failure that may be shown.
type Error struct {
	Message string
	// Retryable tells that a later attempt may succeed.
	Retryable bool
	// Refused tells that the guard did not allow the address.
	Refused bool
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

func wrong(format string, arguments ...any) error {
	return &Error{Message: fmt.Sprintf(format, arguments...)}
}

// Open connects to the database at an address such as postgres://user:password@host/name.
func Open(ctx context.Context, guard *outgoing.Guard, address string) (Connection, error) {
	to, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if to.kind == MySQL {
		return openMySQL(ctx, guard, to)
	}
	return openPostgres(ctx, guard, to)
}

// mostReceived bounds what a server sends in answer to one statement.
const mostReceived = 64 << 20

// bounded is a connection whose server may only send so much until it is asked again.
type bounded struct {
	net.Conn
	left atomic.Int64
}

var errTooMuch = errors.New("too much came")

// Read reads until the server sent too much.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if b.left.Add(int64(-n)) < 0 {
		return 0, errTooMuch
	}
	return n, err
}

// dial connects through the guard.
func (a *address) dial(ctx context.Context, guard *outgoing.Guard) (*bounded, error) {
	c, err := guard.Dial(ctx, net.JoinHostPort(a.host, a.port), map[string]outgoing.Protocol{
		Postgres: {Name: "PostgreSQL", Port: 5432},
		MySQL:    {Name: "MySQL", Port: 3306},
	}[a.kind])
	if err != nil {
		return nil, err
	}
	wire := &bounded{Conn: c}
	wire.left.Store(mostReceived)
	return wire, nil
}

// unreachable is the failure of a connection or of what is said over it, without the words of a driver, which name what it was
// given.
func (a *address) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	if errors.Is(err, errTooMuch) {
		return wrong("The database answered with more than %d MiB. Ask for fewer rows or columns.", mostReceived>>20)
	}
	f, ok := fault.As(outgoing.Explain(err))
	if !ok {
		return err
	}
	return &Error{
		Message:   fmt.Sprintf("The database at %s can't be reached: %s.", a.host, f.Message),
		Retryable: f.Code == fault.Unavailable,
		Refused:   f.Code == fault.Forbidden,
	}
}

// unknown is a failure after which nobody knows whether a statement that writes took effect: it is not tried again by itself.
func unknown(err error) error {
	var failed *Error
	if !errors.As(err, &failed) {
		return err
	}
	return &Error{Message: failed.Message + " Whether the statement took effect is not known."}
}
