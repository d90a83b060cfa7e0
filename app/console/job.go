package console

import (
	"net/http"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/jobs"
)

// Job is a piece of work in the queue as operators see it, without what it was told.
type Job struct {
	N            int64
	ID           string
	Name         string     `z:"list,search,help=What kind of work it is."`
	State        JobState   `z:"list"`
	Attempts     int        `z:"list"`
	Error        string     `z:"list,search"`
	DueAt        field.Time `z:"list"`
	Organization string     `z:"search,help=Whose turn it takes; empty for the instance."`
	Key          string     `z:"help=What the job is about: there is one of a name and a key at a time."`
	Deadline     field.Time `z:"help=When it is of no use any more."`
	StartedAt    field.Time
	EndedAt      field.Time
	CreatedAt    field.Time
}

// JobState is how far a job has come.
type JobState string

// Choices are the states with their colours.
func (JobState) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(jobs.Waiting), Label: "Waiting", Tone: "grey"},
		{Value: string(jobs.Running), Label: "Running", Tone: "blue"},
		{Value: string(jobs.Failed), Label: "Failed", Tone: "red"},
		{Value: string(jobs.Cancelled), Label: "Cancelled", Tone: "grey"},
		{Value: string(jobs.Done), Label: "Done", Tone: "green"},
	}
}

// Jobs are what waits, runs and has ended in the queue of the instance.
var Jobs = resource.Kind[Job]{
	Name: "queued_job", Label: "job", Path: "admin/jobs", Area: "Operator", Icon: "list-checks", State: "state", Operators: true,
	Help: "A job is work that Zygo does by itself: mails, checks of domains, and what is forgotten after a time.",
	From: `SELECT j.n, j.id, j.name, j.state, j.attempts, j.error, j.due_at, coalesce((SELECT t.name FROM {tenant} t WHERE t.id = j.tenant_id), '') AS organization,
		j.key, j.deadline, j.started_at, j.ended_at, j.created_at FROM {job} j`,
}

type byID struct{ ID string }

// change is an operation on a job in some of its states, with its button. What it does and its entry are one write.
func change(verb, event, summary string, button operation.Button, allows func(j *Job) bool,
	do func(queue jobs.Tx, id string) error) operation.Operation {
	button.Kind, button.Verb, button.When = Jobs.Name, verb, operation.When(allows)
	call := func(s *resource.Session, in *byID) (done operation.Done, err error) {
		err = s.Across("jobs belong to the instance").Write(func(s *resource.Session) error {
			job, err := Jobs.Get(s, in.ID)
			if err != nil {
				return err
			}
			if !allows(job) {
				return fault.New(fault.Conflict, "This job is %s, which does not allow that.", job.State)
			}
			if err := do(s.Jobs(), in.ID); err != nil {
				return err
			}
			return s.Record("job", event, in.ID, resource.Success)
		})
		if err == nil && verb == "cancel" {
			s.Kernel().Queue().Interrupt(in.ID)
		}
		return done, err
	}
	return operation.Operate(http.MethodPost, "admin/jobs/{id}/"+verb, "", summary, call).Open(operation.Operators).On(button)
}

var operations = []operation.Operation{
	change("retry", "retried", "Make a job that failed or was cancelled due now, with all of its attempts",
		operation.Button{Label: "Retry", Icon: "rotate-ccw"}, (*Job).stopped, jobs.Tx.Retry),
	change("run", "hastened", "Do a job that waits now",
		operation.Button{Label: "Run now", Icon: "play"}, (*Job).waits, jobs.Tx.Retry),
	change("cancel", "cancelled", "End a job that waits or runs",
		operation.Button{
			Label:    "Cancel",
			Icon:     "ban",
			Danger:   true,
			Question: "Nobody does it then, unless you retry it.",
		}, (*Job).open, jobs.Tx.Cancel),
}

func (j *Job) stopped() bool {
	return j.State == JobState(jobs.Failed) || j.State == JobState(jobs.Cancelled)
}

func (j *Job) waits() bool { return j.State == JobState(jobs.Waiting) }

func (j *Job) open() bool { return j.EndedAt == 0 }
