package node

import (
	"context"
	"regexp"

	"zygo/app/value"
)

// Filter lets the items pass for which its conditions hold.
type Filter struct {
	If
	Rejected bool `z:"literal,fold,help=Gives the other items an output of their own."`
}

const rejected = "rejected"

func filter() *Type {
	return Declare(Type{
		Name: "filter", Version: 1, Category: "flow", Title: "Filter", Icon: "filter", Outputs: []string{"kept"},
		Help: "Lets the items pass for which its conditions hold, and drops the others.",
		ownOutputs: func(config value.Value) []string {
			if config.Get(rejected).Truthy() {
				return []string{"kept", rejected}
			}
			return []string{"kept"}
		},
		Examples: []Example{{
			Config: `{"conditions": [{"left": "{{ $json.amount }}", "op": "greater", "right": 100}]}`,
			In:     `[{"order": 1, "amount": 250}, {"order": 2, "amount": 99}]`,
			Out:    `{"kept": [{"order": 1, "amount": 250}]}`,
		}},
	}, runFilter)
}

func runFilter(_ context.Context, c *Call, parameters func(int) (*Filter, error)) (Result, error) {
	kept, others := Output{Name: "kept"}, Output{Name: rejected}
	withRejected := false
	patterns := patterns{compiled: map[string]*regexp.Regexp{}, memory: c.Memory}
	for i, item := range derived(c.Items) {
		p, err := parameters(i)
		if err != nil {
			return Result{}, err
		}
		holds, err := p.holds(comparison{!p.CaseSensitive, p.LooseTypes, c.AsInN8n, c.Now.Location(), patterns})
		if err != nil && p.goesOn(c) {
			continue
		} else if err != nil {
			return Result{}, err
		}
		withRejected = p.Rejected
		if holds {
			kept.Items = append(kept.Items, item)
		} else {
			others.Items = append(others.Items, item)
		}
	}
	if withRejected {
		return Result{Outputs: []Output{kept, others}}, nil
	}
	return Result{Outputs: []Output{kept}}, nil
}
