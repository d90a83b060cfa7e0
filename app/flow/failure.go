package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// fail records a failure that no retry mends, and goes on as the node says.
func (r *run) fail(seq int, f *frame, failure *node.Error) ([]node.Output, error) {
	step := &r.journal[seq]
	step.Status, step.FinishedAt, step.ErrorCode, step.ErrorMessage = stepFailed, r.engine.kernel.Now(), failure.Code, failure.Message
	r.emit("node.failed", f.unit.ID, seq*1000+1999, map[string]any{
		"attempt": step.Attempt,
		"code":    failure.Code,
		"message": failure.Message,
	})
	r.saved = min(r.saved, seq)
	if !f.unit.goesOn() {
		return nil, failure
	}
	if r.program.settings.AsInN8n {
		return r.went(step, f, passAsInN8n(f))
	}
	items := passed(f.items)
	for i := range items {
		items[i] = withError(items[i], f, step, failure)
	}
	name := f.unit.leaves[0]
	if f.unit.OnError == onErrorOutput {
		name = errorOutput
	}
	return r.went(step, f, []node.Output{{Name: name, Items: items}})
}

// went keeps what a failed step that the execution goes on from put out.
func (r *run) went(step *Step, f *frame, outputs []node.Output) ([]node.Output, error) {
	var err error
	if step.Outputs, err = r.engine.payloads.encodeOutputs(f, outputs); err != nil {
		return nil, &unstoredError{err}
	}
	r.keep(step, f, outputs)
	return outputs, nil
}

// tries is what the attempts of one step have in common: how far it came, and the secrets that it used on the way.
type tries struct {
	progress *node.Progress
	secrets  redactor
	// answer is what the step waited for, nil where it asked for nothing yet.
	answer *node.Answer
}

// triesOf goes on from what an earlier attempt kept.
func (r *run) triesOf(step *Step) (*tries, error) {
	progress, err := node.ReadProgress(step.Progress)
	return &tries{progress: progress}, err
}

// keepProgress stores with the step what its next attempt need not do again, also after a wait and in a retry of the execution.
// What is more than a node may put out is not kept, because the step can't succeed with it.
func (r *run) keepProgress(step *Step, t *tries) {
	step.Progress = nil
	done := t.progress.Value()
	if done.IsMissing() {
		return
	}
	clean, err := t.secrets.value(done)
	if err != nil {
		return // a secret that can't be taken out is not stored; the items are done again
	}
	if text := clean.AppendJSON(nil); len(text) <= mostOutput {
		step.Progress = text
	}
}

// failPartly records that some items failed, and puts out the others. An item with its error stands where it would have stood,
// or at the output for errors.
func (r *run) failPartly(seq int, f *frame, result node.Result) ([]node.Output, error) {
	step, first := &r.journal[seq], result.Failed[0]
	step.Progress = nil
	step.Status, step.FinishedAt, step.ErrorCode = stepFailed, r.engine.kernel.Now(), first.Err.Code
	step.ErrorMessage = first.Err.Message
	if len(f.items) > 1 {
		step.ErrorMessage = fmt.Sprintf("%d of %d items failed. Item %d: %s", len(result.Failed), len(f.items), first.Index+1,
			first.Err.Message)
	}
	r.emit("node.failed", f.unit.ID, seq*1000+1999,
		map[string]any{"attempt": step.Attempt, "code": step.ErrorCode, "message": step.ErrorMessage})
	r.saved = min(r.saved, seq)
	outputs := r.withFailed(step, f, result)
	if err := checkSize(f, outputs); err != nil {
		return r.fail(seq, f, asNodeError(err))
	}
	if outputs, err := r.went(step, f, outputs); err != nil {
		return outputs, err
	}
	return outputs, r.flush(nil) // the items that were done are recorded at once
}

// withFailed puts what failed to what a node put out.
func (r *run) withFailed(step *Step, f *frame, result node.Result) []node.Output {
	inputs, asInN8n := passed(f.items), r.program.settings.AsInN8n
	var errs []value.Item
	for _, failed := range result.Failed {
		if asInN8n {
			errs = append(errs, errorAsInN8n(failed))
		} else {
			errs = append(errs, withError(inputs[failed.Index], f, step, failed.Err))
		}
	}
	outputs := result.Outputs
	if !asInN8n && f.unit.OnError == onErrorOutput {
		return append(outputs, node.Output{Name: errorOutput, Items: errs})
	}
	first := &outputs[0]
	first.Items = append(first.Items, errs...)
	slices.SortStableFunc(first.Items, func(a, b value.Item) int { return a.From.Index - b.From.Index })
	if f.unit.OnError == onErrorOutput {
		outputs = leaveByError(f, outputs)
	}
	return outputs
}

// keepExchange keeps the request that a failure is about, to be shown.
func (s *Step) keepExchange(failure *node.Error) {
	s.Exchange = nil
	if failure.Exchange != nil {
		s.Exchange, _ = json.Marshal(failure.Exchange) // texts and numbers can be encoded
	}
}

// withError is an item with what went wrong.
func withError(item value.Item, f *frame, step *Step, failure *node.Error) value.Item {
	members := []value.Member{{Key: "code", Value: value.String(failure.Code)}, {Key: "message", Value: value.String(failure.Message)},
		{Key: "node", Value: value.String(f.unit.Name)}, {Key: "attempt", Value: value.Int(int64(step.Attempt))},
		{Key: "retryable", Value: value.Bool(failure.Retryable)}}
	if failure.Status != 0 {
		members = append(members, value.Member{Key: "status", Value: value.Int(int64(failure.Status))},
			value.Member{Key: "body", Value: failure.Body})
	}
	if with, err := item.JSON.Set(value.Path{value.Key("error")}, value.Object(members...)); err == nil {
		item.JSON = with
	}
	return item
}

// mayPass is a failure of items for which another attempt may help, nil where there is none.
func mayPass(failed []node.ItemError) *node.Error {
	for _, one := range failed {
		if one.Err.Retryable {
			return one.Err
		}
	}
	return nil
}

func asNodeError(err error) *node.Error {
	var failure *node.Error
	if errors.As(err, &failure) {
		return failure
	}
	if f, ok := fault.As(err); ok {
		return &node.Error{Code: string(f.Code), Message: f.Message, Cause: err}
	}
	return &node.Error{Code: "INTERNAL", Message: "The node failed inside Zygo. The execution's id leads to the log line.", Cause: err}
}

// backoff is the pause before the next attempt: what the other side asked for, or the node's policy with a little chance
// in it, so that many do not come back at one instant.
func backoff(retry Retry, attempt int, asked time.Duration) time.Duration {
	if asked > 0 {
		return min(asked, longestBackoff)
	}
	pause := time.Duration(max(retry.Delay, 1)) * time.Second
	if retry.Backoff != "fixed" {
		pause = time.Duration(float64(pause) * math.Pow(2, float64(attempt-1)))
		pause = time.Duration(float64(pause) * (0.9 + 0.2*rand.Float64()))
	}
	return min(pause, longestBackoff)
}
