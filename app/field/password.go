package field

import "reflect"

// Password is a password or a code: taken exactly as it was typed, and shown nowhere.
type Password string

type passwordType struct{ exactText }

func (passwordType) Name() string { return "password" }

func (passwordType) Schema(f *Field) Schema {
	return Schema{"type": "string", "format": "password", "writeOnly": true, "maxLength": f.longest(longestText)}
}

func (passwordType) Check(f *Field, v reflect.Value) string {
	return f.checkLength(v.String(), longestText)
}
