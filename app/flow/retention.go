package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
	"zygo/jobs"
)

// Retention says how long finished executions are kept. A zero keeps them without a bound.
type Retention struct {
	// Days is how long executions are kept after their end, FailedDays those that failed.
	Days, FailedDays int
	// Most is how many finished executions of one workflow are kept.
	Most int
	// MostBytes is how much the finished executions of one workflow may take.
	MostBytes int64
}

// of is the retention of a workflow that has settings of its own. Failed executions stay as long as others at least, unless the
// workflow says otherwise.
func (r Retention) of(own Settings) Retention {
	if own.KeepDays > 0 {
		r.Days = own.KeepDays
		if r.FailedDays > 0 {
			r.FailedDays = max(r.FailedDays, r.Days)
		}
	}
	if own.KeepFailedDays > 0 {
		r.FailedDays = own.KeepFailedDays
	}
	if own.KeepMost > 0 {
		r.Most = own.KeepMost
	}
	if own.KeepMegabytes > 0 {
		r.MostBytes = int64(own.KeepMegabytes) << 20
	}
	return r
}

const (
	// prunedAtOnce executions leave in one write, because others wait for its end.
	prunedAtOnce = 20
	// lookedAtOnce bounds what a pruning reads at once.
	lookedAtOnce = 200
	// freshEnd is how long an execution stays after its end whatever the retention: somebody may still wait for its answer.
	freshEnd = time.Hour
	// freshTrial is how long a draft that was tried stays: an execution of it may be about to begin.
	freshTrial = 24 * time.Hour
)

// Jobs is the work of the engine in the queue.
func (e *Engine) Jobs() []jobs.Work {
	return []jobs.Work{e.mailWork(), {
		Name:  "prune-executions",
		Every: 24 * time.Hour,
		Do:    func(ctx context.Context, _ jobs.Job) error { return e.Prune(ctx) },
	}}
}

// retained is a workflow with the settings that hold for its executions: those of the version that runs, or else the draft's.
type retained struct {
	N           int64
	ID          string
	TenantID    string
	WorkspaceID string
	Settings    field.JSON
}

// record tells the ledger how many of what are kept no longer.
func (w *retained) record(s *resource.Session, event string, count int) error {
	if count == 0 {
		return nil
	}
	pruned := value.Object(value.Member{Key: "count", Value: value.Int(int64(count))})
	return s.RecordObject(Workflows.Name, event, w.ID, w.WorkspaceID, pruned.AppendJSON(nil))
}

// Prune removes the executions that are kept no longer, with what was recorded of them, and the drafts that were tried and that
// nothing refers to any more. The ledger keeps what it says about them.
func (e *Engine) Prune(ctx context.Context) error {
	s := e.system()
	s.Context = ctx
	for after, count := int64(0), 0; ; {
		found, err := resource.Select[retained](s, `SELECT w.n, w.id, w.tenant_id, w.workspace_id, coalesce(v.settings, w.settings) AS settings
			FROM {workflow+trash} w LEFT JOIN {workflow_version} v
			ON v.tenant_id = w.tenant_id AND v.workflow_id = w.id AND v.number = w.published_version
			WHERE w.n > ? ORDER BY w.n LIMIT ?`, after, lookedAtOnce)
		if err != nil {
			return err
		}
		for i := range found {
			w := &found[i]
			removed, err := e.pruneWorkflow(s.In(w.TenantID), w)
			if count += removed; err != nil {
				return fmt.Errorf("prune the executions of workflow %s: %w", w.ID, err)
			}
			after = w.N
		}
		if len(found) < lookedAtOnce {
			if count > 0 {
				e.kernel.Log().Info("pruned executions", "count", count)
			}
			return errors.Join(e.sweepPayloads(ctx), forgetSeen(s))
		}
	}
}

func (e *Engine) pruneWorkflow(s *resource.Session, w *retained) (count int, err error) {
	var own Settings
	if err := json.Unmarshal(w.Settings, &own); err != nil {
		return 0, err
	}
	isDue, err := e.dueIn(s, w, e.retention.of(own))
	if err != nil {
		return 0, err
	}
	for after := int64(0); isDue != nil; {
		rows, err := resource.Select[Execution](s,
			"SELECT n, id, status, created_at, finished_at FROM {execution} WHERE workflow_id = ? AND n > ? ORDER BY n LIMIT ?",
			w.ID, after, lookedAtOnce)
		if err != nil {
			return count, err
		}
		var due []Execution
		more := len(rows) == lookedAtOnce
		for _, row := range rows {
			now, later := isDue(&row)
			if now {
				due = append(due, row)
			}
			more = more && later
			after = row.N
		}
		removed, err := w.prune(s, due)
		if count += removed; err != nil {
			return count, err
		}
		if !more {
			break
		}
	}
	return count, w.pruneTrials(s)
}

