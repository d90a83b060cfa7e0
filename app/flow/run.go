package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/memory"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// run is an execution under way in this process. One goroutine drives it; the others read events and cancel.
type run struct {
	engine  *Engine
	program *program
	row     Execution
	// journal holds the steps; saved of them are on disk as they are here, and stored of them are there in some form.
	journal       []Step
	saved, stored int
	// accepted tells that the execution is on disk; who waits for the answer reads it too.
	accepted atomic.Bool
	// resumed tells that the execution has to be read from disk before it goes on; interrupted that a process died meanwhile.
	resumed, interrupted bool
	// variables are those of the organization and of the workspace, as they were when the run began.
	variables value.Value
	// held tells that a step asked for something that may still be open when the execution ends.
	held bool
	// memory counts what the execution holds, and built what its step under way does.
	memory, built *memory.Meter
	ctx           context.Context
	cut           context.CancelCauseFunc

	mu      sync.Mutex
	events  []Event
	changed chan struct{}
}

// Answer is what the caller of a webhook gets.
type Answer struct {
	Status      Status
	ExecutionID string
	// Response, where a respond node gave one, is sent as it is.
	Response *node.Response
	// Items are the JSON of the last node's items otherwise.
	Items field.JSON
	// Header stands on the answer whatever it is, and Code is that of a success which no node answers, 0 for the usual one.
	Header http.Header
	Code   int
	// err is why the execution could not be stored.
	err error
}

// unstoredError is why a run could not be put on disk. It says nothing about the workflow, so it is no failure of it.
type unstoredError struct{ cause error }

func (e *unstoredError) Error() string { return "store the execution: " + e.cause.Error() }
func (e *unstoredError) Unwrap() error { return e.cause }

var (
	errCancelled = errors.New("cancelled")
	errStopping  = errors.New("the instance stops")
	errTimedOut  = errors.New("the execution took longer than its timeout")
	// errParked ends the goroutine of an execution that waits; a timer takes it up again.
	errParked = errors.New("parked")
	// errTaken ends a goroutine whose execution somebody else took up.
	errTaken = errors.New("taken up elsewhere")
)

const (
	mostSteps = 100_000
	// ofEachStep is about what the record of a step takes in memory besides its outputs, in bytes.
	ofEachStep = 512
	// mostUnsaved steps are walked before they are put on disk, although none of them had an effect.
	mostUnsaved = 256
	// usualRunTime bounds a stretch between two waits where the workflow sets no timeout, which counts its waits.
	usualRunTime   = time.Hour
	mostOutput     = 16 << 20
	longestLog     = 64 << 10
	shortestPark   = 5 * time.Second
	longestBackoff = 15 * time.Minute
	// silentStart is how long an execution may run before the database says so. Most are over by then.
	silentStart = 300 * time.Millisecond
)

// execute drives the execution to its end, to a wait, or to the stop of the instance.
func (r *run) execute() {
	if r.resumed {
		if err := r.load(); err != nil {
			r.unstored(err)
			return
		}
	}
	r.row.Status = Running
	r.row.ErrorCode, r.row.ErrorMessage, r.row.ErrorNode = "", "", "" // what it waited for to try again
	if begins := r.row.StartedAt == 0; begins || !r.resumed {
		if begins {
			r.row.StartedAt = r.engine.kernel.Now()
		}
		r.emit("execution.started", "", 1, nil)
	}
	if r.accepted.Load() {
		row := r.row
		late := time.AfterFunc(silentStart, func() {
			r.engine.runner.Go("show a start", func(context.Context) { r.engine.showStart(&row) })
		})
		defer late.Stop()
	}
	limit := usualRunTime
	if seconds := r.program.settings.Timeout; seconds > 0 {
		limit = time.Duration(seconds)*time.Second - r.engine.kernel.Now().Sub(r.row.StartedAt)
	}
	ctx, cancel := context.WithTimeoutCause(r.ctx, limit, errTimedOut)
	defer cancel()
	var last []value.Item
	var err error
	if r.interrupted {
		err = r.flush(nil) // should it end the process again, the next one knows what ran
	}
	if err == nil {
		last, err = r.steps(ctx)
	}
	var unstored *unstoredError
	switch {
	case errors.Is(err, errParked), errors.As(err, &unstored):
	case errors.Is(err, errStopping) && r.accepted.Load():
		// What is done is kept; the next start goes on from here.
		r.row.Status = Queued
		err = r.flush(nil)
	case errors.Is(err, errStopping):
		r.answer(Answer{err: fault.New(fault.Unavailable, "Zygo is stopping. Try again in a moment.")})
	default:
		err = r.finish(last, err)
	}
	switch {
	case errors.Is(err, errTaken):
		r.answer(Answer{Status: Running, ExecutionID: r.row.ID})
	case errors.As(err, &unstored):
		r.unstored(unstored.cause)
	}
}

