package flow

import (
	"context"
	"encoding/json"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/value"
)

// Operations are what the API offers beyond the kinds. The list itself needs no running engine.
func (e *Engine) Operations() []operation.Operation {
	return []operation.Operation{
		operation.Handle("POST", "workflows/{id}/execute", operation.SignedIn, "Run the published version", e.execute).
			Needing("workflow:execute"),
		operation.Operate("POST", "workflows/{id}/validate", "workflow:read",
			"List what keeps the draft from being published, and scripts that can't run", e.validate),
		operation.Operate("POST", "workflows/{id}/duplicate", "workflow:create", "Copy the draft into a new workflow", duplicate).Creating(),
		operation.Operate("GET", "workflows/{id}/versions", "workflow:read", "List the published versions, newest first", listVersions),
		operation.Operate("GET", "workflows/{id}/versions/{version}", "workflow:read", "Get a published version", getVersion),
		operation.Handle("POST", "workflows/{id}/versions/{version}/restore", operation.SignedIn,
			"Make a published version the draft; takes If-Match", restore).Needing("workflow:update"),
		operation.Operate("GET", "workflows/{id}/diff", "workflow:read", "Compare two versions, or a version and the draft", diff),
		operation.Operate("GET", "workflows/{id}/export", "workflow:read", "Export the draft as JSON", export),
		operation.Operate("POST", "workflows/import", "workflow:create", "Make a workflow from exported JSON", importWorkflow).Creating(),
		operation.Operate("POST", "workflows/import/n8n", "workflow:create", "Make a workflow of one that n8n exported, and report on it",
			ImportFromN8n).Creating(),
		operation.Operate("POST", "workflows/{id}/listen", "workflow:update",
			"Let the webhooks of the draft take one call at their test addresses, for two minutes", e.listen),
		operation.Operate("GET", "workflows/{id}/due-times", "workflow:read",
			"List the next ten times at which schedules start a workflow; of one that is not enabled, those of its draft", dueTimesOf),
		operation.Operate("GET", "workflow-templates", "workflow:read", "List the templates", listTemplates),
		operation.Operate("GET", "workflow-templates/{id}", "workflow:read", "Get a template with its graph", getTemplate),
		operation.Operate("POST", "workflow-templates/{id}/use", "workflow:create", "Make a workflow from a template", useTemplate).Creating(),
		operation.Operate("GET", "node-types", "workflow:read", "List the node types", listTypes),
		operation.Operate("GET", "node-types/{type}", "workflow:read", "Get a node type", getType),
		operation.Operate("GET", "node-types/{type}/schema", "workflow:read", "The JSON schema of a node type's parameters", typeSchema),
		operation.Operate("GET", "executions/search", "execution:read",
			"Find executions by what their nodes gave, newest first; next_cursor says where a search goes on that found too little", Search),
		operation.Operate("GET", "executions/{id}", "execution:read", "Get an execution with what each node received and gave", e.get),
		operation.Operate("GET", "executions/{id}/logs", "execution:read", "The lines that the nodes logged", e.logs),
		operation.Operate("POST", "executions/{id}/cancel", "execution:cancel", "Cancel an execution", e.cancel),
		operation.Operate("POST", "executions/{id}/retry", "execution:retry",
			"Run a finished execution again, from its failed node or from the start", e.retry),
		operation.Operate("POST", "executions/bulk-retry", "execution:retry",
			"Run up to 500 finished executions again, by their ids or by a filter; each is told for itself", e.bulkRetry),
		operation.Operate("POST", "approvals/{id}/decide", "approval:approve", "Approve or reject what a workflow asks", decideApproval),
	}
}

type byID struct {
	ID string
}

type executeInput struct {
	ID    string
	Input field.JSON
	Draft bool   `z:"help=Tries the draft, with the items that are pinned to its nodes."`
	To    string `z:"max=64,help=Of the draft: the node to end with."`
	Wait  int    `z:"max=50,help=How many seconds the answer may wait for the end."`
}

// executeOutput is the whole execution where it ended in time, else its id and status.
type executeOutput struct {
	*ExecutionView
	ID     string `json:"id"`
	Status Status `json:"status"`
}

// Accepted tells the edge that the execution goes on.
func (o executeOutput) Accepted() bool { return o.ExecutionView == nil }

// execute takes an Idempotency-Key: a repeated request finds the execution that the first one started.
func (e *Engine) execute(c *operation.Call, in *executeInput) (executeOutput, error) {
	s := c.Session
	order := Order{Workflow: in.ID, Input: json.RawMessage(in.Input), Key: c.Repeatable.Key, Draft: in.Draft || in.To != "", To: in.To}
	execution, err := e.ExecuteOnce(s, order)
	if err != nil {
		return executeOutput{}, err
	}
	status := Queued
	if in.Wait > 0 {
		if status, err = e.Await(s, execution, time.Duration(in.Wait)*time.Second); err != nil {
			return executeOutput{}, err
		}
	}
	if !status.Finished() {
		return executeOutput{ID: execution, Status: status}, nil
	}
	view, err := e.View(s, execution)
	return executeOutput{ExecutionView: view, ID: execution, Status: status}, err
}

