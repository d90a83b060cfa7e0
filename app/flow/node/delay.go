package node

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Delay holds items back. The engine waits, with no process and no memory.
type Delay struct {
	Mode   DelayMode `z:"default=duration"`
	Amount float64   `z:"default=1,short,when=mode:duration|call,help=For a call: how long it waits at most."`
	Unit   DelayUnit `z:"default=hours,short,when=mode:duration|call"`
	Get    bool      `z:"when=mode:call,label=Opening the address is enough,help=With GET. Programs that look at the links of mails do that too."`
	At     string    `z:"max=100,when=mode:until,label=Until,help=Such as 2030-01-31T08:00:00+01:00; a time without a zone is in that of the workflow."`
}

// DelayMode is how the end of the wait is given.
type DelayMode string

// Choices are the modes.
func (DelayMode) Choices() []field.Choice {
	return []field.Choice{{Value: "duration", Label: "For a time"}, {Value: "until", Label: "Until a moment"},
		{Value: "call", Label: "Until its address is called"}}
}

// DelayUnit is a unit of a wait.
type DelayUnit string

// Choices are the units.
func (DelayUnit) Choices() []field.Choice { return choices("seconds", "minutes", "hours", "days") }

// longestDelay is far enough for a yearly reminder.
const longestDelay = 400 * 24 * time.Hour

func delay() *Type {
	return Declare(Type{
		Name: "delay", Version: 1, Category: "flow", Title: "Wait", Icon: "timer",
		Help: "Holds items back for a time, until a moment, or until somebody calls {{ $execution.resumeUrl }}. What was called then goes on " +
			"as the item; without a call in time the items go on.",
	}, runDelay)
}

// CheckWritten refuses a moment that is none. What an expression gives is empty here.
func (p *Delay) CheckWritten() error {
	if p.Mode == "until" && p.At == "" || p.Mode == "" {
		return nil
	}
	if p.Mode == "until" {
		_, err := p.moment(time.UTC)
		return err
	}
	_, err := p.due(time.Time{})
	return err
}

// The first item's wait holds for all: a step is held back as one.
func runDelay(_ context.Context, c *Call, parameters func(int) (*Delay, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if c.Answer != nil {
		return p.resumed(c)
	}
	due, err := p.due(c.Now)
	if p.Mode == "call" {
		methods := "POST"
		if p.Get {
			methods += " GET"
		}
		return Result{Wait: &Wait{Until: due, Methods: methods}}, err
	}
	return Result{Outputs: []Output{{Main, derived(c.Items)}}, WaitUntil: due}, err
}

// resumed goes on with the call, or with the items where none came.
func (p *Delay) resumed(c *Call) (Result, error) {
	if c.Answer.Late {
		return Result{Outputs: []Output{{Main, derived(c.Items)}}}, nil
	}
	out := Output{Name: Main}
	err := c.put(&out, value.Item{JSON: c.Answer.Value})
	return Result{Outputs: []Output{out}}, err
}

// due is when the wait ends; a moment that has passed ends it at once.
func (p *Delay) due(now time.Time) (time.Time, error) {
	due := now.Add(longestDelay + time.Hour)
	if p.Mode == "until" {
		var err error
		if due, err = p.moment(now.Location()); err != nil {
			return due, err
		}
	} else {
		unit := units[ScheduleUnit(p.Unit)]
		if p.Amount < 0 {
			return due, fault.InvalidField("amount", "must not be negative")
		}
		if p.Amount <= float64(longestDelay/unit) {
			due = now.Add(time.Duration(p.Amount * float64(unit)))
		}
	}
	if due.Sub(now) > longestDelay {
		return due, fault.New(fault.Invalid, "a wait may last 400 days")
	}
	return due, nil
}

func (p *Delay) moment(zone *time.Location) (time.Time, error) {
	at, ok := value.String(p.At).Time(zone)
	if !ok {
		return at, fault.InvalidField("at", "%.60q is no time such as 2030-01-31T08:00:00Z", p.At)
	}
	return at, nil
}
