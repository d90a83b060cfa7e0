package jobs

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"zygo/app/fault"
	"zygo/store"
)

// Tx is the queue within a transaction: what it hands over runs when the transaction is committed, and never otherwise.
type Tx struct {
	ctx    context.Context
	tx     *store.Tx
	now    store.Time
	tenant string
}

// Within gives the queue within a transaction of a tenant, or of the instance where that is empty.
func Within(ctx context.Context, tx *store.Tx, now store.Time, tenant string) Tx {
	return Tx{ctx, tx, now, tenant}
}

// Put hands a job over with its input, and gives its id. Where a job with the same name and key has not ended, that one gets
// the new input and the earlier due time; if it runs already it runs once more, so that no change is missed.
func (t Tx) Put(job Job, input any) (string, error) {
	if input != nil {
		text, err := json.Marshal(input)
		if err != nil {
			return "", err
		}
		job.Input = string(text)
	}
	if job.ID == "" {
		job.ID = uuid.Must(uuid.NewV7()).String()
	}
	job.TenantID, job.State, job.CreatedAt, job.DueAt = t.tenant, Waiting, t.now, max(job.DueAt, t.now)
	if job.Key == "" {
		return job.ID, t.tx.Insert(all, Table, &job)
	}
	open, err := store.Select[Job](t.ctx, t.tx, all,
		"SELECT * FROM {job} WHERE name = ? AND tenant_id = ? AND key = ? AND key <> '' AND ended_at IS NULL", job.Name, t.tenant, job.Key)
	if err != nil {
		return "", err
	}
	if len(open) == 0 {
		return job.ID, t.tx.Insert(all, Table, &job)
	}
	runs := open[0].State == Running
	if !runs {
		job.DueAt = min(job.DueAt, open[0].DueAt)
	}
	return open[0].ID, t.set(open[0].ID, store.Pair{Column: "input", Value: job.Input}, store.Pair{Column: "due_at", Value: job.DueAt},
		store.Pair{Column: "deadline", Value: job.Deadline}, store.Pair{Column: "again", Value: runs})
}

func (t Tx) set(id string, set ...store.Pair) error {
	_, err := t.tx.Change(all, Table, set, []store.Pair{{Column: "id", Value: id}})
	return err
}

// Complete records that a job is done, in the transaction that writes what it did: both are stored, or neither. Where the job
// was cancelled in the meantime it is a fault Stale, which undoes the transaction.
func (t Tx) Complete(job Job) error { return t.end(job, job.after(t.now, nil)) }

// end records the end of an attempt. A job that was handed over once more while it ran starts anew.
func (t Tx) end(job Job, set []store.Pair) error {
	where := []store.Pair{{Column: "id", Value: job.ID}, {Column: "epoch", Value: job.Epoch}, {Column: "state", Value: string(Running)}}
	count, err := t.tx.Change(all, Table, set, append(where[:3:3], store.Pair{Column: "again", Value: false}))
	if err != nil || count > 0 {
		return err
	}
	anew := []store.Pair{
		{Column: "state", Value: string(Waiting)},
		{Column: "attempts", Value: 0},
		{Column: "error", Value: ""},
		{Column: "again", Value: false},
	}
	if count, err = t.tx.Change(all, Table, anew, where); err == nil && count == 0 {
		err = fault.New(fault.Stale, "This job was cancelled while it ran.")
	}
	return err
}

// Retry makes a job due now with all of its attempts, whether it waits or has ended.
func (t Tx) Retry(id string) error {
	job, err := t.find(id)
	if err != nil {
		return err
	}
	if job.State == Running {
		return fault.New(fault.Conflict, "This job runs already.")
	}
	return t.set(id, store.Pair{Column: "state", Value: string(Waiting)}, store.Pair{Column: "attempts", Value: 0},
		store.Pair{
			Column: "error",
			Value:  "",
		}, store.Pair{
			Column: "due_at",
			Value:  t.now,
		}, store.Pair{Column: "ended_at", Value: nil}, store.Pair{Column: "forget_at", Value: nil})
}

// Cancel ends a job that waits or runs. What an attempt under way still does is not recorded.
func (t Tx) Cancel(id string) error {
	job, err := t.find(id)
	if err != nil {
		return err
	}
	if job.EndedAt != 0 {
		return fault.New(fault.Conflict, "This job has ended already.")
	}
	return t.set(id, append(ended(t.now, usualKeep), store.Pair{Column: "state", Value: string(Cancelled)})...)
}

// find reads a job that the transaction's tenant may change.
func (t Tx) find(id string) (Job, error) {
	job, err := store.SelectOne[Job](t.ctx, t.tx, all, "SELECT * FROM {job} WHERE id = ?", id)
	if err == nil && t.tenant != "" && job.TenantID != t.tenant || fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no job %s.", id)
	}
	return job, err
}
