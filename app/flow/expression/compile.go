package expression

import (
	"strconv"
	"strings"

	"zygo/app/value"
)

// deepest nesting of parentheses, brackets and signs before an operand; each costs the parser a few stack frames.
const deepest = 64

// parser reads tokens by recursive descent and makes closures on the way; there is no syntax tree.
type parser struct {
	tokens []token
	at     int
	depth  int
}

func compile(source string) (evaluate, error) {
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	if moment, ok := momentNames[p.peek().text]; ok && len(tokens) == 2 {
		// Alone a time is its ISO text. Within a larger expression it is an object of the sandbox.
		return func(r *run) (value.Value, error) { return value.String(isoTime(moment(r.Environment))), nil }, nil
	}
	e, err := p.ternary()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != endToken {
		return nil, errScript
	}
	return e, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != endToken {
		p.at++
	}
	return t
}

// sign takes the sign if it is next.
func (p *parser) sign(text string) bool {
	if t := p.peek(); t.kind == signToken && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if p.sign(text) {
		return nil
	}
	return errScript
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > deepest {
		return &sourceError{p.peek().offset, "the expression is nested more than " + strconv.Itoa(deepest) + " levels deep"}
	}
	return nil
}

func (p *parser) ternary() (evaluate, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	condition, err := p.binary(0)
	if err != nil || !p.sign("?") {
		return condition, err
	}
	yes, err := p.ternary()
	if err != nil {
		return nil, err
	}
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	no, err := p.ternary()
	if err != nil {
		return nil, err
	}
	return func(r *run) (value.Value, error) {
		c, err := condition(r)
		if err != nil {
			return c, err
		}
		if c.Truthy() {
			return yes(r)
		}
		return no(r)
	}, nil
}

// levels are the binary operators from the loosest to the tightest.
var levels = [][]string{{"??", "||"}, {"&&"}, {"===", "!==", "==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) binary(level int) (evaluate, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	chosen := ""
	for {
		operator := ""
		for _, sign := range levels[level] {
			if p.sign(sign) {
				operator = sign
				break
			}
		}
		if operator == "" {
			return left, nil
		}
		if level == 0 && chosen != "" && chosen != operator {
			return nil, errScript // ?? beside || is a syntax error of JavaScript's
		}
		chosen = operator
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = operation(operator, left, right)
	}
}

func (p *parser) unary() (evaluate, error) {
	for _, sign := range []string{"!", "-", "+"} {
		if !p.sign(sign) {
			continue
		}
		if err := p.deeper(); err != nil {
			return nil, err
		}
		defer func() { p.depth-- }()
		if sign == "-" && p.peek().kind == numberToken && strings.Trim(p.peek().text, "0.") == "" {
			return nil, errScript // a value holds no -0
		}
		operand, err := p.unary()
		if err != nil {
			return nil, err
		}
		return func(r *run) (value.Value, error) {
			v, err := operand(r)
			switch {
			case err != nil:
				return v, err
			case sign == "!":
				return value.Bool(!v.Truthy()), nil
			case sign == "-":
				return difference(value.Int(0), v)
			}
			return sum(value.Int(0), v)
		}, nil
	}
	base, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.chain(base)
}

func constant(v value.Value) evaluate {
	return func(*run) (value.Value, error) { return v, nil }
}

func (p *parser) primary() (evaluate, error) {
	switch t := p.next(); t.kind {
	case numberToken:
		return p.number(t)
	case stringToken:
		return constant(value.String(t.text)), nil
	case nameToken:
		return p.name(t)
	case signToken:
		if t.text != "(" {
			return nil, errScript
		}
		inner, err := p.ternary()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	}
	return nil, errScript
}

func (p *parser) number(t token) (evaluate, error) {
	f, err := strconv.ParseFloat(t.text, 64)
	if err != nil {
		return nil, errScript
	}
	if n, err := strconv.ParseInt(t.text, 10, 64); err == nil && n <= 1<<53 {
		return constant(value.Int(n)), nil
	}
	return constant(value.Float(f)), nil
}

// link is one step of a chain such as a.b?.[c].trim().
type link struct {
	optional bool
	step     func(*run, value.Value) (value.Value, error)
}

func (p *parser) chain(base evaluate) (evaluate, error) {
	var links []link
	for {
		l := link{optional: p.sign("?.")}
		var err error
		switch {
		case p.sign("["):
			l.step, err = p.computed()
		case l.optional || p.sign("."):
			l.step, err = p.property()
		case p.peek().text == "(" && p.peek().kind == signToken:
			err = errScript // a call of something that is no known method
		default:
			return chained(base, links), nil
		}
		if err != nil {
			return nil, err
		}
		links = append(links, l)
	}
}

func chained(base evaluate, links []link) evaluate {
	if len(links) == 0 {
		return base
	}
	return func(r *run) (value.Value, error) {
		v, err := base(r)
		for i := 0; err == nil && i < len(links); i++ {
			if v.IsMissing() {
				if links[i].optional {
					return value.Value{}, nil
				}
				return v, errNothing
			}
			v, err = links[i].step(r, v)
		}
		return v, err
	}
}

func (p *parser) property() (func(*run, value.Value) (value.Value, error), error) {
	name := p.next()
	if name.kind != nameToken {
		return nil, errScript
	}
	if isForbidden(name.text) {
		return nil, errScript
	}
	if p.sign("(") {
		arguments, err := p.arguments()
		if err != nil {
			return nil, err
		}
		return method(name.text, arguments)
	}
	if name.text == "length" {
		return func(_ *run, on value.Value) (value.Value, error) { return length(on), nil }, nil
	}
	return func(_ *run, on value.Value) (value.Value, error) { return on.Get(name.text), nil }, nil
}

func (p *parser) computed() (func(*run, value.Value) (value.Value, error), error) {
	key, err := p.ternary()
	if err != nil {
		return nil, err
	}
	return func(r *run, on value.Value) (value.Value, error) {
		k, err := key(r)
		if err != nil {
			return k, err
		}
		if k.Kind() == value.StringKind && isForbidden(k.Raw()) {
			return k, wrong("an expression can't use %s", k.Raw())
		}
		return element(on, k), nil
	}, p.expect("]")
}

// arguments reads up to the closing parenthesis.
func (p *parser) arguments() ([]evaluate, error) {
	var list []evaluate
	for !p.sign(")") {
		if len(list) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		argument, err := p.ternary()
		if err != nil {
			return nil, err
		}
		list = append(list, argument)
	}
	return list, nil
}
