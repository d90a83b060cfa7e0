package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// numberType is a whole number.
type numberType struct{}

func (numberType) Name() string { return "number" }

func (numberType) Schema(f *Field) Schema {
	schema := Schema{"type": "integer"}
	if f.Min != 0 {
		schema["minimum"] = f.Min
	}
	if f.Max != 0 {
		schema["maximum"] = f.Max
	}
	return schema
}

func (numberType) AppendJSON(out []byte, v reflect.Value) []byte {
	return strconv.AppendInt(out, v.Int(), 10)
}

func (numberType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var n int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return errors.New("must be a whole number")
	}
	v.SetInt(n)
	return nil
}

func (numberType) FromText(_ *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetInt(0)
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return errors.New("must be a whole number")
	}
	v.SetInt(n)
	return nil
}

func (numberType) Text(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) }

func (numberType) Check(f *Field, v reflect.Value) string {
	switch {
	case f.Required && v.Int() == 0:
		return "is required"
	case f.Min != 0 && v.Int() < int64(f.Min):
		return fmt.Sprintf("must be at least %d", f.Min)
	case f.Max != 0 && v.Int() > int64(f.Max):
		return fmt.Sprintf("must be at most %d", f.Max)
	}
	return ""
}
