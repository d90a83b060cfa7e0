package flow

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"zygo/app/flow/expression"
	"zygo/app/flow/memory"
	"zygo/app/value"
)

const (
	// longestLimitKey is how long a value for which a limit holds may be to be kept as it is, in bytes.
	longestLimitKey = 200
	// mostOfLimitKey is what its evaluation may take.
	mostOfLimitKey = 1 << 20
)

var errLimitKeyTooLarge = errors.New("the value for which the limit holds is too large")

// compileLimit reads the expression by whose values a workflow's limit holds. It is evaluated where executions begin, so it must need
// no script.
func compileLimit(text string) (*expression.Expression, error) {
	e, err := expression.Compile(text)
	switch {
	case err != nil:
		return nil, err
	case e.NeedsSandbox():
		return nil, errors.New("must be a path such as {{ $json.body.customer }}; this one needs a script")
	case len(e.Nodes()) > 0 || len(e.Secrets()) > 0:
		return nil, errors.New("sees the trigger's item alone, and neither other nodes nor secrets")
	}
	return e, nil
}

// limitKey is the value for which the limit holds that an execution is under.
func (e *Engine) limitKey(p *program, input []value.Item) (string, error) {
	if p.limit == nil {
		return "", nil
	}
	variables, err := e.variables(p.tenant, p.workspace)
	return p.limitKey(input, variables, e.kernel.Now().Go()), err
}

// limitKey evaluates the expression by whose values the limit holds. What has none shares one limit.
func (p *program) limitKey(input []value.Item, variables value.Value, now time.Time) string {
	if p.limit == nil || len(input) == 0 {
		return ""
	}
	v, err := p.limit.Evaluate(context.Background(), &expression.Environment{
		Item:     input[0],
		Input:    input,
		Vars:     variables,
		Env:      variables,
		Now:      now.In(p.zone),
		Workflow: expression.Workflow{ID: p.workflowID, Name: p.workflowName},
		Memory:   memory.New(mostOfLimitKey, errLimitKeyTooLarge),
	})
	if err != nil || v.IsMissing() {
		return ""
	}
	if text := v.Text(); len(text) <= longestLimitKey {
		return text
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(v.Text())))
}
