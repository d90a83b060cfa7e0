package flow

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// ExecutionView is an execution with what each node received and gave.
type ExecutionView struct {
	ID              string     `json:"id"`
	TenantID        string     `json:"tenant_id"`
	WorkflowID      string     `json:"workflow_id"`
	WorkflowVersion int        `json:"workflow_version"`
	Status          Status     `json:"status"`
	Trigger         string     `json:"trigger"`
	Input           field.JSON `json:"input"`
	Output          field.JSON `json:"output"`
	Error           *ErrorView `json:"error"`
	CreatedAt       field.Time `json:"created_at"`
	StartedAt       field.Time `json:"started_at"`
	FinishedAt      field.Time `json:"finished_at"`
	WakeAt          field.Time `json:"wake_at"`
	DurationMS      int64      `json:"duration_ms"`
	Attempt         int        `json:"attempt"`
	RetryOf         *string    `json:"retry_of"`
	RetriedBy       *string    `json:"retried_by"`
	Parent          *string    `json:"parent"`
	// Nodes are the steps in their order, of very many the first and the last, and the nodes that were not reached.
	Nodes []StepView `json:"nodes"`
	// LeftOut is how many steps between the first and the last are not there.
	LeftOut int `json:"steps_left_out"`
}

// ErrorView says why an execution or a node failed, or why it waits for another attempt.
type ErrorView struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Node    string `json:"node,omitempty"`
}

// StepView is one run of a node, or a node that was not reached.
type StepView struct {
	NodeID     string     `json:"node_id"`
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Run        int        `json:"run"` // of the node, from 0: in a loop it has several
	Status     string     `json:"status"`
	Attempts   int        `json:"attempts"`
	StartedAt  field.Time `json:"started_at"`
	FinishedAt field.Time `json:"finished_at"`
	DurationMS int64      `json:"duration_ms"`
	Input      field.JSON `json:"input"`
	Output     field.JSON `json:"output"`
	// TooLarge tells that input and output are left out, because what stands before them is as much as one answer may have.
	TooLarge bool       `json:"too_large"`
	Error    *ErrorView `json:"error"`
	// Exchange is the request of a call that failed and its answer, without secrets; null where there was none.
	Exchange *node.Exchange `json:"exchange"`
	Logs     []string       `json:"logs"`
}

// View reads an execution with its steps. Inputs are not stored: they follow from the outputs before them.
func (e *Engine) View(s *resource.Session, id string) (*ExecutionView, error) {
	row, err := Executions.Get(s, id)
	if err != nil {
		return nil, err
	}
	p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion)
	if err != nil {
		return nil, err
	}
	recorded, release, err := e.look(s, row)
	if err != nil {
		return nil, err
	}
	defer release()
	v := &ExecutionView{
		ID:              row.ID,
		TenantID:        row.TenantID,
		WorkflowID:      string(row.WorkflowID),
		WorkflowVersion: row.WorkflowVersion,
		Status:          row.Status,
		Trigger:         row.Trigger,
		CreatedAt:       row.CreatedAt,
		StartedAt:       row.StartedAt,
		FinishedAt:      row.FinishedAt,
		WakeAt:          row.WakeAt,
		Attempt:         row.Attempt,
		DurationMS:      milliseconds(row.StartedAt, row.FinishedAt),
	}
	if row.ErrorCode != "" {
		v.Error = &ErrorView{row.ErrorCode, row.ErrorMessage, row.ErrorNode}
	}
	if v.Input, err = e.payloads.inflate(row.Input); err == nil {
		v.Output, err = e.payloads.inflate(row.Output)
	}
	if err != nil {
		return nil, err
	}
	v.RetryOf, v.RetriedBy, v.Parent = orNull(row.RetryOf), orNull(row.RetriedBy), orNull(row.Parent)
	if v.Nodes, v.LeftOut, err = stepViews(e.payloads, p, row, recorded, e.budget.shown); err != nil {
		return nil, err
	}
	for _, live := range e.liveNodes(id) {
		for i := range v.Nodes {
			if v.Nodes[i].NodeID == live && v.Nodes[i].Status == "pending" {
				v.Nodes[i].Status = stepStarted
			}
		}
	}
	return v, nil
}

