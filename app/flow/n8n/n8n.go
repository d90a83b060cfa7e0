// Package n8n reads workflows of n8n and makes workflows of them that run here: nodes, wires, expressions, pinned items, notes and
// settings, and a report of what is the same, what is like it, and what somebody has to look at. It changes nothing and asks
// nobody; what it reads is a file.
//
// Start with Read. The node types are in nodes_*.go, one function for each; what it does not know becomes a placeholder, which
// keeps name, place, wires and parameters, so that nothing is lost.
package n8n

import (
	"fmt"
	"regexp"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/value"
)

// Workflow is what Read made of one.
type Workflow struct {
	Name                         string
	Nodes, Connections, Settings value.Value
	Report                       Report
	// Within are workflows that stand in a node which runs them, by the node's id.
	Within map[string]*Workflow
	// Secrets are what known credentials hold, as the nodes use it.
	Secrets []Secret
}

// largest is what a file may have, in bytes, and mostNodes what a workflow may.
const (
	largest   = 8 << 20
	mostNodes = 500
)

// Known is what is known of the n8n that a workflow comes from, where more than its file is there.
type Known struct {
	// Workflows are the ids here of the workflows there, by their ids there.
	Workflows map[string]string
	// Credentials are those of n8n by their ids.
	Credentials map[string]Credential
}

// Secret is what a secret is to hold that the workflow uses.
type Secret struct{ Name, Value string }

// Read reads one workflow: as n8n exports it, as its editor copies it, or within {"workflow": …} or {"data": …}.
func Read(text []byte) (*Workflow, error) { return readFile(text, Known{}) }

func readFile(text []byte, known Known) (*Workflow, error) {
	text = []byte(strings.TrimPrefix(string(text), "\ufeff"))
	if len(text) > largest {
		return nil, fault.New(fault.TooLarge, "The file has %d bytes; %d are the most.", len(text), largest)
	}
	document, err := value.Parse(text, value.Limits{Bytes: largest})
	if err != nil {
		return nil, fault.InvalidField("workflow", "is no JSON: %v", err)
	}
	for range 3 {
		switch {
		case document.Kind() == value.ListKind && document.Len() == 1:
			document = document.At(0)
		case document.Get("nodes").Len() > mostNodes:
			return nil, fault.InvalidField("workflow", "has %d nodes; %d are the most", document.Get("nodes").Len(), mostNodes)
		case document.Get("nodes").Kind() == value.ListKind:
			return read(document, known), nil
		case document.Get("workflow").Kind() == value.ObjectKind:
			document = document.Get("workflow")
		case !document.Get("data").IsMissing():
			document = document.Get("data")
		}
	}
	return nil, fault.InvalidField("workflow", "is no workflow of n8n: it has no list of nodes")
}

// In reads a workflow of the instance.
func (w *Stored) In(known Known) (*Workflow, error) {
	if count := w.File.Get("nodes").Len(); count > mostNodes {
		return nil, fault.InvalidField("workflow", "has %d nodes; %d are the most", count, mostNodes)
	}
	return read(w.File, known), nil
}

// reader is one workflow being read.
type reader struct {
	source value.Value
	known  Known
	// secrets are those of known credentials that the nodes use.
	secrets []Secret
	nodes   []*node
	byName  map[string]*node
	report  Report
	made    []value.Value
	// within are the workflows that stand in nodes.
	within map[string]*Workflow
	// started are triggers that stand for a part of a node, and leads their wires.
	started, leads []value.Value
}

// node is one node being read.
type node struct {
	*reader
	id, name, kind string
	version        float64
	source         value.Value
	parameters     value.Value
	// outputs are the names of the outputs here, by their place in n8n, and inputs those of the inputs.
	outputs, inputs []string
	isError         bool
	notes           int
	// reason says why the node stays a placeholder, where that is more than that its type is not there.
	reason string
	// secretName is the secret that stands for the credential, where the node names one.
	secretName string
	// opened is that credential, where it is known.
	opened *Credential
	// secretHint says what that secret holds, where that is more than the credential's key.
	secretHint string
	// before are a trigger and what stands between it and the node, which has the last part of what n8n's trigger did.
	before []target
	// end is set for an If that only ends a loop.
	end *loopEnd
	// isEnded tells that such an If ends the loop.
	isEnded bool
}

// target is what a node becomes.
type target struct {
	kind   string
	config value.Value
}

