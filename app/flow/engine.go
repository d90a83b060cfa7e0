package flow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"zygo/app/allowance"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/memory"
	"zygo/app/flow/node"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/value"
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
	outbox   *outbox.Outbox
	url      string
	budget   *budget
	payloads payloads
	// retention holds where a workflow says nothing.
	retention Retention
	// hookCalls bound each webhook, tenantCalls all of an organization.
	hookCalls, tenantCalls *allowance.Buckets

	stopping atomic.Bool
	// ringing is held while what is due is taken up, so that nothing is once the engine stops.
	ringing sync.Mutex
	// cutOff is closed when nobody is waited for any more.
	cutOff chan struct{}
	cutNow sync.Once

	mu   sync.Mutex
	live map[string]*run
	// heard is how far the ledgers were read for the triggers of events, by organization. The ring alone uses it.
	heard map[string]int64
	// lost are executions that ended here without being stored, because the database could not be written; they are taken
	// up again.
	lost map[string]string
	// tests are the drafts that listen for one call.
	tests testCalls
	// editors have the editors of workflows open.
	editors editors
	// callers wait for the answers of executions.
	callers map[string]*caller
}

// Options size an engine.
type Options struct {
	// Workers is how many executions run at once; 0 chooses.
	Workers int
	// HookCalls is how many calls one webhook takes within a minute; 0 is no bound.
	HookCalls int
	// URL is the address that people type, for links.
	URL string
	// Retention is how long executions are kept of workflows that do not say it themselves.
	Retention Retention
	// Reserve is the free space of the disk in bytes below which large inputs are refused.
	Reserve int64
	// Outbox sends mails to those who are asked for a decision.
	Outbox *outbox.Outbox
}

// hooksAtOnce is how many webhooks an organization can have called as often as one may be.
const hooksAtOnce = 5

// usualWorkers run at once where nobody says otherwise: most of the time an execution waits for somebody else's server.
const usualWorkers = 64

// NewEngine makes an engine; Start takes up what an earlier process left.
func NewEngine(kernel *resource.Kernel, runner *jobs.Runner, services *node.Services, options Options) *Engine {
	workers := options.Workers
	if workers == 0 {
		workers = usualWorkers
	}
	return &Engine{
		kernel:      kernel,
		runner:      runner,
		services:    services,
		alarm:       jobs.NewAlarm(),
		outbox:      options.Outbox,
		url:         options.URL,
		queue:       newDispatcher(workers),
		retention:   options.Retention,
		payloads:    newPayloads(kernel, options.Reserve),
		budget:      newBudget(memory.Available()),
		hookCalls:   allowance.New(options.HookCalls),
		tenantCalls: allowance.New(hooksAtOnce * options.HookCalls),
		cutOff:      make(chan struct{}),
		live:        map[string]*run{},
		heard:       map[string]int64{},
		lost:        map[string]string{},
		editors:     editors{at: map[string]*presence{}},
		callers:     map[string]*caller{},
	}
}

// Start takes up unfinished executions and begins to watch the due times.
func (e *Engine) Start() error {
	if err := e.recover(); err != nil {
		return fmt.Errorf("take up unfinished executions: %w", err)
	}
	e.runner.Go("due times", func(ctx context.Context) {
		e.alarm.Run(ctx, func() time.Time { return e.kernel.Now().Go() }, e.ring)
	})
	e.runner.Go("new due times", func(ctx context.Context) { e.alarm.Watch(ctx, e.kernel.Changed, commitPause) })
	return nil
}

// Stop lets the steps under way come to an end and parks the rest. Call it when no more requests come in.
func (e *Engine) Stop() {
	e.stopping.Store(true)
	e.ringing.Lock()
	defer e.ringing.Unlock()
	e.queue.stop()
}

