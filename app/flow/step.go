package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"zygo/app/flow/node"
)

// step gives the outputs of one node: from the journal, or by running it with its retries.
func (r *run) step(ctx context.Context, w *walk, seq int, f *frame) ([]node.Output, error) {
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	if r.engine.isStopping() {
		return nil, errStopping
	}
	r.built = r.engine.budget.step(r.memory)
	attempt := 1
	if seq < len(r.journal) {
		var outputs []node.Output
		var err error
		if attempt, outputs, err = r.takeUp(seq, f); attempt == 0 || err != nil {
			return outputs, err
		}
	} else {
		r.journal = append(r.journal, Step{
			Seq:       seq,
			TenantID:  r.row.TenantID,
			Node:      f.unit.ID,
			Status:    stepStarted,
			StartedAt: r.engine.kernel.Now(),
			Attempt:   1,
		})
	}
	r.journal[seq].Status = stepStarted
	if f.unit.Disabled {
		passes := []node.Output{{Name: f.unit.leaves[0], Items: passed(f.items)}}
		return r.succeed(seq, f, stepSkipped, node.Result{Outputs: passes})
	}
	// The execution of a draft began with what is pinned to its trigger, or with what came instead.
	if pinned := f.unit.pinned; pinned != nil && r.program.version < 0 && !f.unit.kind.Trigger {
		outputs := []node.Output{{Name: f.unit.leaves[0], Items: passed(pinned)}}
		r.journal[seq].Logs = encodedLines(pinnedItems)
		return r.succeed(seq, f, stepSucceeded, node.Result{Outputs: outputs})
	}
	r.emit("node.started", f.unit.ID, seq*1000+1000, nil)
	t, err := r.triesOf(&r.journal[seq])
	if err == nil && attempt == answered {
		attempt = r.journal[seq].Attempt
		t.answer, err = r.answerTo(seq)
	}
	if err != nil {
		return nil, err
	}
	return r.try(ctx, w, seq, f, attempt, t)
}

// answered stands for the number of the attempt that asked for something and gets the answer now.
const answered = -1

// takeUp goes on with a step that the journal has: with its outputs if it ended, or else with the number of its next attempt.
func (r *run) takeUp(seq int, f *frame) (attempt int, outputs []node.Output, err error) {
	recorded := &r.journal[seq]
	switch {
	case recorded.isFinal():
		if recorded.Status == stepFailed && !f.unit.goesOn() {
			return 0, nil, &node.Error{Code: recorded.ErrorCode, Message: recorded.ErrorMessage}
		}
		outputs, err = r.replay(seq, f)
		return 0, outputs, err
	case recorded.Status == stepWaiting && recorded.Outputs == nil:
		r.held = true
		return answered, nil, nil
	case recorded.Status == stepWaiting:
		recorded.Status, recorded.FinishedAt = stepSucceeded, r.engine.kernel.Now()
		r.saved = min(r.saved, seq)
		r.finished(recorded)
		outputs, err = r.replay(seq, f)
		return 0, outputs, err
	case recorded.Status == stepStarted && f.unit.compiled.Repeat() == node.Never:
		outputs, err = r.fail(seq, f, &node.Error{
			Code:    "INTERRUPTED",
			Message: "Zygo stopped while this node ran, and it may not be repeated by itself. Look at its effect, then retry from here or from the start.",
		})
		return 0, outputs, err
	case recorded.Status == stepStarted:
		return recorded.Attempt, nil, nil
	}
	return recorded.Attempt + 1, nil, nil
}

// try attempts a node until it succeeds, has no attempt left, or waits for the next one longer than a process should.
func (r *run) try(ctx context.Context, w *walk, seq int, f *frame, attempt int, t *tries) ([]node.Output, error) {
	for ; ; attempt++ {
		r.journal[seq].Attempt = attempt
		result, err := r.attempt(ctx, w, seq, f, attempt, t)
		if err == nil && len(result.Failed) > 0 {
			passing := mayPass(result.Failed)
			if passing == nil || attempt >= f.unit.Retry.Attempts {
				return r.failPartly(seq, f, result)
			}
			err = passing
		}
		if err == nil {
			return r.succeed(seq, f, stepSucceeded, result)
		}
		if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.DeadlineExceeded) {
			return nil, cause
		}
		var unstored *unstoredError
		if errors.As(err, &unstored) {
			return nil, err
		}
		r.built.Reset()
		if errors.Is(err, errNoMemory) && f.unit.compiled.Repeat() != node.Never {
			r.journal[seq].Attempt-- // what others hold is no failure of the node
			r.keepProgress(&r.journal[seq], t)
			return nil, r.outOfMemory(seq, err)
		}
		failure := asNodeError(err)
		if attempt >= f.unit.Retry.Attempts || !failure.Retryable {
			r.keepProgress(&r.journal[seq], t)
			return r.fail(seq, f, failure)
		}
		if err := r.pause(ctx, seq, f, attempt, failure, t); err != nil {
			return nil, err
		}
	}
}

