package flow

import (
	"encoding/json"

	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/markup"
)

// canvasView is the graph of an execution or of a version for the script. Of the configurations it has only the texts of notes.
type canvasView struct {
	Name string `json:"name"`
	// Path is the page whose step a node chooses, empty where there is none.
	Path        string              `json:"path"`
	Nodes       []flow.Node         `json:"nodes"`
	Connections []flow.Connection   `json:"connections"`
	Looks       map[string]nodeLook `json:"looks"`
	Types       []paletteType       `json:"types"`
}

// canvasRun is what became of the nodes of an execution.
type canvasRun struct {
	Status flow.Status            `json:"status"`
	Over   bool                   `json:"over"`
	Chosen string                 `json:"chosen"`
	Nodes  map[string]canvasState `json:"nodes"`
	// Items counts what left through each output, by node and output.
	Items map[string]int `json:"items"`
	// Wires say which connections were added or removed, by node, output and node.
	Wires map[string]flow.Edit `json:"wires,omitempty"`
}

// canvasState is what became of one node.
type canvasState struct {
	Status string          `json:"status"`
	MS     int64           `json:"ms"`
	Error  *flow.ErrorView `json:"error,omitempty"`
}

// viewOf is a graph for the script.
func viewOf(graph *flow.Graph, name, path string) canvasView {
	view := canvasView{Name: name, Path: path, Connections: graph.Connections, Looks: looksOf(graph.Nodes)}
	used := map[string]bool{}
	for _, n := range graph.Nodes {
		used[n.Type] = true
		shown := flow.Node{ID: n.ID, Type: n.Type, TypeVersion: n.TypeVersion, Name: n.Name, Position: n.Position, Disabled: n.Disabled}
		shown.OnError = n.OnError
		if kind, ok := node.Find(n.Type, n.TypeVersion); ok && kind.Note {
			shown.Config = n.Config
		}
		view.Nodes = append(view.Nodes, shown)
	}
	for _, t := range paletteTypes() {
		if used[t.Name] {
			view.Types = append(view.Types, t)
		}
	}
	return view
}

// section is the view for a page, with what became of its nodes and the drawing for those without scripts.
func (view canvasView) section(title string, run canvasRun, drawn *markup.Graph) (markup.Section, error) {
	data, err := json.Marshal(view)
	if err != nil {
		return markup.Section{}, err
	}
	state, err := json.Marshal(run)
	return markup.Section{Title: title, Canvas: &markup.CanvasView{Graph: drawn, Data: string(data), Run: string(state)}}, err
}

// canvas is the drawing of the execution.
func (c progress) canvas(name string) (markup.Section, error) {
	return viewOf(c.graph, name, c.path).section("Graph", c.states(), c.drawing(name))
}

func (c progress) states() canvasRun {
	run := canvasRun{Status: c.view.Status, Over: c.view.Status.Finished(), Nodes: map[string]canvasState{}, Items: map[string]int{}}
	if c.chosen != nil {
		run.Chosen = c.chosen.NodeID
	}
	for id, step := range c.last {
		status := step.Status
		if status == "retrying" {
			status = "waiting"
		}
		run.Nodes[id] = canvasState{Status: status, MS: step.DurationMS, Error: step.Error}
	}
	for id, outputs := range c.put {
		for output, count := range outputs {
			run.Items[id+" "+output] = count
		}
	}
	return run
}
