package node

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Type is a node type as the palette, the panel and the engine see it.
type Type struct {
	Name    string // such as trigger.webhook
	Version int
	// Category is triggers, flow, data, integration, operations or services; Icon is a name of the face's icons.
	Category, Title, Icon, Help string
	Outputs                     []string // Main alone when nil
	// Loops marks the type whose output LoopOutput is walked in rounds that lead back to it.
	Loops   bool
	Repeat  Repeat
	Trigger bool // begins executions and has no input
	// Note marks what stands among the nodes for people alone: nothing leads to it or from it, and it never runs.
	Note     bool
	Examples []Example
	// ownOutputs, where it is set, reads from a configuration where items leave.
	ownOutputs func(config value.Value) []string
	// ownInputs does the same for a type with several inputs.
	ownInputs func(config value.Value) []string

	// Docs is where an outside service is described by its vendor.
	Docs string
	// told says, by operation, what a service's operation does beyond its title.
	told map[string]string
	// needed are, by operation, the fields that a service's operation can't do without.
	needed map[string][]string
	// check, where it is set, refuses a configuration for what its fields can't say each.
	check func(config value.Value) []fault.Field

	parameters reflect.Type
	fields     []*field.Field
	run        func(ctx context.Context, c *Call, parameters func(item int) (any, error)) (Result, error)
}

// Example shows in the reference what a node does. A test runs each.
type Example struct {
	// Config is the node's configuration, In a list of the items' JSON, and Out that of each output.
	Config, In, Out string
}

