package flow

import (
	"slices"

	"zygo/app/value"
)

// gathering is a node with several inputs of which some came.
type gathering struct {
	unit *unit
	// loop is the one in whose round the node waits, nil for none.
	loop   *loop
	inputs [][]value.Item
	came   []bool
	from   []value.Origin
}

// gather keeps what comes by an input until it came by all that lead to the node. What comes by an input again before that
// starts a gathering of its own.
func (w *walk) gather(to target, items []value.Item, from value.Origin) *frame {
	i := slices.IndexFunc(w.waiting, func(g *gathering) bool { return g.unit == to.unit && !g.came[to.input] })
	if i < 0 {
		count := len(to.unit.inputs)
		i = len(w.waiting)
		w.waiting = append(w.waiting, &gathering{
			unit:   to.unit,
			loop:   w.around(to.unit),
			inputs: make([][]value.Item, count),
			came:   make([]bool, count),
		})
	}
	g := w.waiting[i]
	g.inputs[to.input], g.came[to.input] = items, true
	if !slices.Contains(g.from, from) {
		g.from = append(g.from, from)
	}
	for input, fed := range to.unit.fed {
		if fed && !g.came[input] {
			return nil
		}
	}
	w.waiting = slices.Delete(w.waiting, i, i+1)
	return g.frame()
}

// release takes the node that goes on with what came, because nothing else is on its way in the round of the loop. Of several
// it is one to which no other of them leads.
func (w *walk) release(round *loop) *gathering {
	best := -1
	for i, g := range w.waiting {
		if g.loop != round {
			continue
		}
		awaited := slices.ContainsFunc(w.waiting, func(other *gathering) bool {
			return other.unit != g.unit && w.program.leads(other.unit, g.unit) && !w.program.leads(g.unit, other.unit)
		})
		if best < 0 || !awaited {
			best = i
		}
		if !awaited {
			break
		}
	}
	if best < 0 {
		return nil
	}
	g := w.waiting[best]
	w.waiting = slices.Delete(w.waiting, best, best+1)
	return g
}

// frame is the node with all that came.
func (g *gathering) frame() *frame {
	f := &frame{unit: g.unit, from: g.from}
	for _, items := range g.inputs {
		f.items = append(f.items, items...)
		f.sizes = append(f.sizes, len(items))
	}
	return f
}

// inputs are the items by the input that they came by, nil for a node that has one.
func (f *frame) inputs() [][]value.Item {
	var inputs [][]value.Item
	rest := f.items
	for _, size := range f.sizes {
		inputs = append(inputs, rest[:size:size])
		rest = rest[size:]
	}
	return inputs
}
