package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zygo/app/flow/expression"
	"zygo/app/value"
)

// request encodes a program with what its source mentions of the environment. A script over one item must not carry the
// ten thousand others along.
func (p *Pool) request(ctx context.Context, program Program) (request, error) {
	r := request{mode: program.Mode, time: program.Time, source: []byte(program.Source)}
	if r.time <= 0 {
		r.time = DefaultTime
	}
	r.time = min(r.time, LongestTime)
	if len(r.source) > LongestSource {
		return r, &Error{
			Failure: InputTooLarge,
			Message: fmt.Sprintf("the script has %d bytes, %d are allowed", len(r.source), LongestSource),
		}
	}
	env := program.Environment
	if env == nil {
		env = &expression.Environment{}
	}
	e := &encoder{mentions: expression.Find(program.Source), env: env, each: program.Mode == Each, source: program.Source, to: []byte{'{'}}
	if env.Hide && (program.Mode == All || program.Mode == Each) {
		e.member("asInN8n").raw("true")
	}
	if err := e.prepare(&r, program); err != nil {
		return r, err
	}
	if program.Mode != Check && program.Mode != CheckExpression {
		e.items()
		e.nodes()
		e.names()
		if r.needs&needNames != 0 {
			e.surroundings()
		}
		e.parameters()
		if r.needs&(needTimes|needLanguages) != 0 {
			p.zones.encode(e, program.Source)
		}
		if err := e.secrets(ctx); err != nil {
			return r, err
		}
	}
	r.data = append(e.to, '}')
	if hasLongNumber(r.data) {
		r.needs |= keepDigits
	}
	if len(r.data) > mostData {
		return r, &Error{Failure: InputTooLarge, Message: "the items that the script reads are larger than 16 MiB"}
	}
	return r, nil
}

// prepare rewrites an expression, and finds what a script needs besides its data.
func (e *encoder) prepare(r *request, program Program) error {
	if program.Mode == Check {
		return nil
	}
	if program.Text {
		r.needs |= asText
	}
	if program.GoesOn {
		r.needs |= goesOn
	}
	if program.Mode == Expression || program.Mode == CheckExpression {
		rewritten, err := expression.Rewrite(program.Source, e.env.Hide)
		if err != nil {
			return &Error{Failure: ScriptError, Message: err.Error()}
		}
		r.source = []byte(rewritten.Source)
		if program.Mode == CheckExpression {
			return nil // it is only read
		}
		if rewritten.Helpers {
			r.needs |= needHelpers
		}
		if rewritten.Times {
			r.needs |= needTimes
		}
		if e.env.Hide {
			r.needs |= hideErrors | needNames
		}
	}
	for names, n := range map[*[]string]need{&timeNames: needTimes, &otherNames: needNames, &queryNames: needQueries | needNames} {
		if slices.ContainsFunc(*names, e.mentions.Has) {
			r.needs |= n
		}
	}
	if (program.Mode == All || program.Mode == Each) && ofNode.MatchString(program.Source) {
		r.needs |= needNode
	}
	if languages.MatchString(program.Source) {
		r.needs |= needLanguages
	}
	return nil
}

// What a script mentions tells what it needs.
var (
	timeNames  = []string{"$now", "$today", "DateTime", "Duration", "Interval"}
	queryNames = []string{"$jmespath", "$jmesPath"}
	otherNames = []string{"$data", "$runIndex", "$position", "$mode", "$executionId", "$prevNode", "$parameter", "$items", "$item",
		"$getWorkflowStaticData", "$self", "$tool"}
	ofNode = regexp.MustCompile(`\b(?:Buffer|atob|btoa|Text(?:En|De)coder|(?:set|clear)(?:Timeout|Interval|Immediate))\b`)
	// The patterns of formats may name a language's words and the names of zones, and so may what is asked by these names.
	languages = regexp.MustCompile(`Intl|Locale|locale|ormat\b|ormat(?:To)?Parts|offsetName|toRelative|toHuman`)
)

// hasLongNumber finds what may be a number that a double doesn't hold: 16 digits, or an exponent of three. Reading such data
// takes longer.
func hasLongNumber(data []byte) bool {
	digits := 0
	for i, c := range data {
		switch {
		case c >= '0' && c <= '9' || c == '.':
			if digits++; digits == 16 {
				return true
			}
			continue
		case digits > 0 && c|0x20 == 'e':
			exponent := bytes.TrimPrefix(data[i+1:min(i+5, len(data))], []byte("+"))
			if len(exponent) >= 3 && len(bytes.Trim(exponent[:3], "0123456789")) == 0 {
				return true
			}
		}
		digits = 0
	}
	return false
}

// encoder writes the members of one JSON object.
type encoder struct {
	to       []byte
	mentions expression.Mentions
	env      *expression.Environment
	each     bool
	source   string
}

