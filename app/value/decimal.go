package value

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// Compare orders two values as numbers, with every digit that they have: texts are read as JavaScript's Number does, but
// long ids in them aren't rounded. It is false where one of them is no number.
func Compare(a, b Value) (int, bool) {
	x, isX := a.decimal()
	y, isY := b.decimal()
	if !isX || !isY {
		return 0, false
	}
	return x.compare(y), true
}

// Double is the number as a double, and whether the double holds all its digits. A fraction such as 0.1 counts as held: it
// is written as it was.
func (v Value) Double() (float64, bool) {
	f := v.Number()
	const shortestLong = 16 // 2^53 has so many digits
	held := v.kind != NumberKind || len(v.text) < shortestLong || !isDigits(v.text) || formatFloat(f) == v.text
	return f, held
}

// decimal is a number as 0.DIGITS × 10^exponent, with no zero at either end of the digits. Zero has no digits.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// furthest is beyond the exponent of everything that is written out; infinity lies there.
const furthest = 1 << 40

func (v Value) decimal() (decimal, bool) {
	text := v.text
	switch v.kind {
	case NumberKind:
	case StringKind:
		text = strings.TrimSpace(text)
	default:
		text = formatFloat(v.Number())
	}
	if d, ok := readDecimal(text); ok {
		return d, true
	}
	f := v.Number()
	switch {
	case math.IsNaN(f):
		return decimal{}, false
	case math.IsInf(f, 0):
		return decimal{f < 0, "1", 2 * furthest}, true
	}
	return readDecimal(formatFloat(f))
}

func readDecimal(text string) (decimal, bool) {
	d := decimal{negative: strings.HasPrefix(text, "-")}
	if d.negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	power := 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		n, err := strconv.ParseInt(text[at+1:], 10, 64)
		if err != nil && n == 0 {
			return d, false // no number; one that is too large comes as the largest
		}
		power, text = int(min(max(n, -furthest), furthest)), text[:at]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return d, false
	}
	significant := strings.TrimLeft(digits, "0")
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	d.exponent = len(whole) - (len(digits) - len(significant)) + power
	return d, true
}

func (d decimal) compare(other decimal) int {
	if sign := d.sign() - other.sign(); sign != 0 {
		return cmp.Compare(sign, 0)
	}
	return d.sign() * cmp.Or(cmp.Compare(d.exponent, other.exponent), strings.Compare(d.digits, other.digits))
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}
