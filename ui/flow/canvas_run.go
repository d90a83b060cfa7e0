package flow

import (
	"encoding/json"

	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/markup"
)

// canvasView is the graph of an execution for the script. Of the configurations it has only the texts of notes.
type canvasView struct {
	Name        string              `json:"name"`
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
}

// canvasState is what became of one node.
type canvasState struct {
	Status string          `json:"status"`
	MS     int64           `json:"ms"`
	Error  *flow.ErrorView `json:"error,omitempty"`
}

// canvas is the drawing of the execution.
func (c progress) canvas(name string) (*markup.CanvasView, error) {
	view := canvasView{Name: name, Path: c.path, Connections: c.graph.Connections, Looks: looksOf(c.graph.Nodes)}
	used := map[string]bool{}
	for _, n := range c.graph.Nodes {
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
	data, err := json.Marshal(view)
	if err != nil {
		return nil, err
	}
	run, err := json.Marshal(c.states())
	return &markup.CanvasView{Graph: c.drawing(name), Data: string(data), Run: string(run)}, err
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
