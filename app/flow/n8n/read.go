package n8n

import (
	"strconv"
	"strings"

	"zygo/app/value"
)

// at is a parameter at a path such as options.response.response.neverError, as n8n wrote it.
func (n *node) at(path string) value.Value {
	v := n.parameters
	for key := range strings.SplitSeq(path, ".") {
		if v.Kind() == value.ListKind {
			place, _ := strconv.Atoi(key)
			v = v.At(place)
			continue
		}
		v = v.Get(key)
	}
	return v
}

// value is a parameter with its expressions as they are written here; undefined where n8n left it out.
func (n *node) value(path string) value.Value { return converted(n.at(path)) }

// text is a parameter that is a text, or another one where n8n left it out.
func (n *node) text(path, usual string) string {
	v := n.value(path)
	if v.IsMissing() {
		return usual
	}
	return v.Text()
}

func (n *node) is(path string, usual bool) bool {
	if v := n.at(path); !v.IsMissing() {
		return v.Truthy()
	}
	return usual
}

// names are those of a text with commas between them, or of a list.
func (n *node) names(path string) []string {
	v := n.value(path)
	var all []string
	if v.Kind() == value.ListKind {
		for _, one := range v.Elements() {
			all = append(all, one.Text())
		}
		return all
	}
	for name := range strings.SplitSeq(v.Text(), ",") {
		if name = strings.TrimSpace(name); name != "" && !v.IsMissing() {
			all = append(all, name)
		}
	}
	return all
}

func texts(all []string) value.Value {
	if len(all) == 0 {
		return value.Value{}
	}
	list := make([]value.Value, len(all))
	for i, one := range all {
		list[i] = value.String(one)
	}
	return value.List(list...)
}

// flag is true or left out.
func flag(is bool) value.Value {
	if is {
		return value.Bool(true)
	}
	return value.Value{}
}

// converted writes the expressions of a value as they are written here. In n8n a text that begins with = may hold {{ }}, and every
// other text is what it is.
func converted(v value.Value) value.Value {
	switch v.Kind() {
	case value.StringKind:
		if written, dynamic := strings.CutPrefix(v.Raw(), "="); dynamic {
			return value.String(written)
		}
		return value.String(literal(v.Raw()))
	case value.ListKind:
		var list []value.Value
		for _, element := range v.Elements() {
			list = append(list, converted(element))
		}
		return value.List(list...)
	case value.ObjectKind:
		var members []value.Member
		for key, inner := range v.Members() {
			members = append(members, value.Member{Key: key, Value: converted(inner)})
		}
		return value.Object(members...)
	}
	return v
}

// literal keeps braces that are none of an expression.
func literal(plain string) string { return strings.ReplaceAll(plain, "{{", `{{ "{" }}{`) }

// script is JavaScript that gives what a text of n8n gives.
func script(written string) string {
	template, dynamic := strings.CutPrefix(written, "=")
	if !dynamic {
		return value.String(written).JSON()
	}
	var parts []string
	for template != "" {
		before, rest, found := strings.Cut(template, "{{")
		if before != "" {
			parts = append(parts, value.String(before).JSON())
		}
		if !found {
			break
		}
		var inside string
		inside, template, _ = strings.Cut(rest, "}}")
		parts = append(parts, "("+strings.TrimSpace(inside)+")")
	}
	if len(parts) == 0 {
		return `""`
	}
	return strings.Join(parts, " + ")
}
