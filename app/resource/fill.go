package resource

import (
	"errors"
	"reflect"
	"slices"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/field"
)

// A row of a kind and what an action or an operation is told are structs of declared fields, filled and checked alike.

// Fill sets an empty struct from input, what the input lacks from the defaults, and checks it: what an action or an operation is
// told.
func (s *Session) Fill(fields []*field.Field, v reflect.Value, in Input) error {
	if err := setDefaults(fields, v); err != nil {
		return err
	}
	return fault.Together(fill(fields, v, in, map[string]bool{}), s.check("", fields, v, reflect.Value{}, nil))
}

// fill sets the fields that the input names, and notes which secrets it gave. What the input may not set is an error, so
// that a misspelt or forbidden field is never silently lost.
func fill(fields []*field.Field, v reflect.Value, in Input, secrets map[string]bool) error {
	var wrong []fault.Field
	for name, given := range in {
		i := slices.IndexFunc(fields, func(f *field.Field) bool { return f.Name == name && !f.Internal })
		if i < 0 {
			wrong = append(wrong, fault.Field{Field: name, Message: "is not known here"})
			continue
		}
		f := fields[i]
		if !f.Writable() {
			wrong = append(wrong, fault.Field{Field: name, Message: "can't be set"})
			continue
		}
		if f.Sealed() {
			if given.IsText && len(given.Raw) == 0 {
				continue // a form shows no secret, so an empty one means "as it is"
			}
			secrets[name] = true
		}
		set := f.Type.FromJSON
		if given.IsText {
			set = func(f *field.Field, raw []byte, v reflect.Value) error {
				if !utf8.Valid(raw) {
					return errors.New("must be text in UTF-8")
				}
				return f.Type.FromText(f, string(raw), v)
			}
		}
		if err := set(f, given.Raw, f.Of(v)); err != nil {
			wrong = append(wrong, fault.Field{Field: name, Message: err.Error()})
		}
	}
	return invalid(wrong)
}

// setDefaults gives a new struct the values that its declaration names.
func setDefaults(fields []*field.Field, v reflect.Value) error {
	for _, f := range fields {
		if err := f.SetDefault(f.Of(v)); err != nil {
			return err
		}
	}
	return nil
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
