package field

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Custom are the values of the fields that a template adds to a row, by their names. A row made without a template has
// none.
type Custom struct {
	// Template is the id of the template that the row was made from.
	Template string                     `json:"template"`
	Values   map[string]json.RawMessage `json:"values"`
}

const longestCustom = 64 << 10

// Column is the column type.
func (Custom) Column() string { return nullableColumn }

// Value is what the driver stores.
func (c Custom) Value() (driver.Value, error) { return nullable(c.text()) }

// Scan reads what the driver stored.
func (c *Custom) Scan(from any) error { return scanJSON(from, c) }

func (c Custom) text() string {
	if c.Template == "" {
		return ""
	}
	if c.Values == nil {
		c.Values = map[string]json.RawMessage{}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // the values were read as JSON
	}
	return string(text)
}

// Fill brings the values into the form of the template's fields and tells in a sentence what is wrong with which. A
// field that is not given has its zero value; a name that is no field is wrong too. What stood there before stays as it is, also
// where the template lost the field or the choice since, which may come back.
func (c *Custom) Fill(fields []*Field, before Custom) map[string]string {
	if before.Template != c.Template {
		before = Custom{}
	}
	wrong, filled := map[string]string{}, map[string]json.RawMessage{}
	isField := func(name string) bool {
		return slices.ContainsFunc(fields, func(f *Field) bool { return f.Name == name })
	}
	for name, raw := range before.Values {
		if !isField(name) {
			filled[name] = raw
		}
	}
	for name, raw := range c.Values {
		if !isField(name) && !bytes.Equal(raw, filled[name]) {
			wrong[name] = "is no field of the template"
		}
	}
	for _, f := range fields {
		if raw, given := c.Values[f.Name]; given && bytes.Equal(raw, before.Values[f.Name]) {
			filled[f.Name] = raw
			continue
		}
		v := f.New()
		if raw, given := c.Values[f.Name]; given {
			if err := f.read(raw, v); err != nil {
				wrong[f.Name] = err.Error()
				continue
			}
		}
		if message := f.Type.Check(f, v); message != "" {
			wrong[f.Name] = message
		}
		filled[f.Name] = f.Type.AppendJSON(nil, v)
	}
	c.Values = filled
	return wrong
}

// Earlier are the values of the field in a row as it was, none in a new one.
func (f *Field) Earlier(before reflect.Value) Custom {
	if !before.IsValid() {
		return Custom{}
	}
	return f.Of(before).Interface().(Custom)
}

// read takes a value as JSON, or in the words of a form where a text stands in the place of another type.
func (f *Field) read(raw []byte, v reflect.Value) error {
	var text string
	if f.Type.FromJSON(f, raw, v) == nil {
		return nil
	}
	if json.Unmarshal(raw, &text) == nil {
		return f.Type.FromText(f, text, v)
	}
	return f.Type.FromJSON(f, raw, v)
}

// Value is a stored value of the template's field, which is the zero value if there is none.
func (f *Field) Value(c Custom) reflect.Value {
	v := f.New()
	if raw, ok := c.Values[f.Name]; ok && f.read(raw, v) != nil {
		v.SetZero()
	}
	return v
}

// addable are the types of the fields that people add to a template.
var addable = map[string]reflect.Type{
	"text":      reflect.TypeFor[string](),
	"long_text": reflect.TypeFor[LongText](),
	"number":    reflect.TypeFor[int64](),
	"boolean":   reflect.TypeFor[bool](),
	"date":      reflect.TypeFor[Date](),
	"time":      reflect.TypeFor[Time](),
	"duration":  reflect.TypeFor[Duration](),
	"money":     reflect.TypeFor[Money](),
	"email":     reflect.TypeFor[Email](),
	"url":       reflect.TypeFor[URL](),
	"phone":     reflect.TypeFor[Phone](),
	"choice":    reflect.TypeFor[string](),
}

// Added makes a field that people declare, of one of the types text, long_text, number, boolean, date, time, duration,
// money, email, url, phone and choice; only a choice has choices.
func Added(name, label, kind string, required bool, choices []Choice) (*Field, error) {
	of, ok := addable[kind]
	if !ok {
		return nil, fmt.Errorf("%q is no type of a field", kind)
	}
	f := &Field{Name: name, Label: label, Required: required, Choices: choices, of: of}
	var err error
	if f.Type, err = typeOf(of); kind == "choice" {
		f.Type = choiceType{}
	}
	return f, err
}

type customType struct{}

func (customType) Name() string { return "custom" }

func (customType) Schema(*Field) Schema {
	return Schema{
		"type":                 []any{"object", "null"},
		"required":             []string{"template"},
		"additionalProperties": false,
		"description":          "The fields that a template adds to the row.",
		"properties": Schema{
			"template": Schema{"type": "string", "description": "The id of the template."},
			"values":   Schema{"type": "object"},
		},
	}
}

func (customType) AppendJSON(out []byte, v reflect.Value) []byte {
	text := v.Interface().(Custom).text()
	if text == "" {
		return append(out, "null"...)
	}
	return append(out, text...)
}

func (customType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	if string(raw) == "null" {
		v.SetZero()
		return nil
	}
	var c Custom
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return errors.New("must have the id of a template, and values by the names of its fields")
	}
	v.Set(reflect.ValueOf(c))
	return nil
}

func (t customType) FromText(f *Field, text string, v reflect.Value) error {
	if text == "" {
		text = "null"
	}
	return t.FromJSON(f, []byte(text), v)
}

func (customType) Text(v reflect.Value) string { return v.Interface().(Custom).text() }

func (customType) Check(f *Field, v reflect.Value) string {
	if len(v.Interface().(Custom).text()) > f.longest(longestCustom) {
		return fmt.Sprintf("has more than %d bytes", f.longest(longestCustom))
	}
	return ""
}
