package field

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
)

// structuredType is an object that a struct or a map describes by itself: part of what an operation is told, and no column.
type structuredType struct{}

func (structuredType) Name() string { return "json" }

func (structuredType) Schema(f *Field) Schema { return SchemaOf(f.of) }

func (structuredType) AppendJSON(out []byte, v reflect.Value) []byte {
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return append(out, "null"...)
	}
	return append(out, text...)
}

func (structuredType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v.Addr().Interface()); err != nil {
		return errors.New("must be an object of another form; the description of the operation says which")
	}
	return nil
}

func (t structuredType) FromText(f *Field, text string, v reflect.Value) error {
	return t.FromJSON(f, []byte(text), v)
}

func (t structuredType) Text(v reflect.Value) string { return string(t.AppendJSON(nil, v)) }

func (structuredType) Check(f *Field, v reflect.Value) string {
	if f.Required && v.IsZero() {
		return "is required"
	}
	return ""
}
