package flow

import (
	"encoding/json"
	"fmt"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// walk leads through a program in its one order: branch by branch, top to bottom. It is the same for a first run, for one
// that goes on from its journal, and for a page that shows what each node received.
type walk struct {
	program *program
	stack   []frame
	// last are the outputs of each node's latest run, by the node's name.
	last map[string]map[string][]value.Item
	// from is the output that led to each node's latest run, and at the one that led to the node under way.
	from map[string]value.Origin
	at   value.Origin
}

// frame is a node that is about to run with its input.
type frame struct {
	unit  *unit
	items []value.Item
	// from is where the items came from: their lineage.
	from value.Origin
}

func newWalk(p *program, trigger *unit, items []value.Item) *walk {
	return &walk{
		program: p,
		stack:   []frame{{unit: trigger, items: items}},
		last:    map[string]map[string][]value.Item{},
		from:    map[string]value.Origin{},
	}
}

// next takes the node that runs now, or nil at the end.
func (w *walk) next() *frame {
	if len(w.stack) == 0 {
		return nil
	}
	f := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	w.at, w.from[f.unit.Name] = f.from, f.from
	return &f
}

// done records what a node put out and puts the nodes behind it on the way. An output without items leads nowhere.
func (w *walk) done(f *frame, outputs []node.Output) {
	byName := map[string][]value.Item{}
	for _, o := range outputs {
		for i := range o.Items {
			o.Items[i].From = value.Origin{Node: f.from.Node, Output: f.from.Output, Index: o.Items[i].From.Index}
		}
		byName[o.Name] = o.Items
	}
	w.last[f.unit.Name] = byName
	if f.unit.ends {
		w.stack = nil
		return
	}
	names := f.unit.outputs()
	for i := len(names) - 1; i >= 0; i-- {
		items := byName[names[i]]
		if len(items) == 0 {
			continue
		}
		targets := f.unit.next[names[i]]
		if len(targets) > 0 {
			items = placed(items, f.unit.Name, names[i])
		}
		for j := len(targets) - 1; j >= 0; j-- {
			w.stack = append(w.stack, frame{unit: targets[j], items: items, from: value.Origin{Node: f.unit.Name, Output: names[i]}})
		}
	}
}

// placed are items at the place where the next node finds them, from which their lineage is followed.
func placed(items []value.Item, node, output string) []value.Item {
	there := make([]value.Item, len(items))
	for i, item := range items {
		item.From = value.Origin{Node: node, Output: output, Index: i}
		there[i] = item
	}
	return there
}

// Items gives expressions what a node put out on the way to the node under way. A node that isn't on that way gives its first
// output that has items.
func (w *walk) Items(name string) ([]value.Item, bool) {
	outputs, ok := w.last[name]
	if !ok {
		return nil, false
	}
	from := w.at
	for range mostNodes {
		if from.Node == name {
			return outputs[from.Output], true
		}
		if from, ok = w.from[from.Node]; !ok {
			break
		}
	}
	for _, u := range w.program.order {
		if u.Name == name {
			for _, output := range u.outputs() {
				if len(outputs[output]) > 0 {
					return outputs[output], true
				}
			}
		}
	}
	return nil, true
}

// Ancestor follows an item's lineage to the item of a node that it was made from.
func (w *walk) Ancestor(name string, of value.Item) (value.Item, bool) {
	for range mostNodes {
		from := of.From
		items := w.last[from.Node][from.Output]
		if from.Index < 0 || from.Index >= len(items) {
			return value.Item{}, false
		}
		if of = items[from.Index]; from.Node == name {
			return of, true
		}
	}
	return value.Item{}, false
}

// encodeOutputs writes what a node put out. An output that is the whole input unchanged is "=", so that a condition does
// not store its input once more.
func encodeOutputs(f *frame, outputs []node.Output) field.JSON {
	out := []byte{'{'}
	for _, o := range outputs {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(value.AppendString(out, o.Name), ':')
		if sameItems(o.Items, f.items) {
			out = append(out, `"="`...)
			continue
		}
		out = value.AppendItems(out, traced(o.Items, f.from))
	}
	return append(out, '}')
}

// traced are items as they are stored: the lineage stands with those alone that were not made from the item at their own
// index, which most were.
func traced(items []value.Item, from value.Origin) []value.Item {
	stored := make([]value.Item, len(items))
	for i, item := range items {
		if index := item.From.Index; index == i {
			item.From = value.Origin{}
		} else {
			item.From = value.Origin{Node: from.Node, Output: from.Output, Index: index}
		}
		stored[i] = item
	}
	return stored
}

func sameItems(a, b []value.Item) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if len(a[i].Files) != 0 || a[i].From.Index != i || !value.Same(a[i].JSON, b[i].JSON) {
			return false
		}
	}
	return true
}

func decodeOutputs(f *frame, text field.JSON) ([]node.Output, error) {
	var byName map[string]json.RawMessage
	if err := json.Unmarshal(text, &byName); err != nil {
		return nil, fmt.Errorf("read a step's outputs: %w", err)
	}
	var outputs []node.Output
	for _, name := range f.unit.outputs() {
		raw, ok := byName[name]
		switch {
		case !ok:
			continue
		case string(raw) == `"="`:
			items := make([]value.Item, len(f.items))
			copy(items, f.items)
			for i := range items {
				items[i].From.Index = i
			}
			outputs = append(outputs, node.Output{Name: name, Items: items})
		default:
			items, err := value.ParseItems(raw, value.Limits{})
			if err != nil {
				return nil, fmt.Errorf("read a step's items: %w", err)
			}
			for i := range items {
				if items[i].From.Node == "" {
					items[i].From.Index = i
				}
			}
			outputs = append(outputs, node.Output{Name: name, Items: items})
		}
	}
	return outputs, nil
}
