package node

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/memory"
	"zygo/app/value"
)

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
	if right.IsMissing() {
		return false, fault.New(fault.Invalid, "there is no pattern: the right side is missing")
	}
	source := writtenPattern(right.Text())
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

// patternLiteral is a pattern as JavaScript writes it. A path such as /api/v1/ is none: inside of a literal a slash is
// escaped, or in a class.
var patternLiteral = regexp.MustCompile(`^/((?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)/([dgimsuvy]*)$`)

// writtenPattern reads /pattern/flags too. The flags that change what is found become Go's.
func writtenPattern(source string) string {
	m := patternLiteral.FindStringSubmatch(source)
	if m == nil {
		return source
	}
	flags := strings.Map(func(flag rune) rune {
		if strings.ContainsRune("ims", flag) {
			return flag
		}
		return -1
	}, m[2])
	if flags == "" {
		return m[1]
	}
	return "(?" + flags + ")" + m[1]
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
