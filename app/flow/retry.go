package flow

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// RetryFrom says where a retry begins.
type RetryFrom string

// A retry goes on from the node where the execution stopped or from another one, or begins at its trigger.
const (
	FromFailed RetryFrom = "failed"
	FromStart  RetryFrom = "start"
	FromNode   RetryFrom = "node"
)

// Choices are where a retry may begin.
func (RetryFrom) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(FromFailed), Label: "From the failed node"},
		{Value: string(FromStart), Label: "From the start"},
		{Value: string(FromNode), Label: "From a node"},
	}
}

// RetryVersion is the version of the workflow that a retry runs.
type RetryVersion string

const (
	currentVersion RetryVersion = "current"
	draftVersion   RetryVersion = "draft"
)

// Choices are the version that ran, the one that is published now, and the draft.
func (RetryVersion) Choices() []field.Choice {
	return []field.Choice{
		{Value: "same", Label: "The same version"},
		{Value: string(currentVersion), Label: "The current version"},
		{Value: string(draftVersion), Label: "The draft"},
	}
}

// Again says how an execution is run again.
type Again struct {
	From    RetryFrom    `z:"help=Without it a retry with the same version goes on from the failed node, and one with another version begins anew."`
	Node    string       `z:"max=64,help=The node to begin from. What ran before it is taken as it was."`
	Version RetryVersion `z:"default=same"`
	To      string       `z:"max=64,help=Of the draft: the node to end with."`
	Input   field.JSON   `z:"help=Another input for the trigger, of a retry from the start."`
}

type retryInput struct {
	ID string
	Again
}

func (e *Engine) retry(s *resource.Session, in *retryInput) (idAndStatus, error) {
	id, err := e.Retry(s, in.ID, in.Again)
	return idAndStatus{id, Queued}, err
}

// from is where the retry begins if nobody says.
func (a Again) from() RetryFrom {
	other := a.Version == currentVersion || a.Version == draftVersion
	switch {
	case a.From != "":
		return a.From
	case a.Node != "":
		return FromNode
	case other || len(a.Input) > 0:
		return FromStart
	}
	return FromFailed
}

// Retry runs a finished execution again as a new one, with its version, with the current one of its workflow, or with the draft.
// From a node it takes over what was recorded before, as far as the version has the same nodes on the way.
func (e *Engine) Retry(s *resource.Session, id string, again Again) (string, error) {
	if err := Executions.Require(s, "retry"); err != nil {
		return "", err
	}
	row, err := Executions.Get(s, id)
	if err != nil {
		return "", err
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
	if err := again.check(row); err != nil {
		return "", err
	}
	version, err := again.version(s, row, w)
	if err != nil {
		return "", err
	}
	p, err := e.program(row.TenantID, w.ID, version)
	if err != nil {
		return "", err
	}
	items, err := e.payloads.items(row.Input)
	if err == nil && len(again.Input) > 0 {
		items, err = inputItems(json.RawMessage(again.Input))
	}
	if err != nil {
		return "", err
	}
	start := Start{Trigger: row.Trigger, NodeID: row.TriggerNode, Input: items, ActorID: s.Actor.Person(), RetryOf: field.Ref(row.ID)}
	if again.from() != FromStart {
		recorded, release, err := e.look(s, row)
		if err != nil {
			return "", err
		}
		defer release()
		if start.journal, err = p.takeOver(e.payloads, row.TriggerNode, items, recorded, again.Node); err != nil {
			return "", err
		}
	}
	return e.beginAgain(s, p, start, row)
}

// beginAgain begins a prepared retry of an execution.
func (e *Engine) beginAgain(s *resource.Session, p *program, start Start, row *Execution) (string, error) {
	r, err := e.newRun(p, start)
	if err != nil {
		return "", err
	}
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

// check refuses what can't be run again, and what does not go together.
func (a Again) check(row *Execution) error {
	switch from := a.from(); {
	case !row.Status.Finished():
		return fault.New(fault.Conflict, "The execution still goes on. Cancel it first.")
	case row.Status == Succeeded && from == FromFailed:
		return fault.New(fault.Conflict, "The execution succeeded, so it has no failed node. Run it again from the start.")
	case from != FromStart && len(a.Input) > 0:
		return fault.InvalidField("input", "is read by a retry from the start alone")
	case a.To != "" && a.Version != draftVersion:
		return fault.InvalidField("to", "is for retries with the draft")
	}
	return nil
}

// version is the number of the version that runs.
func (a Again) version(s *resource.Session, row *Execution, w *Workflow) (int, error) {
	switch a.Version {
	case currentVersion:
		return w.PublishedVersion, nil
	case draftVersion:
		return testVersion(s, w, a.To)
	}
	return row.WorkflowVersion, nil
}

// takeOver gives the steps that came to an end, up to the one that ended the execution, or to the first of a node. A step that
// failed and went on, as its node says, is one of them: what came after it was done. Steps of nodes that the version has not are
// left out, and one of another node than the version has there ends it.
func (p *program) takeOver(files payloads, triggerNode string, input []value.Item, recorded []Step, until string) ([]Step, error) {
	trigger, err := p.trigger(triggerNode, "")
	if err != nil {
		return nil, err
	}
	w := newWalk(p, trigger, input)
	var taken []Step
	for _, step := range recorded {
		if p.units[step.Node] == nil {
			continue
		}
		step.Seq = len(taken)
		f := w.next()
		if f == nil || f.unit.ID != step.Node || f.unit.ID == until {
			return taken, nil
		}
		stopped := step.Status == stepFailed && !f.unit.goesOn()
		if stopped && w.spare(f, &step) {
			taken = append(taken, step) // its loop went on
			continue
		}
		if stopped && step.Progress != nil {
			// It stopped at one of its items: those before it are done.
			return append(taken, Step{Seq: step.Seq, TenantID: step.TenantID, Node: step.Node, Status: stepRetrying,
				StartedAt: step.StartedAt, Progress: step.Progress}), nil
		}
		if !step.isFinal() || stopped || step.Status == stepFailed && step.Outputs == nil {
			return taken, nil
		}
		outputs, err := files.decodeOutputs(f, step.Outputs)
		if err != nil {
			return nil, err
		}
		w.done(f, outputs)
		taken = append(taken, step)
	}
	return taken, nil
}
