package node

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Switch sends each item to one of several outputs.
type Switch struct {
	Mode          SwitchMode     `z:"default=rules,literal"`
	Rules         []Rule         `z:"max=50,when=mode:rules"`
	Outputs       []string       `z:"max=50,literal,when=mode:expression,help=Their names, in the order of their numbers."`
	Output        value.Value    `z:"when=mode:expression,help=Gives the number of an output from 0 or its name."`
	Fallback      SwitchFallback `z:"default=none,literal,label=Other items"`
	AllMatching   bool           `z:"fold,when=mode:rules,help=Sends an item to the output of every rule that holds, and not of the first one alone."`
	CaseSensitive bool           `z:"default=true,fold,when=mode:rules"`
	LooseTypes    bool           `z:"fold,when=mode:rules,help=Compare across types: the text true is true, and a missing value is an empty text."`
}

// Rule leads to an output. Several rules may lead to the same one.
type Rule struct {
	Output string      `z:"required,max=50,literal,short"`
	Left   value.Value `z:"help=Such as {{ $json.kind }}"`
	Op     Operator    `z:"required,short,label=Is"`
	Right  value.Value
	Type   ComparedType `z:"default=any,literal,short,label=Compared as"`
}

// SwitchMode says what decides.
type SwitchMode string

// Choices are the modes.
func (SwitchMode) Choices() []field.Choice {
	return []field.Choice{{Value: "rules", Label: "Rules"}, {Value: "expression", Label: "An expression"}}
}

// SwitchFallback says what becomes of items for which nothing holds.
type SwitchFallback string

// Choices are the ways.
func (SwitchFallback) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "Are dropped"}, {Value: fallback, Label: "Leave by the output fallback"}}
}

const fallback = "fallback"

func switching() *Type {
	return Declare(Type{
		Name: "switch", Version: 1, Category: "flow", Title: "Switch", Icon: "git-branch", ownOutputs: switchOutputs,
		Help: "Sends each item to the output of the first rule that holds, or to the one that an expression names.",
		Examples: []Example{{
			Config: `{"rules": [{"output": "bug", "left": "{{ $json.kind }}", "op": "equals", "right": "bug"},
				{"output": "idea", "left": "{{ $json.kind }}", "op": "equals", "right": "idea"}], "fallback": "fallback"}`,
			In:  `[{"kind": "idea"}, {"kind": "bug"}, {"kind": "praise"}]`,
			Out: `{"bug": [{"kind": "bug"}], "idea": [{"kind": "idea"}], "fallback": [{"kind": "praise"}]}`,
		}},
	}, runSwitch)
}

// switchOutputs are the outputs that a configuration names, in its order.
func switchOutputs(config value.Value) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if config.Get("mode").Raw() == "expression" {
		listed := config.Get("outputs")
		for _, name := range listed.Elements() {
			add(name.Raw())
		}
		if listed.Kind() == value.StringKind {
			for _, name := range splitNames(listed.Raw()) {
				add(name)
			}
		}
	} else {
		for _, rule := range config.Get("rules").Elements() {
			add(rule.Get("output").Raw())
		}
	}
	if config.Get("fallback").Raw() == fallback {
		add(fallback)
	}
	if names == nil {
		names = []string{Main}
	}
	return names
}

// splitNames cuts a text with several names.
func splitNames(text string) []string {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// Check refuses a choice that is not made.
func (p *Switch) Check() error {
	if p.Mode == "expression" && p.Output.IsMissing() && p.Fallback != fallback {
		return fault.InvalidField("output", "gives nothing; it must give an output or its number")
	}
	return nil
}

// CheckWritten refuses a node that leads nowhere, names that the engine has for itself, and what would fail at every item. What an
// expression gives is undefined here.
func (p *Switch) CheckWritten() error {
	place := "rules"
	if p.Mode == "expression" {
		place = "outputs"
	}
	names := p.names()
	switch {
	case len(names) == 0 || len(names) == 1 && names[0] == fallback:
		return fault.InvalidField(place, "is required")
	case slices.Contains(names, "error"):
		return fault.InvalidField(place, "can't have an output error: that is where failures leave")
	}
	for i, r := range p.Rules {
		one := If{Conditions: []Condition{{r.Left, r.Op, r.Right, r.Type}}, LooseTypes: p.LooseTypes}
		if err := one.CheckWritten(); err != nil {
			return fault.InvalidField(fmt.Sprintf("rules.%d.right", i), "%s", detailOf(err))
		}
	}
	return nil
}

func (*Switch) tellsLate() {}

// detailOf is what a fault says of its only field.
func detailOf(err error) string {
	if f, ok := fault.As(err); ok {
		if fields, ok := f.Details.([]fault.Field); ok && len(fields) > 0 {
			return fields[0].Message
		}
	}
	return fault.Public(err).Message
}

func runSwitch(_ context.Context, c *Call, parameters func(int) (*Switch, error)) (Result, error) {
	outputs := map[string][]value.Item{}
	var names []string
	var result Result
	how := comparison{asInN8n: c.AsInN8n, zone: c.Now.Location(), patterns: patterns{compiled: map[string]*regexp.Regexp{}, memory: c.Memory}}
	for i, item := range derived(c.Items) {
		p, err := parameters(i)
		if err != nil {
			return Result{}, err
		}
		names = p.names()
		to, err := p.choose(how)
		if failed := itemError(err); failed != nil && c.AsInN8n && c.GoesOn {
			result.Failed = append(result.Failed, ItemError{Index: i, Err: failed})
			continue
		} else if err != nil {
			return Result{}, err
		}
		if len(to) == 0 && p.Fallback == fallback {
			to = []string{fallback}
		}
		for _, name := range to {
			outputs[name] = append(outputs[name], item)
		}
	}
	for _, name := range names {
		result.Outputs = append(result.Outputs, Output{name, outputs[name]})
	}
	return result, nil
}

// names are the outputs, as switchOutputs reads them.
func (p *Switch) names() []string {
	all := p.Outputs
	if p.Mode == "rules" {
		all = nil
		for _, r := range p.Rules {
			all = append(all, r.Output)
		}
	}
	var names []string
	for _, name := range all {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if p.Fallback == fallback && !slices.Contains(names, fallback) {
		names = append(names, fallback)
	}
	return names
}

// choose gives the outputs to which an item goes.
func (p *Switch) choose(how comparison) ([]string, error) {
	if p.Mode == "expression" {
		return p.named()
	}
	how.foldCase, how.loose = !p.CaseSensitive, p.LooseTypes
	var to []string
	for i, r := range p.Rules {
		holds, err := Condition{r.Left, r.Op, r.Right, r.Type}.holds(how)
		if err != nil {
			return nil, inRow("rules", i, err)
		}
		if holds && !slices.Contains(to, r.Output) {
			to = append(to, r.Output)
		}
		if holds && !p.AllMatching {
			break
		}
	}
	return to, nil
}

// named is the output that the expression gave. One that is not there would lose the item.
func (p *Switch) named() ([]string, error) {
	if number, ok := p.Output.Whole(); ok && number >= 0 && number < int64(len(p.Outputs)) {
		return []string{p.Outputs[number]}, nil
	}
	if name := p.Output.Text(); slices.Contains(p.Outputs, name) {
		return []string{name}, nil
	}
	if p.Fallback == fallback {
		return nil, nil
	}
	return nil, fault.InvalidField("output", "gives %.60s, which is neither an output nor its number", p.Output.JSON())
}
