package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
)

// Graph is what a person draws: nodes and the connections between their outputs and inputs.
type Graph struct {
	Nodes       []Node       `json:"nodes"`
	Connections []Connection `json:"connections"`
	Settings    Settings     `json:"settings"`
}

// Node is one step of a workflow. Everything but Config is the same for every type.
type Node struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	TypeVersion int        `json:"type_version"`
	Name        string     `json:"name"`
	Position    Position   `json:"position"`
	Config      field.JSON `json:"config,omitempty"`
	Retry       Retry      `json:"retry,omitzero"`
	OnError     string     `json:"on_error,omitempty"`
	// Timeout is in seconds; 0 is the usual one.
	Timeout  int    `json:"timeout,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	Notes    string `json:"notes,omitempty"`
}

// Position is where a node stands on the canvas, in pixels.
type Position struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Retry says how often a failed node is tried again.
type Retry struct {
	// Attempts is how many there are in all; 0 and 1 try once.
	Attempts int `json:"attempts,omitempty"`
	// Backoff is fixed or exponential.
	Backoff string `json:"backoff,omitempty"`
	// Delay before the second attempt, in seconds.
	Delay int `json:"delay,omitempty"`
}

// Connection leads from an output to an input.
type Connection struct {
	ID         string `json:"id"`
	FromNode   string `json:"from_node"`
	FromOutput string `json:"from_output"`
	ToNode     string `json:"to_node"`
	ToInput    string `json:"to_input"`
}

// Settings hold for the whole workflow.
type Settings struct {
	// Timeout of an execution in seconds, with its waits; 0 is an hour for each stretch between two waits.
	Timeout int `json:"timeout,omitempty"`
	// Concurrency is how many executions run at once; 0 is as many as there are workers.
	Concurrency int `json:"concurrency,omitempty"`
	// OnBusy says what a call above that gets: queue (the default) or refuse.
	OnBusy string `json:"on_busy,omitempty"`
	// TimeZone of $now and of schedules; empty is UTC.
	TimeZone string `json:"time_zone,omitempty"`
}

// What a node does when it failed for good.
const (
	onErrorStop     = "stop"
	onErrorContinue = "continue"
	onErrorOutput   = "output"
	// errorOutput is the output of a node whose on_error is output.
	errorOutput = "error"
)

const (
	mostNodes       = 500
	mostConnections = 2000
	mostAttempts    = 10
	longestRetry    = 15 * 60
	longestTimeout  = 60 * 60
	longestRun      = 365 * 24 * 60 * 60
)

var identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// parseGraph reads a draft and refuses what no draft may have: another shape, an id twice, a connection to nothing. What
// is merely unfinished passes; Compile finds that.
func parseGraph(nodes, connections, settings field.JSON) (*Graph, error) {
	var g Graph
	for field, part := range map[string]struct {
		text field.JSON
		into any
	}{"nodes": {nodes, &g.Nodes}, "connections": {connections, &g.Connections}, "settings": {settings, &g.Settings}} {
		if len(part.text) == 0 {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(part.text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(part.into); err != nil {
			return nil, fault.InvalidField(field, "has not the form of a workflow: %s", plainError(err))
		}
	}
	return &g, g.check()
}

func plainError(err error) string {
	if wrong, ok := err.(*json.UnmarshalTypeError); ok {
		return fmt.Sprintf("%s is a %s", wrong.Field, wrong.Value)
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return "there is no field " + name
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func (g *Graph) check() error {
	var wrong []fault.Field
	refuse := func(field, format string, args ...any) {
		wrong = append(wrong, fault.Field{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if len(g.Nodes) > mostNodes {
		refuse("nodes", "are %d; %d is the most", len(g.Nodes), mostNodes)
	}
	if len(g.Connections) > mostConnections {
		refuse("connections", "are %d; %d is the most", len(g.Connections), mostConnections)
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		field := fmt.Sprintf("nodes.%d.", i)
		if n.TypeVersion == 0 {
			n.TypeVersion = 1
		}
		if n.Name == "" {
			n.Name = n.ID
		}
		switch {
		case !identifier.MatchString(n.ID):
			refuse(field+"id", "must be 1 to 64 letters, digits, - or _")
		case ids[n.ID]:
			refuse(field+"id", "stands twice")
		case names[n.Name]:
			refuse(field+"name", "stands twice; expressions find a node by its name")
		case len(n.Name) > 100:
			refuse(field+"name", "has more than 100 bytes")
		}
		ids[n.ID], names[n.Name] = true, true
		if _, ok := node.Find(n.Type, n.TypeVersion); !ok {
			refuse(field+"type", "%q version %d is no node type", n.Type, n.TypeVersion)
		}
		switch n.OnError {
		case "", onErrorStop, onErrorContinue, onErrorOutput:
		default:
			refuse(field+"on_error", "is stop, continue or output")
		}
		if n.Retry.Attempts < 0 || n.Retry.Attempts > mostAttempts {
			refuse(field+"retry.attempts", "is between 1 and %d", mostAttempts)
		}
		if n.Retry.Delay < 0 || n.Retry.Delay > longestRetry {
			refuse(field+"retry.delay", "is at most %d seconds", longestRetry)
		}
		if n.Retry.Backoff != "" && n.Retry.Backoff != "fixed" && n.Retry.Backoff != "exponential" {
			refuse(field+"retry.backoff", "is fixed or exponential")
		}
		if n.Timeout < 0 || n.Timeout > longestTimeout {
			refuse(field+"timeout", "is at most %d seconds", longestTimeout)
		}
	}
	for i, c := range g.Connections {
		if !ids[c.FromNode] || !ids[c.ToNode] {
			refuse(fmt.Sprintf("connections.%d", i), "leads from or to a node that is not there")
		}
	}
	if g.Settings.Timeout < 0 || g.Settings.Timeout > longestRun {
		refuse("settings.timeout", "is at most %d seconds", longestRun)
	}
	if g.Settings.Concurrency < 0 || g.Settings.Concurrency > 1000 {
		refuse("settings.concurrency", "is between 1 and 1000")
	}
	if b := g.Settings.OnBusy; b != "" && b != "queue" && b != "refuse" {
		refuse("settings.on_busy", "is queue or refuse")
	}
	if wrong != nil {
		return fault.InvalidFields(wrong)
	}
	return nil
}
