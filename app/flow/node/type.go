package node

import (
	"context"
	"fmt"
	"reflect"
)

// Type is a node type as the palette, the panel and the engine see it.
type Type struct {
	Name    string // such as trigger.webhook
	Version int
	// Category is triggers, flow or integration; Icon is a name of the face's icons.
	Category, Title, Icon, Help string
	Outputs                     []string // Main alone when nil
	Repeat                      Repeat
	Trigger                     bool // begins executions and has no input

	parameters reflect.Type
	fields     []*Field
	run        func(ctx context.Context, c *Call, parameters func(item int) (any, error)) (Result, error)
}

// Declare completes a type with its parameters, the struct P, and its function. The tags of P are described at Field; a
// wrong one is a wrong declaration and stops the program.
//
// P may have a method Check() error, which says what tags can't; its faults name a field of P.
func Declare[P any](t Type, run Run[P]) *Type {
	t.parameters = reflect.TypeFor[P]()
	var err error
	if t.fields, err = fieldsOf(t.parameters); err != nil {
		panic(fmt.Sprintf("the node type %s: %v", t.Name, err))
	}
	if t.Outputs == nil {
		t.Outputs = []string{Main}
	}
	t.run = func(ctx context.Context, c *Call, parameters func(int) (any, error)) (Result, error) {
		return run(ctx, c, func(item int) (*P, error) {
			p, err := parameters(item)
			if err != nil {
				return nil, err
			}
			return p.(*P), nil
		})
	}
	return &t
}

// Description is a type as the API shows it.
type Description struct {
	Name        string   `json:"name"`
	Version     int      `json:"version"`
	Category    string   `json:"category"`
	Title       string   `json:"title"`
	Icon        string   `json:"icon"`
	Description string   `json:"description"`
	Inputs      []string `json:"inputs"`
	Outputs     []string `json:"outputs"`
	Fields      []*Field `json:"fields"`
}

// Describe gives the description.
func (t *Type) Describe() Description {
	inputs := []string{Main}
	if t.Trigger {
		inputs = []string{}
	}
	return Description{t.Name, t.Version, t.Category, t.Title, t.Icon, t.Help, inputs, t.Outputs, t.Fields()}
}

// Fields describes the parameters in the order of the form.
func (t *Type) Fields() []*Field { return t.fields }

// All gives every type, triggers first. The list is the caller's.
func All() []*Type {
	return []*Type{manual(), webhook(), schedule(), set(), conditional(), request(), email(), code(), delay(), respond()}
}

// Find gives a type by name and version; version 0 is the newest.
func Find(name string, version int) (*Type, bool) {
	for _, t := range All() {
		if t.Name == name && (version == 0 || t.Version == version) {
			return t, true
		}
	}
	return nil, false
}
