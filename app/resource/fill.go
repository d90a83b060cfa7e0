package resource

import (
	"reflect"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
)

// A row of a kind and what an action or an operation is told are structs of declared fields, filled and checked alike.

// Input is what a request gives for a row, and Given one value of it.
type (
	Input = field.Input
	Given = field.Given
)

// Text gives a form's value.
func Text(text string) Given { return field.Text(text) }

// Fill sets an empty struct from input, what the input lacks from the defaults, and checks it: what an action or an operation is told.
func (s *Session) Fill(fields []*field.Field, v reflect.Value, in Input) error {
	if err := field.SetDefaults(fields, v); err != nil {
		return err
	}
	return fault.Together(field.Fill(fields, v, in, map[string]bool{}), s.check("", fields, v, reflect.Value{}, nil))
}

// check applies the tags and finds the references. Before is the stored struct; what did not change since needs no second
// look, and a secret that was not given is sealed already.
func (s *Session) check(kind string, fields []*field.Field, v, before reflect.Value, secrets map[string]bool) error {
	var wrong []fault.Field
	for _, f := range fields {
		if f.Standard || f.Sealed() && before.IsValid() && !secrets[f.Name] {
			continue
		}
		given := f.Of(v)
		if message := f.Type.Check(f, given); message != "" {
			wrong = append(wrong, fault.Field{Field: f.Name, Message: message})
			continue
		}
		if held := f.Held(given); held != nil {
			var earlier field.File
			if before.IsValid() {
				earlier = *f.Held(f.Of(before))
			}
			message, err := s.kernel.take(s, f, held, earlier)
			if err != nil {
				return err
			}
			if message != "" {
				wrong = append(wrong, fault.Field{Field: f.Name, Message: message})
			}
		}
		if !before.IsValid() || !reflect.DeepEqual(f.Of(before).Interface(), given.Interface()) {
			unknown, err := s.checkContent(kind, f, given, before)
			if err != nil {
				return err
			}
			wrong = append(wrong, unknown...)
		}
		added := f.Refers(given)
		if before.IsValid() {
			// What became of a row that was named before is no reason to refuse another change.
			known := f.Refers(f.Of(before))
			added = slices.DeleteFunc(slices.Clone(added), func(id string) bool { return slices.Contains(known, id) })
		}
		if len(added) > 0 {
			found, err := s.exist(f.To, added)
			if err != nil {
				return err
			}
			if !found {
				wrong = append(wrong, fault.Field{Field: f.Name, Message: "is not found"})
			}
		}
	}
	return invalid(wrong)
}

func invalid(wrong []fault.Field) error {
	if wrong == nil {
		return nil
	}
	return fault.InvalidFields(wrong)
}
