package flow

import (
	"zygo/app/field"
	"zygo/app/resource"
)

// Execution is one run of a version of a workflow. Its row and its steps are written by the engine alone.
type Execution struct {
	N               int64
	ID              string
	TenantID        string
	WorkspaceID     string
	WorkflowID      field.Ref  `z:"to=workflow,list,readonly,label=Workflow"`
	WorkflowVersion int        `z:"list,readonly,label=Version"`
	Status          Status     `z:"list,readonly"`
	Trigger         string     `z:"list,readonly,help=What started it."`
	TriggerNode     string     `z:"internal"`
	Input           field.JSON `z:"internal"`
	Output          field.JSON `z:"internal"`
	ErrorCode       string     `z:"readonly"`
	ErrorMessage    string     `z:"readonly,list,search,max=2000,label=Error"`
	ErrorNode       string     `z:"readonly"`
	Attempt         int        `z:"readonly"`
	RetryOf         field.Ref  `z:"to=execution,readonly"`
	RetriedBy       field.Ref  `z:"to=execution,filter,readonly,help=The execution that ran this one again, the last one where there are several."`
	// Parent is the execution whose step called this one. Step is that step's number and Turn the place among its calls.
	Parent field.Ref `z:"to=execution,inverse=Executions that it called,filter,readonly,label=Called by"`
	Step   int       `z:"internal"`
	Turn   int       `z:"internal"`
	// Awaited is the epoch in which the parent began to wait for this one, so that what an earlier attempt of the step called is
	// told from what the last one did; 0 where the parent does not wait.
	Awaited    int        `z:"internal"`
	Depth      int        `z:"internal"`
	CreatedAt  field.Time `z:"list"`
	StartedAt  field.Time `z:"readonly"`
	FinishedAt field.Time `z:"readonly,list"`
	// ActorID is the person or key that started it by hand.
	ActorID string `z:"internal"`
	// Dedupe is the sender's id of the delivery, so that a replay has no second effect.
	Dedupe string `z:"internal"`
	// LimitKey is the value for which the workflow's limit holds, empty for the whole workflow.
	LimitKey string `z:"internal"`
	// Epoch rises whenever the execution is taken up; a write of an older taker fails.
	Epoch int `z:"internal"`
	// Interrupted counts the processes that died while it ran.
	Interrupted int        `z:"internal"`
	WakeAt      field.Time `z:"internal"`
	// Size is how many bytes the input and what the nodes gave take, once the execution ended.
	Size int64 `z:"internal"`
}

// Status is how far an execution is.
type Status string

// The states of an execution.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Waiting   Status = "waiting"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
)

// Choices lists the states.
func (Status) Choices() []field.Choice {
	return []field.Choice{
		{Value: "queued", Label: "Queued"},
		{Value: "running", Label: "Running", Tone: "blue"},
		{Value: "waiting", Label: "Waiting", Tone: "amber"},
		{Value: "succeeded", Label: "Succeeded", Tone: "green"},
		{Value: "failed", Label: "Failed", Tone: "red"},
		{Value: "cancelled", Label: "Cancelled"},
	}
}

// Finished tells whether the state is final.
func (s Status) Finished() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Executions is the kind. Its indexes are few, because a row comes with every webhook.
var Executions = resource.Kind[Execution]{
	Name: "execution", Area: "Automation", Icon: "activity", State: "status", Verbs: []string{resource.List, resource.Get},
	Help:  "Every run of a workflow, with what each node received and gave.",
	Roles: map[string]resource.Role{"cancel": resource.Editor, "retry": resource.Editor},
	Indexes: []resource.Index{
		{Columns: []string{"workflow_id"}},
		{Columns: []string{"status"}},
		{Columns: []string{"parent", "awaited", "turn"}, Where: "parent IS NOT NULL"},
		{Columns: []string{"dedupe"}, Where: "dedupe <> ''", Unique: true},
		{Columns: []string{"retry_of"}, Where: "retry_of IS NOT NULL"},
		{Columns: []string{"retried_by"}, Where: "retried_by IS NOT NULL"},
		{Columns: []string{"workflow_id", "workflow_version"}, Where: "workflow_version < 0"},
		{Columns: []string{"status", "n"}, Where: "status IN ('queued', 'running')", Across: true},
		{Columns: []string{"workflow_id", "trigger_node"}, Where: "trigger = 'schedule' AND status IN ('queued', 'running', 'waiting')"},
		{Columns: []string{"wake_at"}, Where: "wake_at IS NOT NULL", Across: true},
	},
}

// Step is the record of one run of one node: the journal from which an execution goes on after a crash.
type Step struct {
	Execution  int64
	Seq        int
	TenantID   string
	Node       string
	Status     string
	Attempt    int
	StartedAt  field.Time
	FinishedAt field.Time
	Outputs    field.JSON
	// Progress is what node.Progress holds of a step that failed and may go on.
	Progress     field.JSON
	ErrorCode    string
	ErrorMessage string
	// Exchange is the node.Exchange of a call that failed.
	Exchange field.JSON
	Logs     field.JSON
}

// The states of a step. A started one is recorded before an effect that must not happen twice.
const (
	stepStarted   = "running"
	stepWaiting   = "waiting"
	stepRetrying  = "retrying"
	stepSucceeded = "succeeded"
	stepFailed    = "failed"
	stepSkipped   = "skipped"
)

var steps = stepTable()

func stepTable() *resource.Table {
	t := resource.NewTable[Step]("step")
	t.Key = []string{"execution", "seq"}
	return t
}

func (s *Step) isFinal() bool {
	return s.Status == stepSucceeded || s.Status == stepFailed || s.Status == stepSkipped
}
