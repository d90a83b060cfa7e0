package expression

import (
	"math"
	"math/big"
	"strings"
	"unicode"

	"zygo/app/value"
)

// callable is a method of one kind of value, with the least and the most arguments that are compiled; with any other
// number the expression is left to the sandbox.
type callable struct {
	kind        value.Kind
	least, most int
	call        func(on value.Value, arguments []value.Value) (value.Value, error)
}

func text0(convert func(string) string) callable {
	return callable{value.StringKind, 0, 0, func(on value.Value, _ []value.Value) (value.Value, error) {
		return value.String(convert(on.Raw())), nil
	}}
}

// special are the letters whose other case is several letters, or depends on the letters around it.
var special = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0130, Hi: 0x0130, Stride: 1}, {Lo: 0x0149, Hi: 0x0149, Stride: 1}, {Lo: 0x01F0, Hi: 0x01F0, Stride: 1},
	{
		Lo:     0x0390,
		Hi:     0x0390,
		Stride: 1,
	}, {Lo: 0x03A3, Hi: 0x03A3, Stride: 1}, {Lo: 0x03B0, Hi: 0x03B0, Stride: 1}, {Lo: 0x0587, Hi: 0x0587, Stride: 1},
	{Lo: 0x1E96, Hi: 0x1E9A, Stride: 1}, {Lo: 0x1F50, Hi: 0x1FFC, Stride: 1}, {Lo: 0xFB00, Hi: 0xFB17, Stride: 1},
}}

// letters is a method that changes the case of a text.
func letters(convert func(string) string) callable {
	return callable{value.StringKind, 0, 0, func(on value.Value, _ []value.Value) (value.Value, error) {
		for _, letter := range on.Raw() {
			if letter > unicode.MaxASCII && unicode.Is(special, letter) {
				return on, errBeyond
			}
		}
		return value.String(convert(on.Raw())), nil
	}}
}

func text1(test func(s, argument string) value.Value) callable {
	return callable{value.StringKind, 1, 1, func(on value.Value, arguments []value.Value) (value.Value, error) {
		return test(on.Raw(), arguments[0].Text()), nil
	}}
}

// isSpace is JavaScript's white space, to which the byte order mark belongs and U+0085 doesn't.
func isSpace(r rune) bool { return r == '\uFEFF' || unicode.IsSpace(r) && r != '\u0085' }

// methods by name; a name may exist on several kinds.
var methods = map[string][]callable{
	"toUpperCase": {letters(func(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "ß", "SS") })},
	"toLowerCase": {letters(strings.ToLower)},
	"trim":        {text0(func(s string) string { return strings.TrimFunc(s, isSpace) })},
	"trimStart":   {text0(func(s string) string { return strings.TrimLeftFunc(s, isSpace) })},
	"trimEnd":     {text0(func(s string) string { return strings.TrimRightFunc(s, isSpace) })},
	"startsWith":  {text1(func(s, a string) value.Value { return value.Bool(strings.HasPrefix(s, a)) })},
	"endsWith":    {text1(func(s, a string) value.Value { return value.Bool(strings.HasSuffix(s, a)) })},
	"includes": {
		text1(func(s, a string) value.Value { return value.Bool(strings.Contains(s, a)) }),
		{value.ListKind, 1, 1, func(on value.Value, arguments []value.Value) (value.Value, error) {
			return value.Bool(indexOf(on, arguments[0]) >= 0), nil
		}},
	},
	"indexOf": {
		text1(func(s, a string) value.Value { return value.Int(int64(unitsBefore(s, strings.Index(s, a)))) }),
		{value.ListKind, 1, 1, func(on value.Value, arguments []value.Value) (value.Value, error) {
			return value.Int(int64(indexOf(on, arguments[0]))), nil
		}},
	},
	"slice": {
		{value.StringKind, 0, 2, func(on value.Value, arguments []value.Value) (value.Value, error) {
			t := textOf(on.Raw())
			start, end := span(arguments, t.length())
			return value.String(t.slice(start, end)), nil
		}},
		{value.ListKind, 0, 2, sliceList},
	},
	"substring":  {{value.StringKind, 1, 2, substring}},
	"split":      {{value.StringKind, 1, 1, splitText}},
	"join":       {{value.ListKind, 0, 1, join}},
	"replace":    {{value.StringKind, 2, 2, replaceFirst}},
	"replaceAll": {{value.StringKind, 2, 2, replaceEach}},
	"toFixed":    {{value.NumberKind, 0, 1, toFixed}},
	"toString": {
		{value.StringKind, 0, 0, toText}, {value.NumberKind, 0, 0, toText}, {value.BoolKind, 0, 0, toText},
		{value.ListKind, 0, 0, toText}, {value.ObjectKind, 0, 0, toText},
	},
}

// method compiles the call of a known method.
func method(name string, arguments []evaluate) (func(*run, value.Value) (value.Value, error), error) {
	var fitting []callable
	for _, m := range methods[name] {
		if len(arguments) >= m.least && len(arguments) <= m.most {
			fitting = append(fitting, m)
		}
	}
	if len(fitting) == 0 {
		return nil, errScript
	}
	return func(r *run, on value.Value) (value.Value, error) {
		evaluated, err := all(r, arguments)
		if err != nil {
			return value.Value{}, err
		}
		for _, m := range fitting {
			if m.kind == on.Kind() {
				return m.call(on, evaluated)
			}
		}
		return value.Value{}, throws("%s is not a function of a %s", name, on.Kind())
	}, nil
}

