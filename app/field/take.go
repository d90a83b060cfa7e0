package field

import (
	"reflect"

	"zygo/app/value"
)

// taking is a type that reads data in a way of its own.
type taking interface {
	take(f *Field, given value.Value, v reflect.Value) error
}

// Take sets a field to data and tells in a sentence what is wrong with it, or nothing. What is missing has its default. What a
// person wrote must have the right type, except that a text may stand in the place of a list. What an expression gave is read
// generously (the text "5" is a number, a number is a text), because data is what it is.
func (f *Field) Take(given value.Value, v reflect.Value, generous bool) string {
	if err := f.take(given, v, generous); err != nil {
		return err.Error()
	}
	return f.Type.Check(f, v)
}

func (f *Field) take(given value.Value, v reflect.Value, generous bool) error {
	own, ok := f.Type.(taking)
	switch {
	case given.IsMissing() && (!f.Anything() || f.Default != ""):
		v.SetZero()
		return f.SetDefault(v)
	case ok && (generous || f.Anything()):
		return own.take(f, given, v)
	case generous || f.Many() && given.Kind() == value.StringKind:
		return f.Type.FromText(f, plain(given), v)
	}
	return f.Type.FromJSON(f, given.AppendJSON(nil), v)
}

// SetDefault gives a new value what the declaration names, if it names anything.
func (f *Field) SetDefault(v reflect.Value) error {
	if f.Default == "" {
		return nil
	}
	return f.Type.FromText(f, f.Default, v)
}

// plain is data as a text.
func plain(given value.Value) string {
	if given.Kind() == value.ListKind || given.Kind() == value.ObjectKind {
		return given.JSON()
	}
	return given.Text()
}
