package flow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/flow/value"
	"zygo/app/resource"
	"zygo/jobs"
)

// Engine runs the executions of an instance. Everything that must not be lost is in the database; the engine holds what
// runs at this moment.
type Engine struct {
	kernel   *resource.Kernel
	runner   *jobs.Runner
	services *node.Services
	alarm    *jobs.Alarm
	queue    *dispatcher
	programs *programs
	stopping atomic.Bool
	// overflowed tells that an accepted execution found its queue full and waits on disk.
	overflowed atomic.Bool

	mu   sync.Mutex
	live map[string]*run
}

// Options size an engine.
type Options struct {
	// Workers is how many executions run at once; 0 chooses.
	Workers int
}

// usualWorkers run at once where nobody says otherwise: most of the time an execution waits for somebody else's server.
const usualWorkers = 64

// NewEngine makes an engine; Start takes up what an earlier process left.
func NewEngine(kernel *resource.Kernel, runner *jobs.Runner, services *node.Services, options Options) *Engine {
	workers := options.Workers
	if workers == 0 {
		workers = usualWorkers
	}
	return &Engine{kernel: kernel, runner: runner, services: services, alarm: jobs.NewAlarm(), queue: newDispatcher(workers), programs: newPrograms(), live: map[string]*run{}}
}

// Start takes up unfinished executions and begins to watch the due times.
func (e *Engine) Start() error {
	if err := e.recover(); err != nil {
		return fmt.Errorf("take up unfinished executions: %w", err)
	}
	e.runner.Go("due times", func(ctx context.Context) {
		e.alarm.Run(ctx, func() time.Time { return e.kernel.Now().Go() }, e.ring)
	})
	e.runner.Go("new due times", e.watchCommits)
	return nil
}

// Stop lets the steps under way come to an end and parks the rest. Call it when no more requests come in.
func (e *Engine) Stop() {
	e.stopping.Store(true)
	e.queue.stop()
}

// Cut ends the steps under way that did not end by themselves.
func (e *Engine) Cut() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range e.live {
		r.cut(errStopping)
	}
}

func (e *Engine) isStopping() bool { return e.stopping.Load() }

func (e *Engine) liveRun(id string) *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live[id]
}

// commitPause is how long after a commit the due times are read again: a newly published schedule is due in a second at
// the earliest, and a busy instance commits a thousand times in that.
const commitPause = 200 * time.Millisecond

