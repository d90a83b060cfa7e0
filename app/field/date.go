package field

import (
	"database/sql/driver"
	"errors"
	"reflect"
	"time"
)

// Date is a day of the calendar without a zone, as 2026-01-31. Empty is none.
type Date string

// DateOf is the day of a moment in the moment's own zone.
func DateOf(at time.Time) Date { return Date(at.Format(time.DateOnly)) }

// Go is the day's first moment in UTC, and the zero Time for none.
func (d Date) Go() time.Time {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return at
}

// Column is the column type: no day is NULL, and days sort as their text does.
func (Date) Column() string { return nullableColumn }

// Value is what the driver stores.
func (d Date) Value() (driver.Value, error) { return nullable(string(d)) }

// Scan reads what the driver stored.
func (d *Date) Scan(from any) error {
	text, err := scanText(from)
	*d = Date(text)
	return err
}

type dateType struct{ writtenType }

var dayType = dateType{writtenType{name: "date", longest: len(time.DateOnly), read: readDate}}

func (dateType) Schema(f *Field) Schema {
	return Schema{"type": f.orNull("string"), "format": "date", "examples": []any{"2026-01-31"}}
}

func (dateType) AppendJSON(out []byte, v reflect.Value) []byte {
	return appendNullable(out, v.String())
}

func readDate(text string) (string, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || at.Year() < 1 {
		return "", errors.New("must be a day such as 2026-01-31")
	}
	return text, nil
}

func (dateType) worded() bool { return false }
