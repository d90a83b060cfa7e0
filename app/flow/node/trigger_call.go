package node

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// called are the parameters of the trigger by which another workflow calls.
type called struct {
	Fields []CallField `z:"max=50,label=Fields that it takes,help=All fields when there are none."`
}

// CallField is a field that a caller gives.
type CallField struct {
	Name     field.Exact   `z:"required,max=200,literal,short"`
	Type     CallFieldType `z:"default=any,literal,short"`
	Required bool          `z:"literal,short"`
}

// CallFieldType is what a field may hold.
type CallFieldType string

// Choices are the types.
func (CallFieldType) Choices() []field.Choice {
	return choices("any", "text", "number", "boolean", "list", "object")
}

// kinds are the kinds of values that each type takes.
var callFieldKinds = map[CallFieldType]value.Kind{"text": value.StringKind, "number": value.NumberKind, "boolean": value.BoolKind,
	"list": value.ListKind, "object": value.ObjectKind}

func calledByWorkflow() *Type {
	return Declare(Type{
		Name: "trigger.workflow", Version: 1, Category: "triggers", Title: "Called by a workflow", Icon: "workflow", Trigger: true,
		Help: "Starts when another workflow runs this one, with the items that it gives.",
		Examples: []Example{{
			Config: `{"fields": [{"name": "id", "type": "number", "required": true}]}`,
			In:     `[{"id": 7, "note": "x"}]`,
			Out:    `{"main": [{"id": 7}]}`,
		}},
	}, runCalled)
}

// runCalled passes on the fields that the workflow takes, and refuses a call that lacks one.
func runCalled(_ context.Context, c *Call, parameters func(int) (*called, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil || len(p.Fields) == 0 {
		return Result{Outputs: []Output{{Main, derived(c.Items)}}}, err
	}
	return c.change(func(i int) (value.Value, error) {
		var members []value.Member
		for _, f := range p.Fields {
			v := c.Items[i].JSON.Get(string(f.Name))
			kind, typed := callFieldKinds[f.Type]
			switch {
			case v.IsMissing() && f.Required:
				return v, fault.InvalidField(string(f.Name), "is required by the workflow that is called")
			case v.IsMissing() && c.AsInN8n:
				v = value.Null()
			case v.IsMissing():
				continue
			case typed && v.Kind() != kind:
				return v, fault.InvalidField(string(f.Name), "must be a %s and is a %s", f.Type, v.Kind())
			}
			members = append(members, value.Member{Key: string(f.Name), Value: v})
		}
		return value.Object(members...), nil
	})
}

// SampleCall is an item that the trigger of a workflow takes: a value of its type in each field.
func SampleCall(n *Node) value.Value {
	p, ok := n.fixed.(*called)
	if !ok {
		return value.Object()
	}
	samples := map[CallFieldType]value.Value{"text": value.String("text"), "number": value.Int(1), "boolean": value.Bool(true),
		"list": value.List(), "object": value.Object(), "any": value.String("text")}
	var members []value.Member
	for _, f := range p.Fields {
		members = append(members, value.Member{Key: string(f.Name), Value: samples[f.Type]})
	}
	return value.Object(members...)
}