// Declare completes a type with its parameters, the struct P, and its function. The tags of P are those of field.Field; a
// wrong one is a wrong declaration and stops the program.
//
// P may have a method Check() error, which says what tags can't; its faults name a field of P.
func Declare[P any](t Type, run Run[P]) *Type {
	t.parameters = reflect.TypeFor[P]()
	var err error
	if t.fields, err = field.Declared(t.parameters); err != nil {
		panic(fmt.Sprintf("the node type %s: %v", t.Name, err))
	}
	if t.Outputs == nil && !t.Note {
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
	Name        string      `json:"name"`
	Version     int         `json:"version"`
	Category    string      `json:"category"`
	Title       string      `json:"title"`
	Icon        string      `json:"icon"`
	Description string      `json:"description"`
	Inputs      []string    `json:"inputs"`
	Outputs     []string    `json:"outputs"`
	Fields      []Described `json:"fields"`
}

// Described is a parameter as the API shows it.
type Described struct {
	Name     string         `json:"name"`
	Label    string         `json:"label"`
	Help     string         `json:"help,omitempty"`
	Widget   string         `json:"widget"` // text, long, code, boolean, number, choice, value, texts, choices or rows
	Required bool           `json:"required,omitempty"`
	Secret   bool           `json:"secret,omitempty"`
	Literal  bool           `json:"literal,omitempty"`
	Short    bool           `json:"short,omitempty"`
	Fold     bool           `json:"fold,omitempty"`
	Default  string         `json:"default,omitempty"`
	Min      int            `json:"min,omitempty"`
	Max      int            `json:"max,omitempty"`
	Choices  []field.Choice `json:"choices,omitempty"`
	When     *field.When    `json:"when,omitempty"`
	Rows     []Described    `json:"rows,omitempty"`
	// RequiredWhen says for which operations of a service the field is required.
	RequiredWhen *field.When `json:"required_when,omitempty"`
}

// widgets are what the API calls the field types that it doesn't call by their names.
var widgets = map[string]string{"exact": "text", "one_or_many": "text", "long_text": "long", "decimal": "number"}

func describe(fields []*field.Field) []Described {
	all := make([]Described, len(fields))
	for i, f := range fields {
		all[i] = Described{
			Name:     f.Name,
			Label:    f.Label,
			Help:     f.Help,
			Widget:   cmp.Or(widgets[f.Type.Name()], f.Type.Name()),
			Required: f.Required,
			Secret:   f.Secrets,
			Literal:  f.Literal,
			Short:    f.Short,
			Fold:     f.Fold,
			Default:  f.Default,
			Min:      f.Min,
			Max:      f.Max,
			Choices:  f.Choices,
			When:     f.When,
			Rows:     describe(f.Rows()),
		}
	}
	return all
}

// Describe gives the description.
func (t *Type) Describe() Description {
	inputs, outputs := append([]string{}, t.InputsOf(nil)...), t.Outputs
	if t.Note {
		outputs = []string{}
	}
	described := describe(t.fields)
	for i, f := range t.fields {
		if t.needed == nil {
			break
		}
		var by []string
		for _, o := range t.fields[0].Choices {
			if t.Needs(f, o.Value) {
				by = append(by, o.Value)
			}
		}
		if by != nil {
			described[i].RequiredWhen = &field.When{Field: operationField, Values: by}
		}
	}
	return Description{t.Name, t.Version, t.Category, t.Title, t.Icon, t.Help, inputs, outputs, described}
}

// Told is what an operation of a service does beyond its title, empty where that says it.
func (t *Type) Told(operation string) string { return t.told[operation] }

// NeedsNow tells whether the operation that a configuration chooses can't do without a field.
func (t *Type) NeedsNow(f *field.Field, config field.JSON) bool {
	return t.needed != nil && t.Needs(f, documentOf(config).Get(operationField).Text())
}

// Needs tells whether an operation of a service can't do without a field.
func (t *Type) Needs(f *field.Field, operation string) bool {
	return slices.Contains(t.needed[operation], f.Name)
}

// OutputsOf are where the items of a node leave: those of its type, or those that its configuration names.
func (t *Type) OutputsOf(config field.JSON) []string {
	if t.ownOutputs == nil {
		return t.Outputs
	}
	return t.ownOutputs(documentOf(config))
}

// InputsOf are where items come to a node, none for a trigger.
func (t *Type) InputsOf(config field.JSON) []string {
	switch {
	case t.Trigger || t.Note:
		return nil
	case t.ownInputs == nil:
		return []string{Main}
	}
	return t.ownInputs(documentOf(config))
}

// documentOf reads a configuration. What can't be read is a problem of the draft.
func documentOf(config field.JSON) value.Value {
	document, err := value.Parse(config, value.Limits{Bytes: mostConfig})
	if err != nil {
		return value.Object()
	}
	return document
}

// Fields describes the parameters in the order of the form.
func (t *Type) Fields() []*field.Field { return t.fields }

// Schema is the JSON schema of the configuration.
func (t *Type) Schema() field.Schema {
	s := field.ObjectSchema(t.fields, expressible)
	var rules []any
	for _, o := range slices.Sorted(maps.Keys(t.needed)) {
		if len(t.needed[o]) > 0 {
			rules = append(rules, field.Schema{
				"if":   field.Schema{"properties": field.Schema{operationField: field.Schema{"const": o}}, "required": []string{operationField}},
				"then": field.Schema{"required": t.needed[o]},
			})
		}
	}
	if rules != nil {
		s["allOf"] = rules
	}
	return s
}

// expressible is the schema of a parameter. Where an expression may stand, a text with {{ is valid too.
func expressible(f *field.Field) field.Schema {
	s := f.Type.Schema(f)
	_, isText := s["maxLength"]
	_, isAlternative := s["anyOf"]
	switch {
	case f.Rows() != nil:
		s["items"] = field.ObjectSchema(f.Rows(), expressible)
	case f.Anything(), isText, isAlternative:
	case f.Many():
		return field.Schema{"anyOf": []field.Schema{s, {"type": "string"}}}
	case !f.Literal:
		return field.Schema{"anyOf": []field.Schema{s, {"type": "string", "pattern": `\{\{`}}}
	}
	return s
}

// declared are the types, which nothing changes. They are made when the first is asked for: that costs a third of a millisecond, and a
// graph asks for each of its nodes.
var declared = sync.OnceValue(func() []*Type {
	return append([]*Type{
		manual(), webhook(), form(), schedule(), mail(), calledByWorkflow(), event(), failedExecution(),
		set(), conditional(), filter(), switching(), merge(), compare(), loop(), items(), newItems(), date(), cryptography(), fileRead(),
		fileWrite(), markdown(), request(), email(), notify(), rss(), data(), record(), secureShell(), monitor(), security(), code(), delay(),
		approval(), runWorkflow(), respond(), stop(), pass(), standIn(), note(), grouping(),
	}, connectors()...)
})

// All gives every type, triggers first. The list is the caller's.
func All() []*Type { return slices.Clone(declared()) }

// Find gives a type by name and version; version 0 is the newest.
func Find(name string, version int) (*Type, bool) {
	for _, t := range declared() {
		if t.Name == name && (version == 0 || t.Version == version) {
			return t, true
		}
	}
	return nil, false
}
