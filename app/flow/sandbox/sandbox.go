// Package sandbox runs the JavaScript of strangers: code nodes, and the expressions that package expression doesn't
// compile. An engine inside the server would be no sandbox, because native calls ignore its time limit and a deep
// recursion ends the process. So the binary starts itself again as a worker that has no environment, no network and no
// files, talks over two pipes, and is killed by the parent when it doesn't answer in time.
//
// Parent: pool.go keeps the workers, process.go is one of them, data.go encodes what a script may see. Worker: serve.go,
// with machine.go around the engine and the script's own names in prelude.js. What only some scripts need stands in the
// other scripts, and is loaded for those that mention it: parts in machine.go lists them. It imports expression, format, value
// and fault.
//
// A worker also reads files whose cost nobody can tell before, such as PDF: see document.go.
package sandbox

import (
	"fmt"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/value"
)

// Word is the argument that makes the binary a worker: main calls Serve when os.Args[1] is this word, before it does
// anything else.
const Word = "sandbox-worker"

// Limits of one run. Those of the worker process stand in serve.go.
const (
	DefaultTime   = 500 * time.Millisecond
	LongestTime   = 60 * time.Second
	LongestSource = 256 << 10
	mostData      = 16 << 20 // bytes of items and variables that go to the script
	mostOutput    = 16 << 20
	mostLogs      = 64 << 10 // characters
)

// Mode says what the source is and what is done with its result.
type Mode uint8

const (
	// Expression is one expression; its value is the result. A property read of undefined or null makes it undefined.
	Expression Mode = iota
	// All is the body of an async function that runs once for all items; what it returns is the result.
	All
	// Each is the body of an async function that runs once per input item, one after the other; the result is the list
	// of what it returned.
	Each
	// Check is like All but only reads the syntax; CheckExpression is like Expression.
	Check
	CheckExpression
	// document has the worker read a file by package format; see Pool.Document.
	document
)

// Program is one piece of JavaScript with what it may see.
type Program struct {
	Source string
	Mode   Mode
	// GoesOn has Each go on with the other items where one fails: the result is a list of {value} and {failed}, its message.
	GoesOn bool
	// Text makes the result of an Expression what it is between the letters of a text.
	Text bool
	// Environment may be nil. The script gets from it what its source mentions by name, and secrets only where the
	// environment gives any.
	Environment *expression.Environment
	// Time is the limit for the script, at most LongestTime; zero is DefaultTime. Run returns within half a second more,
	// and the wait for a free worker before.
	Time time.Duration
}

// Result is what a script gave.
type Result struct {
	Value value.Value
	Logs  string // what it wrote to console, a line per call, cut off at 64 KiB
}

// Failure is why a script gave nothing.
type Failure string

// The failures. Only Broken is not the script's own fault.
const (
	Timeout        Failure = "timeout"
	OutOfMemory    Failure = "out_of_memory" // or of stack
	ScriptError    Failure = "script_error"
	WrongResult    Failure = "script_result" // which JSON can't hold
	OutputTooLarge Failure = "output_too_large"
	InputTooLarge  Failure = "input_too_large"
	Broken         Failure = "sandbox_broken" // the worker died without a reason that is known
)

// Error is a script's failure. Its text may be shown to the script's author. As a fault it is Invalid, except that
// Broken is Unavailable.
type Error struct {
	Failure Failure
	Line    int // of the source, from 1; 0 when unknown
	Message string
}

// Error gives message and line.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s (line %d)", e.Message, e.Line)
	}
	return e.Message
}

// Unwrap gives the fault that the world may see.
func (e *Error) Unwrap() error {
	if e.Failure == Broken {
		return fault.New(fault.Unavailable, "%s", e.Error())
	}
	return fault.New(fault.Invalid, "%s", e.Error())
}
