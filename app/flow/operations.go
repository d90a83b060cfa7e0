package flow

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Operations are what the API offers beyond the kinds. The list itself needs no running engine.
func (e *Engine) Operations() []operation.Operation {
	return []operation.Operation{
		operation.Handle("POST", "workflows/{id}/execute", operation.SignedIn, "Run the published version", e.execute).
			Needing("workflow:execute"),
		operation.Operate("GET", "workflows/{id}/inputs", "workflow:read",
			"List what a run by hand can begin with at each trigger of the draft: a sample, and what the last execution began with", e.openings),
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
