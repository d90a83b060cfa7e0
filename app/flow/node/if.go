package node

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// If sends each item to one of two outputs.
type If struct {
	Conditions    []Condition `z:"required"`
	Combine       Combine     `z:"default=and"`
	CaseSensitive bool        `z:"default=true,fold"`
	LooseTypes    bool        `z:"fold,help=Compare across types: the text true is true, and a missing value is an empty text."`
}

// Condition compares two values.
type Condition struct {
	Left  value.Value `z:"help=Such as {{ $json.amount }}"`
	Op    Operator    `z:"required,short,label=Is"`
	Right value.Value
	Type  ComparedType `z:"default=any,literal,short,label=Compared as"`
}

// tellsLate marks that a workflow that behaves as in n8n is published with values of a wrong type, and fails at them.
func (*If) tellsLate() {}

// Combine says how conditions work together.
type Combine string

// Choices are and and or.
func (Combine) Choices() []field.Choice {
	return []field.Choice{{Value: "and", Label: "All are true"}, {Value: "or", Label: "One is true"}}
}

func conditional() *Type {
	return Declare(Type{
		Name: "if", Version: 1, Category: "flow", Title: "Condition", Icon: "git-branch", Outputs: []string{"true", "false"},
		Help: "Sends items to one output or the other.",
	}, runIf)
}

// Check refuses what can never be compared.
func (p *If) Check() error {
	if len(p.Conditions) == 0 {
		return fault.InvalidField("conditions", "is required")
	}
	return nil
}

// CheckWritten refuses right sides that can't be compared. What an expression gives is undefined here.
func (p *If) CheckWritten() error {
	how := comparison{loose: p.LooseTypes, zone: time.UTC, patterns: patterns{compiled: map[string]*regexp.Regexp{}}}
	for i, c := range p.Conditions {
		if c.Right.Kind() == value.UndefinedKind {
			continue
		}
		c.Left = value.Null()
		if slices.Contains(comparing, string(c.Op)) {
			c.Left = value.Int(0) // a number, and a time
		}
		if _, err := c.holds(how); err != nil {
			return fault.InvalidField(fmt.Sprintf("conditions.%d.right", i), "%s", fault.Public(err).Message)
		}
	}
	return nil
}

// comparing are the operators that need a number or a time on both sides.
var comparing = []string{"greater", "greater_or_equal", "less", "less_or_equal", "after", "after_or_equal", "before", "before_or_equal"}

func runIf(_ context.Context, c *Call, parameters func(int) (*If, error)) (Result, error) {
	yes, no := Output{Name: "true"}, Output{Name: "false"}
	patterns := patterns{compiled: map[string]*regexp.Regexp{}, memory: c.Memory}
	for i, item := range derived(c.Items) {
		p, err := parameters(i)
		if err != nil {
			return Result{}, err
		}
		holds, err := p.holds(comparison{!p.CaseSensitive, p.LooseTypes, c.AsInN8n, c.Now.Location(), patterns})
		if err != nil && !p.goesOn(c) {
			return Result{}, err
		}
		if holds {
			yes.Items = append(yes.Items, item)
		} else {
			no.Items = append(no.Items, item)
		}
	}
	return Result{Outputs: []Output{yes, no}}, nil
}

// goesOn tells that only the item fails whose values can't be compared. In n8n the first version, which knows no types, fails as a whole.
func (p *If) goesOn(c *Call) bool {
	isUntyped := func(one Condition) bool { return one.Type == "" || one.Type == anyType }
	return c.AsInN8n && c.GoesOn && !slices.ContainsFunc(p.Conditions, isUntyped)
}

func (p *If) holds(how comparison) (bool, error) {
	for i, condition := range p.Conditions {
		holds, err := condition.holds(how)
		if err != nil {
			var failure *Error
			if errors.As(err, &failure) {
				return false, err
			}
			return false, fault.InvalidField("conditions", "condition %d: %s", i+1, fault.Public(err).Message)
		}
		if holds != (p.Combine == "and") {
			return holds, nil
		}
	}
	return p.Combine == "and", nil
}
