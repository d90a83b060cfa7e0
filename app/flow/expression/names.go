package expression

import (
	"strings"
	"time"

	"zygo/app/value"
)

// momentNames are the names that stand for a time.
var momentNames = map[string]func(*Environment) time.Time{
	"$now":   func(e *Environment) time.Time { return e.Now },
	"$today": (*Environment).Today,
}

// plainNames are the names that stand for a value.
var plainNames = map[string]func(*Environment) value.Value{
	"$json":      func(e *Environment) value.Value { return e.Item.JSON },
	"$files":     files,
	"$binary":    files,
	"$vars":      func(e *Environment) value.Value { return e.Vars },
	"$workflow":  func(e *Environment) value.Value { return e.Workflow.Value() },
	"$execution": (*Environment).execution,
	"$itemIndex": func(e *Environment) value.Value { return value.Int(int64(e.Index)) },
	"$runIndex":  func(e *Environment) value.Value { return value.Int(int64(e.Run)) },
}

// files are those of the current item, which may have none.
func files(e *Environment) value.Value {
	if found := e.Item.Value().Get("files"); !found.IsMissing() {
		return found
	}
	return value.Object()
}

// execution names the mode as n8n does where a workflow comes from there.
func (e *Environment) execution() value.Value {
	if !e.Hide {
		return e.Execution.Value()
	}
	own := e.Execution
	if own.Mode = "production"; e.Execution.Mode == "manual" {
		own.Mode = "test"
	}
	return own.Value()
}

var words = map[string]value.Value{
	"true": value.Bool(true), "false": value.Bool(false), "null": value.Null(), "undefined": {},
}

// functions are the known functions of one argument.
var functions = map[string]func(value.Value) value.Value{
	"Number":  func(v value.Value) value.Value { return value.Float(v.Number()) },
	"String":  func(v value.Value) value.Value { return value.String(v.Text()) },
	"Boolean": func(v value.Value) value.Value { return value.Bool(v.Truthy()) },
}

func (p *parser) name(t token) (evaluate, error) {
	if v, ok := words[t.text]; ok {
		return constant(v), nil
	}
	if plain, ok := plainNames[t.text]; ok {
		return func(r *run) (value.Value, error) { return plain(r.Environment), nil }, nil
	}
	if moment, ok := momentNames[t.text]; ok {
		return p.moment(moment)
	}
	if function, ok := functions[t.text]; ok {
		return p.function(function)
	}
	switch t.text {
	case "$input":
		return p.items(inputItems)
	case "$":
		return p.node()
	case "$node":
		return p.oldNode()
	case "$env":
		return p.variable()
	case "$secrets":
		return p.secret()
	case "JSON":
		if p.sign(".") && p.next().text == "stringify" {
			return p.function(func(v value.Value) value.Value {
				if v.Kind() == value.UndefinedKind {
					return v
				}
				return value.String(separators.Replace(v.JSON()))
			})
		}
	}
	return nil, errScript
}

// separators are written as they are by JavaScript's JSON. A backslash before one is a letter of the text.
var separators = strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029")

func (p *parser) function(apply func(value.Value) value.Value) (evaluate, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	arguments, err := p.arguments()
	if err != nil || len(arguments) != 1 {
		return nil, errScript
	}
	return func(r *run) (value.Value, error) {
		v, err := arguments[0](r)
		if err != nil {
			return v, err
		}
		if v = apply(v); len(v.Raw()) > largest {
			return value.Value{}, errTooLarge
		}
		return v, nil
	}, nil
}

// source is where a list of items comes from, and the current item's place in it.
type source struct {
	all     func(*run) ([]value.Item, error)
	current func(*run) (value.Item, error)
}

var inputItems = source{
	all:     func(r *run) ([]value.Item, error) { return r.Input, nil },
	current: func(r *run) (value.Item, error) { return r.Item, nil },
}

func nodeItems(name string) source {
	return source{
		all:     func(r *run) ([]value.Item, error) { return r.Items(name) },
		current: func(r *run) (value.Item, error) { return r.Ancestor(name) },
	}
}

