package field

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
)

// nullableColumn is the column of a value that may be missing: NULL then, so that no comparison finds it.
const nullableColumn = "TEXT"

func nullable(text string) (driver.Value, error) {
	if text == "" {
		return nil, nil
	}
	return text, nil
}

// scanText reads a text column, in which NULL is empty.
func scanText(from any) (string, error) {
	switch v := from.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", fmt.Errorf("the value is stored as text, not %T", from)
}

// scanJSON reads a text column that holds JSON; NULL leaves the zero value.
func scanJSON(from, into any) error {
	reflect.ValueOf(into).Elem().SetZero()
	text, err := scanText(from)
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

// orNull lets a schema's value be missing, unless the field is required.
func (f *Field) orNull(kind string) any {
	if f.Required {
		return kind
	}
	return []any{kind, "null"}
}
