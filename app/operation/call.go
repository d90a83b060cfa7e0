package operation

import (
	"bufio"
	"io"
	"reflect"
	"time"

	"zygo/app/field"
	"zygo/app/request"
	"zygo/app/resource"
)

// Call is one call of an operation: the session of the caller, what the request brings with the input, and what the answer
// carries with the output.
type Call struct {
	// Session reaches no tenant and has no rights where nobody is signed in.
	*resource.Session
	// Caller is the person as the accounts know them, nil where nobody is signed in; Refused says why then.
	Caller  any
	Refused error
	// Browser tells that a page of this instance calls: it keeps its session in a cookie and is given no tokens.
	Browser bool
	// Repeatable is the request as its client may repeat it, and Version that of If-Match, 0 without it.
	Repeatable request.Repeatable
	Version    int64
	// Cookie gives a cookie of the request, empty if there is none.
	Cookie func(name string) string
	// Upload hands over the one file of a form.
	Upload func(take func(name string, content io.Reader) error) error
	// Slowed explains a refusal by a limit that the caller may share with others.
	Slowed func(err error) error

	// Cookies are those that the answer sets.
	Cookies []Cookie
	// Clears asks the browser to forget all that it keeps of this instance.
	Clears bool
}

// SetCookie gives the browser a cookie.
func (c *Call) SetCookie(cookie Cookie) { c.Cookies = append(c.Cookies, cookie) }

// Cookie is what a browser keeps for the instance alone, out of reach of scripts. Without a value it is taken back, and
// without a life it ends with the browser.
type Cookie struct {
	Name, Value string
	Life        time.Duration
}

// Done is the answer of an operation that has nothing to tell: null.
type Done struct{}

// Schema is that of null.
func (Done) Schema() field.Schema { return field.Schema{"type": "null"} }

// MarshalJSON gives null.
func (Done) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Redirect is an answer that leads a browser to another address.
type Redirect string

// Content is an answer that is a file and stands in no envelope.
type Content struct {
	// Name is that of a file to be saved; without it the content is shown.
	Name string
	Body []byte
	// Write gives the body piece by piece, in the place of Body.
	Write func(w *bufio.Writer) error
}

// Row is the row of a kind, as its own operations answer it.
type Row[T any] struct{ field.JSON }

// RowType is the Go type of the row.
func (Row[T]) RowType() reflect.Type { return reflect.TypeFor[T]() }

// RowOf encodes a row of a kind.
func RowOf[T any](kind *resource.Kind[T], s *resource.Session, row *T) Row[T] {
	return Row[T]{kind.JSON(s, row)}
}

// Created is a row that the operation made by itself.
type Created[T any] struct {
	Made
	Row[T]
}

// Made stands in an output of something new, for which the edge answers 201.
type Made struct{}

func (Made) makes() {}

// Making is an output with Made in it.
type Making interface{ makes() }

// Accepted is an output that may be an answer to something not yet done: the edge says so in the status.
type Accepted interface{ Accepted() bool }

// Listed is an output whose rows come in parts, with what the envelope says of them.
type Listed interface {
	Envelope() (rows any, metadata map[string]any)
}
