package flow

import (
	"slices"

	"zygo/app/flow/node"
	"zygo/app/value"
)

// walk leads through a program in its one order: branch by branch, top to bottom, each to its end. It is the same for a first
// run, for one that goes on from its journal, and for a page that shows what each node received.
//
// Frames on the stack are ready to run. A node with several inputs is gathered (gather.go) until all of them came or can't
// come any more, and the batches of a loop are walked one after the other (loop.go).
type walk struct {
	program *program
	stack   []frame
	waiting []*gathering
	loops   []*loop
	// runs are the outputs of each node's runs, by the node's name.
	runs map[string][]map[string][]value.Item
	// led are the outputs that led to each node's latest run, and at those that led to the one under way.
	led map[string][]value.Origin
	at  []value.Origin
	// unit is the one under way, and ended are the items that loops gave that are over.
	unit  *unit
	ended map[*unit][]value.Item
}

// frame is a node that is about to run with its input.
type frame struct {
	unit *unit
	// items are those of all inputs, one input after the other, each at the place where it was put out; sizes tells how many
	// came by which input of a node that has several.
	items []value.Item
	sizes []int
	// from are the outputs that led here. Their Index is 0.
	from []value.Origin
	// loop is that of a loop's own runs: its items are those that came, and behind them those that its rounds gave.
	loop *loop
}

func newWalk(p *program, trigger *unit, items []value.Item) *walk {
	return &walk{
		program: p,
		stack:   []frame{{unit: trigger, items: items}},
		runs:    map[string][]map[string][]value.Item{},
		led:     map[string][]value.Origin{},
		ended:   map[*unit][]value.Item{},
	}
}

// next takes the node that runs now, or nil at the end.
func (w *walk) next() *frame {
	f := w.ready()
	if f == nil {
		return nil
	}
	w.at, w.unit = f.from, f.unit
	if f.loop == nil || f.loop.round == 0 {
		w.led[f.unit.Name] = f.from // what a loop's own rounds lead back to it says nothing about how it was reached
	}
	return f
}

// ready is the frame on top of the stack. Where a loop's round has none left, what waits in it goes on with what came, and then
// the loop; at the end the same holds for the whole.
func (w *walk) ready() *frame {
	inner := w.inner()
	if top := len(w.stack); top > inner.floor() {
		f := w.stack[top-1]
		w.stack = w.stack[:top-1]
		if f.unit.kind.Loops {
			f.loop = w.enter(&f)
		}
		return &f
	}
	if g := w.release(inner); g != nil {
		return g.frame()
	}
	if inner != nil {
		return inner.again()
	}
	return nil
}

// done records what a node put out and puts the nodes behind it on the way. An output without items leads nowhere.
func (w *walk) done(f *frame, outputs []node.Output) {
	run := len(w.runs[f.unit.Name])
	byName := map[string][]value.Item{}
	for _, o := range outputs {
		for i := range o.Items {
			f.trace(&o.Items[i])
		}
		byName[o.Name] = o.Items
	}
	w.runs[f.unit.Name] = append(w.runs[f.unit.Name], byName)
	if f.unit.ends {
		w.stack, w.waiting, w.loops = nil, nil, nil
		return
	}
	if f.loop != nil {
		w.turn(f, byName, run)
	}
	var frames []frame
	for _, name := range f.unit.outputs() {
		targets, items := f.unit.next[name], byName[name]
		if len(items) == 0 || len(targets) == 0 {
			continue
		}
		from := value.Origin{Node: f.unit.Name, Output: name, Run: run}
		items = placed(items, from)
		for _, to := range targets {
			if ready := w.arrive(to, items, from); ready != nil {
				frames = append(frames, *ready)
			}
		}
	}
	slices.Reverse(frames) // the first is on top
	w.stack = append(w.stack, frames...)
}

// arrive brings items to an input, and gives the frame that is ready by that.
func (w *walk) arrive(to target, items []value.Item, from value.Origin) *frame {
	if l := w.under(to.unit); l != nil {
		l.returned = append(l.returned, items...)
		return nil
	}
	if len(to.unit.inputs) > 1 {
		return w.gather(to, items, from)
	}
	return &frame{unit: to.unit, items: items, from: []value.Origin{from}}
}

