package console

import (
	"net/http"

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

// change is an operation on a job, with its button.
func change(verb, summary string, button operation.Button, do func(s *resource.Session, id string) error) operation.Operation {
	button.Kind, button.Verb = Jobs.Name, verb
	return operation.Operate(http.MethodPost, "admin/jobs/{id}/"+verb, "", summary, func(s *resource.Session, in *byID) (operation.Done, error) {
		err := do(s, in.ID)
		if err == nil {
			err = s.Across("jobs belong to the instance").Record("job", verb, in.ID, resource.Success)
		}
		return operation.Done{}, err
	}).Open(operation.Operators).On(button)
}

var operations = []operation.Operation{
	change("retry", "Make a job that failed or was cancelled due now, with all of its attempts",
		operation.Button{Label: "Retry", Icon: "rotate-ccw", When: operation.When((*Job).stopped)},
		func(s *resource.Session, id string) error { return s.Kernel().Queue().Retry(s.Context, id) }),
	change("run", "Do a job that waits now",
		operation.Button{Label: "Run now", Icon: "play", When: operation.When((*Job).waits)},
		func(s *resource.Session, id string) error { return s.Kernel().Queue().Retry(s.Context, id) }),
	change("cancel", "End a job that waits or runs",
		operation.Button{Label: "Cancel", Icon: "ban", Danger: true, Question: "Nobody does it then, unless you retry it.", When: operation.When((*Job).open)},
		func(s *resource.Session, id string) error { return s.Kernel().Queue().Cancel(s.Context, id) }),
}

func (j *Job) stopped() bool {
	return j.State == JobState(jobs.Failed) || j.State == JobState(jobs.Cancelled)
}

func (j *Job) waits() bool { return j.State == JobState(jobs.Waiting) }

func (j *Job) open() bool { return j.EndedAt == 0 }
