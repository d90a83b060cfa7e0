package flow

import (
	"encoding/json"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/web"
)

// largestPin is what items may take that are pinned to a node, in bytes: they are a part of the draft.
const largestPin = 200_000

// pinOutput keeps what a node put out as the items that stand for its output when the draft is tried.
func pinOutput(v *web.Visit) (*edge.Response, error) {
	view, err := v.Site.Engine.View(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	run, err := strconv.Atoi(v.Form.Get("run"))
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form names no run of the node.")
	}
	var pinned []json.RawMessage // nil where the run put out nothing, which can't stand for an output
	for _, step := range view.Nodes {
		if step.NodeID != v.Form.Get("node") || step.Run != run {
			continue
		}
		for _, items := range itemsByOutput(step.Output) {
			for _, text := range items {
				var item struct{ JSON json.RawMessage }
				if err := json.Unmarshal(text, &item); err != nil {
					return nil, err
				}
				pinned = append(pinned, item.JSON)
			}
		}
	}
	if pinned == nil {
		return nil, fault.New(fault.Conflict, "The node has put out nothing that could be pinned.")
	}
	text, err := json.Marshal(pinned)
	if err != nil {
		return nil, err
	}
	if len(text) > largestPin {
		return nil, fault.New(fault.TooLarge, "What the node put out is too large to be pinned: %d bytes are the most.", largestPin)
	}
	if err := pin(v.Person.Session, view.WorkflowID, v.Form.Get("node"), text); err != nil {
		return nil, err
	}
	return edge.Redirect("/workflows/" + view.WorkflowID + "/edit#node-" + v.Form.Get("node")), nil
}

func pin(s *resource.Session, workflow, id string, items field.JSON) error {
	w, err := flow.Workflows.Get(s, workflow)
	if err != nil {
		return err
	}
	graph, err := w.Draft()
	if err != nil {
		return err
	}
	found := false
	for i := range graph.Nodes {
		if graph.Nodes[i].ID == id {
			graph.Nodes[i].Pin, found = items, true
		}
	}
	if !found {
		return fault.New(fault.Conflict, "The draft has this node no more.")
	}
	nodes, err := json.Marshal(graph.Nodes)
	if err != nil {
		return err
	}
	kind, _ := s.Kernel().Kind(flow.Workflows.Name)
	_, err = kind.Update(s, workflow, w.Version, resource.Input{"nodes": resource.Text(string(nodes))})
	return err
}
