package flow

import (
	"encoding/json"
	"fmt"
	"slices"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// encodeOutputs writes what a node put out. An output that is the input unchanged is "=", and one that is a part of it in one
// piece "=from:to", so that neither a condition nor a loop stores its input once more.
func (p payloads) encodeOutputs(f *frame, outputs []node.Output) (field.JSON, error) {
	out := []byte{'{'}
	for _, o := range outputs {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(value.AppendString(out, o.Name), ':')
		switch from, same := f.rangeOf(o.Items); {
		case same && from == 0 && len(o.Items) == len(f.items):
			out = append(out, `"="`...)
		case same:
			out = fmt.Appendf(out, `"=%d:%d"`, from, from+len(o.Items))
		default:
			out = value.AppendItems(out, f.traced(o.Items))
		}
	}
	return p.spill(append(out, '}'))
}

// traced are items as they are stored: the lineage stands with those alone that were not made from the item at their own
// index, which most were.
func (f *frame) traced(items []value.Item) []value.Item {
	stored := make([]value.Item, len(items))
	for i, item := range items {
		if item.From.Node == "" && item.From.Index == i && item.Also == nil {
			item.From = value.Origin{}
		} else {
			item.Also = slices.Clone(item.Also)
			f.trace(&item)
		}
		stored[i] = item
	}
	return stored
}

// rangeOf finds items in one piece and unchanged among those of the frame, and where they begin.
func (f *frame) rangeOf(items []value.Item) (from int, same bool) {
	if len(items) == 0 {
		return 0, false
	}
	from = items[0].From.Index
	for i, item := range items {
		source, ok := f.item(from + i)
		moved := item.Also != nil || item.From != (value.Origin{Index: from + i})
		if !ok || moved || len(item.Files) != 0 || !value.Same(item.JSON, source.JSON) {
			return 0, false
		}
	}
	return from, true
}

// between gives the frame's items of a range, as a node puts them out that changes nothing.
func (f *frame) between(from, to int) ([]value.Item, error) {
	items := make([]value.Item, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		item, ok := f.item(i)
		if !ok {
			return nil, fmt.Errorf("a step's outputs name item %d, which its input has not", i)
		}
		item.From, item.Also = value.Origin{Index: i}, nil
		items = append(items, item)
	}
	return items, nil
}

func (p payloads) decodeOutputs(f *frame, short field.JSON) ([]node.Output, error) {
	text, err := p.inflate(short)
	if err != nil {
		return nil, err
	}
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
		case raw[0] == '"':
			from, to := 0, len(f.items)
			if string(raw) != `"="` {
				if _, err := fmt.Sscanf(string(raw), `"=%d:%d"`, &from, &to); err != nil {
					return nil, fmt.Errorf("read a step's outputs: %w", err)
				}
			}
			items, err := f.between(from, to)
			if err != nil {
				return nil, err
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
