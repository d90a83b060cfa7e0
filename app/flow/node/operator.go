package node

import (
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Operator is how a condition compares.
type Operator string

// Choices are the operators; most have their opposite, named by not_.
func (Operator) Choices() []field.Choice {
	var list []field.Choice
	for _, o := range operators {
		list = append(list, field.Choice{Value: o.name, Label: strings.ReplaceAll(o.name, "_", " ")})
	}
	return list
}

// comparison is how values are compared, apart from the operator.
type comparison struct {
	foldCase, loose bool
	// asInN8n is JavaScript's way where no type is asked for: nothing equals what has another type, and a missing number is 0.
	asInN8n  bool
	zone     *time.Location // of times that name none
	patterns patterns
}

// operator decides about two values. Those that need a number, a time, a boolean or a text report a value that is none,
// because a silent false, or true, would send items the wrong way.
type operator struct {
	name  string
	holds func(c comparison, left, right value.Value) (bool, error)
}

var operators = []operator{
	{"equals", comparison.equals}, {"not_equals", not(comparison.equals)},
	{"contains", comparison.contains}, {"not_contains", not(comparison.contains)},
	{"starts_with", ofText(strings.HasPrefix)}, {"not_starts_with", not(ofText(strings.HasPrefix))},
	{"ends_with", ofText(strings.HasSuffix)}, {"not_ends_with", not(ofText(strings.HasSuffix))},
	{"matches", comparison.matches}, {"not_matches", not(comparison.matches)},
	{"exists", exists}, {"not_exists", not(exists)},
	{"is_empty", isEmpty}, {"is_not_empty", not(isEmpty)},
	{"is_true", truth(true)}, {"is_false", truth(false)},
	{"greater", numbers(greater)}, {"greater_or_equal", numbers(greaterOrEqual)}, {"less", numbers(less)}, {"less_or_equal",
		numbers(lessOrEqual)},
	{"after", times(greater)}, {"after_or_equal", times(greaterOrEqual)}, {"before", times(less)}, {"before_or_equal", times(lessOrEqual)},
	{"length_equals", lengths(same)}, {"length_not_equals", lengths(different)},
	{"length_greater", lengths(greater)}, {"length_greater_or_equal", lengths(greaterOrEqual)},
	{"length_less", lengths(less)}, {"length_less_or_equal", lengths(lessOrEqual)},
}

// An order is what is asked of the comparison of two values, which gives -1, 0 or 1.
type order func(int) bool

func greater(c int) bool        { return c > 0 }
func greaterOrEqual(c int) bool { return c >= 0 }
func less(c int) bool           { return c < 0 }
func lessOrEqual(c int) bool    { return c <= 0 }
func same(c int) bool           { return c == 0 }
func different(c int) bool      { return c != 0 }

func (c Condition) holds(how comparison) (bool, error) {
	if c.Type != "" && c.Type != anyType {
		return c.holdsTyped(how)
	}
	for _, o := range operators {
		if o.name == string(c.Op) {
			return o.holds(how, c.Left, c.Right)
		}
	}
	return false, fault.New(fault.Invalid, "%q is no operator", c.Op)
}

type holds = func(c comparison, left, right value.Value) (bool, error)

func not(test holds) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		is, err := test(c, left, right)
		return !is, err
	}
}

// text is a value as text for comparing.
func (c comparison) text(v value.Value) string {
	if v.IsMissing() {
		return ""
	}
	s := v.Text()
	if v.Kind() == value.ListKind || v.Kind() == value.ObjectKind {
		s = v.JSON()
	}
	if c.foldCase {
		s = strings.ToLower(s)
	}
	return s
}

// equals compares by type. A text equals the number, the boolean, the list or the object that it writes, since a form can
// only hold text.
func (c comparison) equals(left, right value.Value) (bool, error) {
	a, b := left.Kind(), right.Kind()
	switch {
	case c.asInN8n && a != b:
		return false, nil
	case left.IsMissing() && right.IsMissing():
		return true, nil
	case a == value.StringKind && b == value.StringKind:
		return c.text(left) == c.text(right), nil
	case a == b:
		return value.Equal(left, right), nil
	case isNumber(left) && isNumber(right):
		order, _ := value.Compare(left, right)
		return order == 0, nil
	case a == value.StringKind:
		left = written(left, b)
	case b == value.StringKind:
		right = written(right, a)
	}
	if left.Kind() == right.Kind() {
		return value.Equal(left, right), nil
	}
	return c.loose && c.text(left) == c.text(right), nil
}

