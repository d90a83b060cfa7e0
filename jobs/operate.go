package jobs

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/store"
)

// Filter says which jobs an operator asks for. Empty fields leave nothing out.
type Filter struct {
	Name  string
	State State
	// Before is the N of a job, before which the list goes on; 0 begins with the newest.
	Before int64
	Limit  int
}

// List reads jobs newest first.
func (q *Queue) List(ctx context.Context, f Filter) ([]Job, error) {
	if f.Before <= 0 {
		f.Before = math.MaxInt64
	}
	return store.Select[Job](ctx, q.Store, all,
		"SELECT * FROM {job} WHERE n < ? AND (? = '' OR name = ?) AND (? = '' OR state = ?) ORDER BY n DESC LIMIT ?",
		f.Before, f.Name, f.Name, string(f.State), string(f.State), f.Limit)
}

// Names are the names of the work that this instance does.
func (q *Queue) Names() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var names []string
	for _, w := range q.works {
		names = append(names, w.Name)
	}
	slices.Sort(names)
	return names
}

// Hasten makes all jobs of a name due that wait, also periodic ones.
func (q *Queue) Hasten(ctx context.Context, name string) error {
	if !slices.Contains(q.Names(), name) {
		return fault.New(fault.NotFound, "This instance has no job %q. It has %s.", name, strings.Join(q.Names(), ", "))
	}
	defer q.alarm.Set()
	return q.within(ctx, func(t Tx) error {
		_, err := t.tx.Change(all, Table, []store.Pair{{Column: "due_at", Value: t.now}},
			[]store.Pair{{Column: "name", Value: name}, {Column: "state", Value: string(Waiting)}})
		return err
	})
}

// Retry makes a job due now with all of its attempts.
func (q *Queue) Retry(ctx context.Context, id string) error {
	defer q.alarm.Set()
	return q.within(ctx, func(t Tx) error { return t.Retry(id) })
}

// Cancel ends a job, and the attempt under way with it.
func (q *Queue) Cancel(ctx context.Context, id string) error {
	if err := q.within(ctx, func(t Tx) error { return t.Cancel(id) }); err != nil {
		return err
	}
	q.Interrupt(id)
	return nil
}

// Interrupt ends the attempt under way of a job that a transaction cancelled.
func (q *Queue) Interrupt(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if cancel, ok := q.running[id]; ok {
		cancel()
	}
}

// RunNow does all jobs of a name that wait, whenever they are due, and returns when each was tried once. It is for a queue that
// was not started.
func (q *Queue) RunNow(ctx context.Context, name string) (count int, err error) {
	if err := q.resume(ctx); err != nil {
		return 0, err
	}
	if err := q.Hasten(ctx, name); err != nil {
		return 0, err
	}
	return q.Drain(ctx, name)
}

// Drain does the jobs of a name that are due, one after the other, and tells how many there were and what went wrong. It is for a
// queue that was not started.
func (q *Queue) Drain(ctx context.Context, name string) (count int, failed error) {
	for {
		job, _, err := q.claim(ctx, q.work(name))
		if err != nil || job.ID == "" {
			return count, errors.Join(failed, err)
		}
		count++
		failed = errors.Join(failed, q.run(ctx, job))
	}
}
