package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"zygo/app/fault"
)

// Schema is a JSON schema of the 2020-12 draft, as OpenAPI 3.1 uses it.
type Schema map[string]any

// deepestJSON bounds nesting: deeper input is an attack on somebody's recursion.
const deepestJSON = 100

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

// CheckJSON tells what is wrong with a document, with the position in bytes.
func CheckJSON(body []byte) error {
	if !utf8.Valid(body) {
		return errors.New("it is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := checkValue(decoder, 0); err != nil {
		if err == io.EOF {
			return errors.New("it is empty")
		}
		return fmt.Errorf("%w at byte %d", err, decoder.InputOffset())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("something follows the value at byte %d", decoder.InputOffset())
	}
	return nil
}

func checkValue(decoder *json.Decoder, depth int) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	opening, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth == deepestJSON {
		return fmt.Errorf("it is nested deeper than %d levels", deepestJSON)
	}
	seen := map[string]bool{}
	for decoder.More() {
		if opening == '{' {
			token, err := decoder.Token()
			if err != nil {
				return err
			}
			name, _ := token.(string)
			if seen[name] {
				return fmt.Errorf("the key %q stands twice", name)
			}
			seen[name] = true
		}
		if err := checkValue(decoder, depth+1); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

// AppendJSONString encodes text as a JSON string that is safe inside HTML as well.
func AppendJSONString(out []byte, text string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		out = append(out, text[start:i]...)
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, `\n`...)
		case c >= utf8.RuneSelf:
			out = append(out, `\ufffd`...)
		default:
			out = append(out, `\u00`...)
			out = append(out, hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	out = append(out, text[start:]...)
	return append(out, '"')
}
