package node

import (
	"context"
	"errors"
	"reflect"

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
	if t.check != nil && len(c.faults) == 0 {
		c.faults = t.check(document)
	}
	_, late := c.node.fixed.(interface{ tellsLate() })
	if written, ok := c.node.fixed.(interface{ CheckWritten() error }); ok && len(c.faults) == 0 && !(c.hide && late) {
		c.faults = faultsOf(written.CheckWritten())
	}
	if addressed, ok := c.node.fixed.(interface{ checkAddress(asInN8n bool) error }); ok && len(c.faults) == 0 {
		c.faults = faultsOf(addressed.checkAddress(c.hide))
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

// Repeat says what may be done with the node when the process died while it ran: what its type says, or its configuration where
// that tells more.
func (n *Node) Repeat() Repeat {
	if own, ok := n.fixed.(interface{ Repeat() Repeat }); ok {
		return own.Repeat()
	}
	return n.Type.Repeat
}

// Unverified tells whether the node makes requests without a look at the certificate.
func (n *Node) Unverified() bool {
	p, ok := n.fixed.(*HTTP)
	return ok && p.isUnverified()
}

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
