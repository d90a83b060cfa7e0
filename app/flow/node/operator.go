package node

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/memory"
	"zygo/app/value"
)

// Operator is how a condition compares.
type Operator string

// Choices are the operators; most have their opposite, named by not_.
func (Operator) Choices() []Choice {
	var list []Choice
	for _, o := range operators {
		list = append(list, Choice{Value: o.name, Label: strings.ReplaceAll(o.name, "_", " ")})
	}
	return list
}

// comparison is how values are compared, apart from the operator.
type comparison struct {
	foldCase, loose bool
	patterns        patterns
}

// operator decides about two values. Those that need a number, a time or a list report a value that is none, because a
// silent false would send items the wrong way.
type operator struct {
	name  string
	holds func(c comparison, left, right value.Value) (bool, error)
}

var operators = []operator{
	{"equals", comparison.equals}, {"not_equals", not(comparison.equals)},
	{"contains", comparison.contains}, {"not_contains", not(comparison.contains)},
	{"starts_with", texts(strings.HasPrefix)}, {"not_starts_with", not(texts(strings.HasPrefix))},
	{"ends_with", texts(strings.HasSuffix)}, {"not_ends_with", not(texts(strings.HasSuffix))},
	{"matches", comparison.matches}, {"not_matches", not(comparison.matches)},
	{"exists", exists}, {"not_exists", not(exists)},
	{"is_empty", isEmpty}, {"is_not_empty", not(isEmpty)},
	{"is_true", truth(true)}, {"is_false", truth(false)},
	{"greater", numbers(func(a, b float64) bool { return a > b })}, {"greater_or_equal", numbers(func(a, b float64) bool { return a >= b })},
	{"less", numbers(func(a, b float64) bool { return a < b })}, {"less_or_equal", numbers(func(a, b float64) bool { return a <= b })},
	{"after", times(func(a, b time.Time) bool { return a.After(b) })}, {"after_or_equal", times(func(a, b time.Time) bool { return !a.Before(b) })},
	{"before", times(func(a, b time.Time) bool { return a.Before(b) })}, {"before_or_equal", times(func(a, b time.Time) bool { return !a.After(b) })},
	{"length_equals", lengths(func(a, b float64) bool { return a == b })}, {"length_not_equals", lengths(func(a, b float64) bool { return a != b })},
	{"length_greater", lengths(func(a, b float64) bool { return a > b })}, {"length_greater_or_equal", lengths(func(a, b float64) bool { return a >= b })},
	{"length_less", lengths(func(a, b float64) bool { return a < b })}, {"length_less_or_equal", lengths(func(a, b float64) bool { return a <= b })},
}

func (c Condition) holds(how comparison) (bool, error) {
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

// equals compares by type. A number equals a text that writes it, since a form can only hold text.
func (c comparison) equals(left, right value.Value) (bool, error) {
	a, b := left.Kind(), right.Kind()
	switch {
	case left.IsMissing() && right.IsMissing():
		return true, nil
	case a == value.StringKind && b == value.StringKind:
		return c.text(left) == c.text(right), nil
	case a == b:
		return value.Equal(left, right), nil
	case a == value.NumberKind && b == value.StringKind, a == value.StringKind && b == value.NumberKind:
		x, isX := number(left)
		y, isY := number(right)
		return isX && isY && x == y, nil
	}
	return c.loose && c.text(left) == c.text(right), nil
}

func (c comparison) contains(left, right value.Value) (bool, error) {
	if left.Kind() != value.ListKind {
		return !left.IsMissing() && strings.Contains(c.text(left), c.text(right)), nil
	}
	for _, element := range left.Elements() {
		if is, _ := c.equals(element, right); is {
			return true, nil
		}
	}
	return false, nil
}

func texts(test func(s, part string) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		return !left.IsMissing() && test(c.text(left), c.text(right)), nil
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
		if left.Kind() == value.BoolKind {
			return left.Truthy() == wanted, nil
		}
		if !c.loose {
			return false, nil
		}
		v, wrong := convert(left, "boolean")
		return wrong == "" && !left.IsMissing() && v.Truthy() == wanted, nil
	}
}