// look reads the journal of an execution with what its nodes put out. It holds what the execution held while it ran, what is
// recorded and the values that it is read to, until it is released.
func (e *Engine) look(s *resource.Session, row *Execution) (recorded []Step, release func(), err error) {
	if recorded, err = readSteps(s, row.N); err != nil {
		return nil, nil, err
	}
	held := e.budget.execution(row.TenantID)
	for _, step := range recorded {
		if held.Take(2*fullLen(step.Outputs)+len(step.Progress)) != nil {
			held.Reset()
			return nil, nil, &fault.Error{
				Code:       fault.RateLimited,
				Message:    "The executions of the organization hold all the memory that they may. Look again in a moment.",
				RetryAfter: shortestPark,
			}
		}
	}
	return recorded, held.Reset, nil
}

// Of so many steps the first and the last are shown.
const mostFirst, mostLast = 1_000, 4_000

func stepViews(files payloads, p *program, row *Execution, recorded []Step, most int) ([]StepView, int, error) {
	trigger, err := p.trigger(row.TriggerNode, "")
	if err != nil {
		return nil, 0, err
	}
	input, err := files.items(row.Input)
	if err != nil {
		return nil, 0, err
	}
	leftOut := max(len(recorded)-mostFirst-mostLast, 0)
	w := newWalk(p, trigger, input)
	views := []StepView{}
	seen := map[string]bool{}
	for i := range recorded {
		step := &recorded[i]
		f := w.next()
		if f == nil {
			break
		}
		view := viewOf(f, step)
		view.Run = len(w.runs[f.unit.Name])
		seen[f.unit.ID] = true
		var outputs []node.Output
		if step.Outputs != nil {
			if outputs, err = files.decodeOutputs(f, step.Outputs); err != nil {
				return nil, 0, err
			}
			w.done(f, outputs)
		} else if step.Status == stepFailed {
			w.spare(f, step)
		}
		if i >= mostFirst && i < mostFirst+leftOut {
			continue
		}
		most -= itemsLen(f.items, most)
		for _, o := range outputs {
			most -= itemsLen(o.Items, most)
		}
		if view.TooLarge = most < 0; !view.TooLarge {
			view.show(f.items, step.Outputs != nil, outputs)
		}
		views = append(views, view)
	}
	rest := "pending"
	if row.Status.Finished() {
		rest = stepSkipped
	}
	for _, u := range p.order {
		if !seen[u.ID] {
			views = append(views, StepView{NodeID: u.ID, Name: u.Name, Type: u.Type, Status: rest, Logs: []string{}})
		}
	}
	return views, leftOut, nil
}

func viewOf(f *frame, step *Step) StepView {
	view := StepView{
		NodeID:     f.unit.ID,
		Name:       f.unit.Name,
		Type:       f.unit.Type,
		Status:     step.Status,
		Attempts:   step.Attempt,
		StartedAt:  step.StartedAt,
		FinishedAt: step.FinishedAt,
		DurationMS: milliseconds(step.StartedAt, step.FinishedAt),
		Logs:       []string{},
	}
	if step.Status == stepRetrying {
		view.Status = stepWaiting
	}
	if step.ErrorCode != "" {
		view.Error = &ErrorView{Code: step.ErrorCode, Message: step.ErrorMessage}
	}
	_ = json.Unmarshal(step.Logs, &view.Logs)         // a step without logs has none
	_ = json.Unmarshal(step.Exchange, &view.Exchange) // nor an exchange
	return view
}

// itemsLen is how many bytes items have as JSON; where they are more than most, some number over it.
func itemsLen(items []value.Item, most int) int {
	length := 0
	for _, item := range items {
		if length += item.JSON.EncodedLen(most - length); length > most {
			break
		}
	}
	return length
}

// show writes out what a node received and gave.
func (v *StepView) show(input []value.Item, hasOutputs bool, outputs []node.Output) {
	v.Input = value.AppendItems(nil, input)
	if !hasOutputs {
		return
	}
	shown := []byte{'{'}
	for i, o := range outputs {
		if i > 0 {
			shown = append(shown, ',')
		}
		shown = value.AppendItems(append(value.AppendString(shown, o.Name), ':'), o.Items)
	}
	v.Output = append(shown, '}')
}

func orNull(id field.Ref) *string {
	if id == "" {
		return nil
	}
	text := string(id)
	return &text
}

func milliseconds(from, to field.Time) int64 {
	if from == 0 || to == 0 {
		return 0
	}
	return to.Sub(from).Milliseconds()
}

// liveNodes are the nodes that run at this moment.
func (e *Engine) liveNodes(execution string) []string {
	r := e.liveRun(execution)
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) == 0 || r.events[len(r.events)-1].Type != "node.started" {
		return nil
	}
	return []string{r.events[len(r.events)-1].NodeID}
}
