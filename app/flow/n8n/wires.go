package n8n

import (
	"fmt"

	"zygo/app/value"
)

// connections are the wires, from each output to the inputs behind it.
func (r *reader) connections() value.Value {
	var all []value.Value
	for name, outputs := range r.source.Get("connections").Members() {
		from := r.byName[name]
		if from == nil {
			r.report.Notes = append(r.report.Notes, Note{"", "A wire begins at " + name + ", which is not there."})
			continue
		}
		for kind, list := range outputs.Members() {
			if kind != "main" {
				if from.reason == "" { // a placeholder says itself what it was a part of
					from.note("was a part of another node (%s); choose it there again", kind)
				}
				continue
			}
			for output, wires := range list.Elements() {
				for _, wire := range wires.Elements() {
					if made, ok := r.connect(from, output, wire, len(all)); ok {
						all = append(all, made)
					}
				}
			}
		}
	}
	r.noteCircles(all)
	return value.List(append(all, r.leads...)...)
}

func (r *reader) connect(from *node, output int, wire value.Value, number int) (value.Value, bool) {
	to := r.byName[wire.Get("node").Raw()]
	if to == nil {
		from.note("led to %q, which is not there", wire.Get("node").Raw())
		return value.Value{}, false
	}
	from, leaves, output := from.rewired(output)
	if from.isError && from.end == nil {
		leaves = append(leaves[:len(leaves):len(leaves)], "error")
	}
	if output >= len(leaves) {
		from.note("led on from its output %d, which it does not have here", output+1)
		return value.Value{}, false
	}
	input := "main"
	if index, _ := wire.Get("index").Whole(); len(to.inputs) > 0 {
		input = to.inputs[min(max(int(index), 0), len(to.inputs)-1)]
	}
	return object(text("id", fmt.Sprintf("c%d", number+1)), text("from_node", from.id), text("from_output", leaves[output]),
		text("to_node", to.id), text("to_input", input)), true
}

// settings are those that both have. The workflow behaves as it did there.
func (r *reader) settings() value.Value {
	from := r.source.Get("settings")
	members := []value.Member{member("as_in_n8n", value.Bool(true))}
	if zone := from.Get("timezone").Raw(); zone != "" && zone != "DEFAULT" {
		members = append(members, text("time_zone", zone))
	}
	if seconds, ok := from.Get("executionTimeout").Whole(); ok && seconds > 0 {
		members = append(members, member("timeout", value.Int(min(seconds, 31_536_000))))
	}
	if id := from.Get("errorWorkflow").Raw(); r.known.Workflows[id] != "" {
		members = append(members, text("error_workflow", r.known.Workflows[id]))
	} else if id != "" {
		r.report.Notes = append(r.report.Notes, Note{"", "The workflow named an error workflow. Choose it in the settings."})
	}
	if from.Get("executionOrder").Raw() == "v0" {
		r.report.Notes = append(r.report.Notes, Note{"", "The workflow ran its branches side by side (execution order v0). " +
			"Here each runs to its end, from top to bottom."})
	}
	return value.Object(members...)
}
