package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/store"
)

const (
	// breath bounds how often commits of others make the queue look.
	breath = 50 * time.Millisecond
	// patience is the pause before the queue asks a database that failed once more.
	patience = time.Second
	// periodic is the key of the one job of periodic work.
	periodic = "periodic"
	// forgottenAtOnce bounds one transaction of forget.
	forgottenAtOnce = 1000
)

// Options says where the jobs are.
type Options struct {
	Store *store.Store
	// Now is the clock.
	Now func() store.Time
	// Changed gives a channel that is closed at the next commit.
	Changed func() <-chan struct{}
	Log     *slog.Logger
}

// Queue does jobs as they become due. One process has the database for itself, so a job that runs when the process starts was
// left by one that died, and runs again.
type Queue struct {
	Options
	alarm *Alarm

	mu    sync.Mutex
	works []*Work
	// running ends the attempts under way, by the id of their job.
	running map[string]context.CancelFunc
	// busy counts the attempts under way, and turn is the tenant that was served last, both by the name of the work.
	busy map[string]int
	turn map[string]string
}

// NewQueue makes a queue without any work. Add tells it what it can do, and Start begins.
func NewQueue(options Options) *Queue {
	q := &Queue{
		Options: options,
		alarm:   NewAlarm(),
		running: map[string]context.CancelFunc{},
		busy:    map[string]int{},
		turn:    map[string]string{},
	}
	q.Add(Hourly("forget-jobs", q.forget))
	return q
}

// Add declares work. Jobs of a name that nobody declares wait.
func (q *Queue) Add(works ...Work) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range works {
		q.works = append(q.works, w.usual())
	}
}

// Start takes up what an earlier process left, and does jobs until the runner stops.
func (q *Queue) Start(ctx context.Context, runner *Runner) error {
	if err := q.resume(ctx); err != nil {
		return fmt.Errorf("take up unfinished jobs: %w", err)
	}
	runner.Go("look for new jobs", func(ctx context.Context) { q.alarm.Watch(ctx, q.Changed, breath) })
	runner.Go("do jobs", func(ctx context.Context) {
		q.alarm.Run(ctx, func() time.Time { return q.Now().Go() }, func(ctx context.Context) time.Time { return q.ring(ctx, runner) })
	})
	return nil
}

// within gives the queue within a transaction of the instance.
func (q *Queue) within(ctx context.Context, change func(t Tx) error) error {
	return q.Store.Write(ctx, func(tx *store.Tx) error { return change(Within(ctx, tx, q.Now(), "")) })
}

