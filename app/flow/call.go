package flow

import (
	"errors"
	"fmt"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

const (
	// deepestCall is how many workflows may call each other in a row, the same one over again among them.
	deepestCall = 10
	// mostCalls is how many executions a step may start.
	mostCalls = 1_000
)

// prepareCalls makes the executions that a step starts, and refuses what may not be called.
func (r *run) prepareCalls(seq int, calls []node.WorkflowCall) ([]*Execution, error) {
	if len(calls) > mostCalls {
		return nil, &node.Error{Code: "TOO_MANY_CALLS", Message: fmt.Sprintf(
			"The node would start %d executions; %d is the most. Put it into a loop.", len(calls), mostCalls)}
	}
	if len(calls) > 0 && r.row.Depth >= deepestCall {
		return nil, &node.Error{Code: "TOO_DEEP", Message: fmt.Sprintf("%d workflows called each other in a row; that is the most.", deepestCall)}
	}
	var rows []*Execution
	callees := map[string]*callee{}
	for turn, call := range calls {
		to := callees[call.Workflow]
		if to == nil {
			var err error
			if to, err = r.callee(call.Workflow); err != nil {
				return nil, err
			}
			callees[call.Workflow] = to
		}
		row, err := r.engine.newStoredRow(to.program, Start{
			Trigger: "workflow",
			NodeID:  to.trigger.ID,
			Input:   call.Items,
			ActorID: r.row.ActorID,
		})
		if err != nil {
			return nil, err
		}
		row.Parent, row.Step, row.Turn, row.Depth = field.Ref(r.row.ID), seq, turn, r.row.Depth+1
		rows = append(rows, &row)
	}
	return rows, nil
}

// callee is a workflow that may be called, and where it begins.
type callee struct {
	program *program
	trigger *unit
}

// callee finds a workflow that the execution may call: a published one with the trigger for it, of the same workspace unless its
// settings let the whole organization call it. The person who started the execution must have the right to start that one too.
func (r *run) callee(workflow string) (*callee, error) {
	e := r.engine
	s := e.session(r.row.TenantID, "", "")
	to, err := resource.SelectOne[Workflow](s, "SELECT id, name, enabled, published_version, workspace_id FROM {workflow} WHERE id = ?", workflow)
	refused := func(format string, args ...any) error {
		return &node.Error{Code: "CALL_REFUSED", Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, refused("The workflow that is called does not exist.")
	case err != nil:
		return nil, err
	case !to.Enabled:
		return nil, refused("The workflow %q is not published, or switched off.", to.Name)
	}
	p, err := e.program(r.row.TenantID, to.ID, to.PublishedVersion)
	if err != nil {
		return nil, err
	}
	trigger := p.triggerOf("trigger.workflow")
	switch {
	case trigger == nil:
		return nil, refused("The workflow %q has no trigger that lets other workflows call it.", to.Name)
	case !p.callableFrom(r.row.WorkspaceID):
		return nil, refused("The workflow %q lets only workflows of its own workspace call it. Its settings can change that.", to.Name)
	}
	return &callee{p, trigger}, r.mayStart(to.ID, to.WorkspaceID)
}

// callableFrom tells whether the settings let workflows of a workspace call this one.
func (p *program) callableFrom(workspace string) bool {
	return p.workspace == workspace || p.settings.Callers == everyWorkflow
}

// startCalls stores the executions that a step starts: as many as may run at once to be taken up now, the others when one of them
// is over.
func (r *run) startCalls(s *resource.Session, calls []*Execution, atOnce int) error {
	for _, row := range calls {
		if atOnce > 0 && row.Turn >= atOnce {
			row.Status = Waiting
			if err := insertExecution(s, row); err != nil {
				return err
			}
			if err := recordStart(s, row, "started"); err != nil {
				return err
			}
			continue
		}
		if err := r.engine.plan(s, row); err != nil {
			return err
		}
	}
	return nil
}

// nextTurn lets the next execution of the same step begin that waits for its turn.
func (e *Engine) nextTurn(s *resource.Session, over *Execution) error {
	next, err := resource.Select[int64](s, `SELECT n FROM {execution} WHERE parent = ? AND awaited = ? AND status = 'waiting' AND started_at IS NULL
		AND wake_at IS NULL ORDER BY turn LIMIT 1`, over.Parent, over.Awaited)
	if err != nil || len(next) == 0 {
		return err
	}
	_, err = s.Change(Executions.Table(s), []resource.Pair{
		{Column: "status", Value: string(Queued)},
		{Column: "wake_at", Value: s.Now},
	}, []resource.Pair{{Column: "n", Value: next[0]}})
	return err
}

// endsOf reads how the executions ended that a step waited for. Those that were late were cancelled, or will be.
func (r *run) endsOf(s *resource.Session, came *wait) ([]node.CallEnd, error) {
	called, err := resource.Select[Execution](s,
		"SELECT id, status, output, error_code, error_message FROM {execution} WHERE parent = ? AND awaited = ? ORDER BY turn",
		r.row.ID, came.Epoch)
	if err != nil {
		return nil, err
	}
	ends := make([]node.CallEnd, len(called))
	for i, row := range called {
		ends[i].ID = row.ID
		if row.Status != Succeeded {
			code, message := row.ErrorCode, row.ErrorMessage
			if came.Missing > 0 && row.Status != Failed {
				code, message = "TIMEOUT", "The workflow that was called did not end in time."
			}
			ends[i].Failed = &node.Error{Code: code, Message: message}
			continue
		}
		if err := r.built.Take(2 * fullLen(row.Output)); err != nil {
			return nil, err
		}
		if ends[i].Output, err = r.engine.payloads.items(row.Output); err != nil {
			return nil, fmt.Errorf("read what a called workflow gave: %w", err)
		}
	}
	return ends, nil
}

// cancelCalls ends the executions that an execution waited for and waits for no more.
func (e *Engine) cancelCalls(s *resource.Session, row *Execution) error {
	called, err := resource.Select[Execution](s, `SELECT n, id, tenant_id, workspace_id, epoch, actor_id, trigger, parent, step, awaited FROM {execution}
		WHERE parent = ? AND awaited > 0 AND status IN ('queued', 'running', 'waiting')`, row.ID)
	if err != nil {
		return err
	}
	var errs []error
	for i := range called {
		if !e.cutLive(called[i].ID, errCancelled) {
			errs = append(errs, e.cancelStored(s, &called[i]))
		}
	}
	return errors.Join(errs...)
}
