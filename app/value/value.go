// Package value is the data that flows between nodes: an immutable, ordered JSON tree. A document is decoded once,
// shared by every node that reads it, changed by copying only the path that is set, and encoded once. Keys keep their
// order, numbers keep their text, and strings share the memory of the document they came from.
//
// Conversions (Text, Number, Truthy) are JavaScript's, because expressions promise JavaScript's answers. Start reading
// at Value; Parse is in parse.go, Item, what a node receives, in item.go. It imports the standard library only.
package value

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind uint8

// The kinds. Undefined, the kind of the zero Value, is what a missing key gives. It exists only in
// memory: it is encoded as null in a list and leaves its key out of an object.
const (
	UndefinedKind Kind = iota
	NullKind
	BoolKind
	NumberKind
	StringKind
	ListKind
	ObjectKind
)

// String names the kind as an error message would.
func (k Kind) String() string {
	return [...]string{"undefined", "null", "boolean", "number", "string", "list", "object"}[k]
}

// Value is one JSON value, or undefined. It is never changed after it was made, so it may be shared between goroutines
// and copied freely. Compare with Equal, or with Same for identity, not with ==.
type Value struct {
	kind Kind
	text string // the string; the number as written; "true" for true
	tree *tree  // of a list or an object, and date for a Date
}

// tree holds the children. A list has no keys; an object has one key per value.
type tree struct {
	keys   []string
	values []Value
	depth  int // 1 above the deepest child
	size   int // of the tree with its children, in bytes
}

// What a value, a key and a tree take in memory, in bytes, besides their text.
const (
	valueSize = 32
	keySize   = 16
	treeSize  = 64
)

func newTree(keys []string, values []Value) *tree {
	t := &tree{keys, values, 1, treeSize}
	for i := range values {
		if child := values[i].tree; child != nil && child.depth >= t.depth {
			t.depth = child.depth + 1
		}
		t.size += values[i].Size()
	}
	for _, key := range keys {
		t.size += keySize + len(key)
	}
	return t
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

var empty = &tree{depth: 1, size: treeSize}

// Null is JSON's null.
func Null() Value { return Value{kind: NullKind} }

// Bool is a boolean.
func Bool(b bool) Value {
	if b {
		return Value{kind: BoolKind, text: "true"}
	}
	return Value{kind: BoolKind}
}

// String is a string. Bytes that are not UTF-8 become U+FFFD, so that every value can be encoded.
func String(s string) Value {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return Value{kind: StringKind, text: s}
}

// Date is the text of a time that was a Date of JavaScript's. Only IsDate tells it from other strings, until it is encoded.
func Date(text string) Value { return Value{kind: StringKind, text: text, tree: date} }

// IsDate tells whether v was made by Date.
func (v Value) IsDate() bool { return v.tree == date }

var date = &tree{}

// Int is a whole number, exact beyond 2^53 too.
func Int(n int64) Value { return Value{kind: NumberKind, text: strconv.FormatInt(n, 10)} }

// Float is a number in JavaScript's text form. NaN and the infinities exist only in memory: they are encoded as null.
func Float(f float64) Value { return Value{kind: NumberKind, text: formatFloat(f)} }

// List is a list of the given elements, which it keeps: the caller no longer changes the slice.
func List(elements ...Value) Value {
	if len(elements) == 0 {
		return Value{kind: ListKind, tree: empty}
	}
	return Value{kind: ListKind, tree: newTree(nil, elements)}
}

// Object is an object of the given members, in that order. Of two members with one key the later counts, at the place
// of the earlier.
func Object(members ...Member) Value {
	keys, values := make([]string, 0, len(members)), make([]Value, 0, len(members))
	seen := newSeen(len(members))
	for _, m := range members {
		if at, ok := seen.find(keys, m.Key); ok {
			values[at] = m.Value
			continue
		}
		keys = append(keys, m.Key)
		values = append(values, m.Value)
	}
	return Value{kind: ObjectKind, tree: newTree(keys, values)}
}

// Kind tells what v is.
func (v Value) Kind() Kind { return v.kind }

// IsMissing is true for undefined and null, where ?. and ?? stop.
func (v Value) IsMissing() bool { return v.kind <= NullKind }

// Raw is the string of a String and the text of a Number as it was written, else "".
func (v Value) Raw() string {
	if v.kind == StringKind || v.kind == NumberKind {
		return v.text
	}
	return ""
}

// Len is the number of elements or members, 0 for anything else.
func (v Value) Len() int {
	if v.tree == nil {
		return 0
	}
	return len(v.tree.values)
}

// Depth is how deep lists and objects are nested, 0 for anything else. What is deeper than Deepest can be made, but
// Parse won't read it back: check before storing.
func (v Value) Depth() int {
	if v.tree == nil {
		return 0
	}
	return v.tree.depth
}

// Size is about how many bytes v takes in memory if it shares nothing with other values. It is known without a walk.
func (v Value) Size() int {
	if v.kind < ListKind {
		return valueSize + len(v.text)
	}
	return valueSize + v.tree.size
}

// Get is the value of a key, undefined when v is no object or lacks it. It searches in order: an object of n keys costs n
// comparisons.
func (v Value) Get(key string) Value {
	if v.kind == ObjectKind {
		for i, k := range v.tree.keys {
			if k == key {
				return v.tree.values[i]
			}
		}
	}
	return Value{}
}

// At is the element at an index, undefined when v is no list or too short.
func (v Value) At(index int) Value {
	if v.kind != ListKind || index < 0 || index >= len(v.tree.values) {
		return Value{}
	}
	return v.tree.values[index]
}

// Elements ranges over a list.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.kind != ListKind {
			return
		}
		for i, element := range v.tree.values {
			if !yield(i, element) {
				return
			}
		}
	}
}

// Members ranges over an object in the order of its keys.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.kind != ObjectKind {
			return
		}
		for i, key := range v.tree.keys {
			if !yield(key, v.tree.values[i]) {
				return
			}
		}
	}
}

// Same tells identity as JavaScript's === does: equal text for strings, equal number for numbers, one and the same tree
// for lists and objects. Whole numbers differ beyond 2^53 too, where JavaScript takes two ids for one.
func Same(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case NumberKind:
		if isDigits(a.text) && isDigits(b.text) {
			return a.text == b.text
		}
		order, ok := Compare(a, b)
		return ok && order == 0
	case ListKind, ObjectKind:
		return a.tree == b.tree
	}
	return a.text == b.text
}

// Equal tells whether two values are the same JSON: order counts in lists and not in objects, numbers compare as
// numbers, and an undefined member equals an absent one only by being absent too.
func Equal(a, b Value) bool {
	if a.kind != b.kind || a.Len() != b.Len() {
		return false
	}
	if a.kind < ListKind || a.tree == b.tree {
		return Same(a, b)
	}
	var places map[string]int
	for i, left := range a.tree.values {
		at := i
		if a.kind == ObjectKind && a.tree.keys[i] != b.tree.keys[i] {
			if places == nil {
				places = make(map[string]int, len(b.tree.keys))
				for j, key := range b.tree.keys {
					places[key] = j
				}
			}
			var ok bool
			if at, ok = places[a.tree.keys[i]]; !ok {
				return false
			}
		}
		if !Equal(left, b.tree.values[at]) {
			return false
		}
	}
	return true
}