// showStart tells readers of the database that an execution which waited in the queue runs now, if no step did before.
func (e *Engine) showStart(row *Execution) {
	if err := e.session(row.TenantID, row.ID, row.ActorID).Write(func(s *resource.Session) error {
		_, err := s.Change(Executions.Table(s), []resource.Pair{
			{Column: "status", Value: string(Running)},
			{Column: "started_at", Value: row.StartedAt},
		},
			[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}, {Column: "status", Value: string(Queued)}})
		return err
	}); err != nil {
		e.kernel.Log().Warn("the start of an execution could not be stored", "execution", row.ID, "tenant", row.TenantID, "error", err)
	}
}

// unstored ends a run that the database did not take. A caller whose execution is on disk is told so, and it is taken up
// again; the others learn why it is not.
func (r *run) unstored(cause error) {
	if !r.accepted.Load() {
		r.answer(Answer{err: cause})
		return
	}
	r.engine.kernel.Log().Error("an execution could not be stored and is taken up again", "execution", r.row.ID, "tenant", r.row.TenantID,
		"error", cause)
	r.answer(Answer{Status: Running, ExecutionID: r.row.ID})
	r.engine.lose(r)
}

// steps walks the program. What the journal holds is taken from there; the rest runs. It gives the items of the last node.
func (r *run) steps(ctx context.Context) ([]value.Item, error) {
	trigger, err := r.program.trigger(r.row.TriggerNode, "")
	if err != nil {
		return nil, err
	}
	input, err := r.engine.payloads.items(r.row.Input)
	if err != nil {
		return nil, fmt.Errorf("read the execution's input: %w", err)
	}
	if err := r.memory.Take(sizeOf(input)); err != nil {
		return nil, r.outOfMemory(-1, err)
	}
	if r.variables, err = r.engine.variables(r.program.tenant, r.program.workspace); err != nil {
		return nil, err
	}
	w := newWalk(r.program, trigger, input)
	last := input
	for seq := 0; ; seq++ {
		f := w.next()
		if f == nil {
			return last, nil
		}
		if seq >= mostSteps {
			return nil, &node.Error{
				Code:    "TOO_MANY_STEPS",
				Message: fmt.Sprintf("The execution ran %d steps; that is the most.", mostSteps),
			}
		}
		if err := r.memory.Take(ofEachStep); err != nil {
			return nil, r.outOfMemory(-1, err)
		}
		outputs, err := r.step(ctx, w, seq, f)
		if err != nil {
			if step := &r.journal[seq]; step.Status == stepFailed && w.spare(f, step) {
				continue
			}
			r.row.ErrorNode = f.unit.ID
			return nil, err
		}
		w.done(f, outputs)
		last = lastItems(outputs)
	}
}

func (r *run) environment(w *walk, f *frame, secrets *redactor) *expression.Environment {
	mode := "trigger"
	if r.row.Trigger == "manual" {
		mode = "manual"
	}
	return &expression.Environment{
		Input: f.items, Nodes: w, Run: len(w.runs[f.unit.Name]), Now: r.engine.kernel.Now().Go().In(r.program.zone),
		Vars: r.variables, Env: r.variables,
		Workflow:  expression.Workflow{ID: r.program.workflowID, Name: r.program.workflowName, Active: mode != "manual"},
		Execution: expression.Execution{ID: r.row.ID, Mode: mode, Trigger: r.row.Trigger, Resume: r.resumeURL},
		Hide:      r.program.settings.AsInN8n, Previous: f.previous(),
		Parameters: func(node string) value.Value { return r.program.parameters(cmp.Or(node, f.unit.Name)) },
		Secret: func(_ context.Context, name string) (string, error) {
			if err := r.mayAct(); err != nil {
				return "", err
			}
			secret, err := r.engine.secret(r.row.TenantID, name)
			secrets.used(secret)
			return secret, err
		},
		Script: r.engine.services.Sandbox.Script, Owner: r.row.TenantID,
	}
}

