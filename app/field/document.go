package field

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// documented is a JSON document with a shape. A kind declares one as a struct that embeds JSON and has the method:
//
//	type Layout struct{ field.JSON }
//
//	func (Layout) Schema() field.Schema { … }
type documented interface{ Schema() Schema }

// documentType is a documented struct. Its values are checked against the schema.
type documentType struct {
	jsonType
	schema  Schema
	checked *shape
}

func newDocumentType(t reflect.Type) (Type, error) {
	if t.Kind() != reflect.Struct || t.NumField() != 1 || t.Field(0).Type != reflect.TypeFor[JSON]() {
		return nil, fmt.Errorf("%s has a schema and must be a struct that embeds field.JSON alone", t)
	}
	schema := reflect.Zero(t).Interface().(documented).Schema()
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	parsed, err := decodeDocument(text)
	if err != nil {
		return nil, err
	}
	checked, err := parseShape(parsed)
	if err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", t, err)
	}
	return documentType{schema: schema, checked: checked}, nil
}

func (t documentType) Schema(f *Field) Schema {
	if f.Required {
		return t.schema
	}
	schema := Schema{"anyOf": []any{t.schema, Schema{"type": "null"}}}
	if examples, ok := t.schema["examples"]; ok {
		schema["examples"] = examples
	}
	return schema
}

func (t documentType) AppendJSON(out []byte, v reflect.Value) []byte {
	return t.jsonType.AppendJSON(out, v.Field(0))
}

func (t documentType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	return t.jsonType.FromJSON(f, raw, v.Field(0))
}

func (t documentType) FromText(f *Field, text string, v reflect.Value) error {
	return t.jsonType.FromText(f, text, v.Field(0))
}

func (t documentType) Text(v reflect.Value) string { return t.jsonType.Text(v.Field(0)) }

func (t documentType) Check(f *Field, v reflect.Value) string {
	document := v.Field(0)
	if message := t.jsonType.Check(f, document); message != "" || document.Len() == 0 {
		return message
	}
	value, err := decodeDocument(document.Bytes())
	if err != nil {
		return "must be JSON"
	}
	place, wrong := t.checked.check(value, "")
	if wrong == "" {
		return ""
	}
	if place == "" {
		place = "the document"
	}
	return fmt.Sprintf("does not fit at %s: it %s", place, wrong)
}
