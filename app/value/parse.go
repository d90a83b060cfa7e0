package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits bound what Parse accepts, so that a small document can't become a large tree. A zero field means its default.
type Limits struct {
	Bytes  int // of the document; default 16 MiB
	Depth  int // of nested lists and objects; default and highest 100
	Memory int // bytes of the tree as Size counts them; default 128 MiB
	// Lenient reads what other programs write and read: a byte order mark, a key twice, of which the last counts, and half of a
	// surrogate pair as U+FFFD.
	Lenient bool
}

// Deepest is the deepest nesting that Parse reads.
const Deepest = 100

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 16 << 20
	}
	if l.Depth <= 0 || l.Depth > Deepest {
		l.Depth = Deepest
	}
	if l.Memory <= 0 {
		l.Memory = 128 << 20
	}
	return l
}

// SyntaxError tells why a document is not accepted and where; the text may be shown to the sender.
type SyntaxError struct {
	Line, Column int // from 1; the column counts bytes
	Message      string
}

// Error gives position and reason.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Parse reads one JSON document, strictly by RFC 8259: what parsers disagree about (a key twice, half a surrogate pair,
// bytes that are not UTF-8, a number no float can hold, anything after the end) is refused with a *SyntaxError. The tree
// shares one copy of data, which the caller may reuse.
func Parse(data []byte, limits Limits) (Value, error) {
	return parse(data, limits.orDefault())
}

func parse(data []byte, limits Limits) (Value, error) {
	p := &parser{text: string(data), limits: limits}
	if limits.Lenient {
		p.text = strings.TrimPrefix(p.text, "\ufeff")
	}
	if len(data) > limits.Bytes {
		return Value{}, p.refuse("the document has %d bytes, %d are allowed", len(data), limits.Bytes)
	}
	if !utf8.ValidString(p.text) {
		for size := 0; ; p.at += size {
			var r rune
			if r, size = utf8.DecodeRuneInString(p.text[p.at:]); r == utf8.RuneError && size == 1 {
				return Value{}, p.refuse("a byte that is not UTF-8")
			}
		}
	}
	// A *SyntaxError that is nil must not become an error that is not.
	v, err := p.document()
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// parser reads text once. Children are gathered on the two stacks and copied out at their exact length when their
// parent closes, which costs one allocation per list and two per object.
type parser struct {
	text   string
	at     int
	depth  int
	memory int // of the values, keys and trees so far, without their text, which is the document's
	limits Limits
	keys   []string
	values []Value
}

func (p *parser) refuse(format string, args ...any) *SyntaxError {
	before := p.text[:min(p.at, len(p.text))]
	return &SyntaxError{
		Line:    1 + strings.Count(before, "\n"),
		Column:  len(before) - strings.LastIndexByte(before, '\n'),
		Message: fmt.Sprintf(format, args...),
	}
}

func (p *parser) unexpected(wanted string) *SyntaxError {
	if p.at >= len(p.text) {
		return p.refuse("the document ends where %s should stand", wanted)
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return p.refuse("%q stands where %s should", r, wanted)
}

func (p *parser) document() (Value, *SyntaxError) {
	v, err := p.value()
	if err != nil {
		return v, err
	}
	p.space()
	if p.at < len(p.text) {
		return v, p.unexpected("the end of the document")
	}
	return v, nil
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\n', '\t', '\r':
			p.at++
		default:
			return
		}
	}
}

// accept skips space and takes the byte if it is the next one.
func (p *parser) accept(b byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == b {
		p.at++
		return true
	}
	return false
}

func (p *parser) value() (Value, *SyntaxError) {
	p.space()
	if p.memory += valueSize; p.memory > p.limits.Memory {
		return Value{}, p.refuse("so many values that they take more than %d MiB", p.limits.Memory>>20)
	}
	if p.at >= len(p.text) {
		return Value{}, p.unexpected("a value")
	}
	switch c := p.text[p.at]; {
	case c == '"':
		s, err := p.string()
		return Value{kind: StringKind, text: s}, err
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.list)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.word("true"):
		return Bool(true), nil
	case p.word("false"):
		return Bool(false), nil
	case p.word("null"):
		return Null(), nil
	}
	return Value{}, p.unexpected("a value")
}

func (p *parser) word(w string) bool {
	if strings.HasPrefix(p.text[p.at:], w) {
		p.at += len(w)
		return true
	}
	return false
}

