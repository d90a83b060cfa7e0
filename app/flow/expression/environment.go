package expression

import (
	"context"
	"time"

	"zygo/app/flow/memory"
	"zygo/app/value"
)

// Environment is what an expression can see. The engine makes one per node and changes Item and Index from item to item;
// an evaluation only reads it.
type Environment struct {
	Item  value.Item   // $json, $files, $input.item
	Index int          // $itemIndex: of Item in Input
	Input []value.Item // $input.all(), .first(), .last()
	Nodes Nodes        // $('Name'); nil has none

	Vars value.Value // $vars: an object
	Env  value.Value // $env: the tenant's environment variables, never the process's

	// Secret gives the secret that $secrets.NAME names, and refuses one that the workflow's owner may not use. It is nil
	// wherever the field is not marked for secrets.
	Secret func(ctx context.Context, name string) (string, error)

	Now       time.Time // $now and $today, in the workflow's time zone
	Workflow  Workflow
	Execution Execution

	// Parameters gives the settings of a node by its name, those of the current one for "": $parameter and .params. Nil has none.
	Parameters func(node string) value.Value
	Previous   string // $prevNode.name: the node that the input came from
	Run        int    // $runIndex: how often the node ran before, as it does in a loop

	// Hide makes the errors of JavaScript undefined, as n8n does. Those of Zygo's own names stay errors.
	Hide bool

	Script Script // for what is not compiled; nil refuses it

	Memory *memory.Meter // counts what is evaluated until the next item
	Owner  string        // the organization, whose share of the sandboxes a script uses
}

// Nodes gives access to what other nodes of the execution put out.
type Nodes interface {
	// Items are all items of the node's output that led here in its latest run, false if it hasn't run.
	Items(node string) ([]value.Item, bool)
	// Runs are the items of all its runs, by the run and by the output; false if the workflow has no such node.
	Runs(node string) ([][][]value.Item, bool)
	// Ancestor is the item of that node from which the given one was made, found along the lineage; false if there is
	// none. It is an item without JSON where n8n's is undefined.
	Ancestor(node string, of value.Item) (value.Item, bool)
}

// Workflow is $workflow.
type Workflow struct {
	ID, Name string
	Active   bool
}

// Execution is $execution; Mode is "manual" or "trigger", and Trigger tells for the latter what started it, such as "webhook".
type Execution struct {
	ID, Mode, Trigger string
	// Resume gives the address by which a step is called that waits for it; nil has none.
	Resume func() string
}

// Script evaluates one JavaScript expression. It sees of the environment what Find finds in the source. A property read
// of undefined or null gives undefined here too. In a text it gives what stands there. Errors are faults.
type Script func(ctx context.Context, source string, inText bool, env *Environment) (value.Value, error)

// Value is $workflow as an object.
func (w Workflow) Value() value.Value {
	return value.Object(value.Member{Key: "id", Value: value.String(w.ID)}, value.Member{Key: "name", Value: value.String(w.Name)},
		value.Member{Key: "active", Value: value.Bool(w.Active)})
}

// Value is $execution as an object.
func (e Execution) Value() value.Value {
	members := []value.Member{{Key: "id", Value: value.String(e.ID)}, {Key: "mode", Value: value.String(e.Mode)}}
	if e.Resume != nil {
		members = append(members, value.Member{Key: "resumeUrl", Value: value.String(e.Resume())})
	}
	return value.Object(members...)
}

// Today is the start of the day of Now.
func (e *Environment) Today() time.Time {
	year, month, day := e.Now.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, e.Now.Location())
}

// Items are the items of a node that must have run.
func (e *Environment) Items(node string) ([]value.Item, error) {
	if e.Nodes != nil {
		if items, ok := e.Nodes.Items(node); ok {
			return items, nil
		}
	}
	switch {
	case !e.HasNode(node):
		return nil, wrong("Referenced node doesn't exist")
	case e.Hide:
		return nil, wrong("Node '%s' hasn't been executed", node)
	}
	return nil, wrong("the node %q has not run", node)
}

// HasNode tells whether the workflow has a node. Only one that hides errors is published with the name of one that is not there.
func (e *Environment) HasNode(name string) bool {
	if e.Nodes == nil {
		return true
	}
	_, has := e.Nodes.Runs(name)
	return has
}

// Ancestor is the current item's ancestor in a node that must have run.
func (e *Environment) Ancestor(node string) (value.Item, error) {
	if _, err := e.Items(node); err != nil {
		return value.Item{}, err
	}
	if item, ok := e.Nodes.Ancestor(node, e.Item); ok {
		return item, nil
	}
	return value.Item{}, wrong("this item was made from no item of the node %q: use .first(), .last() or .all()", node)
}

// Shown is an item as an expression sees it. Where errors are hidden, it names the item that it was made from as in n8n.
func (e *Environment) Shown(item value.Item) value.Value {
	if !e.Hide {
		return item.Value()
	}
	from := item.From
	item.From = value.Origin{}
	shown := item.Value()
	if from.Node == "" {
		return shown
	}
	members := make([]value.Member, 0, 3)
	for key, v := range shown.Members() {
		members = append(members, value.Member{Key: key, Value: v})
	}
	paired := value.Object(value.Member{Key: "item", Value: value.Int(int64(from.Index))})
	return value.Object(append(members, value.Member{Key: "pairedItem", Value: paired})...)
}

// UseSecret gives a secret where secrets may be used.
func (e *Environment) UseSecret(ctx context.Context, name string) (string, error) {
	if e.Secret == nil {
		return "", wrong("secrets can't be used in this field")
	}
	return e.Secret(ctx, name)
}