// resume makes what a dead process ran due again, and sees to it that there is a job of each periodic work.
func (q *Queue) resume(ctx context.Context) error {
	return q.within(ctx, func(t Tx) error {
		left, err := store.Select[Job](ctx, t.tx, all, "SELECT * FROM {job} WHERE state = 'running'")
		if err != nil {
			return err
		}
		for _, job := range left {
			job.work = q.work(job.Name)
			died := fault.New(fault.Unavailable, "The process ended while this job ran.")
			q.Log.Warn("a job was interrupted by the end of the process", "job", job.ID, "work", job.Name, "attempt", job.Attempts)
			set := job.after(t.now, died)
			if job.Attempts < job.work.Attempts || job.work.Every > 0 {
				set = append(set, store.Pair{Column: "due_at", Value: t.now})
			}
			if err := t.end(job, set); err != nil {
				return err
			}
		}
		for _, w := range q.works {
			if w.Every > 0 {
				if _, err := t.Put(Job{Name: w.Name, Key: periodic, DueAt: t.now.Add(w.Every)}, nil); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// work is the declared work of a name, or one that does nothing but wait.
func (q *Queue) work(name string) *Work {
	for _, w := range q.works {
		if w.Name == name {
			return w
		}
	}
	return Work{Name: name}.usual()
}

// ring starts what is due and tells when the next job is.
func (q *Queue) ring(ctx context.Context, runner *Runner) (next time.Time) {
	for _, w := range q.works {
		for q.isFree(w) {
			job, due, err := q.claim(ctx, w)
			if err != nil && ctx.Err() == nil {
				q.Log.Error("the queue can't be read", "work", w.Name, "error", err)
				due = q.Now().Add(patience)
			}
			if job.ID == "" {
				if at := due.Go(); due != 0 && (next.IsZero() || at.Before(next)) {
					next = at
				}
				break
			}
			runner.Go(w.Name, func(ctx context.Context) {
				q.run(ctx, job)
				q.alarm.Set()
			})
		}
	}
	return next
}

// isFree tells whether one more job of the work may run.
func (q *Queue) isFree(w *Work) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.busy[w.Name] < w.Concurrent
}

// claim takes the due job whose turn it is and notes that it runs; without one it tells when the next is due. Tenants take turns:
// the one after the tenant that was served last comes first.
func (q *Queue) claim(ctx context.Context, w *Work) (Job, store.Time, error) {
	for ctx.Err() == nil {
		next, err := store.Select[store.Time](ctx, q.Store, all,
			"SELECT due_at FROM {job} WHERE name = ? AND state = 'waiting' ORDER BY due_at LIMIT 1", w.Name)
		now := q.Now()
		if err != nil || len(next) == 0 {
			return Job{}, 0, err
		}
		if next[0] > now {
			return Job{}, next[0], nil
		}
		due, err := store.Select[Job](ctx, q.Store, all,
			`SELECT * FROM {job} WHERE name = ? AND state = 'waiting' AND tenant_id > ? AND due_at <= ?
			ORDER BY tenant_id, due_at, n LIMIT 1`, w.Name, q.turn[w.Name], now)
		if err == nil && len(due) == 0 {
			due, err = store.Select[Job](ctx, q.Store, all,
				`SELECT * FROM {job} WHERE name = ? AND state = 'waiting' AND tenant_id <= ? AND due_at <= ?
				ORDER BY tenant_id, due_at, n LIMIT 1`, w.Name, q.turn[w.Name], now)
		}
		if err != nil {
			return Job{}, 0, err
		}
		if len(due) > 0 {
			if claimed, err := q.begin(ctx, w, &due[0]); claimed || err != nil {
				return due[0], 0, err
			}
		}
	}
	return Job{}, 0, ctx.Err()
}

// begin records that an attempt starts, unless somebody changed the job meanwhile.
func (q *Queue) begin(ctx context.Context, w *Work, job *Job) (claimed bool, err error) {
	err = q.within(ctx, func(t Tx) error {
		count, err := t.tx.Change(all, Table, []store.Pair{
			{Column: "state", Value: string(Running)},
			{Column: "epoch", Value: job.Epoch + 1},
			{Column: "attempts", Value: job.Attempts + 1},
			{Column: "started_at", Value: t.now},
		},
			[]store.Pair{{Column: "id", Value: job.ID}, {Column: "epoch", Value: job.Epoch}, {Column: "state", Value: string(Waiting)}})
		claimed = count > 0
		return err
	})
	if err != nil || !claimed {
		*job = Job{}
		return false, err
	}
	job.State, job.work = Running, w
	job.Epoch++
	job.Attempts++
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy[w.Name]++
	q.turn[w.Name] = job.TenantID
	return true, nil
}

// run does a job that was claimed, and records what became of it.
func (q *Queue) run(ctx context.Context, job Job) error {
	within, cancel := context.WithTimeout(ctx, job.work.Limit)
	q.mu.Lock()
	q.running[job.ID] = cancel
	q.mu.Unlock()
	defer func() {
		cancel()
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.running, job.ID)
		q.busy[job.Name]--
	}()
	err := q.do(within, job)
	stopped := err != nil && ctx.Err() != nil
	if err != nil && !stopped {
		q.Log.Warn("a job failed", "job", job.ID, "work", job.Name, "tenant", job.TenantID, "attempt", job.Attempts, "error", err)
	}
	for {
		// What was done must not be done twice because the instance stops just now.
		recorded := q.within(context.WithoutCancel(ctx), func(t Tx) error {
			if stopped {
				return t.end(job, []store.Pair{{Column: "state", Value: string(Waiting)}, {Column: "attempts", Value: job.Attempts - 1}})
			}
			return t.end(job, job.after(t.now, err))
		})
		if recorded == nil || fault.Is(recorded, fault.Stale) { // which Do completed itself, or which was cancelled
			return err
		}
		q.Log.Error("the end of a job can't be recorded", "job", job.ID, "work", job.Name, "error", recorded)
		select {
		case <-time.After(patience):
		case <-ctx.Done():
			return err
		}
	}
}

// do calls the work. A panic is an error of this job alone.
func (q *Queue) do(ctx context.Context, job Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.Log.Error("a job panicked", "job", job.ID, "work", job.Name, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("the job panicked: %v", p)
		}
	}()
	if job.Deadline != 0 && q.Now() > job.Deadline {
		return fault.New(fault.Invalid, "%s", strings.TrimSpace("Its deadline passed before it was done. "+job.Error))
	}
	return job.work.Do(ctx, job)
}

// forget removes the jobs that ended long ago.
func (q *Queue) forget(ctx context.Context) error {
	for count := int64(forgottenAtOnce); count == forgottenAtOnce; {
		if err := q.within(ctx, func(t Tx) (err error) {
			count, err = t.tx.Prune(Table, "forget_at", int64(t.now), forgottenAtOnce)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
