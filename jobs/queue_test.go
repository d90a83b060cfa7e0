package jobs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/store"
)

// house is an instance of which a test has the database, the clock and the process.
type house struct {
	t     *testing.T
	dir   string
	store *store.Store
	queue *Queue

	mu      sync.Mutex
	now     time.Time
	changed chan struct{}
}

func newHouse(t *testing.T, works ...Work) *house {
	h := &house{t: t, dir: t.TempDir(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), changed: make(chan struct{})}
	h.open(works)
	if err := h.store.CreateTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	return h
}

func (h *house) open(works []Work) {
	h.t.Helper()
	var err error
	log := slog.New(slog.DiscardHandler)
	options := store.Options{Dir: h.dir, Tables: []*store.Table{Table}, Log: log, Unmigrated: true}
	if h.store, err = store.Open(context.Background(), options); err != nil {
		h.t.Fatal(err)
	}
	h.queue = NewQueue(Options{Store: h.store, Now: h.clock, Changed: h.change, Log: log})
	h.queue.Add(works...)
}

// die ends the process without recording anything, and begins another.
func (h *house) die(works ...Work) {
	h.t.Helper()
	h.store.Close()
	h.open(works)
	if err := h.queue.resume(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) clock() store.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return store.TimeOf(h.now)
}

func (h *house) advance(by time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(by)
}

func (h *house) change() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changed
}

// within commits a change of a tenant and wakes who waits for one.
func (h *house) within(tenant string, change func(t Tx) error) error {
	err := h.store.Write(context.Background(),
		func(tx *store.Tx) error { return change(Within(context.Background(), tx, h.clock(), tenant)) })
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.changed)
	h.changed = make(chan struct{})
	return err
}