// Execute starts the published version by hand and gives the execution's id, which is on disk.
func (e *Engine) Execute(s *resource.Session, workflow string, input json.RawMessage) (string, error) {
	return e.ExecuteOnce(s, Order{Workflow: workflow, Input: input})
}

// Order is to run a workflow by hand.
type Order struct {
	Workflow string
	Input    json.RawMessage
	// Draft tries the draft, up to the node To where one is named.
	Draft bool
	To    string
	// Key makes a second order of the same actor find the execution of the first.
	Key string
}

// ExecuteOnce is Execute, but a second order of the same actor with the same key gives the first execution.
func (e *Engine) ExecuteOnce(s *resource.Session, order Order) (string, error) {
	if err := Workflows.Require(s, "execute"); err != nil {
		return "", err
	}
	w, err := Workflows.Get(s, order.Workflow)
	if err != nil {
		return "", err
	}
	if err := Workflows.RequireOn(s, "execute", w); err != nil {
		return "", err
	}
	version := w.PublishedVersion
	if order.Draft {
		if version, err = testVersion(s, w, order.To); err != nil {
			return "", err
		}
	}
	if version == 0 {
		return "", fault.New(fault.Conflict, "Publish the workflow first; what runs is the published version. The draft can be tried as it is.")
	}
	p, err := e.program(w.TenantID, w.ID, version)
	if err != nil {
		return "", err
	}
	unit, err := p.trigger("", "trigger.manual")
	if err != nil {
		if unit, err = p.trigger("", ""); err != nil {
			return "", err
		}
	}
	items, err := inputItems(order.Input)
	if err != nil {
		return "", err
	}
	key := order.Key
	if key != "" {
		key = w.ID + " " + s.Actor.ID + " " + key
		if before, err := e.findDelivery(s, key); err == nil {
			return before.ID, nil
		} else if !fault.Is(err, fault.NotFound) {
			return "", err
		}
	}
	r, err := e.newRun(p, Start{Trigger: "manual", NodeID: unit.ID, Input: items, ActorID: s.Actor.ID, Dedupe: key})
	if err != nil {
		return "", err
	}
	if err := e.begin(r, func() error { return r.flushAs(s, "started") }); err != nil {
		again, err := e.repeated(w.TenantID, key, err)
		return again.ExecutionID, err
	}
	return r.row.ID, nil
}

// inputItems takes an object or a list of them for the items of the trigger.
func inputItems(input json.RawMessage) ([]value.Item, error) {
	if len(input) == 0 || string(input) == "null" {
		return []value.Item{{JSON: value.Object()}}, nil
	}
	parsed, err := value.Parse(input, value.Limits{})
	if err != nil {
		return nil, fault.InvalidField("input", "is not valid JSON: %v", err)
	}
	if parsed.Kind() == value.ObjectKind {
		return []value.Item{{JSON: parsed}}, nil
	}
	if parsed.Kind() != value.ListKind {
		return nil, fault.InvalidField("input", "must be an object, or a list of objects")
	}
	var items []value.Item
	for i, element := range parsed.Elements() {
		if element.Kind() != value.ObjectKind {
			return nil, fault.InvalidField("input", "must be a list of objects, and its entry %d is a %s", i+1, element.Kind())
		}
		items = append(items, value.Item{JSON: element})
	}
	return items, nil
}

// Await waits until an execution is over, or for so long.
func (e *Engine) Await(s *resource.Session, id string, limit time.Duration) (Status, error) {
	ctx, cancel := context.WithTimeout(s.Context, limit)
	defer cancel()
	for {
		changed := e.kernel.Changed()
		row, err := Executions.Get(s, id)
		if err != nil || row.Status.Finished() {
			if err != nil {
				return "", err
			}
			return row.Status, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return row.Status, nil
		}
	}
}

func (e *Engine) get(s *resource.Session, in *byID) (*ExecutionView, error) { return e.View(s, in.ID) }

// LogLine is one line that a node logged.
type LogLine struct {
	NodeID string `json:"node_id"`
	Line   string `json:"line"`
}

func (e *Engine) logs(s *resource.Session, in *byID) ([]LogLine, error) {
	row, err := Executions.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	recorded, err := readProgress(s, row.N)
	if err != nil {
		return nil, err
	}
	lines := []LogLine{}
	for _, step := range recorded {
		for _, line := range logLines(step.Logs) {
			lines = append(lines, LogLine{step.Node, line})
		}
	}
	return lines, nil
}

