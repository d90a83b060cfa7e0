package field

import (
	"errors"
	"reflect"
	"strings"

	"zygo/app/value"
)

// valueType is whatever JSON can say, as value.Value holds it. Nothing is undefined.
type valueType struct{}

func (valueType) Name() string         { return "value" }
func (valueType) Schema(*Field) Schema { return Schema{} }

func (valueType) AppendJSON(out []byte, v reflect.Value) []byte {
	return v.Interface().(value.Value).AppendJSON(out)
}

func (valueType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	parsed, err := value.Parse(raw, value.Limits{})
	if err != nil {
		return errors.New("must be JSON: " + err.Error())
	}
	v.Set(reflect.ValueOf(parsed))
	return nil
}

// FromText takes a text that is JSON for what it says, and any other for itself.
func (valueType) FromText(_ *Field, text string, v reflect.Value) error {
	v.Set(reflect.ValueOf(written(text)))
	return nil
}

func written(text string) value.Value {
	if strings.TrimSpace(text) == "" {
		return value.Value{}
	}
	if parsed, err := value.Parse([]byte(text), value.Limits{}); err == nil {
		return parsed
	}
	return value.String(text)
}

// Text writes a text in quotes where it would be read as something else without them.
func (valueType) Text(v reflect.Value) string {
	given := v.Interface().(value.Value)
	switch {
	case given.IsMissing():
		return ""
	case given.Kind() == value.StringKind && value.Same(written(given.Raw()), given):
		return given.Raw()
	}
	return indented(given.AppendJSON(nil))
}

func (valueType) Check(f *Field, v reflect.Value) string {
	if f.Required && v.Interface().(value.Value).Kind() == value.UndefinedKind {
		return "is required"
	}
	return ""
}

func (valueType) take(_ *Field, given value.Value, v reflect.Value) error {
	v.Set(reflect.ValueOf(given))
	return nil
}
