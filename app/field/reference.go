package field

import (
	"database/sql/driver"
	"errors"
	"reflect"
)

// Ref is the id of a row of the kind that the tag's to= names; empty is none. That the row exists within the actor's
// scope is checked inside the write.
type Ref string

// Column is the column type: no reference is NULL.
func (Ref) Column() string { return nullableColumn }

// Value is what the driver stores.
func (r Ref) Value() (driver.Value, error) { return nullable(string(r)) }

// Scan reads what the driver stored.
func (r *Ref) Scan(from any) error {
	text, err := scanText(from)
	*r = Ref(text)
	return err
}

type referenceType struct{}

func (referenceType) Name() string { return "reference" }

func (referenceType) Schema(f *Field) Schema {
	return Schema{"type": f.orNull("string"), "description": "The id of " + One(f.To) + ".", "x-kind": f.To}
}

func (referenceType) AppendJSON(out []byte, v reflect.Value) []byte {
	return appendNullable(out, v.String())
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

func (referenceType) refers(v reflect.Value) []string {
	if v.String() == "" {
		return nil
	}
	return []string{v.String()}
}

func (referenceType) indexed(f *Field) bool { return f.Filter }

func appendNullable(out []byte, text string) []byte {
	if text == "" {
		return append(out, "null"...)
	}
	return AppendJSONString(out, text)
}
