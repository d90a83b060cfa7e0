package flow

import (
	"encoding/json"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/value"
)

// A run by hand: of the published version, or of the draft as it is.

type executeInput struct {
	ID      string
	Input   field.JSON `z:"help=An object or a list of objects: the items of the trigger. Of the draft, those that are pinned to the trigger when empty."`
	Draft   bool       `z:"help=Tries the draft, with the items that are pinned to its nodes."`
	Trigger string     `z:"max=64,help=The id of the trigger to begin with; a manual one or the first when empty."`
	To      string     `z:"max=64,help=Of the draft: the node to end with."`
	Wait    int        `z:"max=50,help=How many seconds the answer may wait for the end."`
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
	order := Order{
		Workflow: in.ID, Input: json.RawMessage(in.Input), Key: c.Repeatable.Key, Draft: in.Draft || in.To != "", To: in.To, Trigger: in.Trigger,
	}
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
	// Trigger is where it begins, empty for a manual trigger or else the first.
	Trigger string
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
	unit, items, err := p.opening(order)
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
	r, err := e.newRun(p, Start{Trigger: "manual", NodeID: unit.ID, Input: items, ActorID: s.Actor.Person(), Dedupe: key})
	if err != nil {
		return "", err
	}
	if err := e.begin(r, func() error { return r.flushAs(s, "started") }); err != nil {
		again, err := e.repeated(w.TenantID, key, err)
		return again.ExecutionID, err
	}
	return r.row.ID, nil
}

// opening is the trigger that an order begins with, and its items. What is pinned to the trigger of a draft stands for an input that
// nobody gave.
func (p *program) opening(order Order) (*unit, []value.Item, error) {
	if u := p.units[order.Trigger]; order.Trigger != "" && (u == nil || !u.kind.Trigger) {
		return nil, nil, fault.InvalidField("trigger", "is no trigger of what is to run")
	}
	u, err := p.trigger(order.Trigger, "trigger.manual")
	if err != nil {
		return nil, nil, err
	}
	if order.Draft && u.pinned != nil && isNothing(order.Input) {
		return u, u.pinned, nil
	}
	items, err := inputItems(order.Input)
	return u, items, err
}

func isNothing(input json.RawMessage) bool { return len(input) == 0 || string(input) == "null" }

// inputItems takes an object or a list of them for the items of the trigger.
func inputItems(input json.RawMessage) ([]value.Item, error) {
	if isNothing(input) {
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