func (p *parser) nested(read func() (Value, *SyntaxError)) (Value, *SyntaxError) {
	if p.depth++; p.depth > p.limits.Depth {
		return Value{}, p.refuse("more than %d levels deep", p.limits.Depth)
	}
	p.at++
	p.memory += treeSize
	v, err := read()
	p.depth--
	return v, err
}

func (p *parser) list() (Value, *SyntaxError) {
	if p.accept(']') {
		return List(), nil
	}
	start := len(p.values)
	for {
		v, err := p.value()
		if err != nil {
			return v, err
		}
		p.values = append(p.values, v)
		if p.accept(',') {
			continue
		}
		if !p.accept(']') {
			return Value{}, p.unexpected("a comma or ]")
		}
		return Value{kind: ListKind, tree: newTree(nil, popped(&p.values, start))}, nil
	}
}

func (p *parser) object() (Value, *SyntaxError) {
	if p.accept('}') {
		return Value{kind: ObjectKind, tree: empty}, nil
	}
	start, startValues := len(p.keys), len(p.values)
	seen := newSeen(0)
	for {
		p.space()
		if p.at >= len(p.text) || p.text[p.at] != '"' {
			return Value{}, p.unexpected("a key in double quotes")
		}
		before := p.at
		p.memory += keySize
		key, err := p.string()
		if err != nil {
			return Value{}, err
		}
		at, twice := seen.find(p.keys[start:], key)
		if twice && !p.limits.Lenient {
			p.at = before
			return Value{}, p.refuse("the key %.60q stands here a second time", key)
		}
		if !twice {
			p.keys = append(p.keys, key)
		}
		if !p.accept(':') {
			return Value{}, p.unexpected("a colon")
		}
		v, err := p.value()
		if err != nil {
			return v, err
		}
		if twice {
			p.values[startValues+at] = v
		} else {
			p.values = append(p.values, v)
		}
		if p.accept(',') {
			continue
		}
		if !p.accept('}') {
			return Value{}, p.unexpected("a comma or }")
		}
		return Value{kind: ObjectKind, tree: newTree(popped(&p.keys, start), popped(&p.values, startValues))}, nil
	}
}

// popped takes what lies above start off the stack, in a slice of its own.
func popped[T any](stack *[]T, start int) []T {
	out := append([]T(nil), (*stack)[start:]...)
	*stack = (*stack)[:start]
	return out
}

func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

func (p *parser) number() (Value, *SyntaxError) {
	start := p.at
	if p.text[p.at] == '-' {
		p.at++
	}
	first := p.at
	if !p.digits() {
		return Value{}, p.unexpected("a digit")
	}
	if p.text[first] == '0' && p.at > first+1 {
		p.at = first
		return Value{}, p.refuse("a number must not begin with a zero")
	}
	if p.word(".") && !p.digits() {
		return Value{}, p.unexpected("a digit")
	}
	exponent := p.word("e") || p.word("E")
	if exponent {
		if !p.word("+") {
			p.word("-")
		}
		if !p.digits() {
			return Value{}, p.unexpected("a digit")
		}
	}
	text := p.text[start:p.at]
	if exponent || len(text) > 300 {
		if f, _ := strconv.ParseFloat(text, 64); math.IsInf(f, 0) {
			p.at = start
			return Value{}, p.refuse("the number is too large")
		}
	}
	return Value{kind: NumberKind, text: text}, nil
}

// seen finds a key among those of one object: by looking through a few, by an index when there are many, so that an
// object of a hundred thousand keys doesn't cost ten thousand million comparisons.
type seen struct {
	index map[string]int
}

const few = 24

func newSeen(expected int) seen {
	if expected > few {
		return seen{index: make(map[string]int, expected)}
	}
	return seen{}
}

// find tells where key stands in keys; when it doesn't, the caller appends it next.
func (s *seen) find(keys []string, key string) (int, bool) {
	if s.index == nil {
		if len(keys) < few {
			for i, k := range keys {
				if k == key {
					return i, true
				}
			}
			return 0, false
		}
		s.index = make(map[string]int, 2*len(keys))
		for i, k := range keys {
			s.index[k] = i
		}
	}
	at, ok := s.index[key]
	if !ok {
		s.index[key] = len(keys)
	}
	return at, ok
}