func read(document value.Value, known Known) *Workflow {
	r := &reader{source: document, known: known, byName: map[string]*node{}, within: map[string]*Workflow{}}
	for _, source := range document.Get("nodes").Elements() {
		r.begin(source)
	}
	for _, n := range r.nodes {
		if n.end = n.findLoopEnd(); n.end != nil {
			n.end.loop.isEnded = true
		}
	}
	for _, n := range r.nodes {
		r.finish(n)
	}
	r.report.Nodes = len(r.nodes)
	name := document.Get("name").Raw()
	if name == "" {
		name = "From n8n"
	}
	w := &Workflow{Name: name, Nodes: value.List(append(r.made, r.started...)...), Connections: r.connections(), Settings: r.settings()}
	w.Report, w.Secrets, w.Within = r.report, r.secrets, r.within
	if w.Report.Notes == nil {
		w.Report.Notes = []Note{}
	}
	if w.Report.Credentials == nil {
		w.Report.Credentials = []string{}
	}
	return w
}

var identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// begin takes a node's name and place among the others.
func (r *reader) begin(source value.Value) {
	n := &node{reader: r, id: source.Get("id").Raw(), name: source.Get("name").Raw(), source: source, parameters: source.Get("parameters")}
	n.kind = source.Get("type").Raw()
	n.kind = strings.TrimPrefix(strings.TrimPrefix(n.kind, "n8n-nodes-base."), "@n8n/n8n-nodes-langchain.")
	n.version, _ = source.Get("typeVersion").Double()
	for i := 2; !identifier.MatchString(n.id) || r.hasID(n.id); i++ {
		n.id = fmt.Sprintf("n%d", len(r.nodes)+i)
	}
	if n.name == "" {
		n.name = n.id
	}
	if r.byName[n.name] != nil {
		n.note("has the name of another node; wires and expressions lead to the first")
		n.name = fmt.Sprintf("%s %d", n.name, len(r.nodes)+1)
	}
	r.byName[n.name] = n
	r.nodes = append(r.nodes, n)
}

func (r *reader) hasID(id string) bool {
	for _, n := range r.nodes {
		if n.id == id {
			return true
		}
	}
	for _, made := range r.started {
		if made.Get("id").Raw() == id {
			return true
		}
	}
	return false
}

// note tells what somebody has to look at.
func (n *node) note(format string, args ...any) {
	n.notes++
	n.report.Notes = append(n.report.Notes, Note{n.name, fmt.Sprintf(format, args...)})
}

// finish makes the node.
func (r *reader) finish(n *node) {
	made := n.target()
	for _, name := range expression.Find(strings.ReplaceAll(n.parameters.JSON(), `\"`, `"`)).Nodes {
		if r.byName[name] == nil { // such a workflow is published, and fails there
			n.note("names %q in an expression, which is none of these nodes", name)
		}
	}
	if n.notes == 0 && made.kind != placeholder {
		r.report.Same++
	}
	members := []value.Member{text("id", n.id), text("type", made.kind), text("name", n.name),
		member("position", object(member("x", n.place(0)), member("y", n.place(1)))), member("config", made.config)}
	members = append(members, n.envelope(made.kind)...)
	r.made = append(r.made, value.Object(members...))
	r.putBefore(n)
	for kind, credential := range n.source.Get("credentials").Members() {
		name := credential.Get("name").Raw()
		if name == "" {
			name = kind
		}
		if n.secretName != "" {
			r.report.Credentials = append(r.report.Credentials, name+" ("+kind+", for "+n.name+"): the secret "+n.secretName+n.secretHint)
			continue
		}
		r.report.Credentials = append(r.report.Credentials, name+" ("+kind+", for "+n.name+")")
		n.note("used the credential %s; make a secret of it and choose it in the node", name)
	}
}

// putBefore makes the trigger that leads to a node, and what stands between them, under names of their own: expressions mean the node.
// What stands between puts something out in any case, so that a list without entries is something that was seen.
func (r *reader) putBefore(n *node) {
	var last string
	for i, t := range n.before {
		part := []string{"start", "list"}[min(i, 1)]
		id, name := n.id[:min(len(n.id), 50)]+"_"+part, n.name+" ("+part+")"
		for k := len(r.started); r.hasID(id) || r.byName[name] != nil; k++ {
			id, name = fmt.Sprintf("%s%d", part, k), fmt.Sprintf("%s (%s %d)", n.name, part, k)
		}
		x, _ := n.place(0).Whole()
		made := []value.Member{text("id", id), text("type", t.kind), text("name", name),
			member("position", object(member("x", value.Int(x-startBefore*int64(len(n.before)-i))), member("y", n.place(1)))),
			member("config", t.config)}
		if n.source.Get("disabled").Truthy() {
			made = append(made, member("disabled", value.Bool(true)))
		}
		if last != "" {
			made = append(made, member("always_output", value.Bool(true)))
			r.lead(last, id)
		}
		r.started, last = append(r.started, value.Object(made...)), id
	}
	if last != "" {
		r.lead(last, n.id)
	}
}

