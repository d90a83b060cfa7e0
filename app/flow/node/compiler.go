package node

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// compiler reads a configuration into parameters once, and keeps what has to be evaluated for each item.
type compiler struct {
	node   *Node
	faults []fault.Field
	read   func(text string) (*expression.Expression, error)
	hide   bool
}

func (c *compiler) wrong(path, format string, args ...any) {
	c.faults = append(c.faults, fault.Field{Field: path, Message: fmt.Sprintf(format, args...)})
}

func (c *compiler) mention(nodes, secrets []string) {
	for _, name := range nodes {
		if !slices.Contains(c.node.nodes, name) {
			c.node.nodes = append(c.node.nodes, name)
		}
	}
	for _, name := range secrets {
		if !slices.Contains(c.node.secrets, name) {
			c.node.secrets = append(c.node.secrets, name)
		}
	}
}

// object reads a struct's fields: what is fixed into the struct, what is dynamic as bindings.
func (c *compiler) object(fields []*field.Field, config value.Value, into reflect.Value, path string) []binding {
	if config.Kind() != value.ObjectKind {
		c.wrong(strings.TrimSuffix(path, "."), "must be an object")
		return nil
	}
	for key := range config.Members() {
		if !slices.ContainsFunc(fields, func(f *field.Field) bool { return f.Name == key }) {
			c.wrong(path+key, "is no field of this node")
		}
	}
	var dynamic []binding
	for _, f := range fields {
		given, place := config.Get(f.Name), path+f.Name
		if isDocument(f, fields, config) && given.Kind() == value.StringKind {
			document, err := expression.Document(given.Raw())
			if err != nil {
				c.wrong(place, "is not JSON: %s", err)
				continue
			}
			given = document
		}
		var bind binding
		switch {
		case f.Rows() != nil && !given.IsMissing():
			bind = c.rows(f, given, f.Of(into), place)
		case !f.Literal && (given.Kind() == value.StringKind || f.Many() || f.Anything()):
			bind = c.field(f, given, f.Of(into), place)
		default:
			c.fix(f, given, f.Of(into), place)
		}
		if bind != nil {
			dynamic = append(dynamic, func(ctx context.Context, see sight, into reflect.Value) error {
				return bind(ctx, see, f.Of(into))
			})
		}
	}
	return dynamic
}

// isDocument tells whether a text in the field is JSON that somebody wrote, by the choice that says so.
func isDocument(f *field.Field, among []*field.Field, config value.Value) bool {
	if f.Document == field.AlwaysDocument {
		return strings.TrimSpace(config.Get(f.Name).Raw()) != ""
	}
	i := slices.IndexFunc(among, func(other *field.Field) bool { return other.Name == f.Document })
	if i < 0 {
		return false
	}
	chosen := config.Get(f.Document)
	return chosen.Raw() == "json" || chosen.IsMissing() && among[i].Default == "json"
}

func (c *compiler) fix(f *field.Field, given value.Value, into reflect.Value, place string) {
	if wrong := f.Take(given, into, false); wrong != "" {
		c.wrong(place, "%s", wrong)
	}
}

func (c *compiler) rows(f *field.Field, given value.Value, into reflect.Value, place string) binding {
	if given.Kind() != value.ListKind {
		c.wrong(place, "must be a list")
		return nil
	}
	if wrong := f.CheckRows(given.Len()); wrong != "" {
		c.wrong(place, "%s", wrong)
		return nil
	}
	rows := reflect.MakeSlice(into.Type(), given.Len(), given.Len())
	bindings := make([][]binding, given.Len())
	isDynamic := false
	for i, row := range given.Elements() {
		bindings[i] = c.object(f.Rows(), row, rows.Index(i), fmt.Sprintf("%s.%d.", place, i))
		isDynamic = isDynamic || len(bindings[i]) > 0
	}
	into.Set(rows)
	if !isDynamic {
		return nil
	}
	return func(ctx context.Context, see sight, into reflect.Value) error {
		own := reflect.MakeSlice(into.Type(), rows.Len(), rows.Len())
		reflect.Copy(own, rows)
		for i, list := range bindings {
			for _, bind := range list {
				if err := bind(ctx, see, own.Index(i)); err != nil {
					return err
				}
			}
		}
		into.Set(own)
		return nil
	}
}