// placed are items at the place where the next node finds them, from which their lineage is followed.
func placed(items []value.Item, from value.Origin) []value.Item {
	there := make([]value.Item, len(items))
	for i, item := range items {
		item.From, item.Also = from, nil
		item.From.Index = i
		there[i] = item
	}
	return there
}

// trace follows what a node says of an item's lineage, an index in its input, to the place of the item that it was made from.
func (f *frame) trace(item *value.Item) {
	if item.From.Node == "" {
		item.From = f.origin(item.From.Index)
	}
	for i := range item.Also {
		if item.Also[i].Node == "" {
			item.Also[i] = f.origin(item.Also[i].Index)
		}
	}
}

// origin is where the item of an index was put out, the zero Origin where there is none.
func (f *frame) origin(index int) value.Origin {
	if item, ok := f.item(index); ok {
		return item.From
	}
	return value.Origin{}
}

// item is one of the frame's, or of those that a loop's rounds gave.
func (f *frame) item(index int) (value.Item, bool) {
	switch {
	case index < 0:
	case index < len(f.items):
		return f.items[index], true
	case f.loop != nil && index-len(f.items) < len(f.loop.given):
		return f.loop.given[index-len(f.items)], true
	}
	return value.Item{}, false
}

// previous is the name of the node that led here, "" for a trigger.
func (f *frame) previous() string {
	if len(f.from) == 0 {
		return ""
	}
	return f.from[0].Node
}

// Items gives expressions what a node put out on the way to the node under way. A node that isn't on that way gives of its
// latest run the first output that has items.
func (w *walk) Items(name string) ([]value.Item, bool) {
	runs := w.runs[name]
	if len(runs) == 0 {
		return nil, false
	}
	latest := runs[len(runs)-1]
	seen := map[string]bool{}
	for way := slices.Clone(w.at); len(way) > 0; way = way[1:] {
		from := way[0]
		if from.Node == name {
			return runs[from.Run][from.Output], true
		}
		if !seen[from.Node] {
			seen[from.Node] = true
			way = append(way, w.led[from.Node]...)
		}
	}
	for _, output := range w.program.named[name].outputs() {
		if len(latest[output]) > 0 {
			return latest[output], true
		}
	}
	return nil, true
}

// Runs gives expressions all that a node put out.
func (w *walk) Runs(name string) ([][][]value.Item, bool) {
	unit := w.program.named[name]
	if unit == nil {
		return nil, false
	}
	runs := make([][][]value.Item, len(w.runs[name]))
	for i, run := range w.runs[name] {
		for _, output := range unit.outputs() {
			runs[i] = append(runs[i], run[output])
		}
	}
	return runs, true
}

// Ancestor follows an item's lineage to the item of a node that it was made from.
func (w *walk) Ancestor(name string, of value.Item) (value.Item, bool) {
	var ancestor value.Item
	found, begun, asInN8n := false, false, w.program != nil && w.program.settings.AsInN8n
	seen := map[value.Origin]bool{} // what several items were made from is looked at once
	for way := append([]value.Origin{of.From}, of.Also...); len(way) > 0 && len(seen) < mostGenerations; way = way[1:] {
		from := way[0]
		if seen[from] || from.Run >= len(w.runs[from.Node]) {
			continue
		}
		seen[from] = true
		items := w.runs[from.Node][from.Run][from.Output]
		if from.Index < 0 || from.Index >= len(items) {
			continue
		}
		parent := items[from.Index]
		switch {
		case from.Node != name:
		case !asInN8n:
			return parent, true
		case found:
			return value.Item{}, false // n8n gives none of several
		default:
			ancestor, found = parent, true
			continue
		}
		begun = begun || asInN8n && w.program.named[from.Node].kind.Trigger
		way = append(append(way, parent.From), parent.Also...)
	}
	// A way that ends at the trigger without the node, although it could have led past it, gives undefined in n8n.
	return ancestor, found || begun && w.leadsHere(name)
}

// leadsHere tells whether a node stands before the one under way, also where no item came from it.
func (w *walk) leadsHere(name string) bool {
	from := w.program.named[name]
	return from != nil && reachedFrom(from.outputs(), from)[w.unit]
}

// mostGenerations bounds the items that are looked at to find one's ancestor.
const mostGenerations = 10_000
