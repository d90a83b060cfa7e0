package flow

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
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
	Handling
	Disabled bool `json:"disabled,omitempty"`
	// Pin are the JSON of items that stand for the node's output when the draft is tried.
	Pin   field.JSON `json:"pin,omitempty"`
	Notes string     `json:"notes,omitempty"`
}

// Handling is what the engine does around a node. What is zero, here and in Retry and Settings, is as usual.
type Handling struct {
	OnError OnError `json:"on_error,omitempty" z:"default=stop,literal,short,label=When it fails"`
	Timeout int     `json:"timeout,omitempty" z:"min=1,max=3600,literal,short,label=Time limit,help=In seconds."`
	// ExecuteOnce gives the node the first item of its input alone.
	ExecuteOnce bool `json:"execute_once,omitempty" z:"literal,label=Run once,help=With the first item alone."`
	// AlwaysOutput makes a node that put out nothing put out an empty item.
	AlwaysOutput bool `json:"always_output,omitempty" z:"literal,label=Always put out an item,help=An empty one where there is none, so that the nodes behind it run."`
}

// OnError is what happens when a node failed for good.
type OnError string

// Choices are the ways to go on.
func (OnError) Choices() []field.Choice {
	return []field.Choice{
		{Value: "stop", Label: "The execution fails"},
		{Value: onErrorContinue, Label: "It goes on with the input"},
		{Value: onErrorOutput, Label: "It goes on at the output error"},
	}
}

// Position is where a node stands on the canvas, in pixels.
type Position struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Retry says how often a failed node is tried again.
type Retry struct {
	// Attempts is how many there are in all.
	Attempts int `json:"attempts,omitempty" z:"min=1,max=10,literal,short"`
	// Delay before the second attempt, in seconds.
	Delay   int     `json:"delay,omitempty" z:"min=1,max=900,literal,short,label=Wait between,help=In seconds."`
	Backoff Backoff `json:"backoff,omitempty" z:"literal,short,label=The wait is,help=Twice as long each time when empty."`
}

// Backoff is how the waits between attempts grow.
type Backoff string

// Choices are the ways.
func (Backoff) Choices() []field.Choice {
	return []field.Choice{{Value: "fixed", Label: "The same each time"}, {Value: "exponential", Label: "Twice as long each time"}}
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
	// Timeout of an execution in seconds, with its waits; without one each stretch between two waits has an hour.
	Timeout int `json:"timeout,omitempty" z:"min=1,max=31536000,literal,short,label=Time limit,help=In seconds, with all waits; 3,600 when empty."`
	// Concurrency is how many executions run at once; without a limit, as many as there are workers.
	Concurrency int `json:"concurrency,omitempty" z:"min=1,max=1000,literal,short,label=At once,help=Executions; as many as fit when empty."`
	// ConcurrencyKey is an expression over the trigger's item; the limit holds for each of its values.
	ConcurrencyKey string `json:"concurrency_key,omitempty" z:"max=1000,literal,label=At once for each,help=Such as {{ $json.body.customer }}: the limit holds for each value by itself. For the whole workflow when empty."`
	// OnBusy says what a call above that gets.
	OnBusy OnBusy `json:"on_busy,omitempty" z:"default=queue,literal,label=Calls beyond that"`
	// Priority orders the executions of an organization that wait for a place.
	Priority Priority `json:"priority,omitempty" z:"default=normal,literal,short,help=While executions wait for a place, those of a higher priority are next."`
	// TimeZone of $now and of schedules.
	TimeZone string `json:"time_zone,omitempty" z:"literal,help=Such as Europe/Berlin; UTC when empty."`
	// ErrorWorkflow is started when an execution failed.
	ErrorWorkflow field.Ref `json:"error_workflow,omitempty" z:"to=workflow,literal,label=When an execution fails,help=The workflow to start then. It needs the trigger Error."`
	// Callers are the workflows that may call this one.
	Callers Callers `json:"callers,omitempty" z:"default=workspace,literal,label=May be called by"`
	// KeepDays, KeepFailedDays and KeepMost bound what is kept of finished executions.
	KeepDays       int `json:"keep_days,omitempty" z:"min=1,max=36500,literal,short,label=Keep executions,help=Days after their end; as long as the instance says when empty."`
	KeepFailedDays int `json:"keep_failed_days,omitempty" z:"min=1,max=36500,literal,short,label=Keep failed ones,help=Days after their end."`
	KeepMegabytes  int `json:"keep_megabytes,omitempty" z:"min=1,max=1000000,literal,short,label=Keep at most (MB),help=Of their data; the oldest go first."`
	KeepMost       int `json:"keep_most,omitempty" z:"min=1,max=10000000,literal,short,label=Keep at most,help=Finished executions; the oldest go first."`
	// AsInN8n makes the workflow behave as in n8n, where it may come from.
	AsInN8n bool `json:"as_in_n8n,omitempty" z:"literal,label=Behave as in n8n,help=For workflows that come from there: an expression that fails gives nothing and a failed item has its error as a text."`
}

// OnBusy is what happens to calls while as many executions run as may.
type OnBusy string

// Choices are the ways.
func (OnBusy) Choices() []field.Choice {
	return []field.Choice{{Value: "queue", Label: "Wait in the queue"}, {Value: "refuse", Label: "Be refused"}}
}

// Priority is how early executions get a place.
type Priority string

// Choices are the priorities, the first served first.
func (Priority) Choices() []field.Choice {
	return []field.Choice{{Value: "high", Label: "High"}, {Value: "normal", Label: "Normal"}, {Value: "low", Label: "Low"}}
}

// rank is the place of the priority among all of them.
func (p Priority) rank() int {
	return max(slices.IndexFunc(p.Choices(), func(c field.Choice) bool { return c.Value == string(cmp.Or(p, "normal")) }), 0)
}

// Callers says which workflows may call one.
type Callers string

const everyWorkflow Callers = "organization"

// Choices are the ways.
func (Callers) Choices() []field.Choice {
	return []field.Choice{
		{Value: "workspace", Label: "Workflows of its workspace"},
		{Value: string(everyWorkflow), Label: "All workflows of the organization"},
	}
}

// Fields gives the declared fields of what the engine does around nodes.
func Fields[T Settings | Handling | Retry]() []*field.Field {
	fields, err := field.Declared(reflect.TypeFor[T]())
	if err != nil {
		panic(err)
	}
	return fields
}

const (
	onErrorContinue = "continue"
	onErrorOutput   = "output"
	// errorOutput is the output of a node whose on_error is output.
	errorOutput = "error"
)

const (
	mostNodes       = 500
	mostConnections = 2000
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
	bounds := func(prefix string, fields []*field.Field, told any) {
		for _, f := range fields {
			given := f.Of(reflect.ValueOf(told))
			if message := f.Type.Check(f, given); message != "" && !given.IsZero() {
				refuse(prefix+f.Name, "%s", message)
			}
		}
	}
	handling, retry := Fields[Handling](), Fields[Retry]()
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
		bounds(field, handling, n.Handling)
		bounds(field+"retry.", retry, n.Retry)
	}
	for i, c := range g.Connections {
		if !ids[c.FromNode] || !ids[c.ToNode] {
			refuse(fmt.Sprintf("connections.%d", i), "leads from or to a node that is not there")
		}
	}
	bounds("settings.", Fields[Settings](), g.Settings)
	if wrong != nil {
		return fault.InvalidFields(wrong)
	}
	return nil
}