func (e *Engine) watchCommits(ctx context.Context) {
	for {
		changed := e.kernel.Changed()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		timer := time.NewTimer(commitPause)
		select {
		case <-timer.C:
			e.alarm.Set()
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// ring starts what is due and tells when the next comes.
func (e *Engine) ring(ctx context.Context) time.Time {
	next, err := e.fireSchedules()
	if err == nil && e.overflowed.Swap(false) {
		err = e.recover()
	}
	if err == nil {
		var wake time.Time
		if wake, err = e.wakeWaiting(); !wake.IsZero() && (next.IsZero() || wake.Before(next)) {
			next = wake
		}
	}
	if err != nil {
		if ctx.Err() == nil {
			e.kernel.Log().Error("start what is due", "error", err)
		}
		return time.Now().Add(time.Second)
	}
	return next
}

// session is what an execution acts with: inside its tenant, with its name in the ledger, on behalf of who started it.
func (e *Engine) session(tenant, execution, onBehalfOf string) *resource.Session {
	return e.kernel.Within(context.Background(), resource.Actor{Kind: "execution", ID: execution, OnBehalfOf: onBehalfOf}, tenant)
}

func (e *Engine) system() *resource.Session {
	return e.kernel.System(context.Background(), "the engine serves the executions of all tenants")
}

// secret gives a secret of the tenant to a field that may hold one.
func (e *Engine) secret(tenant, name string) (string, error) {
	s := e.session(tenant, "", "")
	type sealed struct {
		ID    string
		Value resource.Secret
	}
	found, err := resource.Select[sealed](s, "SELECT id, value FROM {secret} WHERE name = ?", name)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fault.New(fault.NotFound, "There is no secret %q. Make it under Settings, Secrets.", name)
	}
	return s.Reveal(found[0].Value, found[0].ID, "value")
}

// Start describes an execution that is to begin.
type Start struct {
	Trigger string
	NodeID  string
	Input   []value.Item
	ActorID string
	Dedupe  string
	RetryOf resource.Ref
	// Call asks for the answer of a webhook.
	Call bool
	// journal is what a retry takes over from the execution that failed.
	journal []Step
}

// newRun prepares an execution of a program.
func (e *Engine) newRun(p *program, start Start) *run {
	return &run{
		engine: e, program: p, answered: make(chan Answer, 1), hasCall: start.Call, changed: make(chan struct{}), journal: start.journal,
		row: Execution{ID: resource.NewID(), TenantID: p.tenant, WorkflowID: resource.Ref(p.workflowID), WorkflowVersion: p.version, Status: Queued, Trigger: start.Trigger,
			TriggerNode: start.NodeID, Input: value.AppendItems(nil, start.Input), Attempt: 1, RetryOf: start.RetryOf, CreatedAt: e.kernel.Now(), ActorID: start.ActorID,
			Dedupe: start.Dedupe, Epoch: 1},
	}
}

// submit queues a run; it is refused when the tenant's queue is full.
func (e *Engine) submit(r *run) error {
	if e.isStopping() {
		return fault.New(fault.Unavailable, "Zygo is stopping. Try again in a moment.")
	}
	// The runner's context ends at once when the instance stops; a step may come to its end, so it has another.
	r.ctx, r.cut = context.WithCancelCause(context.Background())
	e.mu.Lock()
	e.live[r.row.ID] = r
	e.mu.Unlock()
	ok := e.queue.put(&job{tenant: r.row.TenantID, workflow: r.program.workflowID, limit: r.program.settings.Concurrency,
		start: func(done func()) {
			e.runner.Go("execution", func(context.Context) {
				defer done()
				defer e.forget(r)
				r.execute()
			})
		}})
	if ok {
		return nil
	}
	e.forget(r)
	if r.accepted {
		e.overflowed.Store(true)
		return nil
	}
	return errBusy()
}

// admit refuses an execution before it is accepted where there is no room for it.
func (e *Engine) admit(p *program) error {
	if e.isStopping() {
		return fault.New(fault.Unavailable, "Zygo is stopping. Try again in a moment.")
	}
	if e.queue.isFull(p.tenant, p.workflowID, p.settings) {
		return errBusy()
	}
	return nil
}

func errBusy() error {
	return &fault.Error{Code: fault.RateLimited, Message: "The workflow is busy. Try again in a moment.", RetryAfter: time.Second}
}

func (e *Engine) forget(r *run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.live, r.row.ID)
}

// recover takes up what was queued or running when the last process ended.
func (e *Engine) recover() error {
	for {
		rows, err := resource.Select[Execution](e.system(), "SELECT * FROM {execution} WHERE status IN ('queued', 'running') AND epoch >= 0 ORDER BY n LIMIT 1000")
		if err != nil {
			return err
		}
		taken := 0
		for i := range rows {
			if e.liveRun(rows[i].ID) != nil {
				continue
			}
			taken++
			if err := e.resume(&rows[i]); err != nil {
				return err
			}
		}
		if taken > 0 {
			e.kernel.Log().Info("took up unfinished executions", "count", taken)
		}
		if taken == 0 || len(rows) < 1000 {
			return nil
		}
	}
}

// wakeWaiting takes up the executions whose wait is over, and tells when the next one is.
func (e *Engine) wakeWaiting() (time.Time, error) {
	now := e.kernel.Now()
	rows, err := resource.Select[Execution](e.system(), "SELECT * FROM {execution} WHERE wake_at <= ? ORDER BY wake_at LIMIT 100", now)
	if err != nil {
		return time.Time{}, err
	}
	for i := range rows {
		if err := e.resume(&rows[i]); err != nil {
			return time.Time{}, err
		}
	}
	if len(rows) == 100 {
		return now.Go(), nil
	}
	next, err := resource.SelectOne[resource.Time](e.system(), "SELECT min(wake_at) FROM {execution} WHERE wake_at IS NOT NULL")
	return next.Go(), err
}

// resume takes an execution up: its epoch rises, so that whoever had it before can write no more.
func (e *Engine) resume(row *Execution) error {
	p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion)
	if err != nil {
		return e.giveUp(row, err)
	}
	s := e.session(row.TenantID, row.ID, row.ActorID)
	claimed := *row
	err = s.Write(func(s *resource.Session) error {
		claimed = *row
		claimed.Epoch++
		claimed.Status, claimed.WakeAt = Queued, 0
		count, err := s.Change(Executions.Table(s), []resource.Pair{{Column: "epoch", Value: claimed.Epoch}, {Column: "status", Value: string(Queued)}, {Column: "wake_at", Value: nil}},
			[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
		if err == nil && count == 0 {
			err = errTaken
		}
		return err
	})
	if errors.Is(err, errTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	journal, err := readSteps(s, row.N)
	if err != nil {
		return err
	}
	r := &run{engine: e, program: p, row: claimed, journal: journal, saved: len(journal), accepted: true, answered: make(chan Answer, 1), changed: make(chan struct{})}
	for r.saved > 0 && !r.journal[r.saved-1].isFinal() {
		r.saved--
	}
	r.events = eventsOf(row, journal)
	if err := e.submit(r); err != nil && !e.isStopping() {
		return err
	}
	return nil // an instance that stops leaves it queued for the next start
}

// giveUp ends an execution that can't go on, with its reason where people look.
func (e *Engine) giveUp(row *Execution, cause error) error {
	e.kernel.Log().Error("an execution can't go on", "execution", row.ID, "tenant", row.TenantID, "error", cause)
	return e.session(row.TenantID, row.ID, row.ActorID).Write(func(s *resource.Session) error {
		_, err := s.Change(Executions.Table(s), []resource.Pair{{Column: "status", Value: string(Failed)}, {Column: "error_code", Value: "UNREADABLE"}, {Column: "wake_at", Value: nil},
			{Column: "error_message", Value: "The version of the workflow that this execution started on can't be read any more."}, {Column: "finished_at", Value: s.Now}},
			[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
		if err != nil {
			return err
		}
		return s.RecordObject("execution", string(Failed), row.ID, nil)
	})
}

// program gives a published version, ready to run.
func (e *Engine) program(tenant, workflow string, version int) (*program, error) {
	key := programKey{workflow, version}
	if p, ok := e.programs.get(key); ok {
		return p, nil
	}
	s := e.session(tenant, "", "")
	stored, err := readVersion(s, workflow, version)
	if err != nil {
		return nil, fmt.Errorf("read version %d of workflow %s: %w", version, workflow, err)
	}
	name, err := resource.SelectOne[string](s, "SELECT name FROM {workflow+trash} WHERE id = ?", workflow)
	if err != nil {
		return nil, err
	}
	graph, err := parseGraph(stored.Nodes, stored.Connections, stored.Settings)
	if err != nil {
		return nil, err
	}
	p, problems := compile(graph)
	if problems != nil {
		return nil, faultOf(problems)
	}
	p.tenant, p.workflowID, p.workflowName, p.version = tenant, workflow, name, version
	e.programs.put(key, p)
	return p, nil
}
