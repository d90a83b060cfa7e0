package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// program is a version of a workflow, ready to run: every parameter compiled, every connection resolved. It is immutable
// and shared by all executions of the version.
type program struct {
	workspace                string
	workflowID, workflowName string
	version                  int
	tenant                   string
	// publisher is the user in the name of whom its nodes work with records.
	publisher string
	settings  Settings
	// limit is what Settings.ConcurrencyKey says, nil for nothing.
	limit *expression.Expression
	zone  *time.Location
	units map[string]*unit
	// named are the units by their names.
	named map[string]*unit
	order []*unit
	// behind are the units that each unit with several inputs leads to.
	behind map[*unit]map[*unit]bool
}

// unit is one node of a program.
type unit struct {
	Node
	kind     *node.Type
	compiled *node.Node
	// leaves are the outputs without that for errors.
	leaves []string
	// pinned are the items that stand for its output when the draft is tried, nil for none.
	pinned []value.Item
	// ends tells that nothing runs behind the node, wherever else the execution was to go.
	ends bool
	// next lists the inputs behind each output, top to bottom.
	next map[string][]target
	// inputs are where items come in, and fed tells which of them something leads to.
	inputs []string
	fed    []bool
	// body are the units that run within a loop's rounds, and returns tells that the last of them lead back to it.
	body    map[*unit]bool
	returns bool
}

// target is an input of a unit.
type target struct {
	unit  *unit
	input int
}

// goesOn tells that the execution goes on where the node failed for good.
func (u *unit) goesOn() bool { return u.OnError == onErrorContinue || u.OnError == onErrorOutput }

