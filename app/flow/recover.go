package flow

import (
	"context"
	"maps"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
)

// takenAtOnce executions are claimed in one transaction: a start after a crash pays one fsync for them.
const takenAtOnce = 500

// unfinished are the columns by which an execution is taken up. Its input is read when it runs: thousands may wait.
const unfinished = `n, id, tenant_id, workspace_id, workflow_id, workflow_version, status, epoch, interrupted, actor_id, trigger, trigger_node,
	parent, step, awaited, attempt, retry_of, limit_key`

// mostInterrupted is how many processes may die while an execution runs before it is suspected.
const mostInterrupted = 2

// recover takes up what was queued or running when the last process ended.
func (e *Engine) recover() error {
	count := 0
	for after := int64(0); ; {
		rows, err := resource.Select[Execution](e.system(),
			"SELECT "+unfinished+" FROM {execution} WHERE status IN ('queued', 'running') AND n > ? ORDER BY n LIMIT ?", after, takenAtOnce)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Status == Running {
				rows[i].Interrupted++
			}
		}
		if err := e.resume(rows, true); err != nil {
			return err
		}
		count += len(rows)
		if len(rows) < takenAtOnce {
			break
		}
		after = rows[len(rows)-1].N
	}
	if count > 0 {
		e.kernel.Log().Info("took up unfinished executions", "count", count)
	}
	return nil
}

// wakeWaiting takes up the executions whose wait is over, and tells when the next one is.
func (e *Engine) wakeWaiting() (time.Time, error) {
	now := e.kernel.Now()
	rows, err := resource.Select[Execution](e.system(),
		"SELECT "+unfinished+" FROM {execution} WHERE wake_at <= ? ORDER BY wake_at LIMIT ?", now, takenAtOnce)
	if err != nil {
		return time.Time{}, err
	}
	if err := e.resume(rows, false); err != nil {
		return time.Time{}, err
	}
	if len(rows) == takenAtOnce {
		return now.Go(), nil
	}
	next, err := resource.SelectOne[field.Time](e.system(), "SELECT min(wake_at) FROM {execution} WHERE wake_at IS NOT NULL")
	return next.Go(), err
}

// lose keeps in mind that an execution has to be taken up again although nobody died.
func (e *Engine) lose(r *run) {
	e.mu.Lock()
	e.lost[r.row.ID] = r.row.TenantID
	e.mu.Unlock()
	e.runner.Go("take up again", func(ctx context.Context) {
		select {
		case <-time.After(again):
			e.alarm.Set()
		case <-ctx.Done():
		}
	})
}

// takeUpLost takes up what could not be stored.
func (e *Engine) takeUpLost() error {
	e.mu.Lock()
	lost := maps.Clone(e.lost)
	e.mu.Unlock()
	for id, tenant := range lost {
		if e.liveRun(id) != nil {
			continue // its goroutine is about to end
		}
		rows, err := resource.Select[Execution](e.session(tenant, id, ""),
			"SELECT "+unfinished+" FROM {execution} WHERE id = ? AND status IN ('queued', 'running')", id)
		if err != nil {
			return err
		}
		if err := e.resume(rows, false); err != nil {
			return err
		}
		e.mu.Lock()
		delete(e.lost, id)
		e.mu.Unlock()
	}
	return nil
}

// resume takes executions up, after a process died or not: their epochs rise, so that a run that had them before can't write
// any more.
func (e *Engine) resume(rows []Execution, died bool) error {
	if len(rows) == 0 {
		return nil
	}
	claimed := make([]bool, len(rows))
	err := e.system().Write(func(s *resource.Session) error {
		for i, row := range rows {
			count, err := s.In(row.TenantID).Change(Executions.Table(s), []resource.Pair{
				{Column: "epoch", Value: row.Epoch + 1},
				{Column: "status", Value: string(Queued)},
				{Column: "interrupted", Value: row.Interrupted},
				{Column: "wake_at", Value: nil},
			},
				[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
			if err != nil {
				return err
			}
			claimed[i] = count > 0 // somebody else was first otherwise, such as a person who cancels
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range rows {
		if !claimed[i] {
			continue
		}
		row := &rows[i]
		row.Epoch++
		if row.Interrupted >= mostInterrupted {
			err = e.giveUp(row, "QUARANTINED",
				"Zygo ended twice while this execution ran, so it is not taken up by itself any more. Look at its last node, then retry it.", nil)
		} else {
			err = e.goOn(row, died)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// goOn queues a claimed execution. What is recorded of it is read when it runs.
func (e *Engine) goOn(row *Execution, died bool) error {
	p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion)
	if err != nil {
		return e.giveUp(row, "UNREADABLE", "The version of the workflow that this execution started on can't be read any more.", err)
	}
	r := &run{
		engine:      e,
		program:     p,
		row:         *row,
		resumed:     true,
		interrupted: died,
		memory:      e.budget.execution(row.TenantID),
		changed:     make(chan struct{}),
	}
	r.accepted.Store(true)
	e.submit(r, e.job(r))
	return nil
}

// load reads what is recorded of an execution that was taken up.
func (r *run) load() error {
	s := r.engine.session(r.row.TenantID, r.row.ID, r.row.ActorID)
	row, err := resource.SelectOne[Execution](s, "SELECT * FROM {execution} WHERE n = ?", r.row.N)
	if err != nil {
		return err
	}
	row.Epoch = r.row.Epoch // the one that this run claimed
	journal, err := readSteps(s, row.N)
	if err != nil {
		return err
	}
	r.row, r.journal, r.saved, r.stored = row, journal, len(journal), len(journal)
	for r.saved > 0 && !journal[r.saved-1].isFinal() {
		r.saved--
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = eventsOf(&row, journal)
	return nil
}

// giveUp ends an execution that can't go on, with its reason where people look.
func (e *Engine) giveUp(row *Execution, code, message string, cause error) error {
	e.kernel.Log().Error("an execution can't go on", "execution", row.ID, "tenant", row.TenantID, "code", code, "error", cause)
	defer e.answer(row.ID, Answer{Status: Failed, ExecutionID: row.ID})
	row.Status, row.ErrorCode, row.ErrorMessage = Failed, code, message
	follows := e.errorRuns(row)
	if err := e.session(row.TenantID, row.ID, row.ActorID).Write(func(s *resource.Session) error {
		_, err := s.Change(Executions.Table(s), []resource.Pair{
			{Column: "status", Value: string(Failed)},
			{Column: "error_code", Value: code},
			{Column: "wake_at", Value: nil},
			{Column: "error_message", Value: message},
			{Column: "finished_at", Value: s.Now},
		},
			[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
		if err != nil {
			return err
		}
		if err := s.RecordObject("execution", string(Failed), row.ID, row.WorkspaceID, nil); err != nil {
			return err
		}
		return e.ended(s, row, true, follows)
	}); err != nil {
		return err
	}
	return e.over(row, true)
}
