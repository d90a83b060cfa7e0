package flow

import (
	"zygo/app/flow/node"
	"zygo/app/value"
)

// nothingMore stands in the log of a step where the execution went no further, so that nobody looks for a fault.
const nothingMore = "The node put out no items, so the nodes behind it did not run. " +
	"Turn on “Always put out an item” to go on with an empty one."

// fill gives a step that put out nothing an empty item, where it is to go on in any case; otherwise it says what follows.
func (u *unit) fill(result *node.Result, log func(line string)) {
	for _, o := range result.Outputs {
		if len(o.Items) > 0 {
			return
		}
	}
	first := u.outputs()[0]
	switch {
	case len(result.Failed) > 0: // whose items go on
	case u.AlwaysOutput:
		result.Outputs = []node.Output{{Name: first, Items: []value.Item{{JSON: value.Object()}}}}
	case len(u.next) > 0:
		log(nothingMore)
	}
}

// once is the frame as its node sees it: with the first item alone where it runs once.
func (f *frame) once() *frame {
	if !f.unit.ExecuteOnce || len(f.items) < 2 {
		return f
	}
	one := *f
	one.items = f.items[:1:1]
	return &one
}

// lastItems are the items that a step hands on: those of its first output that has some.
func lastItems(outputs []node.Output) []value.Item {
	for _, o := range outputs {
		if len(o.Items) > 0 {
			return o.Items
		}
	}
	return nil
}
