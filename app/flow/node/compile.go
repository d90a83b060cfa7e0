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

// Node is a type with its configuration read and its expressions compiled. It is immutable; the engine keeps it for as
// long as the workflow's version runs.
type Node struct {
	Type    *Type
	fixed   any // *P, with what no expression gives
	dynamic []binding
	nodes   []string
	secrets []string
	scripts []script
}

// script is JavaScript in a field, of which only the sandbox knows whether it can be read.
type script struct {
	place, source string
	mode          sandbox.Mode
	hide          bool
}

// binding gives one parameter its value for an item. The parameters are a copy of the fixed ones, and a binding replaces
// what it changes, so that nothing is shared between items.
type binding func(ctx context.Context, see sight, into reflect.Value) error

// sight is what an expression may see: everything, or everything but the secrets.
type sight func(secrets bool) *expression.Environment

// mostConfig bounds the configuration of a node.
const mostConfig = 1 << 20

// Compile reads a configuration. The faults name fields as "conditions.0.left"; without any the node is ready.
func (t *Type) Compile(config field.JSON) (*Node, []fault.Field) {
	return t.compile(config, &compiler{node: &Node{Type: t}, read: expression.Compile})
}

// CompileAsN8n is Compile for a workflow that hides the errors of its expressions: they are read as n8n reads them.
func (t *Type) CompileAsN8n(config field.JSON) (*Node, []fault.Field) {
	return t.compile(config, &compiler{node: &Node{Type: t}, read: expression.CompileAsN8n, hide: true})
}

func (t *Type) compile(config field.JSON, c *compiler) (*Node, []fault.Field) {
	document := value.Object()
	if len(config) > 0 {
		var err error
		if document, err = value.Parse(config, value.Limits{Bytes: mostConfig}); err != nil {
			return nil, []fault.Field{{Message: err.Error()}}
		}
	}
	fixed := reflect.New(t.parameters)
	c.node.dynamic = c.object(t.fields, document, fixed.Elem(), "")
	c.node.fixed = fixed.Interface()
	if written, ok := c.node.fixed.(interface{ CheckWritten() error }); ok && len(c.faults) == 0 {
		c.faults = faultsOf(written.CheckWritten())
	}
	if len(c.faults) == 0 && len(c.node.dynamic) == 0 {
		c.faults = checkParameters(c.node.fixed)
	}
	if p, ok := c.node.fixed.(interface{ refer(*compiler) }); ok {
		p.refer(c)
	}
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return c.node, nil
}

// Pure tells that running the node has no effect outside and uses no secret. A trigger's secret is used before.
func (n *Node) Pure() bool { return n.Type.Repeat == Pure && (n.Type.Trigger || len(n.secrets) == 0) }

// Nodes are the names of the nodes that the configuration refers to.
func (n *Node) Nodes() []string { return n.nodes }

// Secrets are the names of the secrets that it uses.
func (n *Node) Secrets() []string { return n.secrets }

// CheckScripts has the sandbox read the JavaScript in the configuration, without running it, in the share of an organization.
// The error is the sandbox's own trouble or the context's.
func (n *Node) CheckScripts(ctx context.Context, pool *sandbox.Pool, owner string) ([]fault.Field, error) {
	var faults []fault.Field
	for _, s := range n.scripts {
		_, err := pool.Run(ctx, sandbox.Program{
			Source:      s.source,
			Mode:        s.mode,
			Environment: &expression.Environment{Owner: owner, Hide: s.hide},
		})
		var failed *sandbox.Error
		switch {
		case err == nil:
		case errors.As(err, &failed) && failed.Failure != sandbox.Broken:
			faults = append(faults, fault.Field{Field: s.place, Message: failed.Error()})
		default:
			return nil, err
		}
	}
	return faults, nil
}

// Run runs the node over the call's items.
func (n *Node) Run(ctx context.Context, c *Call) (Result, error) {
	env := expression.Environment{}
	if c.Environment != nil {
		env = *c.Environment
	}
	env.Memory = c.Memory.Part(mostResolved, errResolvedTooLarge)
	blind := env
	blind.Secret = nil
	see := func(secrets bool) *expression.Environment {
		if secrets {
			return &env
		}
		return &blind
	}
	own := *c
	own.Environment = &blind // a node's own code, such as a script, sees no secret
	return n.Type.run(ctx, &own, func(item int) (any, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if item < len(c.Items) {
			env.Item, env.Index = c.Items[item], item
		}
		blind = env
		blind.Secret = nil
		env.Memory.Reset() // the item before is over
		return n.parameters(ctx, see)
	})
}

func (n *Node) parameters(ctx context.Context, see sight) (any, error) {
	if len(n.dynamic) == 0 {
		return n.fixed, nil
	}
	p := reflect.New(n.Type.parameters)
	p.Elem().Set(reflect.ValueOf(n.fixed).Elem())
	for _, bind := range n.dynamic {
		if err := bind(ctx, see, p.Elem()); err != nil {
			return nil, err
		}
	}
	if faults := checkParameters(p.Interface()); len(faults) > 0 {
		return nil, fault.InvalidFields(faults)
	}
	return p.Interface(), nil
}

func checkParameters(p any) []fault.Field {
	checker, ok := p.(interface{ Check() error })
	if !ok {
		return nil
	}
	return faultsOf(checker.Check())
}

func faultsOf(err error) []fault.Field {
	if err == nil {
		return nil
	}
	if f, ok := fault.As(err); ok {
		if fields, ok := f.Details.([]fault.Field); ok {
			return fields
		}
	}
	return []fault.Field{{Message: fault.Public(err).Message}}
}

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
