package recipe

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"zygo/app/flow/expression"
	"zygo/app/value"
)

// Template is JSON whose texts may hold expressions over $json: the fields that a person filled in and, by their names, the answers
// that came before. What an expression leaves empty is left out, and so is an object or a list of which nothing is left.
type Template struct {
	given      value.Value
	expression *expression.Expression
	children   []*Template
	keys       []string
}

// UnmarshalJSON reads a template.
func (t *Template) UnmarshalJSON(text []byte) error {
	given, err := value.Parse(text, value.Limits{})
	if err != nil {
		return err
	}
	made, err := templateOf(given)
	if err == nil {
		*t = *made
	}
	return err
}

func templateOf(given value.Value) (*Template, error) {
	t := &Template{given: given}
	switch given.Kind() {
	case value.StringKind:
		return t, t.compile(given.Raw())
	case value.ListKind:
		for _, element := range given.Elements() {
			if err := t.add("", element); err != nil {
				return nil, err
			}
		}
	case value.ObjectKind:
		for key, element := range given.Members() {
			if err := t.add(key, element); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (t *Template) add(key string, of value.Value) error {
	child, err := templateOf(of)
	t.keys, t.children = append(t.keys, key), append(t.children, child)
	return err
}

func (t *Template) compile(text string) error {
	if !strings.Contains(text, "{{") {
		return nil
	}
	e, err := expression.Compile(text)
	switch {
	case err != nil:
		return err
	case len(e.Nodes()) > 0 || len(e.Secrets()) > 0:
		return fmt.Errorf("%q names a node or a secret; a recipe knows its fields alone", text)
	}
	t.expression = e
	return nil
}

// Evaluate gives the template's JSON for what $json is.
func (t *Template) Evaluate(ctx context.Context, env *expression.Environment) (value.Value, error) {
	switch {
	case t == nil:
		return value.Value{}, nil
	case t.expression != nil:
		v, err := t.expression.Evaluate(ctx, env)
		if v.IsMissing() || v.Kind() == value.StringKind && v.Raw() == "" {
			return value.Value{}, err
		}
		return v, err
	case len(t.children) == 0:
		return t.given, nil
	}
	var members []value.Member
	for i, child := range t.children {
		v, err := child.Evaluate(ctx, env)
		if err != nil {
			return value.Value{}, err
		}
		if v.Kind() != value.UndefinedKind {
			members = append(members, value.Member{Key: t.keys[i], Value: v})
		}
	}
	switch {
	case len(members) == 0:
		return value.Value{}, nil
	case t.given.Kind() == value.ObjectKind:
		return value.Object(members...), nil
	}
	list := make([]value.Value, len(members))
	for i, m := range members {
		list[i] = m.Value
	}
	return value.List(list...), nil
}

// names are the fields that the template mentions as $json.name, for the check that they exist.
func (t *Template) names() []string {
	var all []string
	if t == nil {
		return nil
	}
	if t.expression != nil {
		for _, match := range mention.FindAllStringSubmatch(t.given.Raw(), -1) {
			all = append(all, match[1])
		}
	}
	for _, child := range t.children {
		all = append(all, child.names()...)
	}
	return all
}

var mention = regexp.MustCompile(`\$json\.([a-z][a-z0-9_]*)`)

// hole is a field's name in an address, in a header or in the parts of Auth. With a + in a path it stands for several parts of it.
var hole = regexp.MustCompile(`\{\+?([a-z][a-z0-9_]*)\}`)

// Holes are the names in a text with {name}.
func Holes(text string) []string {
	var all []string
	for _, match := range hole.FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	return all
}

// Host is the part of an address that ends with the name of the host.
func Host(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		scheme, rest = "", address
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(scheme+"://"+host, "://")
}

// Fill puts values into a text with {name}, each as put gives it. The name keeps its +.
func Fill(text string, put func(name string) (string, error)) (string, error) {
	var failed error
	filled := hole.ReplaceAllStringFunc(text, func(found string) string {
		text, err := put(found[1 : len(found)-1])
		if err != nil && failed == nil {
			failed = err
		}
		return text
	})
	return filled, failed
}
