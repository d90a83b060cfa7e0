package flow

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// flush puts on disk what is not: the execution itself at the first time, its steps, and its state, in one transaction.
// It is what makes an answer true and an effect repeatable by its key alone.
func (r *run) flush(also func(s *resource.Session) error) error {
	return r.flushTo(len(r.journal), also)
}

// flushWith is flush with what else belongs into the write, besides the entry of a start that is stored now.
func (r *run) flushWith(also func(s *resource.Session) error) error {
	begins := !r.accepted.Load()
	return r.flush(func(s *resource.Session) error {
		if begins {
			if err := recordStart(s, &r.row, "started"); err != nil {
				return err
			}
		}
		if also == nil {
			return nil
		}
		return also(s)
	})
}

// flushAs stores an execution that a person starts, with the person's own entry in the ledger.
func (r *run) flushAs(actor *resource.Session, event string) error {
	return r.flush(func(s *resource.Session) error { return recordStart(s.As(actor.Actor, actor.Origin), &r.row, event) })
}

// recordStart writes the ledger's entry of an execution that is stored before its end, so that anyone who looks on sees it.
func recordStart(s *resource.Session, row *Execution, event string) error {
	object, err := json.Marshal(map[string]any{"id": row.ID, "workflow_id": row.WorkflowID, "workflow_version": row.WorkflowVersion})
	if err != nil {
		return err
	}
	return s.RecordObject("execution", event, row.ID, row.WorkspaceID, object)
}

// flushTo stores the first count steps only: a step that is about to run pure needs no record of its start.
func (r *run) flushTo(count int, also func(s *resource.Session) error) error {
	session := r.engine.session(r.row.TenantID, r.row.ID, r.row.ActorID)
	stored := r.row
	err := session.Write(func(s *resource.Session) error {
		stored = r.row
		if err := r.store(s, &stored); err != nil {
			return err
		}
		for i := r.saved; i < count; i++ {
			step := r.journal[i]
			step.Execution = stored.N
			put := s.Put
			if i >= r.stored {
				put = s.Insert // most steps are stored once, and a new row costs less than one that may be there
			}
			if err := put(steps, &step); err != nil {
				return err
			}
			if err := refer(s, stored.N, step.Outputs); err != nil {
				return err
			}
		}
		if also != nil {
			return also(s)
		}
		if !r.accepted.Load() {
			return recordStart(s, &stored, "started")
		}
		return nil
	})
	if err != nil {
		return &unstoredError{err}
	}
	r.row.N = stored.N
	r.accepted.Store(true)
	r.saved = max(min(count, len(r.journal)), r.saved)
	r.stored = max(r.stored, r.saved)
	for r.saved > 0 && !r.journal[r.saved-1].isFinal() {
		r.saved-- // what was stored as under way is stored again when it is over
	}
	return nil
}

// store inserts the execution, or updates it where it is still this taker's.
func (r *run) store(s *resource.Session, row *Execution) error {
	table := Executions.Table(s)
	if !r.accepted.Load() {
		return insertExecution(s, row)
	}
	count, err := s.Change(table, []resource.Pair{
		{Column: "status", Value: string(row.Status)}, {Column: "output", Value: row.Output}, {Column: "error_code", Value: row.ErrorCode},
		{
			Column: "error_message",
			Value:  row.ErrorMessage,
		}, {Column: "error_node", Value: row.ErrorNode}, {Column: "started_at", Value: row.StartedAt},
		{Column: "finished_at", Value: row.FinishedAt}, {Column: "wake_at", Value: row.WakeAt},
		{Column: "size", Value: row.Size},
	}, []resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
	if err == nil && count == 0 {
		err = errTaken
	}
	if err != nil {
		return err
	}
	return refer(s, row.N, row.Output)
}

// end is what the ledger's entry of the end holds, from which notifications and metrics come.
func (r *run) end() field.JSON {
	row := &r.row
	return value.Object(
		value.Member{Key: "id", Value: value.String(row.ID)}, value.Member{Key: "workflow_id", Value: value.String(string(row.WorkflowID))},
		value.Member{
			Key:   "workflow_version",
			Value: value.Int(int64(row.WorkflowVersion)),
		}, value.Member{Key: "status", Value: value.String(string(row.Status))},
		value.Member{Key: "trigger", Value: value.String(row.Trigger)}, value.Member{Key: "error_code", Value: value.String(row.ErrorCode)},
		value.Member{
			Key:   "error_message",
			Value: value.String(row.ErrorMessage),
		}, value.Member{Key: "error_node", Value: value.String(row.ErrorNode)},
	).AppendJSON(nil)
}

// findDelivery gives the execution that a delivery started earlier.
func (e *Engine) findDelivery(s *resource.Session, dedupe string) (*Execution, error) {
	found, err := resource.Select[Execution](s, "SELECT * FROM {execution} WHERE dedupe = ? AND dedupe <> ''", dedupe)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "No execution has this delivery.")
	}
	return &found[0], nil
}
