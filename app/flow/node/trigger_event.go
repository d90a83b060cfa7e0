package node

import (
	"context"
	"regexp"
	"strings"

	"zygo/app/fault"
)

// Events are the settings of a trigger that starts when something happened in the organization.
type Events struct {
	Events        []string    `z:"required,max=50,literal,help=Such as incident.created. incident.* is everything that happens to incidents, and * all that happens."`
	Conditions    []Condition `z:"max=50,label=Only if"`
	Combine       Combine     `z:"default=and,short"`
	CaseSensitive bool        `z:"default=true,fold"`
	LooseTypes    bool        `z:"default=true,fold"`
}

func event() *Type {
	return Declare(Type{
		Name: "trigger.event", Version: 1, Category: "triggers", Title: "Event", Icon: "zap", Trigger: true,
		Help: "Starts when something happens in the organization, such as an incident that is created. The item says what happened, to " +
			"what, and who did it. What the workflow itself does starts it ten times in a row at most.",
	}, runEvent)
}

// runEvent lets an event pass that the conditions want.
func runEvent(ctx context.Context, c *Call, parameters func(int) (*Events, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if len(p.Conditions) == 0 {
		return passThrough[Events](ctx, c, parameters)
	}
	filtered, err := runFilter(ctx, c, func(i int) (*Filter, error) {
		p, err := parameters(i)
		if err != nil {
			return nil, err
		}
		return &Filter{If: If{p.Conditions, p.Combine, p.CaseSensitive, p.LooseTypes}}, nil
	})
	if err != nil {
		return Result{}, err
	}
	return Result{Outputs: []Output{{Main, filtered.Outputs[0].Items}}}, nil
}

var eventPattern = regexp.MustCompile(`^(\*|[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*))$`)

// Check refuses what names no event.
func (p *Events) Check() error {
	for _, name := range p.Events {
		if !eventPattern.MatchString(name) {
			return fault.InvalidField("events", "%.60q is no event such as incident.created or incident.*", name)
		}
	}
	return nil
}

// EventsOf gives the settings of an event trigger.
func EventsOf(n *Node) (*Events, bool) {
	p, ok := n.fixed.(*Events)
	return p, ok
}

// MatchesEvent tells whether a name such as incident.created fits a pattern such as incident.*.
func MatchesEvent(pattern, name string) bool {
	kind, all := strings.CutSuffix(pattern, "*")
	return pattern == name || all && strings.HasPrefix(name, kind)
}
