package sandbox

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/flow/fair"
	"zygo/app/value"
)

// Pool keeps warm workers: none before the first run, never more than its size. No organization has all of them, however many
// scripts it runs. A worker whose script went wrong in memory or time is replaced. Use it from any goroutine; Close it at the end.
type Pool struct {
	places *fair.Places
	zones  zones

	// Log is told once where the host does not let workers be confined as they should be; nil is told nothing.
	Log *slog.Logger
	say sync.Once

	mutex       sync.Mutex
	idle        []*process
	closed      bool
	notIsolated error // why namespaces are not allowed here, nil where they are
}

// NewPool makes a pool of at most size workers; 0 means one per core, and two at least.
func NewPool(size int) *Pool {
	if size <= 0 {
		size = max(2, runtime.GOMAXPROCS(0))
	}
	return &Pool{places: fair.NewPlaces(size)}
}

// Run runs a program in a fresh engine and returns its result. It waits for a free worker as long as ctx allows; when ctx
// ends, the script is killed and ctx's error returned. A script's own failure is an *Error, with the Logs up to it in the
// Result; what the operator must know is an Unavailable fault.
func (p *Pool) Run(ctx context.Context, program Program) (Result, error) {
	r, err := p.request(ctx, program)
	if err != nil {
		return Result{}, err
	}
	owner := ""
	if program.Environment != nil {
		owner = program.Environment.Owner
	}
	return p.run(ctx, owner, r)
}

func (p *Pool) run(ctx context.Context, owner string, r request) (Result, error) {
	release, err := p.places.Take(ctx, owner)
	if err != nil {
		return Result{}, err
	}
	defer release()
	worker, err := p.take(ctx)
	if err != nil {
		return Result{}, err
	}
	a, err := worker.exchange(ctx, r)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return Result{}, timeout(r.time)
	default:
		return Result{}, &Error{Failure: Broken, Message: "the sandbox ended while the script ran, most likely for want of memory"}
	}
	p.give(worker, a.failure)
	result := Result{Logs: string(a.logs)}
	if a.failure != "" {
		return result, a.error(r.time)
	}
	if result.Value, err = read(a.value); err != nil {
		return result, &Error{Failure: ScriptError, Message: "the result can't be used: " + err.Error()}
	}
	return result, nil
}

// read reads a result. Of an expression it may be what JSON can't hold: a number that is none, or a Date.
func read(text []byte) (value.Value, error) {
	date, isDate := bytes.CutPrefix(text, []byte("Date"))
	switch number, isNumber := unwritten[string(text)]; {
	case len(text) == 0:
		return value.Value{}, nil
	case isNumber:
		return value.Float(number), nil
	case isDate:
		written, err := value.Parse(date, value.Limits{})
		return value.Date(written.Raw()), err
	}
	return value.Parse(text, value.Limits{Bytes: mostOutput})
}

var unwritten = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

// Script is the pool as package expression wants it.
func (p *Pool) Script(ctx context.Context, source string, inText bool, env *expression.Environment) (value.Value, error) {
	result, err := p.Run(ctx, Program{Source: source, Mode: Expression, Text: inText, Environment: env})
	return result.Value, err
}

// Close ends the idle workers; one that is running ends with its run. Run then gives Unavailable.
func (p *Pool) Close() {
	p.mutex.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mutex.Unlock()
	for _, worker := range idle {
		worker.end()
	}
}

// take gives an idle worker or starts one.
func (p *Pool) take(ctx context.Context) (*process, error) {
	for {
		p.mutex.Lock()
		closed, isolated := p.closed, p.notIsolated == nil
		var worker *process
		if last := len(p.idle) - 1; last >= 0 {
			worker, p.idle = p.idle[last], p.idle[:last]
		}
		p.mutex.Unlock()
		switch {
		case closed:
			return nil, fault.New(fault.Unavailable, "the JavaScript sandbox is shutting down")
		case worker == nil:
			return p.start(ctx, isolated)
		case worker.isAlive():
			return worker, nil
		}
		worker.end()
	}
}

// start tries namespaces first. Whether they are allowed is the host's decision and doesn't change while it runs.
func (p *Pool) start(ctx context.Context, isolated bool) (*process, error) {
	worker, err := start(ctx, isolated)
	if refused := err; err != nil && isolated && ctx.Err() == nil {
		if worker, err = start(ctx, false); err == nil {
			p.mutex.Lock()
			p.notIsolated = refused
			p.mutex.Unlock()
		}
	}
	if err != nil {
		if ctx.Err() == nil {
			err = fault.New(fault.Unavailable, "the JavaScript sandbox can't start").Because(err)
		}
		return nil, err
	}
	p.say.Do(func() {
		if c := p.confinement(worker); p.Log != nil && (c.Refused != nil || !c.Filtered) {
			p.Log.Warn(c.String(), "error", c.Refused)
		}
	})
	return worker, nil
}

// Confinement is what keeps a worker from the rest of the machine, in addition to the limits of its memory and time.
type Confinement struct {
	// Refused is why the host gives it no namespaces, nil where it does.
	Refused error
	// Filtered tells whether the kernel refuses it system calls that it doesn't need.
	Filtered bool
}

// String says it to the operator.
func (c Confinement) String() string {
	switch {
	case c.Refused == nil && c.Filtered:
		return "code nodes run in namespaces of their own, with few system calls"
	case c.Refused == nil:
		return "code nodes run in namespaces of their own; this kernel does not filter their system calls"
	case c.Filtered:
		return "code nodes have few system calls, and no namespaces of their own, which this machine refuses"
	}
	return "code nodes are not kept from the files and the network of Zygo's user: this machine refuses namespaces and does not filter system calls"
}

func (p *Pool) confinement(worker *process) Confinement {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return Confinement{Refused: p.notIsolated, Filtered: worker.filtered}
}

// Examine starts a worker and tells how it is confined here.
func Examine(ctx context.Context) (Confinement, error) {
	p := NewPool(1)
	defer p.Close()
	worker, err := p.take(ctx)
	if err != nil {
		return Confinement{}, err
	}
	defer worker.end()
	return p.confinement(worker), nil
}

// give returns a worker after an answer, or ends one that can't be trusted to be clean.
func (p *Pool) give(worker *process, failure Failure) {
	if failure != OutOfMemory && failure != Broken && worker.runs < mostRuns {
		p.mutex.Lock()
		if !p.closed {
			p.idle = append(p.idle, worker)
			worker = nil
		}
		p.mutex.Unlock()
	}
	if worker != nil {
		worker.end()
	}
}

func timeout(limit time.Duration) *Error {
	return &Error{Failure: Timeout, Message: "the script didn't end within " + limit.String()}
}

func (a answer) error(limit time.Duration) *Error {
	e := &Error{Failure: a.failure, Line: int(a.line), Message: value.String(string(a.message)).Raw()}
	switch a.failure {
	case Timeout:
		return timeout(limit)
	case OutOfMemory:
		e.Message = "the script needs more than its 64 MB of memory or its depth of calls"
	case OutputTooLarge:
		e.Message = "the result is larger than 16 MiB"
	}
	return e
}
