package ops

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// RunbookRun is one time that somebody went through a runbook: who did which step, when, and with what result.
type RunbookRun struct {
	resource.Row
	Runbook        field.Ref      `z:"to=runbook"`
	Title          string         `z:"max=200,list,search,readonly"`
	State          RunState       `z:"default=running,list,readonly"`
	Steps          RunSteps       `z:"readonly"`
	Done           int64          `z:"list,readonly,label=Steps done"`
	Incident       field.Ref      `z:"to=incident,list,readonly"`
	StartedBy      field.Ref      `z:"to=user,inverse=Runs that they started,list,readonly"`
	RunbookVersion int64          `z:"readonly"`
	FinishedAt     field.Time     `z:"list,readonly"`
	Reason         field.LongText `z:"max=2000,readonly"`
}

// RunState is how far a run is.
type RunState string

// Choices lists the states.
func (RunState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "running", Label: "Running", Tone: "blue"},
		{Value: "finished", Label: "Finished", Tone: "green"},
		{Value: "abandoned", Label: "Abandoned", Tone: "grey"},
	}
}

// RunSteps are the steps of a run.
type RunSteps struct{ field.JSON }

// Schema describes the steps.
func (RunSteps) Schema() field.Schema {
	text := field.Schema{"type": "string"}
	return field.Schema{"type": "array", "items": field.Schema{"type": "object", "properties": field.Schema{
		"text":    text,
		"kind":    field.Schema{"enum": []any{"check", "link", "command", "workflow"}},
		"target":  text,
		"outcome": field.Schema{"enum": []any{"", "done", "skipped", "failed"}},
		"note":    text,
		"by":      text,
		"by_name": text,
		"at": field.Schema{"type": []any{
			"string", "null"}},
	}}}
}

// RunStep is a step of a run.
type RunStep struct {
	Step
	// Outcome is empty until somebody did the step.
	Outcome string     `json:"outcome"`
	Note    string     `json:"note"`
	By      string     `json:"by"`
	ByName  string     `json:"by_name"`
	At      field.Time `json:"at"`
}

// RunbookRuns is the kind.
var RunbookRuns = resource.Kind[RunbookRun]{
	Name: "runbook_run", Label: "run", Path: "runs", Parent: "runbook", Icon: "list-checks", State: "state", Verbs: []string{resource.List,
		resource.Get},
	Help: "A run keeps who did which step of the runbook, and when.",
	Actions: []resource.Action[RunbookRun]{
		{Name: "step", Past: "stepped", Icon: "check", When: (*RunbookRun).isRunning, Ask: resource.Ask((*RunbookRun).step)},
		{Name: "abandon", Icon: "ban", When: (*RunbookRun).isRunning, Ask: resource.Ask((*RunbookRun).abandon)},
	},
}

func (r *RunbookRun) isRunning() bool { return r.State == "running" }

// List gives the steps in their order.
func (r *RunbookRun) List() ([]RunStep, error) {
	var steps []RunStep
	err := json.Unmarshal(r.Steps.JSON, &steps)
	return steps, err
}

// keep stores the steps, and ends the run where none is left.
func (r *RunbookRun) keep(steps []RunStep, s *resource.Session) error {
	text, err := json.Marshal(steps)
	if err != nil {
		return err
	}
	r.Steps.JSON, r.Done = text, 0
	for _, step := range steps {
		if step.Outcome != "" {
			r.Done++
		}
	}
	if r.State = "running"; int(r.Done) == len(steps) {
		r.State, r.FinishedAt = "finished", s.Now
	}
	return nil
}

// Outcome is what people report about a step.
type Outcome struct {
	Step    int64          `z:"required,min=1,help=Its number, from 1 on."`
	Outcome StepOutcome    `z:"default=done"`
	Note    field.LongText `z:"max=2000"`
}

// StepOutcome is how a step ended.
type StepOutcome string

// Choices lists the outcomes.
func (StepOutcome) Choices() []field.Choice {
	return []field.Choice{{Value: "done", Label: "Done"}, {Value: "skipped", Label: "Skipped"}, {Value: "failed", Label: "Failed"}}
}

// step records that the actor did a step. A step that was recorded stays as it is: the run is a record.
func (r *RunbookRun) step(in *Outcome, s *resource.Session) error {
	steps, err := r.List()
	if err != nil {
		return err
	}
	if int(in.Step) > len(steps) {
		return fault.InvalidField("step", "must be one of the %d steps", len(steps))
	}
	step := &steps[in.Step-1]
	if step.Outcome != "" {
		return fault.New(fault.Conflict, "%s recorded this step already.", step.ByName)
	}
	step.Outcome, step.Note, step.By, step.ByName, step.At = string(in.Outcome), string(in.Note), s.Actor.Person(), s.Actor.Name, s.Now
	return r.keep(steps, s)
}

// Abandoned says why a run ends before its last step.
type Abandoned struct {
	Reason field.LongText `z:"max=2000,help=Why the steps that are left were not done."`
}

func (r *RunbookRun) abandon(in *Abandoned, s *resource.Session) error {
	r.State, r.Reason, r.FinishedAt = "abandoned", in.Reason, s.Now
	return nil
}