// Problem is what keeps a workflow from being published, with the node and the field it concerns.
type Problem struct {
	Node    string `json:"node,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
	// Secret is the name of the secret that is missing.
	Secret string `json:"secret,omitempty"`
}

// compile prepares a graph, and lists everything that is wrong with it.
func compile(g *Graph) (*program, []Problem) {
	p := &program{settings: g.Settings, zone: time.UTC, units: map[string]*unit{}, named: map[string]*unit{}}
	var problems []Problem
	problem := func(node, field, format string, args ...any) {
		problems = append(problems, Problem{Node: node, Field: field, Message: fmt.Sprintf(format, args...)})
	}
	p.readSettings(problem)
	triggers, notes := 0, map[string]bool{}
	for _, n := range g.Nodes {
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if !ok {
			problem(n.ID, "type", "%q is no node type", n.Type)
			continue
		}
		read := kind.Compile
		if g.Settings.AsInN8n {
			read = kind.CompileAsN8n
		}
		compiled, wrong := read(n.Config)
		for _, f := range wrong {
			problem(n.ID, f.Field, "%s", f.Message)
		}
		if kind.Note {
			notes[n.ID] = true
			continue
		}
		u, err := newUnit(n, kind, compiled)
		if err != nil {
			problem(n.ID, "pin", "must be an object, or a list of objects")
		}
		p.units[n.ID], p.named[n.Name] = u, u
		p.order = append(p.order, u)
		if kind.Trigger && !n.Disabled {
			triggers++
		}
	}
	if triggers == 0 {
		problem("", "nodes", "a workflow needs a trigger to start it")
	}
	p.connect(g, notes, problem)
	p.survey()
	if len(problems) == 0 {
		p.checkReach(problem)
		if !g.Settings.AsInN8n { // there an expression fails when it names a node that is not there
			p.checkMentions(problem)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return p, nil
}

// readSettings reads what the settings say in texts.
func (p *program) readSettings(problem func(node, field, format string, args ...any)) {
	if p.settings.TimeZone != "" {
		zone, err := field.Zone(p.settings.TimeZone)
		if err != nil {
			problem("", "settings.time_zone", "%s", err)
		} else {
			p.zone = zone
		}
	}
	if p.settings.ConcurrencyKey != "" {
		var err error
		if p.limit, err = compileLimit(p.settings.ConcurrencyKey); err != nil {
			problem("", "settings.concurrency_key", "%s", err)
		}
	}
}

// newUnit makes the unit of a node. The error is that of its pinned items.
func newUnit(n Node, kind *node.Type, compiled *node.Node) (*unit, error) {
	u := &unit{
		Node:     n,
		kind:     kind,
		compiled: compiled,
		leaves:   kind.OutputsOf(n.Config),
		ends:     compiled != nil && compiled.Ends() && !n.Disabled,
		next:     map[string][]target{},
		inputs:   kind.InputsOf(n.Config),
	}
	u.fed = make([]bool, len(u.inputs))
	if len(n.Pin) == 0 || string(n.Pin) == "null" {
		return u, nil
	}
	var err error
	u.pinned, err = inputItems(json.RawMessage(n.Pin))
	return u, err
}

func (p *program) connect(g *Graph, notes map[string]bool, problem func(node, field, format string, args ...any)) {
	for _, c := range g.Connections {
		from, to := p.units[c.FromNode], p.units[c.ToNode]
		for _, end := range []string{c.FromNode, c.ToNode} {
			if notes[end] {
				problem(end, "", "is a note, which nothing leads to or from")
			}
		}
		if from == nil || to == nil {
			continue
		}
		if to.kind.Trigger {
			problem(to.ID, "", "is a trigger, so nothing leads to it")
			continue
		}
		output := c.FromOutput
		if output == "" {
			output = from.leaves[0]
		}
		if !slices.Contains(from.outputs(), output) {
			problem(from.ID, "", "has no output %q", output)
			continue
		}
		input := max(slices.Index(to.inputs, c.ToInput), 0)
		if c.ToInput != "" && to.inputs[input] != c.ToInput {
			problem(to.ID, "", "has no input %q", c.ToInput)
			continue
		}
		to.fed[input] = true
		from.next[output] = append(from.next[output], target{to, input})
	}
	for _, u := range p.order {
		for _, targets := range u.next {
			slices.SortStableFunc(targets, func(a, b target) int {
				return cmp.Or(a.unit.Position.Y-b.unit.Position.Y, a.unit.Position.X-b.unit.Position.X)
			})
		}
	}
}

// parameters are those of a node as its configuration writes them.
func (p *program) parameters(name string) value.Value {
	if u := p.named[name]; u != nil && len(u.Config) > 0 {
		if written, err := value.Parse(u.Config, value.Limits{}); err == nil {
			return written
		}
	}
	return value.Object()
}

// outputs are where items leave, and the error output where failures leave through it.
func (u *unit) outputs() []string {
	if u.OnError == onErrorOutput {
		return append(slices.Clone(u.leaves), errorOutput)
	}
	return u.leaves
}

// prepare compiles a graph, and refuses it where it lacks something, the secrets that it names among it.
func prepare(s *resource.Session, g *Graph) (*program, error) {
	p, problems := compile(g)
	if problems == nil {
		var err error
		if problems, err = p.missingSecrets(s); err != nil {
			return nil, err
		}
	}
	if problems != nil {
		return nil, faultOf(problems)
	}
	return p, nil
}

// skipCertificates is the right to have requests made without a look at the certificate.
const skipCertificates = "certificate:skip"

// requireRights refuses an author who may not publish or try what the graph does.
func (p *program) requireRights(s *resource.Session) error {
	for _, u := range p.order {
		if u.compiled.Unverified() {
			if err := s.RequirePermission(skipCertificates); err != nil {
				return err
			}
		}
	}
	if problems := p.checkRecords(s); problems != nil {
		return faultOf(problems)
	}
	return nil
}

// problemsOf lists what prepare would refuse.
func problemsOf(s *resource.Session, g *Graph) ([]Problem, error) {
	p, problems := compile(g)
	if problems != nil {
		return problems, nil
	}
	problems, err := p.missingSecrets(s)
	return append(problems, p.checkRecords(s)...), err
}

// missingSecrets lists the secrets that are not there, and those of webhooks with which nobody could call.
func (p *program) missingSecrets(s *resource.Session) ([]Problem, error) {
	var problems []Problem
	for _, u := range p.order {
		webhook, isWebhook := node.WebhookOf(u.compiled)
		for _, name := range u.compiled.Secrets() {
			secret, err := s.Secret(name)
			switch {
			case fault.Is(err, fault.NotFound):
				problems = append(problems, Problem{
					Node:    u.ID,
					Secret:  name,
					Message: fmt.Sprintf("needs the secret %s, which does not exist; create it", name),
				})
			case err != nil:
				return nil, err
			case isWebhook:
				if err := webhook.CheckSecret(secret); err != nil {
					problems = append(problems, Problem{
						Node:    u.ID,
						Field:   "secret",
						Message: fmt.Sprintf("the secret %s %s", name, fault.Public(err).Message),
					})
				}
			}
		}
	}
	return problems, nil
}

// trigger finds the unit that starts an execution: the one of the id, or the first of a type.
func (p *program) trigger(id, kind string) (*unit, error) {
	if u, ok := p.units[id]; ok && u.kind.Trigger {
		return u, nil
	}
	if u := p.triggerOf(kind); u != nil {
		return u, nil
	}
	for _, u := range p.order {
		if u.kind.Trigger && !u.Disabled && id == "" {
			return u, nil
		}
	}
	return nil, fault.New(fault.Conflict, "The workflow has no such trigger.")
}

// triggerOf is the first trigger of a type that is switched on, nil for none.
func (p *program) triggerOf(kind string) *unit {
	for _, u := range p.order {
		if u.Type == kind && !u.Disabled {
			return u
		}
	}
	return nil
}

// faultOf makes one fault of all problems, for the publisher.
func faultOf(problems []Problem) error {
	fields := make([]fault.Field, len(problems))
	for i, p := range problems {
		name := p.Field
		if p.Node != "" {
			name = "nodes." + p.Node
			if p.Field != "" {
				name += "." + p.Field
			}
		}
		fields[i] = fault.Field{Field: name, Message: p.Message}
	}
	return fault.InvalidFields(fields)
}