// node reads $('Name') after the dollar sign, and what is asked of it.
func (p *parser) node() (evaluate, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	name := p.next()
	if name.kind != stringToken {
		return nil, errScript
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	return p.items(nodeItems(name.text))
}

// oldNode reads $node["Name"] and $node.Name, which mean $('Name').item.
func (p *parser) oldNode() (evaluate, error) {
	var name token
	if p.sign(".") {
		if name = p.next(); name.kind != nameToken {
			return nil, errScript
		}
	} else {
		if err := p.expect("["); err != nil {
			return nil, err
		}
		if name = p.next(); name.kind != stringToken {
			return nil, errScript
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
	}
	if p.peek().text != "." || p.tokens[p.at+1].text != "json" {
		return nil, errScript
	}
	return p.item(nodeItems(name.text).current)
}

// variable reads $env.NAME. A name that is not there is an error where n8n has one: there workflows see no variable at all.
func (p *parser) variable() (evaluate, error) {
	if !p.sign(".") || p.peek().kind != nameToken {
		return nil, errScript
	}
	name := p.next().text
	return func(r *run) (value.Value, error) {
		v := r.Env.Get(name)
		if v.Kind() == value.UndefinedKind && r.Hide {
			return v, wrong("there is no environment variable %q for workflows", name)
		}
		return v, nil
	}, nil
}

// items reads .item, .first(), .last() or .all() of a list. Any other name is short for .item.json and that name.
func (p *parser) items(from source) (evaluate, error) {
	if err := p.expect("."); err != nil {
		return nil, err
	}
	before := p.at
	name := p.next()
	if name.kind != nameToken {
		return nil, errScript
	}
	called := p.sign("(")
	if called {
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	}
	switch {
	case called && name.text == "all":
		return func(r *run) (value.Value, error) {
			items, err := from.all(r)
			list := make([]value.Value, len(items))
			for i, item := range items {
				list[i] = r.shown(item)
			}
			return value.List(list...), err
		}, nil
	case called && name.text == "first":
		return p.item(func(r *run) (value.Item, error) {
			items, err := from.all(r)
			if len(items) == 0 {
				return value.Item{}, err
			}
			return items[0], err
		})
	case called && name.text == "last":
		return p.item(func(r *run) (value.Item, error) {
			items, err := from.all(r)
			if len(items) == 0 {
				return value.Item{}, err
			}
			return items[len(items)-1], err
		})
	case !called && name.text == "item":
		return p.item(from.current)
	case !called && (name.text == "json" || name.text == "files" || name.text == "binary"):
		p.at = before - 1
		return p.item(from.current)
	case called || name.text == "params" || name.text == "context" || name.text == "isExecuted":
		return nil, errScript
	}
	p.at = before - 1
	return func(r *run) (value.Value, error) {
		item, err := from.current(r)
		return item.JSON, err
	}, nil
}

// item reads .json right away, so that the usual path makes no object for the item around it.
func (p *parser) item(get func(*run) (value.Item, error)) (evaluate, error) {
	before := p.at
	if p.sign(".") && p.peek().kind == nameToken {
		switch p.next().text {
		case "json":
			return func(r *run) (value.Value, error) {
				item, err := get(r)
				return item.JSON, err
			}, nil
		case "files", "binary":
			return func(r *run) (value.Value, error) {
				item, err := get(r)
				return item.Value().Get("files"), err
			}, nil
		}
	}
	p.at = before
	return func(r *run) (value.Value, error) {
		item, err := get(r)
		if err != nil || item.JSON.Kind() == value.UndefinedKind {
			return value.Value{}, err
		}
		return r.shown(item), nil
	}, nil
}

// shown is an item as an object. n8n names the item that it was made from otherwise.
func (r *run) shown(item value.Item) value.Value { return r.Environment.Shown(item) }

func (p *parser) secret() (evaluate, error) {
	var name token
	switch {
	case p.sign("."):
		name = p.next()
	case p.sign("["):
		if name = p.next(); name.kind != stringToken || !p.sign("]") {
			return nil, errScript
		}
	default:
		return nil, errScript
	}
	return func(r *run) (value.Value, error) {
		secret, err := r.UseSecret(r.ctx, name.text)
		if err != nil {
			return value.Value{}, err
		}
		return value.String(secret), nil
	}, nil
}