func (r *run) succeed(seq int, f *frame, status string, result node.Result) ([]node.Output, error) {
	if result.Wait != nil {
		return r.hold(seq, f, result.Wait)
	}
	calls, err := r.prepareCalls(seq, result.Calls)
	if err != nil {
		return r.fail(seq, f, asNodeError(err))
	}
	step := &r.journal[seq]
	if step.Outputs, err = r.engine.payloads.encodeOutputs(f, result.Outputs); err != nil {
		return nil, &unstoredError{err}
	}
	r.keep(step, f, result.Outputs)
	step.ErrorCode, step.ErrorMessage, step.Progress, step.Exchange = "", "", nil, nil
	if !result.WaitUntil.IsZero() && timeOf(result.WaitUntil) > r.engine.kernel.Now() {
		step.Status = stepWaiting
		return nil, r.park(seq, timeOf(result.WaitUntil))
	}
	step.Status, step.FinishedAt = status, r.engine.kernel.Now()
	r.finished(step)
	if result.Response != nil || !f.unit.compiled.Pure() || seq-r.saved >= mostUnsaved {
		// An effect is recorded at once, so that a crash repeats it as rarely as can be; and nobody is answered before
		// what the answer stands for is on disk.
		if err := r.flushWith(func(s *resource.Session) error { return r.startCalls(s, calls, 0) }); err != nil {
			return nil, err
		}
	}
	if len(calls) > 0 {
		r.engine.alarm.Set()
	}
	if result.Response != nil {
		r.answer(Answer{Status: Running, ExecutionID: r.row.ID, Response: result.Response})
	}
	return result.Outputs, nil
}

// passed are the input's items on their way through.
func passed(items []value.Item) []value.Item {
	through := make([]value.Item, len(items))
	for i, item := range items {
		item.From, item.Also = value.Origin{Index: i}, nil
		through[i] = item
	}
	return through
}

// finish stores the end of the execution and answers the caller.
func (r *run) finish(last []value.Item, err error) error {
	r.row.FinishedAt, r.row.WakeAt = r.engine.kernel.Now(), 0
	switch {
	case err == nil:
		r.row.Status = Succeeded
		if r.row.Output, err = r.engine.payloads.spill(value.AppendItems(nil, last)); err != nil {
			return &unstoredError{err}
		}
	case errors.Is(err, errCancelled):
		r.row.Status, r.row.ErrorCode, r.row.ErrorMessage = Cancelled, "CANCELLED", "Somebody cancelled the execution."
	case errors.Is(err, errTimedOut):
		r.row.Status, r.row.ErrorCode, r.row.ErrorMessage = Failed, "TIMEOUT", "The execution took longer than the workflow's timeout."
	default:
		failure := asNodeError(err)
		r.row.Status, r.row.ErrorCode, r.row.ErrorMessage = Failed, failure.Code, failure.Message
		if failure.Code == "INTERNAL" {
			r.engine.kernel.Log().Error("an execution failed inside", "execution", r.row.ID, "tenant", r.row.TenantID, "error", err)
		}
	}
	r.row.Size = r.size()
	object, follows := r.end(), r.engine.errorRuns(&r.row) // before the write, where everybody would wait for it
	if err := r.flush(func(s *resource.Session) error {
		if err := s.RecordObject("execution", string(r.row.Status), r.row.ID, r.row.WorkspaceID, object); err != nil {
			return err
		}
		return r.engine.ended(s, &r.row, r.held, follows)
	}); err != nil {
		return err
	}
	if err := r.engine.over(&r.row, r.held); err != nil {
		return err
	}
	r.emit("execution.finished", "", (len(r.journal)+1)*1000, map[string]any{"status": r.row.Status})
	r.answer(Answer{Status: r.row.Status, ExecutionID: r.row.ID, Items: itemsJSON(last)})
	return nil
}

// park stores the execution with the time when it goes on, and lets go of its goroutine and memory.
func (r *run) park(seq int, until field.Time) error { return r.parkWith(seq, until, nil) }

// parkWith does something else in the write that parks the execution.
func (r *run) parkWith(seq int, until field.Time, also func(s *resource.Session) error) error {
	r.row.Status, r.row.WakeAt = Waiting, until
	r.saved = min(r.saved, seq)
	if err := r.flushWith(also); err != nil {
		return err
	}
	waits := ""
	if seq < len(r.journal) {
		waits = r.journal[seq].Node
	}
	r.emit("execution.waiting", waits, seq*1000+1998, map[string]any{"until": until})
	if !r.engine.waitsUntil(r.row.ID, until.Go()) {
		r.answer(Answer{Status: Waiting, ExecutionID: r.row.ID})
	}
	r.engine.alarm.Set()
	return errParked
}

func (r *run) answer(a Answer) { r.engine.answer(r.row.ID, a) }

func itemsJSON(items []value.Item) field.JSON {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = item.JSON.AppendJSON(out)
	}
	return append(out, ']')
}
