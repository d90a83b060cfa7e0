package field

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"zygo/app/value"
)

// decimalType is a number that need not be whole: a float64.
type decimalType struct{}

func (decimalType) Name() string { return "decimal" }

func (decimalType) Schema(f *Field) Schema {
	schema := numberType{}.Schema(f)
	schema["type"] = "number"
	return schema
}

func (decimalType) AppendJSON(out []byte, v reflect.Value) []byte {
	return value.Float(v.Float()).AppendJSON(out)
}

func (decimalType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var n float64
	if json.Unmarshal(raw, &n) != nil {
		return errNoNumber
	}
	v.SetFloat(n + 0) // -0 is 0
	return nil
}

func (t decimalType) FromText(f *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetFloat(0)
		return nil
	}
	return t.FromJSON(f, []byte(strings.TrimSpace(text)), v)
}

func (decimalType) Text(v reflect.Value) string { return strconv.FormatFloat(v.Float(), 'f', -1, 64) }

func (decimalType) Check(f *Field, v reflect.Value) string { return f.checkNumber(v.Float()) }

func (decimalType) take(_ *Field, given value.Value, v reflect.Value) error {
	n, err := numberOf(given)
	v.SetFloat(n + 0) // -0 is 0
	return err
}

// numberOf reads a number, and a text that holds one.
func numberOf(given value.Value) (float64, error) {
	n := given.Number()
	isText := given.Kind() == value.StringKind && strings.TrimSpace(given.Raw()) != ""
	if given.Kind() != value.NumberKind && !isText || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, errNoNumber
	}
	return n, nil
}