func number(v value.Value) (float64, bool) {
	f := v.Number()
	is := v.Kind() == value.NumberKind || v.Kind() == value.StringKind && strings.TrimSpace(v.Raw()) != ""
	return f, is && f == f
}

func numbers(test func(a, b float64) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if left.IsMissing() {
			return false, nil
		}
		a, isA := number(left)
		b, isB := number(right)
		switch {
		case isA && isB:
			return test(a, b), nil
		case c.loose:
			return false, nil
		case isA:
			return false, notA("number", right)
		}
		return false, notA("number", left)
	}
}

func lengths(test func(a, b float64) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		length := left.Len()
		switch left.Kind() {
		case value.StringKind:
			length = len([]rune(left.Raw()))
		case value.ListKind, value.ObjectKind, value.UndefinedKind, value.NullKind:
		default:
			if c.loose {
				return false, nil
			}
			return false, notA("text or list", left)
		}
		return numbers(test)(c, value.Int(int64(length)), right)
	}
}

// layouts of times in data, from the most exact; a time without a zone is UTC.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly, time.RFC1123Z, time.RFC1123}

// moment reads a time from a text, or from a number as milliseconds since 1970.
func moment(v value.Value) (time.Time, bool) {
	if ms, ok := v.Whole(); ok {
		return time.UnixMilli(ms), true
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, strings.TrimSpace(v.Raw())); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func times(test func(a, b time.Time) bool) holds {
	return func(c comparison, left, right value.Value) (bool, error) {
		if left.IsMissing() {
			return false, nil
		}
		a, isA := moment(left)
		b, isB := moment(right)
		switch {
		case isA && isB:
			return test(a, b), nil
		case c.loose:
			return false, nil
		case isA:
			return false, notA("time", right)
		}
		return false, notA("time", left)
	}
}

func notA(kind string, v value.Value) error {
	return fault.New(fault.Invalid, "%.60s is not a %s", v.JSON(), kind)
}

// patterns are the regular expressions of one run. They are Go's, which can't be made to backtrack.
type patterns struct {
	compiled map[string]*regexp.Regexp
	memory   *memory.Meter
}

const (
	longestPattern = 1000
	// mostPatternSteps bounds what repetition makes of a short pattern; each step takes about stepBytes.
	mostPatternSteps = 50_000
	stepBytes        = 100
)

func (c comparison) matches(left, right value.Value) (bool, error) {
	source := right.Text()
	if c.foldCase {
		source = "(?i)" + source
	}
	pattern, ok := c.patterns.compiled[source]
	if !ok {
		var err error
		if pattern, err = c.patterns.compile(source); err != nil {
			return false, err
		}
		c.patterns.compiled[source] = pattern
	}
	return !left.IsMissing() && pattern.MatchString((comparison{}).text(left)), nil
}

func (p patterns) compile(source string) (*regexp.Regexp, error) {
	if len(source) > longestPattern {
		return nil, fault.New(fault.Invalid, "a pattern may have %d bytes", longestPattern)
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%.100q is no pattern", strings.TrimPrefix(source, "(?i)")).Because(err)
	}
	steps := patternSteps(tree)
	if steps > mostPatternSteps {
		return nil, fault.New(fault.Invalid, "%.100q repeats too much", strings.TrimPrefix(source, "(?i)"))
	}
	if err := p.memory.Take(steps * stepBytes); err != nil {
		return nil, err
	}
	return regexp.Compile(source)
}

// patternSteps is about how many instructions a pattern is compiled to.
func patternSteps(tree *syntax.Regexp) int {
	steps := 1
	if tree.Op == syntax.OpLiteral {
		steps = len(tree.Rune)
	}
	for _, inner := range tree.Sub {
		steps += patternSteps(inner)
	}
	if tree.Op == syntax.OpRepeat {
		steps *= max(tree.Min, tree.Max, 1)
	}
	return steps
}
