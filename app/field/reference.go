package field

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
)

// Ref is the id of a row of the kind that the tag's to= names; empty is none. That the row exists within the actor's
// scope is checked inside the write.
type Ref string

// Column is the column type: no reference is NULL.
func (Ref) Column() string { return "TEXT" }

// Value is what the driver stores.
func (r Ref) Value() (driver.Value, error) {
	if r == "" {
		return nil, nil
	}
	return string(r), nil
}

// Scan reads what the driver stored.
func (r *Ref) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		*r = ""
	case string:
		*r = Ref(v)
	default:
		return fmt.Errorf("a reference is stored as text, not %T", from)
	}
	return nil
}

type referenceType struct{}

func (referenceType) Name() string { return "reference" }

func (referenceType) Schema(f *Field) Schema {
	schema := Schema{"type": "string", "format": "uuid", "description": "The id of " + One(f.To) + ".", "x-kind": f.To}
	if !f.Required {
		schema["type"] = []any{"string", "null"}
	}
	return schema
}

func (referenceType) AppendJSON(out []byte, v reflect.Value) []byte {
	if v.String() == "" {
		return append(out, "null"...)
	}
	return AppendJSONString(out, v.String())
}

func (referenceType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err != nil {
		return errors.New("must be the id of " + One(f.To))
	}
	v.SetString(text)
	return nil
}

func (referenceType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(text)
	return nil
}

func (referenceType) Text(v reflect.Value) string { return v.String() }

func (referenceType) Check(f *Field, v reflect.Value) string {
	if f.Required && v.String() == "" {
		return "is required"
	}
	return ""
}
