package resource

import (
	"reflect"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
)

// Action is a domain verb on one row.
type Action[T any] struct {
	// Name is the verb, which is also the path and the permission; its past tense names the event.
	Name string
	// Past is the past tense where the rule of the language fails.
	Past string
	Icon string
	// Danger asks for a confirmation.
	Danger bool
	// When tells whether the row's state allows the action. Nil is always.
	When func(row *T) bool
	// Do changes the row; the kernel stores it. It runs inside the write, as Check does.
	Do func(row *T, s *Session) error
	// Ask stands in the place of Do where the action needs to be told something.
	Ask *Asked[T]
}

// Asked is what an action asks for, and what it does with the answer.
type Asked[T any] struct {
	input  reflect.Type
	fields []*field.Field
	err    error
	do     func(row *T, in reflect.Value, s *Session) error
}

// Ask declares an action that is given an In, a struct with tagged fields as a kind has them.
func Ask[T, In any](do func(row *T, in *In, s *Session) error) *Asked[T] {
	a := &Asked[T]{input: reflect.TypeFor[In](), do: func(row *T, in reflect.Value, s *Session) error {
		return do(row, in.Addr().Interface().(*In), s)
	}}
	a.fields, a.err = field.Declared(a.input)
	return a
}

// ActionSpec describes an action without its Go type.
type ActionSpec struct {
	Name, Label, Icon, Event string
	Danger                   bool
	// Fields are what the action asks for.
	Fields []*field.Field
}

// Asks tells whether the action can't be done without being told something.
func (a ActionSpec) Asks() bool {
	return slices.ContainsFunc(a.Fields, func(f *field.Field) bool { return f.Required })
}

func (a *Action[T]) spec() (ActionSpec, error) {
	spec := ActionSpec{Name: a.Name, Label: field.Label(a.Name), Icon: a.Icon, Event: a.Past, Danger: a.Danger}
	if spec.Event == "" {
		spec.Event = field.Past(a.Name)
	}
	if a.Ask == nil {
		return spec, nil
	}
	spec.Fields = a.Ask.fields
	return spec, a.Ask.err
}

// Act carries out an action. Version is the one that the caller saw, or 0; in answers what the action asks for.
func (b *bound[T]) Act(s *Session, id, action string, version int64, in Input) (Record, error) {
	for i, a := range b.declared.Actions {
		if a.Name != action {
			continue
		}
		row, err := b.alter(s, action, b.spec.Actions[i].Event, id, version, func(row *T, c *Change[T]) error {
			if a.When != nil && !a.When(row) {
				return fault.New(fault.Conflict, "The state of this %s does not allow to %s it.", field.Words(b.spec.Name),
					field.Words(action))
			}
			return a.run(row, in, c.Session)
		})
		if err != nil {
			return nil, err
		}
		return row, nil
	}
	return nil, fault.New(fault.NotFound, "There is no action %q on %s.", action, b.spec.One())
}

func (a *Action[T]) run(row *T, in Input, s *Session) error {
	if a.Ask == nil {
		if err := field.Fill(nil, reflect.Value{}, in, nil); err != nil {
			return err
		}
		return a.Do(row, s)
	}
	answer := reflect.New(a.Ask.input).Elem()
	if err := s.Fill(a.Ask.fields, answer, in); err != nil {
		return err
	}
	return a.Ask.do(row, answer, s)
}
