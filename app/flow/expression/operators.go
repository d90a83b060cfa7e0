package expression

import (
	"math"
	"strconv"

	"zygo/app/value"
)

// largest text that an expression may make: the cap of an item list.
const largest = 16 << 20

var (
	errTooLarge = wrong("the result is larger than 16 MiB")
	errLong     = wrong("a calculation would change the digits of a whole number beyond 2^53: Number(…) rounds it")
)

func operation(operator string, left, right evaluate) evaluate {
	switch operator {
	case "&&":
		return shortcut(left, right, value.Value.Truthy)
	case "||":
		return shortcut(left, right, func(v value.Value) bool { return !v.Truthy() })
	case "??":
		return shortcut(left, right, value.Value.IsMissing)
	}
	apply := operations[operator]
	return func(r *run) (value.Value, error) {
		a, err := left(r)
		if err != nil {
			return a, err
		}
		b, err := right(r)
		if err != nil {
			return b, err
		}
		return apply(a, b)
	}
}

// shortcut evaluates the right side only when the left one asks for it.
func shortcut(left, right evaluate, goOn func(value.Value) bool) evaluate {
	return func(r *run) (value.Value, error) {
		v, err := left(r)
		if err != nil || !goOn(v) {
			return v, err
		}
		return right(r)
	}
}

var operations = map[string]func(a, b value.Value) (value.Value, error){
	"===": func(a, b value.Value) (value.Value, error) { return value.Bool(value.Same(a, b)), nil },
	"!==": func(a, b value.Value) (value.Value, error) { return value.Bool(!value.Same(a, b)), nil },
	"==":  func(a, b value.Value) (value.Value, error) { return value.Bool(looselyEqual(a, b)), nil },
	"!=":  func(a, b value.Value) (value.Value, error) { return value.Bool(!looselyEqual(a, b)), nil },
	"<":   func(a, b value.Value) (value.Value, error) { return less(a, b, false), nil },
	">":   func(a, b value.Value) (value.Value, error) { return less(b, a, false), nil },
	"<=":  func(a, b value.Value) (value.Value, error) { return less(a, b, true), nil },
	">=":  func(a, b value.Value) (value.Value, error) { return less(b, a, true), nil },
	"+":   plus,
	"-":   difference,
	"*":   calculate(func(x, y float64) float64 { return x * y }),
	"/":   calculate(func(x, y float64) float64 { return x / y }),
	"%":   calculate(math.Mod),
}

// calculate refuses a long id, which a calculation would change without a word. A script, where such a number is a BigInt,
// refuses it too.
func calculate(apply func(x, y float64) float64) func(a, b value.Value) (value.Value, error) {
	return func(a, b value.Value) (value.Value, error) {
		x, xHeld := a.Double()
		y, yHeld := b.Double()
		if !xHeld || !yHeld {
			return value.Value{}, errLong
		}
		return value.Float(apply(x, y)), nil
	}
}

var (
	sum        = calculate(func(x, y float64) float64 { return x + y })
	difference = calculate(func(x, y float64) float64 { return x - y })
)

// primitive is what JavaScript makes of an object before it compares or adds it.
func primitive(v value.Value) value.Value {
	if v.Kind() == value.ListKind || v.Kind() == value.ObjectKind {
		return value.String(v.Text())
	}
	return v
}

func looselyEqual(a, b value.Value) bool {
	switch {
	case a.Kind() == b.Kind():
		return value.Same(a, b)
	case a.IsMissing() || b.IsMissing():
		return a.IsMissing() && b.IsMissing()
	}
	a, b = primitive(a), primitive(b)
	if a.Kind() == value.StringKind && b.Kind() == value.StringKind {
		return value.Same(a, b)
	}
	order, ok := value.Compare(a, b)
	return ok && order == 0
}

func less(a, b value.Value, orEqual bool) value.Value {
	a, b = primitive(a), primitive(b)
	if a.Kind() == value.StringKind && b.Kind() == value.StringKind {
		return value.Bool(a.Raw() < b.Raw() || orEqual && a.Raw() == b.Raw())
	}
	order, ok := value.Compare(a, b)
	return value.Bool(ok && (order < 0 || orEqual && order == 0))
}

func plus(a, b value.Value) (value.Value, error) {
	a, b = primitive(a), primitive(b)
	if a.Kind() != value.StringKind && b.Kind() != value.StringKind {
		return sum(a, b)
	}
	left, right := a.Text(), b.Text()
	if len(left)+len(right) > largest {
		return value.Value{}, errTooLarge
	}
	return value.String(left + right), nil
}

// element is on[key].
func element(on, key value.Value) value.Value {
	switch on.Kind() {
	case value.ObjectKind:
		return on.Get(key.Text())
	case value.ListKind, value.StringKind:
		name := key.Text()
		if name == "length" {
			return length(on)
		}
		index, err := strconv.ParseUint(name, 10, 31)
		if err != nil || strconv.FormatUint(index, 10) != name {
			return value.Value{}
		}
		if on.Kind() == value.ListKind {
			return on.At(int(index))
		}
		if text := textOf(on.Raw()); int(index) < text.length() {
			return value.String(text.slice(int(index), int(index)+1))
		}
	}
	return value.Value{}
}

func length(on value.Value) value.Value {
	switch on.Kind() {
	case value.StringKind:
		return value.Int(int64(textOf(on.Raw()).length()))
	case value.ListKind:
		return value.Int(int64(on.Len()))
	}
	return on.Get("length")
}
