package flow

import (
	"bytes"
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// A draft is tried out as a version of its own, so that an execution of it goes on after a crash as every other. Such versions
// have numbers below zero, and nothing but tests runs them.

// upTo is the graph that runs when one node is the last: the node and all that lead to it.
func (g *Graph) upTo(id string) (*Graph, error) {
	leads := map[string]bool{id: true}
	for more := true; more; {
		more = false
		for _, c := range g.Connections {
			if leads[c.ToNode] && !leads[c.FromNode] {
				leads[c.FromNode], more = true, true
			}
		}
	}
	part := &Graph{Settings: g.Settings, Nodes: []Node{}, Connections: []Connection{}}
	found := false
	for _, n := range g.Nodes {
		if leads[n.ID] {
			part.Nodes = append(part.Nodes, n)
		}
		found = found || n.ID == id
	}
	if !found {
		return nil, fault.InvalidField("to", "is no node of the workflow")
	}
	for _, c := range g.Connections {
		if leads[c.FromNode] && leads[c.ToNode] {
			part.Connections = append(part.Connections, c)
		}
	}
	return part, nil
}

// testVersion keeps the draft, or the part of it that leads to a node, as a version for a test, and gives its number. A draft that
// did not change since the last test keeps that one's.
func testVersion(s *resource.Session, w *Workflow, to string) (int, error) {
	if err := Workflows.RequireOn(s, resource.Update, w); err != nil {
		return 0, err
	}
	graph, err := w.graph()
	if err != nil {
		return 0, err
	}
	if to != "" {
		if graph, err = graph.upTo(to); err != nil {
			return 0, err
		}
	}
	ready, err := prepare(s, graph)
	if err != nil {
		return 0, err
	}
	if err := ready.requireRights(s); err != nil {
		return 0, err
	}
	kept := Version{TenantID: s.Tenant(), WorkflowID: w.ID, CreatedAt: s.Now, AuthorID: s.Actor.Person(), AuthorName: s.Actor.Name, Number: -1}
	for part, into := range map[any]*field.JSON{
		&graph.Nodes:       &kept.Nodes,
		&graph.Connections: &kept.Connections,
		&graph.Settings:    &kept.Settings,
	} {
		if *into, err = json.Marshal(part); err != nil {
			return 0, err
		}
	}
	last, err := resource.Select[Version](s,
		"SELECT * FROM {workflow_trial} WHERE workflow_id = ? ORDER BY number LIMIT 1", w.ID)
	if err != nil {
		return 0, err
	}
	if len(last) > 0 {
		same := bytes.Equal(last[0].Nodes, kept.Nodes) && bytes.Equal(last[0].Connections, kept.Connections) &&
			bytes.Equal(last[0].Settings, kept.Settings)
		if same {
			return last[0].Number, nil
		}
		kept.Number = last[0].Number - 1
	}
	return kept.Number, s.Write(func(s *resource.Session) error { return s.Insert(trials, &kept) })
}
