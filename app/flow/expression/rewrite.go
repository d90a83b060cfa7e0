package expression

import (
	"regexp"
	"slices"
	"strings"
)

// Script names that a rewritten expression calls. They hold a character that few people type.
const (
	callName = "$$call"
	bindName = "$$bind"
	keyName  = "$$key"
)

// Rewritten is an expression in full JavaScript as the sandbox runs it.
type Rewritten struct {
	Source string
	// Helpers tells that it uses n8n's functions, Times that one of them reads or makes a time.
	Helpers, Times bool
}

// Rewrite prepares an expression for the sandbox: a call of one of n8n's functions, such as $json.tags.first(), becomes a call of
// a helper, because such a function works on undefined and null too; $if evaluates only the branch that it takes; and what leads
// out of the data, such as constructor, is refused. The text is read piece by piece, without a syntax tree, and nothing in it
// moves to another line. As n8n does when n8n is set, it ends at the first semicolon.
func Rewrite(source string, n8n bool) (Rewritten, error) {
	r := rewriter{scanner: scanner{source: source}, levels: []level{{chain: none}}, n8n: n8n}
	if err := r.run(); err != nil {
		return Rewritten{}, err
	}
	return Rewritten{r.text(), r.helpers, r.times}, nil
}

const none = -1

// level is an open bracket with the operand that is being read within it.
type level struct {
	open string
	// chain is where the operand under way begins, such as a.b[0].c(), or none where one may begin.
	chain int
	// fresh means the operand is new X without its arguments, optional that it holds a ?. so far.
	fresh, optional bool
	// after is what becomes of the outer operand when the bracket closes: a block or the condition of an if is none.
	after bracket
	// commas counts those of an $if; key is where a computed key begins.
	commas, key int
}

type bracket uint8

const (
	plain bracket = iota
	block
	condition
	choice // $if( … )
	computedKey
)

type edit struct {
	at, end int
	text    string
}

type rewriter struct {
	scanner
	n8n     bool
	levels  []level
	edits   []edit
	helpers bool
	times   bool
	// before is the piece before the current one.
	before piece
}

func (r *rewriter) top() *level { return &r.levels[len(r.levels)-1] }

func (r *rewriter) edit(at, end int, text string) { r.edits = append(r.edits, edit{at, end, text}) }

func (r *rewriter) run() error {
	for {
		p, err := r.next(r.top().chain == none)
		if err != nil {
			return err
		}
		switch p.kind {
		case endPiece:
			if len(r.levels) > 1 {
				return &sourceError{p.at, "a bracket is not closed"}
			}
			return nil
		case wordPiece:
			err = r.word(p)
		case literalPiece, textPiece:
			if err = r.literal(p); err != nil {
				return err
			}
		case openPiece:
			r.open(p)
		case closePiece:
			p, err = r.close(p)
		case signPiece:
			if p.text == ";" && len(r.levels) == 1 && r.n8n {
				r.source = r.source[:p.at]
				return nil
			}
			r.sign(p)
		}
		if err != nil {
			return err
		}
		r.before = p
	}
}

// endsOperand tells whether an operand could end with the piece before.
func (r *rewriter) endsOperand() bool {
	switch r.before.kind {
	case wordPiece:
		return !isOperator(r.before.text) && r.before.text != "new"
	case literalPiece, textPiece, closePiece:
		return true
	}
	return false
}

// operand begins an operand, or a new statement where another one ended without a sign between them.
func (r *rewriter) operand(p piece) {
	if l := r.top(); l.chain == none || r.endsOperand() {
		l.chain, l.fresh, l.optional = p.at, false, false
	}
}

func (r *rewriter) literal(p piece) error {
	if !strings.HasPrefix(p.text, "`") || r.top().chain == none {
		r.operand(p)
	}
	return nil
}

func (r *rewriter) isAfterPoint() bool {
	return r.before.kind == signPiece && (r.before.text == "." || r.before.text == "?.") && r.top().chain != none
}

func (r *rewriter) word(p piece) error {
	l := r.top()
	switch {
	case r.isAfterPoint():
		return r.member(p)
	case p.text == "arguments":
		return &sourceError{p.at, "arguments can't be used in an expression"}
	case len(r.levels) == 1 && r.before.kind == endPiece && (p.text == "function" || p.text == "class"):
		return &sourceError{p.at, "a function or a class alone is no value: put it in parentheses and call it"}
	case p.text == "new":
		l.chain, l.fresh, l.optional = p.at, true, false
	case isOperator(p.text):
		l.chain = none
	case r.before.text == "new" && r.before.kind == wordPiece:
	default:
		r.operand(p)
		r.helpers = r.helpers || slices.Contains(helperNames, p.text)
	}
	return nil
}

// member is a name behind a point. Where it is one of n8n's functions and is called, the call is rewritten.
func (r *rewriter) member(p piece) error {
	l := r.top()
	if r.before.text == "?." {
		l.optional = true
	}
	if isForbidden(p.text) || p.text == "target" && r.source[l.chain:r.before.at] == "new" {
		return forbidden(p.at, p.text)
	}
	receiver := strings.TrimSpace(r.source[l.chain:r.before.at])
	if l.fresh || !isExtension(p.text) || hasOwn(receiver) {
		return nil
	}
	ahead := r.scanner
	open, err := ahead.next(false)
	if err != nil || open.text != "(" || open.kind != openPiece {
		return err
	}
	if takesObject(receiver) && strings.HasPrefix(r.source[open.end:], "{") {
		return nil
	}
	r.helpers = true
	r.times = r.times || slices.Contains(timeExtensions, p.text)
	if l.optional {
		r.edit(l.chain, l.chain, bindName+"(")
		r.edit(r.before.at, open.end, `,"`+p.text+`")?.(`)
		return nil
	}
	after, err := ahead.next(true)
	if err != nil {
		return err
	}
	comma := ","
	if after.text == ")" && after.kind == closePiece {
		comma = ""
	}
	r.edit(l.chain, l.chain, callName+"(")
	r.edit(r.before.at, open.end, `,"`+p.text+`"`+comma)
	return nil
}

