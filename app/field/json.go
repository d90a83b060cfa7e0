package field

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"zygo/app/value"
)

// JSON is a document whose shape the kind's own code checks. Nil is null.
type JSON []byte

const longestJSON = 1 << 20

// Column is the column type.
func (JSON) Column() string { return "TEXT" }

// Value is what the driver stores.
func (j JSON) Value() (driver.Value, error) {
	if j == nil {
		return nil, nil
	}
	return string(j), nil
}

// Scan reads what the driver stored.
func (j *JSON) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		*j = nil
	case string:
		*j = JSON(v)
	default:
		return fmt.Errorf("JSON is stored as text, not %T", from)
	}
	return nil
}

// MarshalJSON gives the document itself.
func (j JSON) MarshalJSON() ([]byte, error) {
	return jsonType{}.AppendJSON(nil, reflect.ValueOf(j)), nil
}

// UnmarshalJSON keeps the document's text.
func (j *JSON) UnmarshalJSON(raw []byte) error {
	*j = append(JSON(nil), raw...)
	return nil
}

type jsonType struct{}

func (jsonType) Name() string         { return "json" }
func (jsonType) Schema(*Field) Schema { return Schema{} }

func (jsonType) AppendJSON(out []byte, v reflect.Value) []byte {
	if v.Len() == 0 {
		return append(out, "null"...)
	}
	return append(out, v.Bytes()...)
}

func (jsonType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return errors.New("must be JSON")
	}
	if compact.String() == "null" {
		v.SetZero()
	} else {
		v.SetBytes(compact.Bytes())
	}
	return nil
}

func (t jsonType) FromText(f *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetZero()
		return nil
	}
	if err := CheckJSON([]byte(text)); err != nil {
		return errors.New("must be JSON: " + err.Error())
	}
	return t.FromJSON(f, []byte(text), v)
}

func (jsonType) Text(v reflect.Value) string { return indented(v.Bytes()) }

// indented is a document as people read it, empty for none.
func indented(document []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, document, "", "  ") != nil {
		return ""
	}
	return out.String()
}

func (jsonType) Check(f *Field, v reflect.Value) string {
	switch {
	case f.Required && v.Len() == 0:
		return "is required"
	case v.Len() > f.longest(longestJSON):
		return fmt.Sprintf("has %d bytes; %d is the most", v.Len(), f.longest(longestJSON))
	}
	return ""
}

// CheckJSON tells what is wrong with a document, with the position.
func CheckJSON(body []byte) error {
	_, err := value.Parse(body, value.Limits{})
	return err
}

// AppendJSONString encodes text as a JSON string; bytes that are not UTF-8 become the sign for that.
func AppendJSONString(out []byte, text string) []byte { return value.String(text).AppendJSON(out) }
