package flow

import (
	"fmt"
	"strconv"

	"zygo/app/flow"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// canvas is the newer of two states of a workflow, with what it adds and changes, and what it removed in its old place.
func (c comparison) canvas(d flow.Difference) (markup.Section, error) {
	older, err := c.graphOf(d.From)
	if err != nil {
		return markup.Section{}, err
	}
	graph, err := c.graphOf(d.To)
	if err != nil {
		return markup.Section{}, err
	}
	run := canvasRun{Nodes: map[string]canvasState{}, Items: map[string]int{}, Wires: map[string]flow.Edit{}}
	removed := map[string]bool{}
	for _, n := range d.Nodes {
		run.Nodes[n.NodeID] = canvasState{Status: string(n.Change)}
		removed[n.NodeID] = n.Change == flow.Removed
	}
	for _, n := range older.Nodes {
		if removed[n.ID] {
			graph.Nodes = append(graph.Nodes, n)
		}
	}
	for i, one := range d.Connections {
		run.Wires[one.FromNode+" "+one.FromOutput+" "+one.ToNode] = one.Change
		if one.Change == flow.Removed {
			graph.Connections = append(graph.Connections, flow.Connection{
				ID: fmt.Sprint("removed ", i), FromNode: one.FromNode, FromOutput: one.FromOutput, ToNode: one.ToNode, ToInput: one.ToInput,
			})
		}
	}
	name := stateName(d.To)
	drawn := drawing(graph, name+": "+counted(len(graph.Nodes), "node"), func(id string) string { return "#node-" + id })
	title := "What " + web.Lower(name) + " changes"
	if d.To == "draft" {
		title = "What the draft changes"
	}
	if d.From == "0" { // all of it is new
		title, run = "Graph", canvasRun{Nodes: map[string]canvasState{}, Items: map[string]int{}}
	}
	return viewOf(graph, name, "").section(title, run, drawn)
}

// graphOf is the graph of a state that a comparison names.
func (c comparison) graphOf(name string) (*flow.Graph, error) {
	number, err := strconv.Atoi(name)
	switch {
	case err != nil:
		return c.workflow.Draft()
	case number == 0:
		return &flow.Graph{}, nil
	}
	return flow.PublishedGraph(c.Person.Session, c.workflow.ID, number)
}