func (h *house) put(tenant string, job Job, input any) (id string) {
	h.t.Helper()
	if err := h.within(tenant, func(t Tx) (err error) {
		id, err = t.Put(job, input)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return id
}

// drain does what is due and tells how many jobs that was.
func (h *house) drain(name string) (int, error) { return h.queue.Drain(h.t.Context(), name) }

func (h *house) drained(name string, want int) {
	h.t.Helper()
	if count, _ := h.drain(name); count != want {
		h.t.Errorf("%d jobs %s were due, want %d", count, name, want)
	}
}

func (h *house) job(id string) Job {
	h.t.Helper()
	job, err := store.SelectOne[Job](context.Background(), h.store, all, "SELECT * FROM {job} WHERE id = ?", id)
	if err != nil {
		h.t.Fatal(err)
	}
	return job
}

func (h *house) is(id string, state State, attempts int, text string) {
	h.t.Helper()
	job := h.job(id)
	if job.State != state || job.Attempts != attempts || !strings.Contains(job.Error, text) || (text == "") != (job.Error == "") {
		h.t.Errorf("the job is %s after %d attempts with the error %q, want %s, %d, %q", job.State, job.Attempts, job.Error, state,
			attempts, text)
	}
}

// counts is work that notes the inputs of its jobs, and answers what the test wants.
type counts struct {
	mu   sync.Mutex
	seen []string
	err  error
}

func (c *counts) do(_ context.Context, job Job) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var input string
	if err := job.Read(&input); err != nil {
		return err
	}
	c.seen = append(c.seen, input)
	return c.err
}

var errBusy = fault.New(fault.Unavailable, "The other side is busy.")

func TestAJobRunsOnceAfterItsTransaction(t *testing.T) {
	t.Parallel()
	c := &counts{}
	h := newHouse(t, Work{Name: "count", Do: c.do})
	undone := errors.New("undone")
	if err := h.within("", func(t Tx) error {
		if _, err := t.Put(Job{Name: "count"}, "never"); err != nil {
			return err
		}
		return undone
	}); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	id := h.put("acme", Job{Name: "count"}, "once")
	later := h.put("acme", Job{Name: "count", DueAt: h.clock().Add(time.Hour)}, "later")
	h.drained("count", 1)
	h.drained("count", 0)
	h.is(id, Done, 1, "")
	h.is(later, Waiting, 0, "")
	h.advance(time.Hour)
	h.drained("count", 1)
	if !slices.Equal(c.seen, []string{"once", "later"}) {
		t.Errorf("ran: %v", c.seen)
	}
	if list, err := h.queue.List(t.Context(), Filter{Name: "count", State: Done, Limit: 1}); err != nil || len(list) != 1 ||
		list[0].ID != later {
		t.Errorf("the newest is %v: %v", list, err)
	}
	h.advance(7*24*time.Hour + time.Second)
	if err := h.queue.forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := h.queue.List(t.Context(), Filter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("after a week there is %v: %v", list, err)
	}
}

func TestErrorsAreRepeatedWithGrowingPauses(t *testing.T) {
	t.Parallel()
	c := &counts{err: errBusy}
	h := newHouse(t, Work{Name: "count", Do: c.do, Attempts: 5, First: time.Minute, Longest: 4 * time.Minute})
	id := h.put("", Job{Name: "count"}, "x")
	for attempt, most := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 4 * time.Minute} {
		h.drained("count", 1)
		h.is(id, Waiting, attempt+1, "busy")
		pause := h.job(id).DueAt.Sub(h.clock())
		if pause > most || pause < most*3/4-time.Second {
			t.Errorf("after attempt %d the pause is %s, want about %s", attempt+1, pause, most)
		}
		h.drained("count", 0)
		h.advance(pause)
	}
	h.drained("count", 1)
	h.is(id, Failed, 5, "busy")
	h.advance(24 * time.Hour)
	h.drained("count", 0)

	c.err = nil
	if err := h.queue.Retry(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	h.is(id, Waiting, 0, "")
	h.drained("count", 1)
	h.is(id, Done, 1, "")
}

func TestWhatIsWrongForGoodIsNotRepeated(t *testing.T) {
	t.Parallel()
	c := &counts{err: fault.New(fault.Invalid, "There is no such mailbox.")}
	h := newHouse(t, Work{Name: "count", Do: c.do}, Work{Name: "panic", Do: func(context.Context, Job) error { panic("at work") }})
	id := h.put("", Job{Name: "count"}, "x")
	unread := h.put("", Job{Name: "count"}, 7)
	h.drained("count", 2)
	h.is(id, Failed, 1, "no such mailbox")
	h.is(unread, Failed, 1, "can't be read")

	c.err = &fault.Error{Code: fault.RateLimited, Message: "Too many.", RetryAfter: 50 * time.Minute}
	late := h.put("", Job{Name: "count", Deadline: h.clock().Add(time.Hour)}, "late")
	h.drained("count", 1)
	if pause := h.job(late).DueAt.Sub(h.clock()); pause != 50*time.Minute {
		t.Errorf("who is asked to wait 50 minutes waits %s", pause)
	}
	h.advance(50 * time.Minute)
	h.drained("count", 1) // the next try would be too late, and the end comes at the deadline
	h.advance(10*time.Minute + time.Microsecond)
	h.drained("count", 1)
	h.is(late, Failed, 3, "deadline passed before it was done. Too many.")
	if len(c.seen) != 3 {
		t.Errorf("ran: %v", c.seen)
	}

	panics := h.put("", Job{Name: "panic"}, nil)
	h.drained("panic", 1)
	h.is(panics, Waiting, 1, "Something went wrong")
}

func TestAKeyHasOneJob(t *testing.T) {
	t.Parallel()
	c := &counts{}
	var h *house
	h = newHouse(t, Work{Name: "count", Do: func(ctx context.Context, job Job) error {
		if err := c.do(ctx, job); err != nil || len(c.seen) > 1 {
			return err
		}
		h.put("acme", Job{Name: "count", Key: "report"}, "third") // while it runs
		return nil
	}})
	first := h.put("acme", Job{Name: "count", Key: "report"}, "first")
	if second := h.put("acme", Job{Name: "count", Key: "report", DueAt: h.clock().Add(time.Hour)}, "second"); second != first {
		t.Error("a key has two jobs")
	}
	if other := h.put("umbrella", Job{Name: "count", Key: "report", DueAt: h.clock().Add(time.Hour)}, "other"); other == first {
		t.Error("two tenants share a key")
	}
	h.drained("count", 2)
	h.is(first, Done, 1, "")
	if !slices.Equal(c.seen, []string{"second", "third"}) {
		t.Errorf("ran: %v", c.seen)
	}
	if next := h.put("acme", Job{Name: "count", Key: "report"}, "fourth"); next == first {
		t.Error("a job that has ended keeps its key")
	}
}

func TestTenantsTakeTurns(t *testing.T) {
	t.Parallel()
	c := &counts{}
	h := newHouse(t, Work{Name: "count", Do: c.do})
	for n := range 4 {
		h.put("acme", Job{Name: "count"}, "acme "+strconv.Itoa(n))
	}
	h.put("umbrella", Job{Name: "count"}, "umbrella 0")
	h.put("umbrella", Job{Name: "count"}, "umbrella 1")
	h.put("", Job{Name: "count"}, "instance 0")
	h.drained("count", 7)
	want := []string{"acme 0", "umbrella 0", "instance 0", "acme 1", "umbrella 1", "acme 2", "acme 3"}
	if !slices.Equal(c.seen, want) {
		t.Errorf("the turns are %v, want %v", c.seen, want)
	}
}

func TestACrashLosesNoJob(t *testing.T) {
	t.Parallel()
	c := &counts{}
	work := Work{Name: "count", Do: c.do, Attempts: 2}
	h := newHouse(t, work)
	id := h.put("", Job{Name: "count"}, "x")
	waits := h.put("", Job{Name: "count", DueAt: h.clock().Add(time.Hour)}, "y")
	died, _, err := h.queue.claim(t.Context(), h.queue.work("count"))
	if err != nil || died.ID != id {
		t.Fatal(died, err)
	}
	h.die(work)
	h.is(id, Waiting, 1, "process ended")
	h.is(waits, Waiting, 0, "")
	again, _, err := h.queue.claim(t.Context(), h.queue.work("count"))
	if err != nil || again.ID != id {
		t.Fatal(again, err)
	}
	// The dead attempt writes nothing any more.
	if err := h.within("", func(t Tx) error { return t.Complete(died) }); !fault.Is(err, fault.Stale) {
		t.Errorf("an attempt of a dead process completes its job: %v", err)
	}
	if err := h.within("", func(t Tx) error { return t.Complete(again) }); err != nil {
		t.Fatal(err)
	}
	h.die(work)
	h.is(id, Done, 2, "")
	h.drained("count", 0)
	h.advance(time.Hour)
	h.drained("count", 1)

	// What ends the process each time is given up.
	poison := h.put("", Job{Name: "count"}, "z")
	for range 2 {
		if job, _, err := h.queue.claim(t.Context(), h.queue.work("count")); err != nil || job.ID != poison {
			t.Fatal(job, err)
		}
		h.die(work)
	}
	h.is(poison, Failed, 2, "process ended")
	if !slices.Equal(c.seen, []string{"y"}) {
		t.Errorf("ran: %v", c.seen)
	}
}

func TestACancelledJobRecordsNothing(t *testing.T) {
	t.Parallel()
	var h *house
	h = newHouse(t, Work{Name: "cancel", Do: func(ctx context.Context, job Job) error {
		if err := h.queue.Cancel(ctx, job.ID); err != nil {
			return err
		}
		<-ctx.Done()
		if err := h.within("", func(t Tx) error { return t.Complete(job) }); !fault.Is(err, fault.Stale) {
			t.Errorf("a cancelled job completes: %v", err)
		}
		return nil
	}})
	id := h.put("acme", Job{Name: "cancel"}, nil)
	h.drained("cancel", 1)
	h.is(id, Cancelled, 1, "")
	if err := h.queue.Cancel(t.Context(), id); !fault.Is(err, fault.Conflict) {
		t.Errorf("a cancelled job is cancelled: %v", err)
	}
	waits := h.put("acme", Job{Name: "cancel"}, nil)
	for tenant, want := range map[string]fault.Code{"umbrella": fault.NotFound, "acme": ""} {
		if err := h.within(tenant, func(t Tx) error { return t.Cancel(waits) }); want != "" && !fault.Is(err, want) {
			t.Errorf("%s cancels a job of acme: %v", tenant, err)
		}
	}
	h.drained("cancel", 0)
	h.is(waits, Cancelled, 0, "")
}

func TestPeriodicWorkIsDueAgain(t *testing.T) {
	t.Parallel()
	c := &counts{}
	work := Hourly("hourly", func(ctx context.Context) error { return c.do(ctx, Job{Input: `"now"`}) })
	h := newHouse(t, work)
	only := func() Job {
		t.Helper()
		list, err := h.queue.List(t.Context(), Filter{Name: "hourly", Limit: 10})
		if err != nil || len(list) != 1 {
			t.Fatalf("there are %d periodic jobs: %v", len(list), err)
		}
		return list[0]
	}
	h.die(work)
	h.drained("hourly", 0)
	h.advance(time.Hour)
	h.die(work) // also what came due while nothing ran
	h.drained("hourly", 1)
	if job := only(); job.State != Waiting || job.DueAt.Sub(h.clock()) != time.Hour {
		t.Errorf("after its run it is %s, due in %s", job.State, job.DueAt.Sub(h.clock()))
	}
	c.err = fault.New(fault.Invalid, "It can't be done.")
	if count, err := h.queue.RunNow(t.Context(), "hourly"); count != 1 || err == nil {
		t.Errorf("%d ran: %v", count, err)
	}
	h.is(only().ID, Waiting, 1, "can't be done")
	if pause := only().DueAt.Sub(h.clock()); pause > 30*time.Second {
		t.Errorf("after an error it is due in %s", pause)
	}
	c.err = nil
	h.advance(30 * time.Second)
	h.drained("hourly", 1)
	h.is(only().ID, Waiting, 0, "")
	if err := h.queue.Hasten(t.Context(), "unknown"); !fault.Is(err, fault.NotFound) ||
		!strings.Contains(err.Error(), "forget-jobs, hourly") {
		t.Errorf("unknown work is hastened: %v", err)
	}
}

// TestARunningQueueWakes: a started queue does what is committed, several at once, and gives back what a stop interrupts.
func TestARunningQueueWakes(t *testing.T) {
	t.Parallel()
	began, stopped := make(chan string, 10), make(chan struct{})
	h := newHouse(t, Work{Name: "wait", Concurrent: 2, Do: func(ctx context.Context, job Job) error {
		began <- job.ID
		select {
		case <-ctx.Done():
		case <-stopped:
			return nil
		}
		return ctx.Err()
	}})
	runner := newTestRunner(t)
	if err := h.queue.Start(t.Context(), runner); err != nil {
		t.Fatal(err)
	}
	ids := []string{h.put("", Job{Name: "wait"}, nil), h.put("", Job{Name: "wait"}, nil)}
	third := h.put("", Job{Name: "wait"}, nil)
	got := []string{<-began, <-began}
	slices.Sort(got) // as the ids of two that were handed over one after the other
	if !slices.Equal(got, ids) {
		t.Errorf("%v run at once, want %v", got, ids)
	}
	stopped <- struct{}{}
	if got := <-began; got != third {
		t.Errorf("then %s runs, want %s", got, third)
	}
	if err := runner.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	states := map[State]int{}
	for _, id := range append(ids, third) {
		job := h.job(id)
		states[job.State]++
		if job.State == Waiting && job.Attempts != 0 {
			t.Errorf("a stop counts as %d attempts", job.Attempts)
		}
	}
	if states[Done] != 1 || states[Waiting] != 2 {
		t.Errorf("after the stop the jobs are %v", states)
	}
}