// dueIn gives the function that tells whether an execution is kept no longer, and whether one that began later may be, too. It is nil
// where all are kept.
func (e *Engine) dueIn(s *resource.Session, w *retained, keep Retention) (func(row *Execution) (now, later bool), error) {
	if keep == (Retention{}) {
		return nil, nil
	}
	over := int64(0) // the newest execution that is one too many
	if keep.Most > 0 {
		newest, err := resource.Select[int64](s, `SELECT n FROM {execution} WHERE workflow_id = ?
			AND status IN ('succeeded', 'failed', 'cancelled') ORDER BY n DESC LIMIT 1 OFFSET ?`, w.ID, keep.Most)
		if err != nil {
			return nil, err
		}
		if len(newest) > 0 {
			over = newest[0]
		}
	}
	if keep.MostBytes > 0 {
		newest, err := resource.Select[int64](s, `SELECT n FROM (SELECT n, sum(size) OVER (ORDER BY n DESC) AS taken FROM {execution}
			WHERE workflow_id = ? AND status IN ('succeeded', 'failed', 'cancelled')) AS summed WHERE taken > ? ORDER BY n DESC LIMIT 1`,
			w.ID, keep.MostBytes)
		if err != nil {
			return nil, err
		}
		if len(newest) > 0 {
			over = max(over, newest[0])
		}
	}
	now := e.kernel.Now()
	bound := func(days int) field.Time {
		if days == 0 {
			return 0
		}
		return now.Add(-time.Duration(days) * 24 * time.Hour)
	}
	others, failed := bound(keep.Days), bound(keep.FailedDays)
	return func(row *Execution) (bool, bool) {
		before := others
		if row.Status == Failed {
			before = failed
		}
		old := row.N <= over || row.FinishedAt < before
		return old && row.Status.Finished() && row.FinishedAt < now.Add(-freshEnd), row.N < over || row.CreatedAt < max(others, failed)
	}, nil
}

// prune removes finished executions, some in each write.
func (w *retained) prune(s *resource.Session, due []Execution) (count int, err error) {
	for len(due) > 0 {
		some := due[:min(prunedAtOnce, len(due))]
		due = due[len(some):]
		removed := 0
		if err := s.Write(func(s *resource.Session) error {
			removed = 0
			for i := range some {
				gone, err := remove(s, &some[i])
				if err != nil {
					return err
				}
				if gone {
					removed++
				}
			}
			return w.record(s, "executions_pruned", removed)
		}); err != nil {
			return count, err
		}
		count += removed
	}
	return count, nil
}

// remove deletes an execution, unless one that goes on is bound to it: what it called, what called it, or what runs it again.
// Finished ones only forget it.
func remove(s *resource.Session, row *Execution) (bool, error) {
	bound, err := resource.SelectOne[int](s, `SELECT count(*) FROM (
		SELECT p.status FROM {execution} e JOIN {execution} p ON p.id IN (e.parent, e.retry_of, e.retried_by) WHERE e.id = ?
		UNION ALL SELECT status FROM {execution} WHERE parent = ?
		UNION ALL SELECT status FROM {execution} WHERE retry_of = ?
		UNION ALL SELECT status FROM {execution} WHERE retried_by = ?) AS bound WHERE status IN ('queued', 'running', 'waiting')`,
		row.ID, row.ID, row.ID, row.ID)
	if err != nil || bound > 0 {
		return false, err
	}
	for _, column := range []string{"parent", "retry_of", "retried_by"} {
		if _, err := s.Change(Executions.Table(s), []resource.Pair{{Column: column, Value: nil}},
			[]resource.Pair{{Column: column, Value: row.ID}}); err != nil {
			return false, err
		}
	}
	approvals, err := resource.Select[string](s, "SELECT id FROM {approval} WHERE execution_id = ?", row.ID)
	if err != nil {
		return false, err
	}
	for _, id := range approvals {
		if _, err := Approvals.Update(s, id, 0, resource.Update, "updated", func(a *Approval) error {
			a.ExecutionID = ""
			return nil
		}); err != nil {
			return false, err
		}
	}
	for _, table := range []*resource.Table{steps, waits, payloadTable} {
		if _, err := s.Erase(table, resource.Pair{Column: "execution", Value: row.N}); err != nil {
			return false, err
		}
	}
	_, err = s.Erase(Executions.Table(s), resource.Pair{Column: "n", Value: row.N})
	return true, err
}

// pruneTrials removes the drafts of a workflow that were tried and that no execution runs or ran. The newest stays, because
// numbers go on from it.
func (w *retained) pruneTrials(s *resource.Session) error {
	for {
		numbers, err := resource.Select[int](s, `SELECT t.number FROM {workflow_trial} t WHERE t.workflow_id = ? AND t.created_at < ?
			AND t.number > (SELECT min(number) FROM {workflow_trial} WHERE workflow_id = ?)
			AND NOT EXISTS (SELECT 1 FROM {execution} e WHERE e.workflow_id = t.workflow_id AND e.workflow_version = t.number
				AND e.workflow_version < 0) LIMIT ?`, w.ID, s.Now.Add(-freshTrial), w.ID, prunedAtOnce)
		if err != nil || len(numbers) == 0 {
			return err
		}
		if err := s.Write(func(s *resource.Session) error {
			for _, number := range numbers {
				if _, err := s.Erase(trials, resource.Pair{Column: "workflow_id", Value: w.ID},
					resource.Pair{Column: "number", Value: number}); err != nil {
					return err
				}
			}
			return w.record(s, "drafts_pruned", len(numbers))
		}); err != nil {
			return err
		}
	}
}
