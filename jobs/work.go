package jobs

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"zygo/app/fault"
	"zygo/store"
)

// Work is a kind of job, declared once by the area that does it. Zero values mean the usual: 15 attempts over about a day, one
// job at a time, an hour for each attempt, and a week in the list after the end.
type Work struct {
	// Name is what operators call it, such as send-email.
	Name string
	// Do does one job. It can run again after its effect and before its end was recorded, because a process can die at any
	// time: an effect outside has to be repeatable, such as a mail that keeps its Message-ID. What only writes rows calls
	// Tx.Complete in the same transaction, and happens once. A fault Invalid ends the job, every other error is tried again.
	Do func(ctx context.Context, job Job) error
	// Every makes the work periodic: there is one job of it, which is due again this long after its last end.
	Every time.Duration
	// Attempts is how often a job is tried. Periodic work is tried without an end.
	Attempts int
	// First is the pause after the first error. Each further one is twice as long, up to Longest.
	First, Longest time.Duration
	// Limit is how long one attempt may take.
	Limit time.Duration
	// Concurrent is how many jobs run at once.
	Concurrent int
	// Keep is how long a job is listed after its end.
	Keep time.Duration
}

const usualKeep = 7 * 24 * time.Hour

// Hourly declares periodic work that needs nothing of its job.
func Hourly(name string, do func(ctx context.Context) error) Work {
	return Work{Name: name, Every: time.Hour, Do: func(ctx context.Context, _ Job) error { return do(ctx) }}
}

// usual fills in what a declaration leaves out.
func (w Work) usual() *Work {
	set := func(to *time.Duration, usual time.Duration) {
		if *to == 0 {
			*to = usual
		}
	}
	set(&w.First, 30*time.Second)
	set(&w.Longest, 4*time.Hour)
	set(&w.Limit, time.Hour)
	set(&w.Keep, usualKeep)
	if w.Attempts == 0 {
		w.Attempts = 15
	}
	w.Concurrent = max(w.Concurrent, 1)
	return &w
}

// State is how far a job has come.
type State string

// The states of a job. The last three are ends.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// States lists the states.
var States = []State{Waiting, Running, Done, Failed, Cancelled}

// Job is one piece of work in the queue. Who hands it over sets Name, and what it needs of ID, Key, DueAt and Deadline.
type Job struct {
	N    int64  `json:"-"`
	ID   string `json:"id"`
	Name string `json:"name"`
	// Key names what the job is about. A tenant has one job of a name and a key that has not ended. Empty is no key.
	Key string `json:"key"`
	// TenantID is the tenant whose turn the job takes, empty for the instance. It gives no rights.
	TenantID string `json:"tenant_id"`
	// Input is JSON. It is stored in the clear, so it names secrets and does not hold them.
	Input string     `json:"-"`
	State State      `json:"state"`
	DueAt store.Time `json:"due_at"`
	// Deadline is when the job is of no use any more; 0 is never.
	Deadline store.Time `json:"deadline"`
	Attempts int        `json:"attempts"`
	// Epoch counts the starts. An attempt that is not the newest one records nothing.
	Epoch int `json:"-"`
	// Again tells that the job was handed over once more while it ran.
	Again     bool       `json:"-"`
	Error     string     `json:"error"`
	CreatedAt store.Time `json:"created_at"`
	StartedAt store.Time `json:"started_at"`
	EndedAt   store.Time `json:"ended_at"`
	ForgetAt  store.Time `json:"-"`

	work *Work
}

// Read decodes the input of a job. What can't be decoded is not tried again.
func (j Job) Read(into any) error {
	if err := json.Unmarshal([]byte(j.Input), into); err != nil {
		return fault.New(fault.Invalid, "The input of this job can't be read.").Because(err)
	}
	return nil
}

// Table holds the jobs of all tenants. Only the queue reaches it.
var Table = jobTable()

func jobTable() *store.Table {
	t := store.NewTable[Job]("job")
	t.Visible = store.Nothing
	t.Indexes = []store.Index{
		{Columns: []string{"name", "tenant_id", "key"}, Where: "ended_at IS NULL AND key <> ''", Unique: true},
		{Columns: []string{"name", "due_at"}, Where: "state = 'waiting'"},
		{Columns: []string{"name", "tenant_id", "due_at"}, Where: "state = 'waiting'"},
		{Columns: []string{"state"}, Where: "state = 'running'"},
		{Columns: []string{"forget_at"}, Where: "forget_at IS NOT NULL"},
	}
	return t
}

// all reaches the jobs of every tenant.
var all = store.System("the jobs of all tenants stand in one queue")

// after is what the end of an attempt changes in its job.
func (j Job) after(now store.Time, err error) []store.Pair {
	state, text, attempts, due := Done, "", j.Attempts, j.DueAt
	if err != nil {
		state, text = Failed, fault.Public(err).Message
	}
	pause := j.work.pause(j.Attempts, err)
	switch {
	case j.work.Every > 0 && err == nil:
		state, attempts, due = Waiting, 0, now.Add(j.work.Every)
	case j.work.Every > 0:
		state, due = Waiting, now.Add(min(pause, j.work.Every))
	case err != nil && !fault.Is(err, fault.Invalid) && j.Attempts < j.work.Attempts:
		if state, due = Waiting, now.Add(pause); j.Deadline != 0 {
			due = min(due, j.Deadline+1) // which says then that it is too late
		}
	}
	set := []store.Pair{
		{Column: "state", Value: string(state)},
		{Column: "error", Value: text},
		{Column: "attempts", Value: attempts},
		{Column: "due_at", Value: due},
	}
	if state != Waiting {
		set = append(set, ended(now, j.work.Keep)...)
	}
	return set
}

// ended are the columns of a job that has come to an end.
func ended(now store.Time, keep time.Duration) []store.Pair {
	return []store.Pair{{Column: "ended_at", Value: now}, {Column: "forget_at", Value: now.Add(keep)}}
}

// pause is how long a job waits after an error: a quarter of it is chance, so that what failed together is not tried together.
func (w *Work) pause(attempts int, err error) time.Duration {
	pause := min(w.First<<min(max(attempts-1, 0), 20), w.Longest)
	pause -= rand.N(pause/4 + 1)
	if f, ok := fault.As(err); ok {
		pause = max(pause, f.RetryAfter)
	}
	return pause
}
