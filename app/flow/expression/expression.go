// Package expression is the language of {{ … }} in the fields of nodes: JavaScript's syntax and answers with the names
// that n8n's users know ($json, $('Node').item, $now). A text is compiled once, when it is saved. Paths, operators and a
// short list of methods become Go closures; every other expression is kept as source and handed to a Script, which is the
// sandbox. Nothing that comes from data is ever compiled, so a {{ in a webhook's body is only text.
//
// Start at Compile. environment.go says what an expression can see, compile.go reads the syntax, mentions.go finds what
// a script needs. It imports value and fault.
package expression

import (
	"context"
	"errors"
	"strings"

	"zygo/app/fault"
	"zygo/app/value"
)

// Expression is a compiled text. It is immutable and may be evaluated by many goroutines at once.
type Expression struct {
	parts    []part
	alone    bool // the text is one expression and nothing else
	mentions Mentions
}

// part is literal text, or a hole with its source and, if it could be compiled, its closure.
type part struct {
	text     string // literal
	source   string
	start    int      // where the source begins in the text
	evaluate evaluate // nil for literal text and for a script
}

// evaluate is a compiled piece of syntax.
type evaluate func(*run) (value.Value, error)

// run is one evaluation.
type run struct {
	ctx context.Context
	*Environment
}

// errNothing ends an expression that reads a property of undefined or null. As in n8n, the whole expression is then
// undefined and no error, because half of all workflows read fields that only some items have.
var errNothing = errors.New("a property of nothing")

// Compile reads a field's text: literal text, holes {{ … }}, and \{{ for a literal {{. What is wrong is a
// *value.SyntaxError with its position. A hole in full JavaScript is not checked here but by the sandbox.
func Compile(text string) (*Expression, error) { return compileParts(text, split) }

// CompileAsN8n reads a field's text as n8n does, for workflows that hide errors: the first }} ends a hole, also within quotes,
// and the end of the text does.
func CompileAsN8n(text string) (*Expression, error) { return compileParts(text, splitAsN8n) }

func compileParts(text string, split func(string) ([]part, error)) (*Expression, error) {
	parts, err := split(text)
	if err != nil {
		return nil, err
	}
	e := &Expression{parts: parts, alone: len(parts) == 1 && parts[0].source != ""}
	for i := range parts {
		p := &parts[i]
		if p.source == "" {
			continue
		}
		found := Find(p.source)
		if found.unnamedSecret {
			return nil, at(text, p.start, "a secret must be named: $secrets.NAME")
		}
		e.mentions = e.mentions.and(found)
		var wrong *sourceError
		switch p.evaluate, err = compile(p.source); {
		case errors.As(err, &wrong):
			return nil, at(text, p.start+wrong.offset, "%s", wrong.message)
		case err != nil && !errors.Is(err, errScript):
			return nil, err
		}
	}
	return e, nil
}

// IsLiteral tells that the text has no hole: Evaluate gives the same string each time and needs no environment.
func (e *Expression) IsLiteral() bool {
	return len(e.parts) == 0 || len(e.parts) == 1 && e.parts[0].source == ""
}

// NeedsSandbox tells that a hole is full JavaScript, so that Evaluate calls the environment's Script.
func (e *Expression) NeedsSandbox() bool { return len(e.Scripts()) > 0 }

// Scripts are the sources of the holes in full JavaScript, which Compile has not checked.
func (e *Expression) Scripts() []string {
	var sources []string
	for _, p := range e.parts {
		if p.source != "" && p.evaluate == nil {
			sources = append(sources, p.source)
		}
	}
	return sources
}

// Nodes are the names of the nodes that the text refers to, each once, in the order of their appearance.
func (e *Expression) Nodes() []string { return e.mentions.Nodes }

// Secrets are the names of the secrets that the text uses. Only a field that is marked for it may use any; the engine
// gives the environment of any other field no Secret, and Evaluate then refuses.
func (e *Expression) Secrets() []string { return e.mentions.Secrets }

// Evaluate gives the text's value: of one expression alone with its type, else a string, in which null and undefined
// are empty and everything else stands as JavaScript's String() writes it.
func (e *Expression) Evaluate(ctx context.Context, env *Environment) (value.Value, error) {
	if e.alone {
		return e.parts[0].value(ctx, env, false)
	}
	if e.IsLiteral() {
		if len(e.parts) == 0 {
			return value.String(""), nil
		}
		return value.String(e.parts[0].text), nil
	}
	var b strings.Builder
	for _, p := range e.parts {
		if p.source == "" {
			b.WriteString(p.text)
			continue
		}
		v, err := p.value(ctx, env, true)
		if err != nil {
			return value.Value{}, err
		}
		if isNaN := env.Hide && v.Kind() == value.NumberKind && v.Text() == "NaN"; !v.IsMissing() && !isNaN {
			b.WriteString(v.Text())
		}
		if b.Len() > largest {
			return value.Value{}, p.explain(errTooLarge)
		}
	}
	return value.String(b.String()), nil
}

func (p *part) value(ctx context.Context, env *Environment, inText bool) (value.Value, error) {
	var v value.Value
	var err error
	if p.evaluate != nil {
		v, err = p.evaluate(&run{ctx, env})
	}
	// Where errors are hidden, a calculation with a long number is one with a double, which a script makes of it.
	if p.evaluate == nil || errors.Is(err, errBeyond) || env.Hide && errors.Is(err, errLong) {
		v, err = p.script(ctx, env, inText)
	}
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, errNothing), env.Hide && errors.Is(err, errThrown):
		return value.Value{}, nil
	}
	return value.Value{}, p.explain(err)
}

func (p *part) script(ctx context.Context, env *Environment, inText bool) (value.Value, error) {
	if env.Script == nil {
		return value.Value{}, fault.New(fault.Unavailable, "this expression needs the JavaScript sandbox, which is not available here")
	}
	return env.Script(ctx, p.source, inText, env)
}

// explain names the expression in front of the reason. The reason's code stays, so that the engine still sees a timeout.
func (p *part) explain(err error) error {
	source := strings.TrimSpace(p.source)
	if len(source) > 80 {
		source = strings.ToValidUTF8(source[:80], "") + "…"
	}
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	return fault.New(f.Code, "{{ %s }}: %s", source, f.Message).Because(err)
}

// wrong is an expression's failure, in the words of JavaScript where it has some.
func wrong(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }

// errThrown stands behind the failures that are exceptions of JavaScript's, which a workflow may hide.
var errThrown = errors.New("an exception")

// errBeyond ends what is compiled where only the sandbox knows the answer for a value.
var errBeyond = errors.New("beyond what is compiled")

func throws(format string, args ...any) error {
	return fault.New(fault.Invalid, format, args...).Because(errThrown)
}