// pause waits until the next attempt. A long wait leaves memory and comes back as an alarm.
func (r *run) pause(ctx context.Context, seq int, f *frame, attempt int, failure *node.Error, t *tries) error {
	r.emit("node.failed", f.unit.ID, seq*1000+1000+min(attempt, 990), map[string]any{
		"attempt":  attempt,
		"code":     failure.Code,
		"message":  failure.Message,
		"retrying": true,
	})
	pause := backoff(f.unit.Retry, attempt, failure.After)
	if pause >= shortestPark {
		r.keepProgress(&r.journal[seq], t)
		step := &r.journal[seq]
		step.Status, step.ErrorCode, step.ErrorMessage = stepRetrying, failure.Code, failure.Message
		r.row.ErrorCode, r.row.ErrorMessage, r.row.ErrorNode = failure.Code, failure.Message, f.unit.ID
		return r.park(seq, r.engine.kernel.Now().Add(pause))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt runs the node once. Before an effect, everything that led to it is on disk.
func (r *run) attempt(ctx context.Context, w *walk, seq int, f *frame, attempt int, t *tries) (result node.Result, err error) {
	f = f.once()
	if !f.unit.compiled.Pure() && (!r.accepted.Load() || r.saved < seq || f.unit.compiled.Repeat() == node.Never) {
		upTo := seq
		if f.unit.compiled.Repeat() == node.Never {
			upTo = seq + 1
		}
		if err := r.flushTo(upTo, nil); err != nil {
			return result, err
		}
	}
	limit := usualRunTime // a request, a mail and a script have limits of their own, for each item
	if f.unit.Timeout > 0 {
		limit = time.Duration(f.unit.Timeout) * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if f.unit.compiled.Repeat() != node.Pure {
		if err := r.mayAct(); err != nil {
			return result, err
		}
	}
	lines := &stepLog{}
	secrets := &t.secrets
	call := &node.Call{
		Memory:      r.built,
		Progress:    t.progress,
		GoesOn:      f.unit.goesOn(),
		AsInN8n:     r.program.settings.AsInN8n,
		Items:       f.items,
		Inputs:      f.inputs(),
		Loop:        f.loop.state(),
		Answer:      t.answer,
		Key:         fmt.Sprintf("%s:%s:%d", r.row.ID, f.unit.ID, seq),
		Attempt:     attempt,
		Now:         r.engine.kernel.Now().Go().In(r.program.zone),
		Services:    r.engine.services,
		Records:     records{r},
		Seen:        seenBy{r, f.unit.ID, fmt.Sprintf("%s:%d", r.row.ID, seq)},
		Owns:        r.owns,
		Environment: r.environment(w, f, secrets),
		Log:         lines.add,
		Hide:        secrets.used,
	}
	t.answer = nil // another attempt asks anew
	result, err = r.runNode(ctx, f, call)
	if err == nil {
		err = complete(f, call, &result)
	}
	r.journal[seq].Logs = lines.encoded(secrets)
	result, err = r.disclose(seq, result, err, secrets)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = &node.Error{
			Code:      "TIMEOUT",
			Message:   fmt.Sprintf("The node took longer than its timeout of %s.", limit),
			Retryable: true,
			Cause:     err,
		}
	}
	return result, err
}

// complete adds to what a node put out what its envelope asks for.
func complete(f *frame, call *node.Call, result *node.Result) error {
	if err := checkSize(f, result.Outputs); err != nil {
		return err
	}
	f.unit.fill(result, call.Log)
	leaveInN8n(f, call, result)
	return nil
}

// runNode calls the node. One that panics fails, and takes nobody along.
func (r *run) runNode(ctx context.Context, f *frame, call *node.Call) (result node.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.engine.kernel.Log().Error("a node panicked", "execution", r.row.ID, "node", f.unit.ID, "type", f.unit.Type,
				"panic", p, "stack", string(debug.Stack()))
			err = &node.Error{Code: "INTERNAL", Message: "The node failed inside Zygo. The execution's id leads to the log line."}
		}
	}()
	return f.unit.compiled.Run(ctx, call)
}

// disclose gives what an attempt may show: without the secrets that it was told, in outputs and in failures alike.
func (r *run) disclose(seq int, result node.Result, err error, secrets *redactor) (node.Result, error) {
	if errors.Is(err, errNoMemory) {
		return result, err
	}
	if err != nil {
		failure, err := secrets.failure(asNodeError(err))
		if err != nil {
			return result, err
		}
		r.journal[seq].keepExchange(failure)
		return result, failure
	}
	for i, one := range result.Failed {
		if result.Failed[i].Err, err = secrets.failure(one.Err); err != nil {
			return result, err
		}
	}
	if len(result.Failed) > 0 {
		r.journal[seq].keepExchange(result.Failed[0].Err)
	}
	result.Outputs, err = secrets.outputs(result.Outputs)
	return result, err
}

// stepLog are the lines that a node wrote, up to a bound.
type stepLog struct {
	mutex   sync.Mutex
	lines   []string
	written int
}

func (l *stepLog) add(line string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.written += len(line); l.written <= longestLog {
		l.lines = append(l.lines, line)
	}
}

// encoded are the lines as JSON, without secrets; nil where there are none.
func (l *stepLog) encoded(secrets *redactor) []byte {
	if l.lines == nil {
		return nil
	}
	for i, line := range l.lines {
		l.lines[i] = secrets.text(line)
	}
	return encodedLines(l.lines...)
}

func encodedLines(lines ...string) []byte {
	out, _ := json.Marshal(lines) // texts always encode
	return out
}

// pinnedItems stands in the log of a step that did not run.
const pinnedItems = "The node did not run: it put out the items that are pinned to it."
