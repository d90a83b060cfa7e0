package field

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
)

// Secret is a value that is written and never read back: no surface shows it, the ledger records only that it changed.
// In a row that comes from the store it is sealed; Session.Reveal opens it for code that needs it.
type Secret string

// Column is the column type: sealed bytes.
func (Secret) Column() string { return "BLOB" }

// Value is what the driver stores.
func (s Secret) Value() (driver.Value, error) { return []byte(s), nil }

// Scan reads what the driver stored.
func (s *Secret) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		*s = ""
	case []byte:
		*s = Secret(v)
	default:
		return fmt.Errorf("a secret is stored as bytes, not %T", from)
	}
	return nil
}

// String hides the value from logs and errors.
func (Secret) String() string { return "•••" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "•••" }

// MarshalJSON hides the value from every encoding.
func (Secret) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

type secretType struct{}

const longestSecret = 64 << 10

func (secretType) Name() string { return "secret" }

func (secretType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestSecret), "writeOnly": true}
}

func (secretType) AppendJSON(out []byte, _ reflect.Value) []byte { return append(out, "null"...) }

func (secretType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err != nil {
		return errors.New("must be a text")
	}
	v.SetString(text)
	return nil
}

func (secretType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(text)
	return nil
}

func (secretType) seals() {}

func (secretType) Text(reflect.Value) string { return "" }

func (secretType) Check(f *Field, v reflect.Value) string {
	return f.checkLength(v.String(), longestSecret)
}