// plainNode is $('Name').
var plainNode = regexp.MustCompile(`^\$\(\s*` + quoted + `\s*\)$`)

// hasOwn tells that a receiver has all of its functions itself.
func hasOwn(receiver string) bool {
	return slices.Contains([]string{"$input", "Math", "Object", "Number", "DateTime", "Duration", "Interval", "super"}, receiver) ||
		strings.HasPrefix(receiver, "$(") && plainNode.MatchString(receiver)
}

// takesObject tells that a receiver is a time, of which .plus({days: 1}) means the same in Luxon.
func takesObject(receiver string) bool {
	return receiver == "$now" || receiver == "$today" || strings.HasPrefix(receiver, "DateTime.")
}

func (r *rewriter) sign(p piece) {
	l := r.top()
	switch p.text {
	case ".", "?.":
		if l.chain == none {
			return // ... is a sign of its own
		}
	case "++", "--":
		// Behind an operand they belong to it, before one it is still to come.
	case ",":
		if l.after == choice && l.commas < 2 {
			r.edit(p.at, p.end, [...]string{")?(", "):("}[l.commas])
			l.commas++
		}
		l.chain = none
	default:
		l.chain = none
	}
}

// controls are the words whose parentheses hold a condition.
var controls = []string{"if", "for", "while", "switch", "with", "catch"}

func (r *rewriter) open(p piece) {
	l := r.top()
	inner := level{open: p.text, chain: none}
	switch {
	case p.text == "(" && r.before.kind == wordPiece && slices.Contains(controls, r.before.text) && !r.isMember(r.before):
		inner.after = condition
	case p.text == "(" && r.before.text == "$if" && l.chain == r.before.at:
		inner.after = choice
		r.edit(r.before.at, p.end, "((")
	case p.text == "[" && l.chain != none && (r.endsOperand() || r.before.text == "?."):
		inner.after, inner.key = computedKey, p.end
	case p.text == "{" && l.chain == none && r.beginsBlock():
		inner.after = block
	}
	if l.chain == none {
		l.chain, l.optional = p.at, false
	}
	if p.text == "(" {
		l.fresh = false
	}
	r.levels = append(r.levels, inner)
}

// isMember tells whether a word stood behind a point.
func (r *rewriter) isMember(p piece) bool {
	before := strings.TrimRight(r.source[:p.at], " \t\r\n")
	return strings.HasSuffix(before, ".")
}

// beginsBlock tells a block of statements from an object.
func (r *rewriter) beginsBlock() bool {
	switch r.before.kind {
	case closePiece:
		return true
	case openPiece:
		return r.before.text == "{"
	case wordPiece:
		return r.before.text == "else" || r.before.text == "do"
	case signPiece:
		return r.before.text == ";" || r.before.text == "=>"
	}
	return false
}

func (r *rewriter) close(p piece) (piece, error) {
	inner := *r.top()
	if len(r.levels) == 1 || !matches(inner.open, p.text) {
		return p, &sourceError{p.at, "a bracket is closed that is not open"}
	}
	r.levels = r.levels[:len(r.levels)-1]
	l := r.top()
	switch inner.after {
	case block, condition:
		l.chain = none
	case choice:
		switch inner.commas {
		case 0:
			return p, &sourceError{p.at, "$if needs a condition and a value"}
		case 1:
			r.edit(p.at, p.end, "):(false))")
		default:
			r.edit(p.at, p.end, "))")
		}
	case computedKey:
		if err := r.key(inner.key, p.at); err != nil {
			return p, err
		}
	}
	if inner.open == "${" {
		// The literal goes on behind its hole.
		rest, err := r.template(p.at, p.end)
		if rest.kind == openPiece {
			r.levels = append(r.levels, level{open: rest.text, chain: none})
		}
		return rest, err
	}
	return p, nil
}

func matches(open, close string) bool {
	return open == "(" && close == ")" || open == "[" && close == "]" || (open == "{" || open == "${") && close == "}"
}

// key checks a computed key: at once where it is written, else when it is known.
func (r *rewriter) key(start, end int) error {
	written := strings.TrimSpace(r.source[start:end])
	if written == "" || strings.Trim(written, "0123456789") == "" {
		return nil
	}
	if c := written[0]; (c == '"' || c == '\'') && closing(written[1:], c) == len(written)-2 {
		if text, ok := unescape(written[1 : len(written)-1]); ok {
			if isForbidden(text) {
				return forbidden(start, text)
			}
			return nil
		}
	}
	r.helpers = true
	// What begins at the same place begins within the key.
	r.edits = slices.Insert(r.edits, 0, edit{start, start, keyName + "(("})
	r.edit(end, end, "))")
	return nil
}

// text is the source with its edits. Those at one place stand in the order in which they were made, except that what is put
// before a replaced piece comes first.
func (r *rewriter) text() string {
	if len(r.edits) == 0 {
		return r.source
	}
	slices.SortStableFunc(r.edits, func(a, b edit) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return a.end - b.end
	})
	var out strings.Builder
	at := 0
	for _, e := range r.edits {
		out.WriteString(r.source[at:e.at] + e.text)
		at = e.end
	}
	out.WriteString(r.source[at:])
	return out.String()
}