// written is the boolean, list or object that a text writes, or the text itself.
func written(text value.Value, kind value.Kind) value.Value {
	switch s := strings.TrimSpace(text.Raw()); kind {
	case value.BoolKind:
		if strings.EqualFold(s, "true") || strings.EqualFold(s, "false") {
			return value.Bool(len(s) == len("true"))
		}
	case value.ListKind, value.ObjectKind:
		if v, err := value.Parse([]byte(s), value.Limits{Lenient: true}); err == nil && v.Kind() == kind {
			return v
		}
	}
	return text
}

func (c comparison) contains(left, right value.Value) (bool, error) {
	if left.Kind() != value.ListKind {
		return texts(strings.Contains)(c, left, right)
	}
	for _, element := range left.Elements() {
		if is, _ := c.equals(element, right); is {
			return true, nil
		}
	}
	return false, nil
}

// texts never looks for nothing: each text contains it.
func texts(test func(s, part string) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if right.IsMissing() && !c.loose {
			return false, fault.New(fault.Invalid, "there is no text to look for: the right side is missing")
		}
		return !left.IsMissing() && test(c.text(left), c.text(right)), nil
	}
}

// ofText is texts for what only texts have in JavaScript.
func ofText(test func(s, part string) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if c.asInN8n && left.Kind() != value.StringKind {
			return false, fault.New(fault.Invalid, "%.60s is not a text", left.JSON())
		}
		return texts(test)(c, left, right)
	}
}

func exists(_ comparison, left, _ value.Value) (bool, error) { return !left.IsMissing(), nil }

func isEmpty(_ comparison, left, _ value.Value) (bool, error) {
	switch left.Kind() {
	case value.StringKind:
		return left.Raw() == "", nil
	case value.ListKind, value.ObjectKind:
		return left.Len() == 0, nil
	}
	return left.IsMissing(), nil
}

func truth(wanted bool) holds {
	return func(c comparison, left, _ value.Value) (bool, error) {
		if left.IsMissing() {
			return false, nil
		}
		if left.Kind() == value.StringKind {
			left = written(left, value.BoolKind)
		}
		if c.loose && left.Kind() != value.BoolKind {
			if v, wrong := convert(left, "boolean"); wrong == "" {
				left = v
			}
		}
		if left.Kind() == value.BoolKind {
			return left.Truthy() == wanted, nil
		}
		return c.none("boolean", left)
	}
}

// none reports a value that can't be compared, which loose comparing takes as one that doesn't hold.
func (c comparison) none(kind string, v value.Value) (bool, error) {
	if c.loose {
		return false, nil
	}
	return false, fault.New(fault.Invalid, "%.60s is not a %s", v.JSON(), kind)
}

func isNumber(v value.Value) bool {
	_, is := value.Compare(v, v)
	return is && (v.Kind() == value.NumberKind || v.Kind() == value.StringKind && strings.TrimSpace(v.Raw()) != "")
}

func numbers(test order) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if c.asInN8n {
			left, right = orZero(left), orZero(right)
		}
		switch {
		case left.IsMissing():
			return false, nil
		case !isNumber(left):
			return c.none("number", left)
		case !isNumber(right):
			return c.none("number", right)
		}
		compared, _ := value.Compare(left, right)
		return test(compared), nil
	}
}

func lengths(test order) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		length := left.Len()
		switch left.Kind() {
		case value.StringKind:
			length = len([]rune(left.Raw()))
		case value.ListKind, value.ObjectKind, value.UndefinedKind, value.NullKind:
		default:
			return c.none("text or list", left)
		}
		return numbers(test)(c, value.Int(int64(length)), right)
	}
}

func times(test order) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if left.IsMissing() {
			return false, nil
		}
		a, isA := left.Time(c.zone)
		b, isB := right.Time(c.zone)
		switch {
		case !isA:
			return c.none("time", left)
		case !isB:
			return c.none("time", right)
		}
		return test(a.Compare(b)), nil
	}
}