// idAndStatus is the answer about an execution that somebody acted on.
type idAndStatus struct {
	ID     string `json:"id"`
	Status Status `json:"status"`
}

func (e *Engine) cancel(s *resource.Session, in *byID) (idAndStatus, error) {
	return idAndStatus{in.ID, Cancelled}, e.Cancel(s, in.ID)
}

// Cancel ends an execution: a running node is told to stop, a waiting one never goes on.
func (e *Engine) Cancel(s *resource.Session, id string) error {
	if err := Executions.Require(s, "cancel"); err != nil {
		return err
	}
	row, err := Executions.Get(s, id)
	if err != nil {
		return err
	}
	if row.Status.Finished() {
		return fault.New(fault.Conflict, "The execution is over already.")
	}
	if e.cutLive(id, errCancelled) {
		return s.Write(func(s *resource.Session) error {
			return s.RecordObject("execution", "cancel_requested", id, row.WorkspaceID, nil)
		})
	}
	return e.cancelStored(s, row)
}

// cancelStored ends an execution that nobody runs.
func (e *Engine) cancelStored(s *resource.Session, row *Execution) error {
	err := s.Write(func(s *resource.Session) error {
		count, err := s.Change(Executions.Table(s), []resource.Pair{
			{Column: "status", Value: string(Cancelled)},
			{Column: "wake_at", Value: nil},
			{Column: "epoch", Value: row.Epoch + 1},
			{Column: "finished_at", Value: s.Now},
			{Column: "error_code", Value: "CANCELLED"},
			{Column: "error_message", Value: "Somebody cancelled the execution."},
		},
			[]resource.Pair{{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}})
		if err == nil && count == 0 {
			return fault.New(fault.Conflict, "The execution went on in this moment. Cancel it again.")
		}
		if err != nil {
			return err
		}
		if err := s.RecordObject("execution", string(Cancelled), row.ID, row.WorkspaceID, nil); err != nil {
			return err
		}
		return e.ended(s, row, true, nil)
	})
	if err != nil {
		return err
	}
	e.answer(row.ID, Answer{Status: Cancelled, ExecutionID: row.ID})
	return e.over(row, true)
}

func (e *Engine) listen(s *resource.Session, in *byID) ([]TestAddress, error) {
	return e.Listen(s, in.ID)
}

type validation struct {
	Valid    bool      `json:"valid"`
	Problems []Problem `json:"problems"`
}

func (e *Engine) validate(s *resource.Session, in *byID) (validation, error) {
	problems, err := Problems(s, in.ID)
	if err == nil && len(problems) == 0 {
		problems, err = e.scriptProblems(s, in.ID)
	}
	if problems == nil {
		problems = []Problem{}
	}
	return validation{len(problems) == 0, problems}, err
}

// scriptProblems lets the sandbox read the scripts of a draft without running them. Publishing can't: it happens inside the
// write, where no process is asked.
func (e *Engine) scriptProblems(s *resource.Session, id string) ([]Problem, error) {
	w, err := Workflows.Get(s, id)
	if err != nil {
		return nil, err
	}
	graph, err := w.graph()
	if err != nil {
		return nil, err
	}
	p, problems := compile(graph)
	if p == nil {
		return problems, nil
	}
	for _, u := range p.order {
		wrong, err := u.compiled.CheckScripts(s.Context, e.services.Sandbox, s.Tenant())
		if err != nil {
			return nil, err
		}
		for _, f := range wrong {
			problems = append(problems, Problem{Node: u.ID, Field: f.Field, Message: f.Message})
		}
	}
	return problems, nil
}

// Problems lists what keeps a workflow's draft from being published.
func Problems(s *resource.Session, id string) ([]Problem, error) {
	w, err := Workflows.Get(s, id)
	if err != nil {
		return nil, err
	}
	graph, err := w.graph()
	if err != nil {
		return nil, err
	}
	return problemsOf(s, graph)
}

func listTypes(*resource.Session, *struct{}) ([]node.Description, error) {
	all := []node.Description{}
	for _, t := range node.All() {
		all = append(all, t.Describe())
	}
	return all, nil
}

type typeInput struct {
	Type string
}

func findType(name string) (*node.Type, error) {
	t, ok := node.Find(name, 0)
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no node type %q.", name)
	}
	return t, nil
}

func getType(_ *resource.Session, in *typeInput) (node.Description, error) {
	t, err := findType(in.Type)
	if err != nil {
		return node.Description{}, err
	}
	return t.Describe(), nil
}

func typeSchema(_ *resource.Session, in *typeInput) (field.Schema, error) {
	t, err := findType(in.Type)
	if err != nil {
		return nil, err
	}
	return t.Schema(), nil
}
