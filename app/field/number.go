package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"zygo/app/value"
)

var (
	errNoNumber = errors.New("must be a number")
	errNotWhole = errors.New("must be a whole number")
)

// numberType is a whole number.
type numberType struct{}

func (numberType) Name() string { return "number" }

func (numberType) Schema(f *Field) Schema {
	schema := Schema{"type": "integer"}
	if f.bounded {
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
	if json.Unmarshal(raw, &n) == nil {
		v.SetInt(n)
		return nil
	}
	var decimal float64
	if json.Unmarshal(raw, &decimal) != nil {
		return errNoNumber
	}
	return errNotWhole
}

func (numberType) FromText(_ *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetInt(0)
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return errNotWhole
	}
	v.SetInt(n)
	return nil
}

func (numberType) Text(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) }

func (numberType) Check(f *Field, v reflect.Value) string {
	return f.checkNumber(float64(v.Int()))
}

func (f *Field) checkNumber(n float64) string {
	tooSmall, tooLarge := f.bounded && n < float64(f.Min), f.Max != 0 && n > float64(f.Max)
	switch {
	case f.Required && n == 0:
		return "is required"
	case (tooSmall || tooLarge) && f.bounded && f.Max != 0:
		return fmt.Sprintf("must lie between %d and %d", f.Min, f.Max)
	case tooSmall:
		return fmt.Sprintf("must be at least %d", f.Min)
	case tooLarge:
		return fmt.Sprintf("must be at most %d", f.Max)
	}
	return ""
}

func (numberType) take(_ *Field, given value.Value, v reflect.Value) error {
	n, err := numberOf(given)
	if err == nil && (n != math.Trunc(n) || math.Abs(n) > 1<<53) {
		err = errNotWhole
	}
	v.SetInt(int64(n))
	return err
}
