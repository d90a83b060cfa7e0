package n8n

import (
	"regexp"
	"strings"

	"zygo/app/value"
)

// endOfLoop is how a workflow of n8n's first loops asked whether nothing is left.
var endOfLoop = regexp.MustCompile(`\$(?:node\[|\()["']([^"']+)["'](?:\]|\))\.context\[?["'.]*noItemsLeft`)

// loopEnd is an If that ends a loop of the first version: it becomes a node that does nothing, and its wires those of the loop.
type loopEnd struct {
	loop *node
	// done is the output at which nothing is left.
	done int
}

// findLoopEnd tells whether a node ends a loop of the first version, nil where it does not.
func (n *node) findLoopEnd() *loopEnd {
	if n.kind != "if" {
		return nil
	}
	var found []string
	var one value.Value
	for _, c := range n.at("conditions.boolean").Elements() {
		if match := endOfLoop.FindStringSubmatch(c.Get("value1").Raw()); match != nil {
			found, one = match, c
		}
	}
	for _, c := range n.at("conditions.conditions").Elements() {
		if match := endOfLoop.FindStringSubmatch(c.Get("leftValue").Raw()); match != nil {
			found, one = match, c
		}
	}
	if found == nil || n.at("conditions.boolean").Len()+n.at("conditions.conditions").Len() != 1 {
		return nil
	}
	loop := n.byName[found[1]]
	if loop == nil || loop.kind != "splitInBatches" || loop.version >= 2 {
		return nil
	}
	end := &loopEnd{loop: loop}
	isTrue := one.Get("value2").Truthy() || one.Get("operator").Get("operation").Raw() == "true" || one.Get("rightValue").Truthy()
	if isTrue == (one.Get("operation").Raw() == "notEqual") {
		end.done = 1
	}
	return end
}

// rewired is where a wire leaves: those of an If that ends a loop leave from the loop, or lead back into it.
func (n *node) rewired(output int) (from *node, leaves []string, at int) {
	switch {
	case n.end == nil:
		return n, n.outputs, output
	case output == n.end.done:
		return n.end.loop, []string{"done"}, 0
	}
	return n, []string{"main"}, 0
}

// noteCircles tells of nodes that lead to each other in a circle without a loop, which Zygo does not run.
func (r *reader) noteCircles(wires []value.Value) {
	loops, names := map[string]bool{}, map[string]string{}
	var order []string
	for _, made := range r.made {
		id := made.Get("id").Raw()
		order, names[id], loops[id] = append(order, id), made.Get("name").Raw(), made.Get("type").Raw() == "loop"
	}
	next := map[string][]string{}
	for _, wire := range wires {
		if to := wire.Get("to_node").Raw(); !loops[to] {
			next[wire.Get("from_node").Raw()] = append(next[wire.Get("from_node").Raw()], to)
		}
	}
	told := map[string]bool{}
	for _, start := range order {
		if way := wayBack(start, next); way != nil && !told[start] {
			var all []string
			for _, id := range way {
				told[id] = true
				all = append(all, names[id])
			}
			r.report.Notes = append(r.report.Notes, Note{"", "The nodes " + strings.Join(all, " → ") + " → " + names[start] +
				" lead in a circle without a loop, which can't be published. Put a node Loop into it, or let the workflow call itself with the node Run a workflow."})
		}
	}
}

// wayBack is the shortest way from a node back to itself, nil for none.
func wayBack(start string, next map[string][]string) []string {
	before := map[string]string{}
	queue := []string{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range next[at] {
			if to == start {
				way := []string{at}
				for at != start {
					at = before[at]
					way = append([]string{at}, way...)
				}
				return way
			}
			if _, seen := before[to]; !seen {
				before[to] = at
				queue = append(queue, to)
			}
		}
	}
	return nil
}
