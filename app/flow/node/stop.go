package node

import (
	"context"
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
)

// Stop ends the execution.
type Stop struct {
	As      StopAs      `z:"default=error,literal"`
	Message field.Exact `z:"max=2000,when=as:error,help=Why it ends. The first item gives what expressions need."`
	Code    field.Exact `z:"max=60,default=STOPPED,fold,when=as:error,help=In capital letters, such as NOT_PAID."`
}

// StopAs is how the execution ends.
type StopAs string

// Choices are the ways.
func (StopAs) Choices() []field.Choice {
	return []field.Choice{{Value: "error", Label: "A failure"}, {Value: "success", Label: "A success"}}
}

func stop() *Type {
	return Declare(Type{
		Name: "stop", Version: 1, Category: "flow", Title: "Stop", Icon: "ban",
		Help: "Ends the execution, as a failure with a message of your own or as a success. Branches that did not run yet don't run.",
	}, runStop)
}

var errorCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// CheckWritten refuses a code that programs could not tell apart from a message. What an expression gives is empty here.
func (p *Stop) CheckWritten() error {
	if p.As == "error" && p.Code != "" && !errorCode.MatchString(string(p.Code)) {
		return fault.InvalidField("code", "must be capital letters, digits and _, such as NOT_PAID")
	}
	return nil
}

// Check refuses a failure without a reason.
func (p *Stop) Check() error {
	if p.As == "error" && p.Message == "" {
		return fault.InvalidField("message", "is required, or nobody knows why the execution failed")
	}
	return p.CheckWritten()
}

// Ends tells that the execution is over when the node has run.
func (n *Node) Ends() bool {
	p, ok := n.fixed.(*Stop)
	return ok && p.As == "success"
}

func runStop(_ context.Context, c *Call, parameters func(int) (*Stop, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if p.As == "error" {
		return Result{}, &Error{OfStep: true, Code: string(p.Code), Message: string(p.Message)}
	}
	return Result{Outputs: []Output{{Main, derived(c.Items)}}}, nil
}
