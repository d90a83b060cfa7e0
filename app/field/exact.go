package field

import "reflect"

// Exact is a text that stays as it is given, with its spaces and line ends: data or a credential rather than a name. People
// write it in one line.
type Exact string

type exactType struct{ exactText }

// longestExact bounds an exact text whose tag gives no max.
const longestExact = 64 << 10

func (exactType) Name() string { return "exact" }

func (exactType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestExact)}
}

func (exactType) Check(f *Field, v reflect.Value) string {
	return f.checkLength(v.String(), longestExact)
}
