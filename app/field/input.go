package field

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"unicode/utf8"

	"zygo/app/fault"
)

// Input is what a request gives for a struct of declared fields: a value by field name, from JSON or from a form.
type Input map[string]Given

// Given is one value as it came: JSON, or the text of a form field.
type Given struct {
	Raw    []byte
	IsText bool
}

// Text gives a form's value.
func Text(text string) Given { return Given{Raw: []byte(text), IsText: true} }

// DecodeInput reads a JSON object. Duplicate keys, depth over 100, trailing data and invalid UTF-8 are refused.
func DecodeInput(body []byte) (Input, error) {
	if err := CheckJSON(body); err != nil {
		return nil, fault.New(fault.BadRequest, "The body is not valid JSON: %v.", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return nil, fault.New(fault.BadRequest, "The body must be a JSON object.")
	}
	input := Input{}
	for name, raw := range fields {
		input[name] = Given{Raw: raw}
	}
	return input, nil
}

// Fill sets the fields that the input names, and notes which secrets it gave. What the input may not set is an error, so
// that a misspelt or forbidden field is never silently lost.
func Fill(fields []*Field, v reflect.Value, in Input, secrets map[string]bool) error {
	var wrong []fault.Field
	for name, given := range in {
		i := slices.IndexFunc(fields, func(f *Field) bool { return f.Name == name && !f.Internal })
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
			set = func(f *Field, raw []byte, v reflect.Value) error {
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
	if wrong == nil {
		return nil
	}
	return fault.InvalidFields(wrong)
}

// SetDefaults gives a new struct the values that its declaration names.
func SetDefaults(fields []*Field, v reflect.Value) error {
	for _, f := range fields {
		if err := f.SetDefault(f.Of(v)); err != nil {
			return err
		}
	}
	return nil
}
