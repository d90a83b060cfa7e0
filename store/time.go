package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is an instant in microseconds since 1970 in UTC, as the database keeps it. Zero is no time and is stored as NULL.
type Time int64

// TimeOf cuts t to microseconds; the zero time.Time is zero.
func TimeOf(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMicro())
}

// Go gives the instant in UTC; zero gives the zero time.Time.
func (t Time) Go() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(t)).UTC()
}

// Add moves the instant.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Microseconds()) }

// Sub is the duration from other to t.
func (t Time) Sub(other Time) time.Duration { return time.Duration(t-other) * time.Microsecond }

// String is RFC 3339 in UTC with milliseconds, or with microseconds where it has them, so that what is read finds what is stored.
// It is empty for no time.
func (t Time) String() string {
	switch {
	case t == 0:
		return ""
	case t%1000 != 0:
		return t.Go().Format("2006-01-02T15:04:05.000000Z07:00")
	}
	return t.Go().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalJSON gives the text in quotes, and null for no time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + t.String() + `"`), nil
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (t *Time) UnmarshalJSON(text []byte) error {
	var at time.Time
	if string(text) != "null" {
		if err := at.UnmarshalJSON(text); err != nil {
			return err
		}
	}
	*t = TimeOf(at)
	return nil
}

// Column is the column type: no time is NULL.
func (Time) Column() string { return "INTEGER" }

// Value is what the driver stores.
func (t Time) Value() (driver.Value, error) {
	if t == 0 {
		return nil, nil
	}
	return int64(t), nil
}

// Scan reads what the driver stored.
func (t *Time) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		*t = 0
	case int64:
		*t = Time(v)
	default:
		return fmt.Errorf("a time is stored as an integer, not %T", from)
	}
	return nil
}