// field reads a parameter that may hold expressions.
func (c *compiler) field(f *field.Field, given value.Value, into reflect.Value, place string) binding {
	tree := c.tree(f, given, place)
	if tree == nil {
		c.fix(f, given, into, place)
		return nil
	}
	return func(ctx context.Context, see sight, into reflect.Value) error {
		v, err := tree(ctx, see(f.Secrets))
		if err != nil {
			return at(place, err)
		}
		if wrong := f.Take(v, into, true); wrong != "" {
			return fault.InvalidField(place, "%s", wrong)
		}
		return nil
	}
}

// at names the field in an evaluation's error, whose code stays.
func at(place string, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	return fault.New(f.Code, "%s: %s", place, f.Message).Because(err)
}

// evaluate gives a value that depends on the item.
type evaluate func(ctx context.Context, env *expression.Environment) (value.Value, error)

// tree compiles the texts in a value; nil when it holds no expression.
func (c *compiler) tree(f *field.Field, given value.Value, place string) evaluate {
	switch given.Kind() {
	case value.StringKind:
		return c.text(f, given.Raw(), place)
	case value.ListKind, value.ObjectKind:
		return c.branch(f, given, place)
	}
	return nil
}

func (c *compiler) text(f *field.Field, text, place string) evaluate {
	if !strings.Contains(text, "{{") {
		return nil
	}
	e, err := c.read(text)
	var syntax *value.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Line == 1:
		c.wrong(place, "column %d: %s", syntax.Column, syntax.Message)
		return nil
	case err != nil:
		c.wrong(place, "%s", err)
		return nil
	case len(e.Secrets()) > 0 && !f.Secrets:
		c.wrong(place, "can't use secrets")
	}
	c.mention(e.Nodes(), e.Secrets())
	for _, source := range e.Scripts() {
		c.node.scripts = append(c.node.scripts, script{place, source, sandbox.CheckExpression, c.hide})
	}
	return func(ctx context.Context, env *expression.Environment) (value.Value, error) {
		v, err := e.Evaluate(ctx, env)
		if err == nil {
			err = env.Memory.Take(v.Size())
		}
		return v, err
	}
}

// branch compiles a list or an object, of which some children may be dynamic.
func (c *compiler) branch(f *field.Field, given value.Value, place string) evaluate {
	children := make([]evaluate, 0, given.Len())
	for i, element := range given.Elements() {
		children = append(children, c.tree(f, element, fmt.Sprintf("%s.%d", place, i)))
	}
	for key, element := range given.Members() {
		children = append(children, c.tree(f, element, place+"."+key))
	}
	if !slices.ContainsFunc(children, func(e evaluate) bool { return e != nil }) {
		return nil
	}
	return func(ctx context.Context, env *expression.Environment) (value.Value, error) {
		var failed error
		child := func(i int, fixed value.Value) value.Value {
			if children[i] == nil || failed != nil {
				return fixed
			}
			v, err := children[i](ctx, env)
			if failed = err; v.Kind() == value.UndefinedKind {
				return value.Null()
			}
			return v
		}
		if given.Kind() == value.ListKind {
			elements := make([]value.Value, given.Len())
			for i, element := range given.Elements() {
				elements[i] = child(i, element)
			}
			return value.List(elements...), failed
		}
		members := make([]value.Member, 0, given.Len())
		for key, element := range given.Members() {
			members = append(members, value.Member{Key: key, Value: child(len(members), element)})
		}
		return value.Object(members...), failed
	}
}