func all(r *run, list []evaluate) ([]value.Value, error) {
	out := make([]value.Value, len(list))
	for i, e := range list {
		v, err := e(r)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func toText(on value.Value, _ []value.Value) (value.Value, error) {
	return value.String(on.Text()), nil
}

func indexOf(list, wanted value.Value) int {
	for i, element := range list.Elements() {
		if value.Same(element, wanted) {
			return i
		}
	}
	return -1
}

// integer is JavaScript's ToIntegerOrInfinity, within what an int holds.
func integer(v value.Value) int {
	f := v.Number()
	if math.IsNaN(f) {
		return 0
	}
	return int(max(-1e9, min(1e9, math.Trunc(f))))
}

// span reads the arguments of slice, of which negative ones count from the end.
func span(arguments []value.Value, length int) (start, end int) {
	from := func(n int) int {
		if n < 0 {
			n += length
		}
		return max(0, min(length, n))
	}
	end = length
	if len(arguments) > 0 {
		start = from(integer(arguments[0]))
	}
	if len(arguments) > 1 && arguments[1].Kind() != value.UndefinedKind {
		end = from(integer(arguments[1]))
	}
	return start, end
}

func sliceList(on value.Value, arguments []value.Value) (value.Value, error) {
	start, end := span(arguments, on.Len())
	var elements []value.Value
	for i := start; i < end; i++ {
		elements = append(elements, on.At(i))
	}
	return value.List(elements...), nil
}

func substring(on value.Value, arguments []value.Value) (value.Value, error) {
	t := textOf(on.Raw())
	start, end := max(0, min(t.length(), integer(arguments[0]))), t.length()
	if len(arguments) > 1 && arguments[1].Kind() != value.UndefinedKind {
		end = max(0, min(t.length(), integer(arguments[1])))
	}
	return value.String(t.slice(min(start, end), max(start, end))), nil
}

// mostPieces bounds a list that is made of a text; each costs some 32 bytes.
const mostPieces = 200_000

func splitText(on value.Value, arguments []value.Value) (value.Value, error) {
	if arguments[0].Kind() == value.UndefinedKind {
		return value.List(on), nil
	}
	s, separator := on.Raw(), arguments[0].Text()
	if max(1, strings.Count(s, separator)) > mostPieces {
		return value.Value{}, errTooLarge
	}
	var pieces []value.Value
	if separator == "" {
		t := textOf(s)
		for i := range t.length() {
			pieces = append(pieces, value.String(t.slice(i, i+1)))
		}
		return value.List(pieces...), nil
	}
	for piece := range strings.SplitSeq(s, separator) {
		pieces = append(pieces, value.String(piece))
	}
	return value.List(pieces...), nil
}

func join(on value.Value, arguments []value.Value) (value.Value, error) {
	separator := ","
	if len(arguments) > 0 && arguments[0].Kind() != value.UndefinedKind {
		separator = arguments[0].Text()
	}
	if on.Len()*len(separator) > largest {
		return value.Value{}, errTooLarge
	}
	return value.String(on.Join(separator)), nil
}

func replaceFirst(on value.Value, arguments []value.Value) (value.Value, error) {
	return replace(on.Raw(), arguments[0].Text(), arguments[1].Text(), 1)
}

func replaceEach(on value.Value, arguments []value.Value) (value.Value, error) {
	return replace(on.Raw(), arguments[0].Text(), arguments[1].Text(), -1)
}

// replace puts the pattern in place of the first occurrence, or of all of them for times < 0.
func replace(s, old, pattern string, times int) (value.Value, error) {
	if old == "" && times < 0 {
		if len(s)*(1+len(pattern)) > largest {
			return value.Value{}, errTooLarge
		}
		return value.String(strings.ReplaceAll(s, "", pattern)), nil
	}
	var b strings.Builder
	done := 0
	for ; times != 0; times-- {
		i := strings.Index(s[done:], old)
		if i < 0 {
			break
		}
		place := done + i
		b.WriteString(s[done:place])
		if !writeReplacement(&b, pattern, s[:place], old, s[place+len(old):]) {
			return value.Value{}, errTooLarge
		}
		done = place + len(old)
	}
	b.WriteString(s[done:])
	return value.String(b.String()), nil
}

func toFixed(on value.Value, arguments []value.Value) (value.Value, error) {
	digits := 0
	if len(arguments) > 0 {
		digits = integer(arguments[0])
	}
	f := on.Number()
	if digits < 0 || digits > 100 {
		return value.Value{}, throws("toFixed takes 0 to 100 digits")
	}
	if math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) >= 1e21 {
		return value.String(on.Text()), nil
	}
	// A half goes away from zero, as ECMA-262 wants it; strconv takes the even neighbour.
	return value.String(new(big.Rat).SetFloat64(f).FloatString(digits)), nil
}
