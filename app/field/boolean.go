package field

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"zygo/app/value"
)

// booleanType is yes or no.
type booleanType struct{}

func (booleanType) Name() string                       { return "boolean" }
func (booleanType) Schema(*Field) Schema               { return Schema{"type": "boolean"} }
func (booleanType) Check(*Field, reflect.Value) string { return "" }

func (booleanType) AppendJSON(out []byte, v reflect.Value) []byte {
	return strconv.AppendBool(out, v.Bool())
}

func (booleanType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	switch string(raw) {
	case "true":
		v.SetBool(true)
	case "false":
		v.SetBool(false)
	default:
		return errors.New("must be true or false")
	}
	return nil
}

func (booleanType) FromText(_ *Field, text string, v reflect.Value) error {
	switch strings.ToLower(text) {
	case "true", "on", "1", "yes":
		v.SetBool(true)
	case "false", "", "0", "no":
		v.SetBool(false)
	default:
		return errors.New("must be true or false")
	}
	return nil
}

func (booleanType) Text(v reflect.Value) string { return strconv.FormatBool(v.Bool()) }

// take reads a number as JavaScript does: only zero is false.
func (t booleanType) take(f *Field, given value.Value, v reflect.Value) error {
	if given.Kind() == value.NumberKind {
		v.SetBool(given.Truthy())
		return nil
	}
	return t.FromJSON(f, []byte(given.Text()), v)
}
