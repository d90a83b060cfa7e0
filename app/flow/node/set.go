package node

import (
	"context"
	"fmt"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Set changes or makes fields.
type Set struct {
	Assignments []Assignment `z:"label=Fields"`
	Keep        SetKeep      `z:"default=all,label=Other fields"`
	Fields      []string     `z:"when=keep:selected,label=Fields to keep"`
	DotNotation bool         `z:"default=true,fold,help=A name such as a.b[0] leads into the field a."`
	TestCopies  int          `z:"min=0,max=1000,fold,label=More copies in tests,help=Puts out each item so many times more when a person runs the workflow."`
	KeepWrong   bool         `z:"fold,label=Keep values of another type,help=A value that can't be of the type stays as it is."`
}

// Assignment is one field and its new value.
type Assignment struct {
	Name  field.Exact  `z:"required,max=500"`
	Type  AssignedType `z:"default=auto,short"`
	Value value.Value
}

// AssignedType is the type that a value is given.
type AssignedType string

// Choices are the types; auto leaves the value as it is.
func (AssignedType) Choices() []field.Choice {
	return choices("auto", "string", "number", "boolean", "array", "object")
}

// SetKeep says which of the other fields stay.
type SetKeep string

// Choices are the policies.
func (SetKeep) Choices() []field.Choice {
	return []field.Choice{{Value: "all", Label: "Keep all"}, {Value: "selected", Label: "Keep some"}, {Value: "none", Label: "Keep none"}}
}

func set() *Type {
	return Declare(Type{
		Name: "set", Version: 1, Category: "flow", Title: "Set fields", Icon: "pencil",
		Help: "Changes fields, adds new ones and leaves out others.",
	}, runSet)
}

// CheckWritten refuses names that lead nowhere and values that don't have their type. What an expression gives is empty here.
func (p *Set) CheckWritten() error {
	for i, a := range p.Assignments {
		if a.Name != "" {
			if _, err := p.path(string(a.Name)); err != nil {
				return err
			}
		}
		if _, wrong := convert(a.Value, a.Type); wrong != "" && !p.KeepWrong {
			return fault.InvalidField(fmt.Sprintf("assignments.%d.value", i), "%s", wrong)
		}
	}
	return nil
}

func (*Set) tellsLate() {}

func runSet(_ context.Context, c *Call, parameters func(int) (*Set, error)) (Result, error) {
	return c.spread(func(i int, put func(value.Item) error) error {
		p, err := parameters(i)
		if err != nil {
			return err
		}
		json, err := p.apply(c.Items[i].JSON, c.AsInN8n)
		for copies := 0; err == nil && (copies == 0 || copies <= p.TestCopies && c.Environment.Execution.Mode == "manual"); copies++ {
			err = put(value.Item{JSON: json, Files: c.Items[i].Files})
		}
		return err
	})
}

func (p *Set) apply(before value.Value, asInN8n bool) (value.Value, error) {
	json := before
	if p.Keep != "all" {
		json = value.Object()
	}
	if p.Keep == "selected" {
		for _, name := range p.Fields {
			path, err := p.path(name)
			if err != nil {
				return json, err
			}
			if v := before.Find(path); v.Kind() != value.UndefinedKind {
				if json, err = json.Set(path, v); err != nil {
					return json, fault.InvalidField("fields", "%s", err)
				}
			}
		}
	}
	for _, a := range p.Assignments {
		if asInN8n && isPrototype(string(a.Name)) {
			continue
		}
		v, wrong := convert(a.Value, a.Type)
		if asInN8n {
			v, wrong = convertAsInN8n(a.Value, a.Type)
		}
		if wrong != "" {
			v = a.Value
		}
		switch {
		case v.Kind() == value.NumberKind && v.Number()-v.Number() != 0:
			v = value.Null() // JSON has no such number
		case v.IsDate():
			v = value.String(v.Raw())
		}
		if wrong != "" && !p.KeepWrong {
			return json, fault.InvalidField("assignments", "the value for %s %s", a.Name, wrong)
		}
		path, err := p.path(string(a.Name))
		if err != nil {
			return json, err
		}
		if json, err = json.Set(path, v); err != nil {
			return json, fault.InvalidField("assignments", "%s", err)
		}
	}
	return json, tooDeep(json)
}

func (p *Set) path(name string) (value.Path, error) {
	if !p.DotNotation {
		return value.Path{value.Key(name)}, nil
	}
	path, err := value.ParsePath(name)
	if err != nil {
		return nil, fault.InvalidField("assignments", "%s", err)
	}
	return path, nil
}

// tooDeep refuses what could be stored and not be read again.
func tooDeep(v value.Value) error {
	if v.Depth() > value.Deepest {
		return fault.New(fault.Invalid, "the result is nested more than %d levels deep", value.Deepest)
	}
	return nil
}

// convert gives a value the chosen type; the answer is what is wrong with it, or empty. Null stays null.
func convert(v value.Value, to AssignedType) (value.Value, string) {
	if v.IsMissing() {
		return value.Null(), ""
	}
	switch to {
	case "string":
		if v.Kind() == value.ListKind || v.Kind() == value.ObjectKind {
			return value.String(v.JSON()), ""
		}
		return value.String(v.Text()), ""
	case "number":
		if v.Kind() == value.NumberKind {
			return v, ""
		}
		text := strings.TrimSpace(v.Text())
		if n, err := value.Parse([]byte(text), value.Limits{}); err == nil && n.Kind() == value.NumberKind {
			return n, "" // with all of its digits
		}
		if f := v.Number(); f == f && text != "" {
			return value.Float(f), ""
		}
		return v, "is not a number"
	case "boolean":
		switch strings.ToLower(strings.TrimSpace(v.Text())) {
		case "true", "1":
			return value.Bool(true), ""
		case "false", "0", "":
			return value.Bool(false), ""
		}
		return v, "is neither true nor false"
	case "array", "object":
		kind := map[AssignedType]value.Kind{"array": value.ListKind, "object": value.ObjectKind}[to]
		if v.Kind() == value.StringKind {
			if parsed, err := value.Parse([]byte(v.Raw()), value.Limits{}); err == nil {
				v = parsed
			}
		}
		if v.Kind() != kind {
			return v, "is a " + v.Kind().String()
		}
	}
	return v, ""
}

// isPrototype tells of a name by which JavaScript reaches what all objects share.
func isPrototype(name string) bool {
	first, _, _ := strings.Cut(name, ".")
	return first == "__proto__" || first == "constructor" || first == "prototype"
}

// convertAsInN8n is convert with JavaScript's numbers: an empty text and an empty list are 0, and an empty text is no boolean. A Date
// is an object with a number.
func convertAsInN8n(v value.Value, to AssignedType) (value.Value, string) {
	if v.IsDate() {
		switch moment, _ := v.Time(time.UTC); to {
		case "string":
			return value.String(v.JSON()), ""
		case "number", "boolean":
			v = value.Float(float64(moment.UnixMilli()))
		case "object":
			return v, ""
		}
	}
	number := v.Number()
	isNaN := v.Kind() == value.NumberKind && number != number
	switch isText := v.Kind() == value.StringKind; {
	case v.IsMissing():
	case isNaN && to == "number":
		return v, "is not a number"
	case to == "number" && v.Kind() != value.NumberKind && number == number:
		return value.Float(number + 0), ""
	case to == "boolean" && isText && strings.TrimSpace(v.Raw()) == "":
		return v, "is neither true nor false"
	case to == "boolean" && (number == 0 || number == 1):
		return value.Bool(number == 1), ""
	case to == "object" && isText && strings.TrimSpace(v.Raw()) == "null":
		return value.Null(), ""
	}
	return convert(v, to)
}
