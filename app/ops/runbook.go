package ops

import (
	"zygo/app/field"
	"zygo/app/resource"
)

// Runbook says in steps what to do when something happens. Its text is Markdown; each item of a task list is a step.
type Runbook struct {
	resource.Row
	Title     string         `z:"required,max=200,list,search"`
	State     RunbookState   `z:"default=draft,list,short"`
	Owner     field.Ref      `z:"to=user,inverse=Runbooks that they own,list,short"`
	Assets    field.Refs     `z:"to=asset,filter,help=What it is for."`
	Text      field.Markdown `z:"max=100000,search,help=Each line that begins with - [ ] is a step. A step may hold a link, a command between fences, or a link to a workflow to run."`
	Tags      field.Tags     `z:"list"`
	Review    field.Date     `z:"filter,fold,label=Review by,help=When somebody should read it again."`
	Custom    field.Custom
	LastRun   field.Ref  `z:"to=runbook_run,readonly"`
	LastRunAt field.Time `z:"list,readonly,label=Last run"`
}

// RunbookState says whether people should rely on a runbook.
type RunbookState string

// Choices lists the states.
func (RunbookState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "draft", Label: "Draft", Tone: "grey"},
		{Value: "approved", Label: "Approved", Tone: "green"},
		{Value: "outdated", Label: "Outdated", Tone: "amber"},
	}
}

// Runbooks is the kind.
var Runbooks = resource.Kind[Runbook]{
	Shared: true, Name: "runbook", Area: "Operations", Icon: "book-open", Order: "title", State: "state",
	Help: "A runbook says in steps what to do when something happens. Each run is recorded, step by step.",
	Actions: []resource.Action[Runbook]{
		{Name: "run", Past: "started", Icon: "play", Ask: resource.Ask((*Runbook).run)},
	},
}

// RunFor names what a runbook is run for.
type RunFor struct {
	Incident field.Ref `z:"to=incident,help=The incident that it is run for, if it is."`
}

// run begins a run with the steps as they are now; what the runbook says later changes nothing in it.
func (r *Runbook) run(in *RunFor, s *resource.Session) error {
	run, err := RunbookRuns.Create(s, func(run *RunbookRun) error {
		run.Title = r.Title
		run.Runbook, run.Incident, run.RunbookVersion = field.Ref(r.ID), in.Incident, r.Version
		if s.Actor.Kind == "user" { // a workflow is nobody
			run.StartedBy = field.Ref(s.Actor.Person())
		}
		return run.keep(stepsOf(string(r.Text)), s)
	})
	if err != nil {
		return err
	}
	r.LastRun, r.LastRunAt = field.Ref(run.ID), s.Now
	if in.Incident == "" {
		return nil
	}
	return note(s, string(in.Incident), s.Actor.Name+" began the runbook **"+r.Title+"**.")
}
