package node

import (
	"context"

	"zygo/app/field"
	"zygo/app/value"
)

// callParameters are those of the node that runs another workflow.
type callParameters struct {
	Workflow field.Ref `z:"to=workflow,required,literal,help=A published workflow with the trigger Called by a workflow."`
	Mode     CallMode  `z:"default=once,literal,label=Run it"`
	AtOnce   int       `z:"default=5,min=1,max=100,short,when=mode:each,label=At the same time"`
	Then     CallThen  `z:"default=wait,literal,label=And then"`
}

// CallMode says how often the workflow runs.
type CallMode string

// Choices are the ways.
func (CallMode) Choices() []field.Choice {
	return []field.Choice{{Value: "once", Label: "Once with all items"}, {Value: "each", Label: "Once for each item"}}
}

// CallThen says what follows the call.
type CallThen string

// Choices are the ways.
func (CallThen) Choices() []field.Choice {
	return []field.Choice{{Value: "wait", Label: "Wait and go on with what it gives"}, {Value: "go_on", Label: "Go on at once"}}
}

func runWorkflow() *Type {
	return Declare(Type{
		Name: "workflow", Version: 1, Category: "flow", Title: "Run a workflow", Icon: "workflow",
		Help:   "Runs another workflow, once or for each item, and goes on with what its last node gives.",
		Repeat: SafeWithKey,
	}, callWorkflow)
}

func callWorkflow(_ context.Context, c *Call, parameters func(int) (*callParameters, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if c.Answer != nil {
		return p.ended(c)
	}
	var calls []WorkflowCall
	if p.Mode == "each" {
		for i := range c.Items {
			calls = append(calls, WorkflowCall{string(p.Workflow), handedOver(c.Items[i : i+1])})
		}
	} else {
		calls = []WorkflowCall{{string(p.Workflow), handedOver(c.Items)}}
	}
	if p.Then == "go_on" {
		return Result{Outputs: []Output{{Main, derived(c.Items)}}, Calls: calls}, nil
	}
	wait := &Wait{Calls: calls}
	if p.Mode == "each" {
		wait.AtOnce = p.AtOnce
	}
	return Result{Wait: wait}, nil
}

// handedOver are items as another execution begins with them.
func handedOver(items []value.Item) []value.Item {
	given := make([]value.Item, len(items))
	for i, item := range items {
		given[i] = value.Item{JSON: item.JSON, Files: item.Files}
	}
	return given
}

// ended puts out what the executions gave.
func (p *callParameters) ended(c *Call) (Result, error) {
	out := Output{Name: Main}
	var failed []ItemError
	for call, end := range c.Answer.Ends {
		if end.Failed != nil {
			failure := &Error{Code: end.Failed.Code, Message: "The workflow that was run failed: " + end.Failed.Message, Retryable: true}
			if c.AsInN8n && c.GoesOn && p.Mode != "each" {
				failure.Retryable = false
				return Result{Outputs: []Output{out}, Failed: []ItemError{{Err: failure, ForAll: true}}}, nil
			}
			if p.Mode != "each" || !c.GoesOn {
				return Result{}, ofItem(failure, call, len(c.Answer.Ends), call)
			}
			failure.Retryable = false // the others would run again
			failed = append(failed, ItemError{Index: call, Err: failure})
			continue
		}
		for i, item := range end.Output {
			from := call
			if p.Mode != "each" && len(end.Output) == len(c.Items) {
				from = i
			}
			if err := c.put(&out, value.Item{JSON: item.JSON, Files: item.Files, From: value.Origin{Index: from}}); err != nil {
				return Result{}, err
			}
		}
	}
	return Result{Outputs: []Output{out}, Failed: failed}, nil
}
