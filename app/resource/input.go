package resource

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
)

// Input is what a request gives for a row: a value by field name, from JSON or from a form.
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
	if err := field.CheckJSON(body); err != nil {
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
