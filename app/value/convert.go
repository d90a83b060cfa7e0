package value

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Truthy is JavaScript's Boolean(v).
func (v Value) Truthy() bool {
	switch v.kind {
	case UndefinedKind, NullKind:
		return false
	case BoolKind, StringKind:
		return v.text != ""
	case NumberKind:
		f := v.Number()
		return f != 0 && !math.IsNaN(f)
	}
	return true
}

// Text is JavaScript's String(v), with one difference: a whole number keeps its digits beyond 2^53, so that the long ids
// of other services survive.
func (v Value) Text() string {
	switch v.kind {
	case NullKind:
		return "null"
	case UndefinedKind:
		return "undefined"
	case BoolKind:
		if v.text == "" {
			return "false"
		}
		return "true"
	case NumberKind:
		if isDigits(v.text) {
			return v.text
		}
		return formatFloat(v.Number())
	case ListKind:
		return v.Join(",")
	case ObjectKind:
		return "[object Object]"
	}
	return v.text
}

// Join is Array.prototype.join: null and undefined are empty. Anything but a list gives "".
func (v Value) Join(separator string) string {
	var b strings.Builder
	for i, element := range v.Elements() {
		if i > 0 {
			b.WriteString(separator)
		}
		if !element.IsMissing() {
			b.WriteString(element.Text())
		}
	}
	return b.String()
}

// Number is JavaScript's Number(v).
func (v Value) Number() float64 {
	switch v.kind {
	case NullKind:
		return 0
	case BoolKind:
		if v.text == "" {
			return 0
		}
		return 1
	case NumberKind:
		// Only texts that Parse, Int and Float made: an error can't happen, and a range error gives the infinity.
		f, _ := strconv.ParseFloat(v.text, 64)
		return f
	case StringKind, ListKind:
		return parseNumber(v.Text())
	}
	return math.NaN()
}

// Whole is the exact integer, false when v is no number, has a fraction or doesn't fit.
func (v Value) Whole() (int64, bool) {
	if v.kind != NumberKind {
		return 0, false
	}
	if n, err := strconv.ParseInt(v.text, 10, 64); err == nil {
		return n, true
	}
	f := v.Number()
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// parseNumber reads a string as Number(s) does; strconv alone would accept "inf", "1_0" and hexadecimal floats.
func parseNumber(s string) float64 {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' })
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[s[1]]
		if base != 0 {
			n, err := strconv.ParseUint(s[2:], base, 64)
			if err != nil {
				return math.NaN()
			}
			return float64(n)
		}
	}
	switch s {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// formatFloat is Number.prototype.toString: the shortest digits that read back, and an exponent from 1e21 and 1e-7 on.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

func isDigits(s string) bool {
	return s != "-0" && strings.Trim(strings.TrimPrefix(s, "-"), "0123456789") == ""
}
