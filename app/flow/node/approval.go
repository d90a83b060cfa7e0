package node

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// The outputs of an approval.
const (
	approvedOutput = "approved"
	rejectedOutput = "rejected"
	expiredOutput  = "expired"
)

// approvalParameters are those of the node that asks people.
type approvalParameters struct {
	Title     string         `z:"required,max=200,help=What is to be decided, in a few words."`
	Message   field.LongText `z:"max=10000,help=Markdown. What they should know before they decide."`
	Approvers []string       `z:"max=50,help=E-mail addresses of members, who get a mail. Without any, everybody who may decide is asked, and nobody gets a mail."`
	Amount    float64        `z:"default=7,short,label=Wait at most"`
	Unit      DelayUnit      `z:"default=days,short"`
}

func approval() *Type {
	return Declare(Type{
		Name: "approval", Version: 1, Category: "flow", Title: "Approval", Icon: "circle-check",
		Help: "Asks people for a decision and waits for it, for months if need be. The items go on at the output of the answer, with " +
			"the decision, its comment and who made it in the field approval.",
		Outputs: []string{approvedOutput, rejectedOutput, expiredOutput},
		Repeat:  SafeWithKey,
	}, runApproval)
}

// The first item is asked about, as one question for all.
func runApproval(_ context.Context, c *Call, parameters func(int) (*approvalParameters, error)) (Result, error) {
	if c.Answer != nil {
		return decided(c)
	}
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	until, err := (&Delay{Amount: p.Amount, Unit: p.Unit}).due(c.Now)
	if err == nil && p.Amount*float64(units[ScheduleUnit(p.Unit)]) < float64(time.Minute) {
		err = fault.InvalidField("amount", "must give people a minute at least")
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Wait: &Wait{Until: until, Decision: &Decision{Title: p.Title, Message: string(p.Message), Approvers: p.Approvers}}}, nil
}

func decided(c *Call) (Result, error) {
	answer, name := c.Answer.Value, expiredOutput
	switch {
	case answer.Get("decision").Raw() == approvedOutput:
		name = approvedOutput
	case answer.Get("decision").Raw() == rejectedOutput:
		name = rejectedOutput
	default:
		answer = value.Object(value.Member{Key: "decision", Value: value.String(expiredOutput)})
	}
	result, err := c.change(func(i int) (value.Value, error) {
		return with(c.Items[i].JSON, "approval", "approval", answer)
	})
	if len(result.Outputs) > 0 {
		result.Outputs[0].Name = name
	}
	return result, err
}
