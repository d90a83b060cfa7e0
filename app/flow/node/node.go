// Package node holds the node types of workflows. A type is declared once, by Declare: its name, what it is for, a struct
// of parameters whose tags are those of a resource's fields, its outputs, whether it may be repeated, and a function. The
// palette, the form, the JSON schema, the check of a workflow and the run all come from that declaration.
//
// Retry, timeout, on-error, disabled and notes belong to the step and to the engine, never to a node. Start reading here;
// each type is in a file of its name.
package node

import (
	"context"
	"fmt"
	"time"

	"zygo/app/flow/expression"
	"zygo/app/flow/memory"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Repeat says what the engine may do with a step that was running when the process died.
type Repeat int

// The classes of repetition.
const (
	// Pure steps have no effect outside: they run again at will, and their results wait for the next commit.
	Pure Repeat = iota
	// SafeWithKey steps run again with the same idempotency key, by which the other side knows them.
	SafeWithKey
	// Never steps are not run again: a person decides.
	Never
)

// Main is the output of most nodes.
const Main = "main"

// Services are what nodes reach the world through. The engine makes them once.
type Services struct {
	HTTP    *outgoing.Guard
	Mail    *outgoing.Mailer // nil where the instance sends no mail
	Sandbox *sandbox.Pool
	// Names asks name servers.
	Names *outgoing.Resolver
	// Feeds keeps what feeds answered before, and Tokens the access tokens of OAuth.
	Feeds  feeds
	Tokens tokens
}

// Call is one run of a node over the items of its input.
type Call struct {
	// Items are those of all inputs. Inputs tells which came by which where the type has several.
	Items  []value.Item
	Inputs [][]value.Item
	// Loop is how far a loop is, for its node alone.
	Loop *Loop
	// Answer is what the node asked the engine to wait for; nil at the first call.
	Answer *Answer
	// Environment is what expressions see; the engine sets Item and Index as Parameters asks.
	Environment *expression.Environment
	// Key names this step's effect: the same at every attempt and after a crash.
	Key     string
	Attempt int
	Now     time.Time
	// Log keeps a line with the step, and Hide takes a secret out of what the step leaves behind. Hide may be nil.
	Log      func(line string)
	Hide     func(secret string)
	Services *Services
	// Records are those of the organization.
	Records Records
	// Seen is what the node remembers from execution to execution.
	Seen Seen
	// Owns tells whether a host is at or below a domain of which the organization proved that it is its own.
	Owns func(host string) (bool, error)
	// Memory counts what the run builds, from which it is told to stop in time.
	Memory *memory.Meter
	// Progress is kept from attempt to attempt, and GoesOn tells that the execution does when items fail.
	Progress *Progress
	GoesOn   bool
	// AsInN8n tells that the workflow behaves as in n8n, where that differs.
	AsInN8n bool
}

const (
	mostItems = 10_000
	// mostResolved is what the parameters of one item may take together.
	mostResolved = 64 << 20
)

var (
	errTooManyItems = &Error{
		OfStep:  true,
		Code:    "OUTPUT_TOO_LARGE",
		Message: fmt.Sprintf("The node put out more than %d items.", mostItems),
	}
	errResolvedTooLarge = &Error{
		Code:    "PARAMETERS_TOO_LARGE",
		Message: fmt.Sprintf("What the node's expressions gave for one item takes more than %d MiB.", mostResolved>>20),
	}
)

// put adds an item that the node made to an output, unless it makes too many or they are too large.
func (c *Call) put(out *Output, item value.Item) error {
	if len(out.Items) >= mostItems {
		return errTooManyItems
	}
	if err := c.Memory.Take(item.JSON.Size()); err != nil {
		return err
	}
	out.Items = append(out.Items, item)
	return nil
}

// Output is what a node puts out at one of its outputs.
type Output struct {
	Name  string
	Items []value.Item
}

// Result is what a run of a node gives. An item of an output carries in From the index of the item that it was made from, and in
// Also those of others (the rest of an Origin is filled in by the engine).
type Result struct {
	Outputs []Output
	// Failed are the items of which nothing is put out, where the execution goes on after errors.
	Failed []ItemError
	// Wait asks the engine to call the node again with the answer, instead of putting anything out now.
	Wait *Wait
	// Calls are executions that the step starts and does not wait for.
	Calls []WorkflowCall
	// WaitUntil, where it is set, asks the engine to hold the items back until then, without a goroutine or memory.
	WaitUntil time.Time
	// Response is the answer for the caller of the webhook that started the execution.
	Response *Response
}

// Response is an HTTP answer that a workflow gives.
type Response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    []byte            `json:"body"`
}

// Error is a failure of a node. Code is short and upper case (HTTP_STATUS, TIMEOUT, SCRIPT); Message may be shown.
type Error struct {
	Code, Message string
	// Retryable tells that a later attempt may succeed; After is the wait that the other side asked for.
	Retryable bool
	After     time.Duration
	Cause     error
	// Status and Body are those of an answer that was no success; without one Status is 0.
	Status int
	Body   value.Value
	// Exchange is the request that failed, nil for none.
	Exchange *Exchange
	// OfStep tells that it concerns the whole step, also of a node that works item by item.
	OfStep bool
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Run is the function of a type: parameters(i) resolves the parameters for item i.
type Run[P any] func(ctx context.Context, c *Call, parameters func(item int) (*P, error)) (Result, error)
