package flow

import (
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// fail records a failure that no retry mends, and goes on as the node says.
func (r *run) fail(seq int, f *frame, failure *node.Error) ([]node.Output, error) {
	step := &r.journal[seq]
	step.Status, step.FinishedAt, step.ErrorCode, step.ErrorMessage = stepFailed, r.engine.kernel.Now(), failure.Code, failure.Message
	r.emit("node.failed", f.unit.ID, seq*1000+1999, map[string]any{"attempt": step.Attempt, "code": failure.Code, "message": failure.Message})
	r.saved = min(r.saved, seq)
	if !f.unit.goesOn() {
		return nil, failure
	}
	name := f.unit.kind.Outputs[0]
	if f.unit.OnError == onErrorOutput {
		name = errorOutput
	}
	outputs := []node.Output{{Name: name, Items: errorItems(f, step, failure)}}
	step.Outputs = encodeOutputs(f, outputs)
	r.keep(step, f, outputs)
	return outputs, nil
}

func errorItems(f *frame, step *Step, failure *node.Error) []value.Item {
	items := passed(f.items)
	what := value.Object(value.Member{Key: "code", Value: value.String(failure.Code)}, value.Member{Key: "message", Value: value.String(failure.Message)},
		value.Member{Key: "node", Value: value.String(f.unit.Name)}, value.Member{Key: "attempt", Value: value.Int(int64(step.Attempt))},
		value.Member{Key: "retryable", Value: value.Bool(failure.Retryable)})
	for i := range items {
		if with, err := items[i].JSON.Set(value.Path{value.Key("error")}, what); err == nil {
			items[i].JSON = with
		}
	}
	return items
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