// Cut ends the steps under way that did not end by themselves, and tells the callers that wait for them.
func (e *Engine) Cut() {
	e.Stop()
	e.cutNow.Do(func() { close(e.cutOff) })
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

// commitPause bounds how often commits make the engine read the due times again: a newly published schedule is due in a second at
// the earliest, and a busy instance commits a thousand times in that.
const commitPause = 200 * time.Millisecond

// ring starts what is due and tells when the next comes.
func (e *Engine) ring(ctx context.Context) time.Time {
	e.ringing.Lock()
	defer e.ringing.Unlock()
	if e.isStopping() {
		return time.Time{} // what it took up now would not run
	}
	next, err := e.fireSchedules()
	// A schedule or an event that can't be started must not hold up the executions that wait.
	errEvents := e.fireEvents()
	wake, errWake := e.wakeWaiting()
	if err := errors.Join(err, errEvents, errWake, e.takeUpLost()); err != nil {
		if ctx.Err() == nil {
			e.kernel.Log().Error("start what is due", "error", err)
		}
		return e.kernel.Now().Go().Add(again)
	}
	if !wake.IsZero() && (next.IsZero() || wake.Before(next)) {
		next = wake
	}
	return next
}

// again is the pause after which what could not be stored or started is tried once more.
const again = time.Second

// session is what an execution acts with: inside its tenant, with its name in the ledger, on behalf of who started it.
func (e *Engine) session(tenant, execution, onBehalfOf string) *resource.Session {
	return e.kernel.Within(context.Background(), resource.Actor{Kind: "execution", ID: execution, OnBehalfOf: onBehalfOf}, tenant)
}

func (e *Engine) system() *resource.Session {
	return e.kernel.System(context.Background(), "the engine serves the executions of all tenants")
}

// secret gives a secret of the tenant to a field that may hold one.
func (e *Engine) secret(tenant, name string) (string, error) {
	return e.session(tenant, "", "").Secret(name)
}

// Start describes an execution that is to begin.
type Start struct {
	Trigger string
	NodeID  string
	Input   []value.Item
	ActorID string
	Dedupe  string
	RetryOf field.Ref
	// journal is what a retry takes over from the execution that failed.
	journal []Step
}

// newRun prepares an execution of a program, which begin stores.
func (e *Engine) newRun(p *program, start Start) (*run, error) {
	row, err := e.newRow(p, start)
	if err != nil {
		return nil, err
	}
	return &run{
		engine: e, program: p, memory: e.budget.execution(p.tenant), changed: make(chan struct{}), journal: start.journal, row: row,
	}, nil
}

// newStoredRow is the row of an execution that the caller stores without begin.
func (e *Engine) newStoredRow(p *program, start Start) (Execution, error) {
	row, err := e.newRow(p, start)
	if err == nil {
		err = e.spillInput(&row)
	}
	return row, err
}

// spillInput brings the input of a new execution into the form in which it is stored. A large one is refused where the disk is almost
// full.
func (e *Engine) spillInput(row *Execution) (err error) {
	if len(row.Input) >= longText {
		if err := e.payloads.files.HasRoom(); err != nil {
			return err
		}
	}
	row.Input, err = e.payloads.spill(row.Input)
	return err
}

// newRow is the row of an execution that is to begin, with its whole input.
func (e *Engine) newRow(p *program, start Start) (Execution, error) {
	key, err := e.limitKey(p, start.Input)
	return Execution{
		ID:              resource.NewID(),
		TenantID:        p.tenant,
		WorkspaceID:     p.workspace,
		WorkflowID:      field.Ref(p.workflowID),
		WorkflowVersion: p.version,
		Status:          Queued,
		Trigger:         start.Trigger,
		TriggerNode:     start.NodeID,
		Input:           value.AppendItems(nil, start.Input),
		Attempt:         1,
		RetryOf:         start.RetryOf,
		CreatedAt:       e.kernel.Now(),
		ActorID:         start.ActorID,
		Dedupe:          start.Dedupe,
		LimitKey:        key,
		Epoch:           1,
	}, err
}

// begin queues a new run, after it was stored by store where there is one. It is refused when there is no room, before
// anything is stored: what is stored runs.
func (e *Engine) begin(r *run, store func() error) error {
	if e.isStopping() {
		return fault.New(fault.Unavailable, "Zygo is stopping. Try again in a moment.")
	}
	j := e.job(r)
	// What waits holds its input.
	if r.memory.Take(len(r.row.Input)) != nil || !e.queue.admit(j) {
		r.memory.Reset()
		return &fault.Error{Code: fault.RateLimited, Message: "The workflow is busy. Try again in a moment.", RetryAfter: time.Second}
	}
	if err := e.spillInput(&r.row); err != nil {
		e.queue.withdraw(j)
		r.memory.Reset()
		return err
	}
	if store != nil {
		if e.queue.startsAtOnce(j) {
			r.row.Status, r.row.StartedAt = Running, e.kernel.Now() // it is about to, and a process that dies of it is noticed
		}
		if err := store(); err != nil {
			e.queue.withdraw(j)
			r.memory.Reset()
			return err
		}
	}
	e.submit(r, j)
	return nil
}

func (e *Engine) job(r *run) *job {
	return &job{
		tenant: r.row.TenantID,
		group:  r.program.workflowID + " " + r.row.LimitKey,
		limit:  r.program.settings.Concurrency,
		rank:   r.program.settings.Priority.rank(),
		refuse: r.program.settings.OnBusy == "refuse",
		start: func(done func()) {
			e.runner.Go("execution", func(context.Context) {
				defer done()
				defer e.forget(r)
				r.execute()
			})
		},
	}
}

func (e *Engine) submit(r *run, j *job) {
	// The runner's context ends at once when the instance stops; a step may come to its end, so it has another.
	r.ctx, r.cut = context.WithCancelCause(context.Background())
	e.mu.Lock()
	e.live[r.row.ID] = r
	e.mu.Unlock()
	e.queue.put(j)
}

// forget takes a run off the live ones, unless the execution has been taken up again already.
func (e *Engine) forget(r *run) {
	e.mu.Lock()
	if e.live[r.row.ID] == r {
		delete(e.live, r.row.ID)
	}
	e.mu.Unlock()
	r.memory.Reset()
	// A person who cancelled while the run was being parked found it live, with nothing left to cut.
	if r.row.Status == Waiting && errors.Is(context.Cause(r.ctx), errCancelled) {
		if err := e.cancelStored(e.session(r.row.TenantID, r.row.ID, r.row.ActorID), &r.row); err != nil {
			e.kernel.Log().Error("a cancelled execution waits on", "execution", r.row.ID, "tenant", r.row.TenantID, "error", err)
		}
	}
	r.cut(nil)
}

// cutLive ends the run of an execution, and tells whether there is one.
func (e *Engine) cutLive(id string, cause error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.live[id]
	if r != nil {
		r.cut(cause)
	}
	return r != nil
}

// program gives a published version, ready to run.
func (e *Engine) program(tenant, workflow string, version int) (*program, error) {
	return resource.Cached(e.session(tenant, "", ""), fmt.Sprint("program ", workflow, version), []string{"workflow"},
		func(s *resource.Session) (*program, error) {
			return load(s, workflow, version)
		})
}

func load(s *resource.Session, workflow string, version int) (*program, error) {
	stored, err := readVersion(s, workflow, version)
	if err != nil {
		return nil, fmt.Errorf("read version %d of workflow %s: %w", version, workflow, err)
	}
	type about struct{ Name, WorkspaceID string }
	of, err := resource.SelectOne[about](s, "SELECT name, workspace_id FROM {workflow+trash} WHERE id = ?", workflow)
	if err != nil {
		return nil, err
	}
	graph, err := stored.graph()
	if err != nil {
		return nil, err
	}
	p, problems := compile(graph)
	if problems != nil {
		return nil, faultOf(problems)
	}
	p.tenant, p.workspace, p.workflowID, p.workflowName, p.version = s.Tenant(), of.WorkspaceID, workflow, of.Name, version
	p.publisher = stored.AuthorID
	return p, nil
}