// lead leads from one node to another that n8n did not have.
func (r *reader) lead(from, to string) {
	r.leads = append(r.leads, object(text("id", "s"+to), text("from_node", from), text("from_output", "main"), text("to_node", to),
		text("to_input", "main")))
}

// startBefore is how far to the left of its node a trigger stands.
const startBefore = 240

// place is a coordinate on the canvas, as a whole number.
func (n *node) place(axis int) value.Value {
	v := n.source.Get("position").At(axis)
	if at, ok := v.Double(); ok && v.Kind() == value.NumberKind {
		return value.Int(int64(max(min(at, 1e6), -1e6)))
	}
	return value.Int(0)
}

// target maps the node by its type.
func (n *node) target() target {
	n.outputs = []string{"main"}
	if made := readType(n); made.kind != "" {
		return made
	}
	n.outputs, n.inputs = placeholderOutputs, nil
	if n.reason == "" {
		n.reason = fmt.Sprintf("is of the type %s, which Zygo does not have. It stands for itself and lets items pass; replace it", n.kind)
	}
	n.note("%s", n.reason)
	version := value.Value{}
	if given := n.source.Get("typeVersion"); given.Kind() == value.NumberKind {
		version = given
	}
	return target{placeholder, object(text("type", n.kind), member("version", version), member("parameters", n.parameters),
		member("credentials", n.source.Get("credentials")), member("parts", n.partOf()))}
}

// partOf says of which nodes the node was a part, and as what: the model, the memory or a tool of an agent.
func (n *node) partOf() value.Value {
	var all []value.Value
	for kind, outputs := range n.reader.source.Get("connections").Get(n.name).Members() {
		if kind == "main" {
			continue
		}
		for _, wires := range outputs.Elements() {
			for _, wire := range wires.Elements() {
				to := wire.Get("node").Raw()
				n.note("was the %s of %s", strings.TrimPrefix(kind, "ai_"), to)
				all = append(all, object(text("of", to), text("as", kind)))
			}
		}
	}
	if all == nil {
		return value.Value{}
	}
	return value.List(all...)
}

const placeholder = "placeholder"

// placeholderOutputs are one: what led on from another output of the node is told.
var placeholderOutputs = []string{"main"}

// envelope is what the engine does around a node.
func (n *node) envelope(kind string) []value.Member {
	var members []value.Member
	isTrue := func(name string) bool { return n.source.Get(name).Truthy() }
	if isTrue("disabled") || kind == placeholder {
		members = append(members, member("disabled", value.Bool(true)))
	}
	if isTrue("executeOnce") {
		members = append(members, member("execute_once", value.Bool(true)))
	}
	if isTrue("alwaysOutputData") {
		members = append(members, member("always_output", value.Bool(true)))
	}
	switch on := n.source.Get("onError").Raw(); {
	case on == "continueErrorOutput":
		n.isError = true
		members = append(members, text("on_error", "output"))
	case on == "continueRegularOutput", isTrue("continueOnFail"):
		members = append(members, text("on_error", "continue"))
	}
	if isTrue("retryOnFail") {
		attempts, ok := n.source.Get("maxTries").Whole()
		if !ok {
			attempts = 3
		}
		pause, ok := n.source.Get("waitBetweenTries").Double()
		if !ok || n.source.Get("waitBetweenTries").Kind() != value.NumberKind {
			pause = 1000
		}
		members = append(members, member("retry", object(member("attempts", value.Int(min(max(attempts, 1), 10))),
			member("delay", value.Int(min(max(int64(pause+999)/1000, 1), 900))), text("backoff", "fixed"))))
	}
	if notes := n.source.Get("notes").Raw(); notes != "" {
		members = append(members, text("notes", notes))
	}
	if pinned := n.reader.source.Get("pinData").Get(n.name); pinned.Kind() == value.ListKind {
		var items []value.Value
		for _, item := range pinned.Elements() {
			if json := item.Get("json"); json.Kind() == value.ObjectKind {
				item = json
			}
			items = append(items, item)
		}
		members = append(members, member("pin", value.List(items...)))
	}
	return members
}

func member(key string, v value.Value) value.Member { return value.Member{Key: key, Value: v} }

func text(key, content string) value.Member {
	return value.Member{Key: key, Value: value.String(content)}
}

// object makes an object, without the members that are missing.
func object(members ...value.Member) value.Value {
	kept := members[:0:0]
	for _, m := range members {
		if m.Value.Kind() != value.UndefinedKind {
			kept = append(kept, m)
		}
	}
	return value.Object(kept...)
}
