package flow

import (
	"maps"

	"zygo/app/flow/node"
)

// survey finds what lies within each loop, and which nodes with several inputs lead to which.
func (p *program) survey() {
	p.behind = map[*unit]map[*unit]bool{}
	for _, u := range p.order {
		if len(u.inputs) > 1 {
			p.behind[u] = reachedFrom(u.outputs(), u)
		}
		if !u.kind.Loops {
			continue
		}
		u.body = reachedFrom([]string{node.LoopOutput}, u)
		u.returns = u.body[u]
		outside := reachedFrom([]string{node.DoneOutput}, u)
		maps.DeleteFunc(u.body, func(inside *unit, _ bool) bool { return outside[inside] })
		delete(u.body, u)
	}
}

// leads tells that a unit with several inputs comes before another unit.
func (p *program) leads(from, to *unit) bool { return p.behind[from][to] }

// reachedFrom are the units behind some outputs of a unit. What lies behind the unit itself, where a way comes back to it, isn't
// looked at again.
func reachedFrom(outputs []string, u *unit) map[*unit]bool {
	reached := map[*unit]bool{}
	var visit func(from *unit, outputs []string)
	visit = func(from *unit, outputs []string) {
		for _, output := range outputs {
			for _, to := range from.next[output] {
				if !reached[to.unit] {
					reached[to.unit] = true
					if to.unit != u {
						visit(to.unit, to.unit.outputs())
					}
				}
			}
		}
	}
	visit(u, outputs)
	return reached
}

// checkReach finds nodes that no trigger reaches, and circles, which only the rounds of a loop may make.
func (p *program) checkReach(problem func(node, field, format string, args ...any)) {
	const (
		fresh = iota
		open
		done
	)
	state := map[*unit]int{}
	var visit func(u *unit)
	visit = func(u *unit) {
		state[u] = open
		for _, output := range u.outputs() {
			for _, to := range u.next[output] {
				switch {
				case to.unit.body[u] || to.unit == u && u.kind.Loops && output == node.LoopOutput:
				case state[to.unit] == open:
					problem(to.unit.ID, "", "is part of a circle that never ends")
				case state[to.unit] == fresh:
					visit(to.unit)
				}
			}
		}
		state[u] = done
	}
	for _, u := range p.order {
		if u.kind.Trigger {
			visit(u)
		}
	}
	for _, u := range p.order {
		if state[u] == fresh && !u.Disabled && !p.settings.AsInN8n { // there such a node just does not run
			problem(u.ID, "", "is not reached by any trigger")
		}
	}
}

func (p *program) checkMentions(problem func(node, field, format string, args ...any)) {
	names := map[string]bool{}
	for _, u := range p.order {
		names[u.Name] = true
	}
	for _, u := range p.order {
		for _, name := range u.compiled.Nodes() {
			if !names[name] {
				problem(u.ID, "", "an expression names the node %q, which is not there", name)
			}
		}
	}
}
