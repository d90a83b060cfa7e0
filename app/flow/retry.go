package flow

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// RetryFrom says where a retry begins.
type RetryFrom string

// A retry goes on from the node where the execution stopped, or begins at its trigger.
const (
	FromFailed RetryFrom = "failed"
	FromStart  RetryFrom = "start"
)

// Choices are where a retry may begin.
func (RetryFrom) Choices() []field.Choice {
	return []field.Choice{{Value: string(FromFailed), Label: "From the failed node"}, {Value: string(FromStart), Label: "From the start"}}
}

// RetryVersion is the version of the workflow that a retry runs.
type RetryVersion string

const currentVersion RetryVersion = "current"

// Choices are the version that ran and the one that is published now.
func (RetryVersion) Choices() []field.Choice {
	return []field.Choice{{Value: "same", Label: "The same version"}, {Value: string(currentVersion), Label: "The current version"}}
}

type retryInput struct {
	ID      string
	From    RetryFrom    `z:"help=Without it a retry with the same version goes on from the failed node, and one with the current version begins anew."`
	Version RetryVersion `z:"default=same"`
}

func (e *Engine) retry(s *resource.Session, in *retryInput) (idAndStatus, error) {
	from, current := in.From, in.Version == currentVersion
	switch {
	case from == "" && current:
		from = FromStart
	case from == "":
		from = FromFailed
	}
	id, err := e.Retry(s, in.ID, from, current)
	return idAndStatus{id, Queued}, err
}

// Retry runs a finished execution again as a new one, with its version or with the current one of its workflow. From its
// failed node it takes over what was recorded before, as far as the version has the same nodes on the way.
func (e *Engine) Retry(s *resource.Session, id string, from RetryFrom, current bool) (string, error) {
	if err := Executions.Require(s, "retry"); err != nil {
		return "", err
	}
	row, err := Executions.Get(s, id)
	if err != nil {
		return "", err
	}
	if !row.Status.Finished() {
		return "", fault.New(fault.Conflict, "The execution still goes on. Cancel it first.")
	}
	w, err := Workflows.Get(s, string(row.WorkflowID))
	if fault.Is(err, fault.NotFound) {
		return "", fault.New(fault.Conflict, "The workflow was deleted. Restore it from the trash first.")
	}
	if err != nil {
		return "", err
	}
	if err := e.closed(row.TenantID, w.ID); err != nil {
		return "", err
	}
	if row.Status == Succeeded && from == FromFailed {
		return "", fault.New(fault.Conflict, "The execution succeeded, so it has no failed node. Run it again from the start.")
	}
	version := row.WorkflowVersion
	if current {
		version = w.PublishedVersion
	}
	p, err := e.program(row.TenantID, w.ID, version)
	if err != nil {
		return "", err
	}
	items, err := value.ParseItems(row.Input, value.Limits{})
	if err != nil {
		return "", err
	}
	start := Start{Trigger: row.Trigger, NodeID: row.TriggerNode, Input: items, ActorID: s.Actor.ID, RetryOf: field.Ref(row.ID)}
	if from == FromFailed {
		recorded, release, err := e.look(s, row)
		if err != nil {
			return "", err
		}
		defer release()
		if start.journal, err = p.takeOver(row.TriggerNode, items, recorded); err != nil {
			return "", err
		}
	}
	r := e.newRun(p, start)
	r.row.Attempt = row.Attempt + 1
	return r.row.ID, e.begin(r, func() error {
		return r.flush(func(engine *resource.Session) error {
			if _, err := engine.Change(Executions.Table(engine), []resource.Pair{
				{Column: "retried_by", Value: r.row.ID},
			}, []resource.Pair{{Column: "n", Value: row.N}}); err != nil {
				return err
			}
			return recordStart(engine.As(s.Actor, s.Origin), &r.row, "retried")
		})
	})
}

// takeOver gives the steps that came to an end, up to the one that ended the execution. A step that failed and went on, as
// its node says, is one of them: what came after it was done. A step of another node than the version has there ends it.
func (p *program) takeOver(triggerNode string, input []value.Item, recorded []Step) ([]Step, error) {
	trigger, err := p.trigger(triggerNode, "")
	if err != nil {
		return nil, err
	}
	w := newWalk(p, trigger, input)
	for i, step := range recorded {
		f := w.next()
		stopped := f != nil && f.unit.ID == step.Node && step.Status == stepFailed && !f.unit.goesOn()
		if stopped && w.spare(f, &step) {
			continue // its loop went on
		}
		if stopped && step.Progress != nil {
			// It stopped at one of its items: those before it are done.
			return append(recorded[:i:i], Step{Seq: i, TenantID: step.TenantID, Node: step.Node, Status: stepRetrying,
				StartedAt: step.StartedAt, Progress: step.Progress}), nil
		}
		if f == nil || f.unit.ID != step.Node || !step.isFinal() || step.Status == stepFailed && (!f.unit.goesOn() || step.Outputs == nil) {
			return recorded[:i], nil
		}
		outputs, err := decodeOutputs(f, step.Outputs)
		if err != nil {
			return nil, err
		}
		w.done(f, outputs)
	}
	return recorded, nil
}
