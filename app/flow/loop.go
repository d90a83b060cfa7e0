package flow

import (
	"slices"

	"zygo/app/flow/node"
	"zygo/app/value"
)

// loop is a loop under way. Its node runs once for each round, and once more at its end.
type loop struct {
	unit *unit
	// frame is the one by which it was entered, and depth the height of the stack beneath its rounds.
	frame frame
	depth int
	// round counts its runs, and taken the items that were put out.
	round, taken int
	// batch are the items of the round under way, at their place.
	batch []value.Item
	// returned are the items that the round under way gave, and given those of all rounds.
	returned, given []value.Item
	// before are those that it gave when it was entered before, if isAgain.
	before  []value.Item
	isAgain bool
}

// inner is the innermost loop under way, nil for none.
func (w *walk) inner() *loop {
	if len(w.loops) == 0 {
		return nil
	}
	return w.loops[len(w.loops)-1]
}

func (l *loop) floor() int {
	if l == nil {
		return 0
	}
	return l.depth
}

// under is the loop under way that is a unit's, nil where the unit is none or is not under way.
func (w *walk) under(u *unit) *loop {
	for i := len(w.loops) - 1; i >= 0; i-- {
		if w.loops[i].unit == u {
			return w.loops[i]
		}
	}
	return nil
}

// around is the innermost loop under way in whose rounds a unit runs.
func (w *walk) around(u *unit) *loop {
	for i := len(w.loops) - 1; i >= 0; i-- {
		if w.loops[i].unit.body[u] {
			return w.loops[i]
		}
	}
	return nil
}

// enter begins a loop with the items of its frame.
func (w *walk) enter(f *frame) *loop {
	l := &loop{unit: f.unit, frame: *f, depth: len(w.stack)}
	l.before, l.isAgain = w.ended[f.unit]
	w.loops = append(w.loops, l)
	return l
}

// again is the loop's frame after a round.
func (l *loop) again() *frame {
	l.round++
	l.given = append(l.given, l.returned...)
	l.returned = nil
	f := l.frame
	f.loop = l
	return &f
}

// state is what the loop's node sees, nil for a node that is none.
func (l *loop) state() *node.Loop {
	if l == nil {
		return nil
	}
	return &node.Loop{Round: l.round, Taken: l.taken, Given: l.given, Before: l.before, IsAgain: l.isAgain, Returns: l.unit.returns}
}

// turn goes on with the next round, or ends the loop where its node put out no batch.
func (w *walk) turn(f *frame, outputs map[string][]value.Item, run int) {
	l := f.loop
	if batch := outputs[node.LoopOutput]; len(batch) > 0 {
		l.taken += len(batch)
		l.batch = placed(batch, value.Origin{Node: f.unit.Name, Output: node.LoopOutput, Run: run})
		return
	}
	w.loops = w.loops[:len(w.loops)-1]
	if w.ended[l.unit] = l.given; l.taken == 0 { // it was over before, and what came goes on
		w.ended[l.unit] = append(slices.Clip(l.before), l.frame.items...)
	}
}

// spare gives up the round in which a node failed, where its loop goes on after errors, and tells whether it does. The round's
// items come back with the error where the loop collects them.
func (w *walk) spare(f *frame, failed *Step) bool {
	for i := len(w.loops) - 1; i >= 0; i-- {
		l := w.loops[i]
		policy := node.LoopErrorsOf(l.unit.compiled)
		if l == f.loop || policy == node.LoopStops {
			continue
		}
		w.loops, w.stack = w.loops[:i+1], w.stack[:l.depth]
		w.waiting = slices.DeleteFunc(w.waiting, func(g *gathering) bool {
			return g.loop != nil && (g.loop == l || !slices.Contains(w.loops, g.loop))
		})
		if policy == node.LoopCollects {
			for _, item := range l.batch {
				l.returned = append(l.returned, withError(item, f, failed, &node.Error{Code: failed.ErrorCode, Message: failed.ErrorMessage}))
			}
		}
		return true
	}
	return false
}
