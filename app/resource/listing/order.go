package listing

import (
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// Order is what a list is sorted by; the order of arrival makes it total.
type Order struct {
	Field *field.Field
	Down  bool
	// Key is what the field is compared by, nil for what it stores.
	Key *store.Key
}

// Sort puts the rows that find reads into the order. It sorts by arrival where that is the same: rows get their number as
// they are created.
func (o Order) Sort(find *store.Find) {
	direction := ""
	if o.Down {
		direction = "-"
	}
	if o.byArrival() {
		find.Order = []string{direction + "n"}
		return
	}
	find.Order, find.Key = []string{direction + o.Field.Name, direction + "n"}, o.Key
}

func (o Order) byArrival() bool { return o.Field.Name == "created_at" }

// Reversed is the order from the end.
func (o Order) Reversed() Order { return Order{o.Field, !o.Down, o.Key} }

// Value is what the order compares a row by; nil sorts before every value. Titles finds the titles of the rows that a
// reference names.
func (o Order) Value(row reflect.Value, titles func(kind string, ids []string) (map[string]string, error)) (any, error) {
	if o.byArrival() {
		return nil, nil
	}
	v := o.Field.Of(row)
	switch {
	case o.Key == nil || o.Key.Words:
		return Plain(v), nil
	case o.Key.Ranks != nil:
		return o.Key.Rank(v.String()), nil
	}
	found, err := titles(o.Field.To, o.Field.Refers(v))
	if title, ok := found[v.String()]; ok {
		return title, err
	}
	return nil, err
}

// Beyond is the condition for the rows that come after the one with this number and value.
func (o Order) Beyond(n int64, value any) store.Condition {
	beyond := ">"
	if o.Down {
		beyond = "<"
	}
	rest := store.Condition{Column: "n", Operator: beyond, Value: n}
	if o.byArrival() {
		return rest
	}
	by := func(operator string, value any) store.Condition {
		return store.Condition{Column: o.Field.Name, By: o.Key, Operator: operator, Value: value}
	}
	same := store.Condition{All: true, Alternatives: []store.Condition{by("=", value), rest}}
	// NULL sorts before every value: rising lists leave it behind at the start, falling ones meet it at the end.
	switch {
	case value == nil && o.Down:
		return same
	case value == nil:
		return store.Condition{Alternatives: []store.Condition{same, by("<>", nil)}}
	case o.Down:
		return store.Condition{Alternatives: []store.Condition{by(beyond, value), same, by("=", nil)}}
	}
	return store.Condition{Alternatives: []store.Condition{by(beyond, value), same}}
}

// cursor is where a page ended. The sum binds it to the query and the tenant that it came from.
type cursor struct {
	N     int64  `json:"n"`
	Value any    `json:"v,omitempty"`
	Sum   uint32 `json:"s"`
}

// Cursor is the text by which a client asks for the rows after the one with this number and value.
func Cursor(sum uint32, n int64, value any) string {
	text, _ := json.Marshal(cursor{n, value, sum})
	return base64.RawURLEncoding.EncodeToString(text)
}

// After is the condition for the rows that come after a cursor.
func (o Order) After(text string, sum uint32) (store.Condition, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var from cursor
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber() // times have more digits than a float keeps
	if err != nil || decoder.Decode(&from) != nil || from.Sum != sum {
		return store.Condition{}, wrongCursor()
	}
	switch value := from.Value.(type) {
	case json.Number:
		if from.Value, err = value.Int64(); err != nil {
			return store.Condition{}, wrongCursor()
		}
	case nil, string, bool:
	default:
		return store.Condition{}, wrongCursor()
	}
	return o.Beyond(from.N, from.Value), nil
}

func wrongCursor() error {
	return fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
}

// Plain is the value that the driver compares with; nil is NULL.
func Plain(v reflect.Value) any {
	if valuer, ok := v.Interface().(driver.Valuer); ok {
		value, err := valuer.Value()
		if err != nil {
			return nil
		}
		return value
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int64:
		return v.Int()
	}
	return v.Interface()
}
