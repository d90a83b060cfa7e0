package flow

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/flow/node"
)

// Difference is what one state of a workflow changes on another.
type Difference struct {
	From        string             `json:"from"`
	To          string             `json:"to"`
	Nodes       []NodeChange       `json:"nodes"`
	Connections []ConnectionChange `json:"connections"`
	Settings    []ValueChange      `json:"settings"`
}

// Edit says what became of a node or a connection.
type Edit string

// The edits. A connection has no parts that change: it leads elsewhere as another one.
const (
	Added   Edit = "added"
	Removed Edit = "removed"
	Changed Edit = "changed"
)

// NodeChange is a node that one of two states has, or that both have and not alike.
type NodeChange struct {
	NodeID string `json:"node_id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	// TypeVersion is that of the newer state, where both have the node.
	TypeVersion int  `json:"type_version"`
	Change      Edit `json:"change"`
	// Fields are what differs of a node that changed. Parameters begin with "config.".
	Fields []ValueChange `json:"fields"`
}

// ConnectionChange is a connection that one of two states has.
type ConnectionChange struct {
	FromNode   string `json:"from_node"`
	FromOutput string `json:"from_output"`
	ToNode     string `json:"to_node"`
	ToInput    string `json:"to_input"`
	Change     Edit   `json:"change"`
}

// ValueChange is a value before and after; null where there is none.
type ValueChange struct {
	Field string     `json:"field"`
	Old   field.JSON `json:"old"`
	New   field.JSON `json:"new"`
}

// Count is how many nodes, connections and settings differ.
func (d Difference) Count() int { return len(d.Nodes) + len(d.Connections) + len(d.Settings) }

// Compare tells what the graph "to" changes on the graph "from". The ids of connections and the order of lists say nothing.
func Compare(from, to *Graph) Difference {
	return Difference{
		Nodes:       compareNodes(from.Nodes, to.Nodes),
		Connections: compareConnections(from.Connections, to.Connections),
		Settings:    compareValues("", membersOf(from.Settings), membersOf(to.Settings)),
	}
}

func compareNodes(from, to []Node) []NodeChange {
	changes, before := []NodeChange{}, map[string]*Node{}
	for i := range from {
		before[from[i].ID] = &from[i]
	}
	edited := func(n *Node, edit Edit, fields []ValueChange) {
		changes = append(changes, NodeChange{n.ID, n.Name, n.Type, n.TypeVersion, edit, fields})
	}
	kept := map[string]bool{}
	for i := range to {
		n := &to[i]
		kept[n.ID] = true
		was := before[n.ID]
		if was == nil {
			edited(n, Added, []ValueChange{})
		} else if fields := compareValues("", nodeMembers(was), nodeMembers(n)); len(fields) > 0 {
			edited(n, Changed, fields)
		}
	}
	for i := range from {
		if !kept[from[i].ID] {
			edited(&from[i], Removed, []ValueChange{})
		}
	}
	return changes
}

func compareConnections(from, to []Connection) []ConnectionChange {
	changes := []ConnectionChange{}
	end := func(c Connection) Connection { c.ID = ""; return c }
	only := func(of, other []Connection, edit Edit) {
		for _, c := range of {
			if !slices.ContainsFunc(other, func(o Connection) bool { return end(o) == end(c) }) {
				changes = append(changes, ConnectionChange{c.FromNode, c.FromOutput, c.ToNode, c.ToInput, edit})
			}
		}
	}
	only(to, from, Added)
	only(from, to, Removed)
	return changes
}

// compareValues lists what differs between two objects, by name.
func compareValues(prefix string, from, to map[string]json.RawMessage) []ValueChange {
	changes := []ValueChange{}
	names := maps.Clone(from)
	maps.Copy(names, to)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !equalJSON(from[name], to[name]) {
			changes = append(changes, ValueChange{prefix + name, field.JSON(from[name]), field.JSON(to[name])})
		}
	}
	return changes
}

// equalJSON tells whether two texts are the same value, whatever the order of their members and the room between them.
func equalJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) || a == nil || b == nil {
		return bytes.Equal(a, b)
	}
	read := func(text json.RawMessage) (value any) {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		_ = decoder.Decode(&value) // what can't be read was not stored
		return value
	}
	return reflect.DeepEqual(read(a), read(b))
}

// nodeMembers are the parts of a node, with each parameter and what the engine does by itself. Where it stands on the canvas, and how large
// a note or a group is there, are none: nothing runs otherwise for it.
func nodeMembers(n *Node) map[string]json.RawMessage {
	all := membersOf(n)
	for _, group := range []string{"config", "retry"} {
		var inside map[string]json.RawMessage
		if json.Unmarshal(all[group], &inside) == nil { // parameters that are no object stay whole
			delete(all, group)
			for name, value := range inside {
				all[group+"."+name] = value
			}
		}
	}
	kind, ok := node.Find(n.Type, n.TypeVersion)
	isSize := func(name string) bool { return ok && kind.Note && (name == "config.width" || name == "config.height") }
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool {
		return strings.HasPrefix(name, "position") || name == "id" || isSize(name)
	})
	return all
}

// membersOf are those of a value that is an object as JSON.
func membersOf(of any) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	if raw, err := json.Marshal(of); err == nil {
		_ = json.Unmarshal(raw, &all) // it is an object
	}
	return all
}
