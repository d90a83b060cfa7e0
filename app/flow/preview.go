package flow

import (
	"context"
	"errors"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/resource"
	"zygo/app/value"
)

// longestPreview is how long one look at expressions may take.
const longestPreview = 3 * time.Second

// mostPreviews is how many expressions one look evaluates.
const mostPreviews = 50

// PreviewOrder asks what texts with expressions give for the first item that a node received.
type PreviewOrder struct {
	Workflow, Execution string
	Node                string
	// Before and Output are where the node's items come from. They stand in for its input where the execution did not reach the node.
	Before, Output string
	Texts          []string
}

// Preview is what one text gives. Error says why it gives nothing.
type Preview struct {
	Value value.Value
	Error string
}

// errNoItems tells that there is nothing to evaluate on.
var errNoItems = fault.New(fault.Conflict, "The execution holds no items for this node.")

// Preview evaluates texts on what an execution recorded. Secrets are refused, and nothing is stored.
func (e *Engine) Preview(s *resource.Session, order PreviewOrder) ([]Preview, error) {
	row, err := Executions.Get(s, order.Execution)
	if err != nil {
		return nil, err
	}
	if string(row.WorkflowID) != order.Workflow {
		return nil, fault.New(fault.NotFound, "The workflow has no such execution.")
	}
	p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion)
	if err != nil {
		return nil, err
	}
	recorded, release, err := e.look(s, row)
	if err != nil {
		return nil, err
	}
	defer release()
	w, f, err := replayTo(e.payloads, p, row, recorded, order)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(s.Context, longestPreview)
	defer cancel()
	env := e.previewEnvironment(row, p, w, f)
	if env.Vars, err = e.variables(p.tenant, p.workspace); err != nil {
		return nil, err
	}
	env.Env = env.Vars
	defer env.Memory.Reset()
	var all []Preview
	for _, text := range order.Texts[:min(len(order.Texts), mostPreviews)] {
		env.Memory.Reset()
		all = append(all, previewOf(ctx, text, p.settings.AsInN8n, env))
	}
	return all, nil
}

// replayTo walks the journal up to the latest run of the node, or to its end, and gives the node's frame.
func replayTo(files payloads, p *program, row *Execution, recorded []Step, order PreviewOrder) (*walk, *frame, error) {
	trigger, err := p.trigger(row.TriggerNode, "")
	if err != nil {
		return nil, nil, err
	}
	input, err := files.items(row.Input)
	if err != nil {
		return nil, nil, err
	}
	last := -1
	for i, step := range recorded {
		if step.Node == order.Node {
			last = i
		}
	}
	w := newWalk(p, trigger, input)
	for i := range recorded {
		step, f := &recorded[i], w.next()
		if f == nil {
			break
		}
		if i == last {
			return w, f, nil
		}
		if step.Outputs != nil {
			outputs, err := files.decodeOutputs(f, step.Outputs)
			if err != nil {
				return nil, nil, err
			}
			w.done(f, outputs)
		} else if step.Status == stepFailed {
			w.spare(f, step)
		}
	}
	return w.behind(p.units[order.Before], order.Output)
}

// behind is the frame of a node that the walk did not reach, behind an output that it did.
func (w *walk) behind(before *unit, output string) (*walk, *frame, error) {
	if before == nil || len(w.runs[before.Name]) == 0 {
		return nil, nil, errNoItems
	}
	run := len(w.runs[before.Name]) - 1
	from := value.Origin{Node: before.Name, Output: output, Run: run}
	items := placed(w.runs[before.Name][run][output], from)
	w.at = []value.Origin{from}
	return w, &frame{unit: &unit{}, items: items, from: w.at}, nil
}

// previewEnvironment is what the expressions of a node see when they are only looked at.
func (e *Engine) previewEnvironment(row *Execution, p *program, w *walk, f *frame) *expression.Environment {
	env := &expression.Environment{
		Input: f.items, Nodes: w, Run: len(w.runs[f.unit.Name]), Now: e.kernel.Now().Go().In(p.zone),
		Workflow:   expression.Workflow{ID: p.workflowID, Name: p.workflowName},
		Execution:  expression.Execution{ID: row.ID, Mode: "manual", Trigger: row.Trigger},
		Hide:       p.settings.AsInN8n,
		Previous:   f.previous(),
		Parameters: p.parameters,
		Script:     e.services.Sandbox.Script,
		Owner:      row.TenantID,
		Memory:     e.budget.step(e.budget.execution(row.TenantID)).Part(previewBytes, errPreviewTooLarge),
	}
	if len(f.items) > 0 {
		env.Item = f.items[0]
	}
	return env
}

// previewBytes bounds what one expression may build to be looked at.
const previewBytes = 8 << 20

var errPreviewTooLarge = fault.New(fault.TooLarge, "The result is too large to be shown here.")

func previewOf(ctx context.Context, text string, asN8n bool, env *expression.Environment) Preview {
	read := expression.Compile
	if asN8n {
		read = expression.CompileAsN8n
	}
	compiled, err := read(text)
	if err != nil {
		var wrong *value.SyntaxError
		if errors.As(err, &wrong) {
			return Preview{Error: wrong.Error()}
		}
		return Preview{Error: fault.Public(err).Message}
	}
	if len(compiled.Secrets()) > 0 {
		return Preview{Error: "uses a secret, which is never shown"}
	}
	result, err := compiled.Evaluate(ctx, env)
	if err != nil {
		return Preview{Error: fault.Public(err).Message}
	}
	return Preview{Value: result}
}
