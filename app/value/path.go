package value

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Step is one step of a path: a key, or an index.
type Step struct {
	key     string
	index   int
	isIndex bool
}

// Key is the step to an object's member.
func Key(key string) Step { return Step{key: key} }

// Index is the step to a list's element.
func Index(index int) Step { return Step{index: index, isIndex: true} }

// Path leads from a value to one inside it.
type Path []Step

// ParsePath reads the dot notation: a.b[0].c, with ["any key"] for keys that hold a dot or a bracket.
func ParsePath(text string) (Path, error) {
	var path Path
	rest := text
	for first := true; rest != "" || first; first = false {
		if inside, found := strings.CutPrefix(rest, "["); found {
			step, after, err := bracket(inside)
			if err != nil {
				return nil, fmt.Errorf("the path %.100q: %w", text, err)
			}
			path, rest = append(path, step), after
			continue
		}
		if !first {
			rest = strings.TrimPrefix(rest, ".")
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, fmt.Errorf("the path %.100q has an empty part", text)
		}
		path, rest = append(path, Key(rest[:end])), rest[end:]
		if rest == "." {
			return nil, fmt.Errorf("the path %.100q ends with a dot", text)
		}
	}
	if len(path) > Deepest {
		return nil, fmt.Errorf("the path %.100q… has more than %d parts", text, Deepest)
	}
	return path, nil
}

func bracket(inside string) (Step, string, error) {
	if strings.HasPrefix(inside, `"`) || strings.HasPrefix(inside, "'") {
		quote := inside[:1]
		key, after, found := strings.Cut(inside[1:], quote+"]")
		if !found {
			return Step{}, "", fmt.Errorf("a quoted key isn't closed with %s]", quote)
		}
		return Key(key), after, nil
	}
	digits, after, _ := strings.Cut(inside, "]")
	index, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return Step{}, "", fmt.Errorf("brackets hold an index or a quoted key, not %.20q", digits)
	}
	return Index(int(index)), after, nil
}

// in is the index to which a step leads in a value. In a list a key of digits is one, too.
func (s Step) in(v Value) (int, bool) {
	if s.isIndex || v.kind != ListKind {
		return s.index, s.isIndex
	}
	index, err := strconv.ParseUint(s.key, 10, 31)
	return int(index), err == nil && strconv.FormatUint(index, 10) == s.key
}

// Find follows the path; undefined where it leads nowhere.
func (v Value) Find(path Path) Value {
	for _, step := range path {
		if index, ok := step.in(v); ok {
			v = v.At(index)
		} else {
			v = v.Get(step.key)
		}
	}
	return v
}

// longest list that Set grows by writing behind its end, so that one index can't make a list of millions.
const longestGrown = 10_000

// Set gives v with another value at the path and leaves v as it was; only the lists and objects on the path are copied.
// Objects and lists that are missing on the way are made, as are a list's elements up to the index (null, at most
// 10,000). A step through a string, number or boolean is an error. An undefined value removes the key.
func (v Value) Set(path Path, to Value) (Value, error) {
	if len(path) == 0 {
		return to, nil
	}
	step, rest := path[0], path[1:]
	if index, ok := step.in(v); ok {
		if v.kind != ListKind && !v.IsMissing() {
			return v, fmt.Errorf("[%d] leads into a %s, not into a list", index, v.kind)
		}
		inner, err := v.At(index).Set(rest, to)
		if err != nil {
			return v, err
		}
		return v.withElement(index, inner)
	}
	if v.kind != ObjectKind && !v.IsMissing() {
		return v, fmt.Errorf("%.60q leads into a %s, not into an object", step.key, v.kind)
	}
	inner, err := v.Get(step.key).Set(rest, to)
	if err != nil {
		return v, err
	}
	return v.withMember(step.key, inner), nil
}

func (v Value) withElement(index int, inner Value) (Value, error) {
	if index >= v.Len() && index >= longestGrown {
		return v, fmt.Errorf("the index %d is beyond the end of the list", index)
	}
	elements := make([]Value, max(v.Len(), index+1))
	for i := range elements {
		if i < v.Len() {
			elements[i] = v.tree.values[i]
		} else {
			elements[i] = Null()
		}
	}
	elements[index] = inner
	return List(elements...), nil
}

func (v Value) withMember(key string, inner Value) Value {
	var before tree
	if v.tree != nil {
		before = *v.tree
	}
	at := slices.Index(before.keys, key)
	if inner.kind == UndefinedKind {
		if at < 0 {
			return Value{kind: ObjectKind, tree: newTree(before.keys, before.values)}
		}
		// Clipped, so that deleting writes into a copy and not into the tree that others read.
		keys := append(slices.Clip(before.keys[:at]), before.keys[at+1:]...)
		values := append(slices.Clip(before.values[:at]), before.values[at+1:]...)
		return Value{kind: ObjectKind, tree: newTree(keys, values)}
	}
	if at < 0 {
		keys := append(slices.Clip(before.keys), key)
		values := append(slices.Clip(before.values), inner)
		return Value{kind: ObjectKind, tree: newTree(keys, values)}
	}
	values := slices.Clone(before.values)
	values[at] = inner
	return Value{kind: ObjectKind, tree: newTree(before.keys, values)}
}
