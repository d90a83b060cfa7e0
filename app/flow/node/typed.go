package node

import (
	"math"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// ComparedType is the type that both sides of a condition must have, or are made where types are loose.
type ComparedType string

const (
	anyType ComparedType = "any"
	// lists are wanted on both sides, also where one side is asked for an element.
	lists = "lists"
)

// Choices are the types; any compares values as they are.
func (ComparedType) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(anyType), Label: "What they are"},
		{Value: "string", Label: "Texts"},
		{Value: "number", Label: "Numbers"},
		{Value: "boolean", Label: "True or false"},
		{Value: "time", Label: "Times"},
		{Value: "array", Label: "Lists"},
		{Value: lists, Label: "Lists on both sides"},
		{Value: "object", Label: "Objects"},
	}
}

// holdsTyped decides about values of one type. A missing value is of every type: an empty text and an empty list, null is the number
// 0 to an order, and nothing is before or after a missing time.
func (c Condition) holdsTyped(how comparison) (bool, error) {
	both := c.Type == lists
	if both {
		c.Type = "array"
	}
	left, err := c.Type.of(c.Left, how)
	if err != nil {
		return false, err
	}
	right := c.Right
	if kind := c.rightType(); both || kind != anyType {
		if both {
			kind = "array"
		}
		if right, err = kind.of(right, how); err != nil {
			return false, err
		}
	}
	how.loose, how.asInN8n = true, false // all that can be said against the values was said
	op := string(c.Op)
	if plain, ok := strings.CutPrefix(op, "not_"); ok && plain != "exists" && !(c.Type == "time" && (left.IsMissing() || right.IsMissing())) {
		is, err := Condition{left, Operator(plain), right, c.Type}.typed(plain, how)
		return !is, err
	}
	return Condition{left, c.Op, right, c.Type}.typed(op, how)
}

// rightType is the type of the right side.
func (c Condition) rightType() ComparedType {
	switch op := string(c.Op); {
	case strings.HasPrefix(op, "length_"):
		return "number"
	case c.Type == "array", strings.HasPrefix(op, "is_"), op == "exists", op == "not_exists":
		return anyType
	case strings.HasSuffix(op, "matches"):
		return "string"
	}
	return c.Type
}

// typed compares values that have the type.
func (c Condition) typed(op string, how comparison) (bool, error) {
	left, right := c.Left, c.Right
	switch {
	case op == "is_true" || op == "is_false":
		return left.Truthy() == (op == "is_true"), nil
	case op == "exists" || op == "not_exists" || strings.HasPrefix(op, "is_"):
	case c.Type == "string":
		left, right = orEmpty(left), orEmpty(right)
	case c.Type == "array":
		if left.IsMissing() {
			left = value.List()
		}
		if op == "contains" {
			return how.holdsElement(left, right), nil
		}
	case op == "equals" && (left.IsMissing() || right.IsMissing()):
		return left.Kind() == right.Kind() && c.Type != "time", nil
	case op == "equals" && c.Type == "time":
		a, _ := left.Time(how.zone)
		b, _ := right.Time(how.zone)
		return a.Equal(b), nil
	case c.Type == "time" && (left.IsMissing() || right.IsMissing()):
		return false, nil
	case c.Type == "number":
		if left.Kind() == value.UndefinedKind || right.Kind() == value.UndefinedKind {
			return false, nil
		}
		left, right = orZero(left), orZero(right)
	}
	return Condition{Left: left, Op: Operator(op), Right: right}.holds(how)
}

func orEmpty(v value.Value) value.Value {
	if v.IsMissing() {
		return value.String("")
	}
	return v
}

func orZero(v value.Value) value.Value {
	if v.IsMissing() {
		return value.Int(0)
	}
	return v
}

// holdsElement tells whether a list has an element of the same type and value.
func (c comparison) holdsElement(list, wanted value.Value) bool {
	for _, element := range list.Elements() {
		if element.Kind() != wanted.Kind() {
			continue
		}
		if is, _ := c.equals(element, wanted); is {
			return true
		}
	}
	return false
}

// of is a value as the type. Times are read from text in any case; else what has another type is refused, or made of the type where
// types are loose.
func (t ComparedType) of(v value.Value, how comparison) (value.Value, error) {
	if v.IsMissing() {
		return v, nil
	}
	wanted := map[ComparedType]value.Kind{"string": value.StringKind, "number": value.NumberKind, "boolean": value.BoolKind,
		"array": value.ListKind, "object": value.ObjectKind}[t]
	switch {
	case t == "time":
		if at, ok := looseTime(v, how.zone); ok {
			return value.String(at.Format(time.RFC3339Nano)), nil
		}
	case v.Kind() == wanted:
		return v, nil
	case how.loose:
		if made, ok := t.made(v); ok {
			return made, nil
		}
	}
	return v, fault.New(fault.Invalid, "%.60s is not of the type %s", v.JSON(), t)
}

// made makes a value of the type, as JavaScript does.
func (t ComparedType) made(v value.Value) (value.Value, bool) {
	switch t {
	case "string":
		if v.Kind() == value.ListKind || v.Kind() == value.ObjectKind {
			return value.String(v.JSON()), true
		}
		return value.String(v.Text()), true
	case "number":
		number := v.Number()
		return value.Float(number), !math.IsNaN(number)
	case "boolean":
		text := strings.TrimSpace(v.Text())
		if is, err := strconv.ParseBool(strings.ToLower(text)); err == nil && len(text) > 1 {
			return value.Bool(is), true
		}
		if number := v.Number(); !math.IsNaN(number) {
			return value.Bool(number != 0), true
		}
		return value.Bool(true), true
	case "array", "object":
		if v.Kind() == value.StringKind {
			made := written(v, map[ComparedType]value.Kind{"array": value.ListKind, "object": value.ObjectKind}[t])
			return made, made.Kind() != value.StringKind
		}
	}
	return v, false
}

// timeForms are forms of times that people write besides ISO 8601, the American order of month and day among them.
var timeForms = []string{"1/2/2006", "1/2/2006 15:04", "1/2/2006 15:04:05", "2006-01-02 15:04", "2006-1-2", "2006/1/2", "Jan 2, 2006",
	"January 2, 2006", "2 Jan 2006", "2 January 2006", time.RFC1123, time.RFC1123Z, "Mon Jan 2 2006 15:04:05 GMT-0700"}

// looseTime reads a time from what is written: a small number is a month or a year, as in JavaScript.
func looseTime(v value.Value, zone *time.Location) (time.Time, bool) {
	text := strings.TrimSpace(v.Text())
	if number, err := strconv.Atoi(text); err == nil {
		return shortTime(number, zone)
	}
	if v.Kind() == value.StringKind {
		if at, ok := v.Time(zone); ok {
			return at, true
		}
	}
	for _, form := range timeForms {
		if at, err := time.ParseInLocation(form, text, zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// shortTime is the month or the year that a small number stands for.
func shortTime(number int, zone *time.Location) (time.Time, bool) {
	year, month := number, time.January
	switch {
	case number >= 1 && number <= 12:
		year, month = 2001, time.Month(number)
	case number == 0 || number > 31 && number < 50:
		year += 2000
	case number >= 50 && number < 100:
		year += 1900
	case number < 100 || number > 275_760:
		return time.Time{}, false
	}
	return time.Date(year, month, 1, 0, 0, 0, 0, zone), true
}