func (e *encoder) member(name string) *encoder {
	if len(e.to) > 1 && e.to[len(e.to)-1] != '{' {
		e.to = append(e.to, ',')
	}
	e.to = append(value.AppendString(e.to, name), ':')
	return e
}

func (e *encoder) raw(text string) { e.to = append(e.to, text...) }

func (e *encoder) value(v value.Value) { e.to = v.AppendJSON(e.to) }

func (e *encoder) list(items []value.Item) {
	if !e.env.Hide {
		e.to = value.AppendItems(e.to, items)
		return
	}
	shown := make([]value.Value, len(items))
	for i, item := range items {
		shown[i] = e.env.Shown(item)
	}
	e.value(value.List(shown...))
}

func (e *encoder) items() {
	e.member("index").raw(strconv.Itoa(e.env.Index))
	if e.each || slices.ContainsFunc([]string{"$input", "items", "$items", "$item"}, e.mentions.Has) {
		e.member("input").list(e.env.Input)
	} else if slices.ContainsFunc([]string{"$json", "$files", "$binary", "$data", "item"}, e.mentions.Has) {
		e.member("item").value(e.env.Shown(e.env.Item))
	}
}

// nodes writes for each mentioned node its items, and the ancestor of the current item or of every input item. A node that
// hasn't run is null.
func (e *encoder) nodes() {
	e.member("nodes")
	e.to = append(e.to, '{')
	for _, name := range e.mentions.Nodes {
		e.member(name)
		items, err := e.env.Items(name)
		if err != nil {
			e.raw(map[bool]string{true: "null", false: "false"}[e.env.HasNode(name)])
			continue
		}
		e.to = append(e.to, `{"all":`...)
		e.list(items)
		if ofRuns.MatchString(e.source) {
			e.runs(name)
		}
		of := []value.Item{e.env.Item}
		if e.each {
			of = e.env.Input
		}
		e.to = append(e.to, `,"at":[`...)
		for i, item := range of {
			e.next(i)
			switch ancestor, ok := e.env.Nodes.Ancestor(name, item); {
			case !ok:
				e.raw("null")
			case ancestor.JSON.Kind() == value.UndefinedKind:
				e.raw("false")
			default:
				e.value(e.env.Shown(ancestor))
			}
		}
		e.to = append(e.to, "]}"...)
	}
	e.to = append(e.to, '}')
}

// ofRuns finds that a script asks for a certain output or run of a node.
var ofRuns = regexp.MustCompile(`\$\([^)]*\)\s*\.\s*(?:all|first|last)\(\s*[^\s)]|\$items\([^)]*,`)

// runs writes all runs of a node.
func (e *encoder) runs(name string) {
	runs, _ := e.env.Nodes.Runs(name)
	e.to = append(e.to, `,"runs":[`...)
	for i, outputs := range runs {
		e.next(i)
		e.to = append(e.to, '[')
		for n, items := range outputs {
			if len(e.to) > mostData {
				return // the script is refused
			}
			e.next(n)
			e.list(items)
		}
		e.to = append(e.to, ']')
	}
	e.to = append(e.to, ']')
}

// next writes what stands before the element of an index.
func (e *encoder) next(index int) {
	if index > 0 {
		e.to = append(e.to, ',')
	}
}

func (e *encoder) names() {
	for name, of := range map[string]func() value.Value{
		"$vars": func() value.Value { return e.env.Vars }, "$env": func() value.Value { return e.env.Env },
		"$workflow": e.env.Workflow.Value, "$execution": e.env.Execution.Value,
	} {
		if !e.mentions.Has(name) {
			continue
		}
		if v := of(); !v.IsMissing() {
			e.member(name).value(v)
		}
	}
}

// surroundings are the members that the names of names.js show.
func (e *encoder) surroundings() {
	e.member("previous").value(value.String(e.env.Previous))
	e.member("run").value(value.Int(int64(e.env.Run)))
	mode := e.env.Execution.Mode
	if e.env.Execution.Trigger == "webhook" {
		mode = "webhook"
	}
	e.member("mode").value(value.String(mode))
}

// parameters are those of the node itself, of the one before it and of the mentioned ones, where the script asks for any.
func (e *encoder) parameters() {
	if e.env.Parameters == nil || !e.mentions.Has("$parameter") && !strings.Contains(e.source, "param") {
		return
	}
	e.member("parameters")
	e.to = append(e.to, '{')
	for _, name := range append([]string{"", e.env.Previous}, e.mentions.Nodes...) {
		e.member(name).value(e.env.Parameters(name))
	}
	e.to = append(e.to, '}')
}

func (e *encoder) secrets(ctx context.Context) error {
	if len(e.mentions.Secrets) == 0 {
		return nil
	}
	e.member("$secrets")
	e.to = append(e.to, '{')
	for _, name := range e.mentions.Secrets {
		secret, err := e.env.UseSecret(ctx, name)
		if err != nil {
			return err
		}
		e.member(name).value(value.String(secret))
	}
	e.to = append(e.to, '}')
	return nil
}
