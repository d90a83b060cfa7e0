package field

import (
	"errors"
	"reflect"
	"time"

	"zygo/store"
)

// Time is an instant in UTC; zero is no time. It is RFC 3339 with milliseconds in JSON, or with microseconds where it has them.
type Time = store.Time

// timeType is an instant.
type timeType struct{}

func (timeType) Name() string { return "time" }

func (timeType) Schema(f *Field) Schema {
	if f.Required || f.Standard {
		return Schema{"type": "string", "format": "date-time"}
	}
	return Schema{"type": []any{"string", "null"}, "format": "date-time"}
}

func (timeType) AppendJSON(out []byte, v reflect.Value) []byte {
	text, _ := Time(v.Int()).MarshalJSON()
	return append(out, text...)
}

func (t timeType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err != nil {
		return errors.New("must be a time such as 2026-01-31T09:30:00Z")
	}
	return t.FromText(f, text, v)
}

// FromText reads RFC 3339, and what a browser's date-time input sends, which is taken as UTC.
func (timeType) FromText(_ *Field, text string, v reflect.Value) error {
	if text == "" {
		v.SetInt(0)
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 1 && at.Year() <= 9999 {
			v.SetInt(int64(store.TimeOf(at)))
			return nil
		}
	}
	return errors.New("must be a time such as 2026-01-31T09:30:00Z")
}

func (timeType) Text(v reflect.Value) string { return Time(v.Int()).String() }

func (timeType) Check(f *Field, v reflect.Value) string {
	if f.Required && v.Int() == 0 {
		return "is required"
	}
	return ""
}

func (timeType) vacant() {}
