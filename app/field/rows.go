package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// rowsType is a list of structs whose fields are declared in the same language. Operations and nodes take it; it is no column.
type rowsType struct{ fields []*Field }

// mostRows bounds rows whose tag gives no max.
const mostRows = 200

// listOf is the type of a slice: rows, choices or texts.
func listOf(t reflect.Type) (Type, error) {
	switch {
	case t.Elem().Kind() == reflect.Struct:
		fields, err := Declared(t.Elem())
		return rowsType{fields}, err
	case t.Elem().Kind() != reflect.String:
		return nil, fmt.Errorf("%s is no field type", t)
	case choicesOf(t) != nil:
		return choicesType{}, nil
	}
	return textsType{}, nil
}

// Rows are the fields of each row, nil for a field without rows.
func (f *Field) Rows() []*Field {
	t, _ := f.Type.(rowsType)
	return t.fields
}

// CheckRows tells in a sentence why the field can't have so many rows, or nothing.
func (f *Field) CheckRows(count int) string { return f.checkCount(count, mostRows) }

func (rowsType) Name() string { return "rows" }

func (t rowsType) Schema(f *Field) Schema {
	return Schema{"type": "array", "maxItems": f.longest(mostRows),
		"items": ObjectSchema(t.fields, func(f *Field) Schema { return f.Type.Schema(f) })}
}

// ObjectSchema is the schema of an object with the fields, each as it is described.
func ObjectSchema(fields []*Field, describe func(*Field) Schema) Schema {
	properties, required := Schema{}, []string{}
	for _, f := range fields {
		property := maps.Clone(describe(f)) // a type may keep its schema
		property["title"] = f.Label
		if f.Help != "" {
			property["description"] = f.Help
		}
		properties[f.Name] = property
		if f.Required && f.When == nil && f.Default == "" {
			required = append(required, f.Name)
		}
	}
	object := Schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

func (t rowsType) AppendJSON(out []byte, v reflect.Value) []byte {
	out = append(out, '[')
	for i := range v.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for n, f := range t.fields {
			if n > 0 {
				out = append(out, ',')
			}
			out = append(AppendJSONString(out, f.Name), ':')
			out = f.Type.AppendJSON(out, f.Of(v.Index(i)))
		}
		out = append(out, '}')
	}
	return append(out, ']')
}

func (t rowsType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	var given []map[string]json.RawMessage
	if json.Unmarshal(raw, &given) != nil {
		return errors.New("must be a list of objects")
	}
	if wrong := f.CheckRows(len(given)); wrong != "" {
		return errors.New(wrong)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(given), len(given)))
	for i, row := range given {
		if err := t.readRow(row, v.Index(i)); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return nil
}

func (t rowsType) readRow(given map[string]json.RawMessage, row reflect.Value) error {
	for name := range given {
		if !slices.ContainsFunc(t.fields, func(f *Field) bool { return f.Name == name }) {
			return fmt.Errorf("%s is not known here", name)
		}
	}
	for _, f := range t.fields {
		err := f.SetDefault(f.Of(row))
		if raw, ok := given[f.Name]; ok {
			err = f.Type.FromJSON(f, raw, f.Of(row))
		}
		if err != nil {
			return fmt.Errorf("%s %w", f.Name, err)
		}
	}
	return nil
}

func (t rowsType) FromText(f *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetZero()
		return nil
	}
	return t.FromJSON(f, []byte(text), v)
}

func (t rowsType) Text(v reflect.Value) string {
	if v.Len() == 0 {
		return ""
	}
	return indented(t.AppendJSON(nil, v))
}

func (t rowsType) Check(f *Field, v reflect.Value) string {
	if wrong := f.CheckRows(v.Len()); wrong != "" {
		return wrong
	}
	for i := range v.Len() {
		for _, f := range t.fields {
			if wrong := f.Type.Check(f, f.Of(v.Index(i))); wrong != "" {
				return fmt.Sprintf("entry %d: %s %s", i+1, f.Name, wrong)
			}
		}
	}
	return ""
}
