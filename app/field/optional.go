package field

import "reflect"

// optionalType is a pointer to a value that may be left out, which is nil then: the fields of a change.
type optionalType struct{ of Type }

func newOptionalType(t reflect.Type) (Type, error) {
	of, err := typeOf(t.Elem())
	return optionalType{of}, err
}

func (t optionalType) Name() string { return t.of.Name() }

func (t optionalType) Schema(f *Field) Schema { return t.of.Schema(f) }

func (t optionalType) AppendJSON(out []byte, v reflect.Value) []byte {
	if v.IsNil() {
		return append(out, "null"...)
	}
	return t.of.AppendJSON(out, v.Elem())
}

func (t optionalType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	if string(raw) == "null" {
		v.SetZero()
		return nil
	}
	return t.set(v, func(v reflect.Value) error { return t.of.FromJSON(f, raw, v) })
}

func (t optionalType) FromText(f *Field, text string, v reflect.Value) error {
	return t.set(v, func(v reflect.Value) error { return t.of.FromText(f, text, v) })
}

func (optionalType) set(v reflect.Value, read func(v reflect.Value) error) error {
	v.Set(reflect.New(v.Type().Elem()))
	return read(v.Elem())
}

func (t optionalType) Text(v reflect.Value) string {
	if v.IsNil() {
		return ""
	}
	return t.of.Text(v.Elem())
}

func (t optionalType) Check(f *Field, v reflect.Value) string {
	switch {
	case !v.IsNil():
		return t.of.Check(f, v.Elem())
	case f.Required:
		return "is required"
	}
	return ""
}
