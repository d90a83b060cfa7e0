package flow

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// progress draws one execution. Graph and list of steps have one selection, the chosen node, which stands in the address.
type progress struct {
	*web.Visit
	view  *flow.ExecutionView
	graph *flow.Graph
	path  string
	// published is the current version of the workflow.
	published int
	// hasDraft tells that the workflow has changes that are not published.
	hasDraft bool
	// editable tells that the person may change the workflow.
	editable bool
	chosen   *flow.StepView
	// last are the latest runs of the nodes, by their ids.
	last map[string]*flow.StepView
	// put is how many items left through each output of a node in all of its runs.
	put map[string]map[string]int
}

// progressOf is an execution with the graph that it ran, and the step of the address.
func progressOf(v *web.Visit, view *flow.ExecutionView) (*progress, error) {
	graph, err := flow.PublishedGraph(v.Person.Session, view.WorkflowID, view.WorkflowVersion)
	if err != nil {
		return nil, err
	}
	workflow, err := flow.Workflows.Get(v.Person.Session, view.WorkflowID)
	if err != nil {
		return nil, err
	}
	c := &progress{
		Visit:     v,
		view:      view,
		graph:     graph,
		published: workflow.PublishedVersion,
		hasDraft:  workflow.DraftVersion > 0,
		editable:  v.Site.Kind("workflow").May(v.Person.Session, workflow, resource.Update),
		path:      "/executions/" + view.ID,
	}
	c.choose(v.Query.Get("step"), v.Query.Get("run"))
	return c, nil
}

// choose takes the step of the address, a node's latest run where it names none, else the one that a person looks for first: what
// failed, what waits or runs, what came last.
func (c *progress) choose(id, run string) {
	rank := func(step *flow.StepView) int {
		switch {
		case step.NodeID == id && strconv.Itoa(step.Run) == run:
			return 5
		case step.NodeID == id:
			return 4
		case step.Status == "failed":
			return 3
		case step.Status == "running" || step.Status == "waiting":
			return 2
		case step.Status == "succeeded":
			return 1
		}
		return 0
	}
	c.last, c.put = map[string]*flow.StepView{}, map[string]map[string]int{}
	for i := range c.view.Nodes {
		step := &c.view.Nodes[i]
		c.last[step.NodeID] = step
		c.count(step)
		if c.chosen == nil || rank(step) >= rank(c.chosen) {
			c.chosen = step
		}
	}
}

// failed is the step that ended the execution.
func (c progress) failed() *flow.StepView {
	if c.view.Error == nil {
		return nil
	}
	for i := range c.view.Nodes {
		if step := &c.view.Nodes[i]; step.NodeID == c.view.Error.Node || c.view.Error.Node == "" && step.Status == "failed" {
			return step
		}
	}
	return nil
}

// stateOf translates the status of a step. What is pending while the execution goes on may still come; afterwards it was
// not reached.
func (c progress) stateOf(step *flow.StepView) markup.NodeState {
	switch step.Status {
	case "running":
		return markup.NodeRunning
	case "waiting", "retrying":
		return markup.NodeWaiting
	case "succeeded":
		return markup.NodeDone
	case "failed":
		return markup.NodeFailed
	case "skipped":
		return markup.NodeNotReached
	}
	return markup.NodeIdle
}

func (c progress) href(id string) string {
	return kinds.Address{Path: c.path, Values: c.Query}.With("step", id, "run", "")
}

// runHref leads to one run of a node that has several.
func (c progress) runHref(step *flow.StepView) string {
	if c.runs(step) < 2 {
		return c.href(step.NodeID)
	}
	return kinds.Address{Path: c.path, Values: c.Query}.With("step", step.NodeID, "run", strconv.Itoa(step.Run))
}

// runs counts the runs of a step's node.
func (c progress) runs(step *flow.StepView) int {
	if last := c.last[step.NodeID]; last != nil {
		return last.Run + 1
	}
	return 1
}

func (c progress) drawing(name string) *markup.Graph {
	drawn := drawing(c.graph, fmt.Sprintf("%s: %s, %s", name, counted(len(c.graph.Nodes), "node"), c.view.Status), c.href)
	for i := range drawn.Nodes {
		card := &drawn.Nodes[i]
		step := c.last[card.ID]
		if step == nil {
			continue
		}
		card.State, card.Current = c.stateOf(step), c.chosen != nil && c.chosen.NodeID == card.ID
		if step.DurationMS > 0 {
			card.Note = markup.Took(time.Duration(step.DurationMS) * time.Millisecond)
		}
		if step.Error != nil {
			card.Line = step.Error.Message
		}
	}
	for i := range drawn.Edges {
		edge := &drawn.Edges[i]
		from := c.last[edge.From]
		if from == nil {
			continue
		}
		output := cmp.Or(edge.Label, node.Main)
		if items := c.put[edge.From][output]; items > 0 {
			edge.State, edge.Label = markup.NodeDone, counted(items, "item")
		} else if c.view.Status.Finished() {
			edge.State = markup.NodeNotReached
		}
	}
	return drawn
}

// count adds the items that a step put out.
func (c *progress) count(step *flow.StepView) {
	for output, items := range itemsByOutput(step.Output) {
		if c.put[step.NodeID] == nil {
			c.put[step.NodeID] = map[string]int{}
		}
		c.put[step.NodeID][output] += len(items)
	}
}

func itemsByOutput(outputs field.JSON) map[string][]json.RawMessage {
	var named map[string][]json.RawMessage
	if len(outputs) == 0 || json.Unmarshal(outputs, &named) != nil {
		return nil
	}
	return named
}

// Of so many steps the first and the last are listed, and those that failed, wait, run or are chosen.
const listedFirst, listedLast = 50, 150

// stepList is the list by start. What may still come is left out until it does.
func (c progress) stepList() markup.Section {
	list := &markup.Steps{Label: "Steps by start", Start: c.view.StartedAt.Go(), Took: time.Duration(c.view.DurationMS) * time.Millisecond}
	if !c.view.Status.Finished() && c.view.StartedAt != 0 {
		list.Took = c.Person.Now.Sub(c.view.StartedAt)
	}
	hidden := c.view.LeftOut
	for i := range c.view.Nodes {
		step := &c.view.Nodes[i]
		state := c.stateOf(step)
		if state == markup.NodeIdle {
			continue
		}
		between := i >= listedFirst && i < len(c.view.Nodes)-listedLast && step != c.chosen
		if between && (state == markup.NodeDone || state == markup.NodeNotReached) {
			hidden++
			continue
		}
		if hidden > 0 && i >= listedFirst {
			list.Steps = append(list.Steps, markup.Step{Name: counted(hidden, "more step"), State: markup.NodeNotReached, Outcome: "not shown"})
			hidden = 0
		}
		list.Steps = append(list.Steps, c.listed(step, state))
	}
	return markup.Section{Title: "Steps", Steps: list}
}

// listed is one row of the list.
func (c progress) listed(step *flow.StepView, state markup.NodeState) markup.Step {
	shown := markup.Step{
		Name:    step.Name,
		Href:    c.runHref(step),
		State:   state,
		Start:   step.StartedAt.Go(),
		Took:    time.Duration(step.DurationMS) * time.Millisecond,
		Current: step == c.chosen,
	}
	if step.FinishedAt == 0 && step.StartedAt != 0 {
		shown.Took = c.Person.Now.Sub(step.StartedAt)
	}
	if n := totalItems(step.Output); n > 0 {
		shown.Outcome = counted(n, "item")
	}
	if step.Attempts > 1 {
		shown.Outcome = counted(step.Attempts, "attempt")
	}
	if step.Error != nil {
		shown.Cause = step.Error.Message
	}
	return shown
}

func totalItems(outputs field.JSON) int {
	total := 0
	for _, items := range itemsByOutput(outputs) {
		total += len(items)
	}
	return total
}

// chosenSections are what the chosen node received, gave and wrote.
func (c progress) chosenSections() []markup.Section {
	step := c.chosen
	if step == nil {
		return nil
	}
	facts := []markup.Fact{{Label: "Status", Value: markup.Badge{Tone: c.stateOf(step).Tone(), Word: c.statusWord(step)}}}
	if runs := c.runs(step); runs > 1 {
		facts = append(facts, markup.Fact{Label: "Run", Value: markup.Text(fmt.Sprintf("%d of %d", step.Run+1, runs))})
	}
	if step.Attempts > 0 {
		facts = append(facts, markup.Fact{Label: "Attempts", Value: markup.Count(step.Attempts)})
	}
	if step.StartedAt != 0 {
		facts = append(facts, markup.Fact{Label: "Started", Value: markup.ExactTime(step.StartedAt.Go())})
	}
	if step.FinishedAt != 0 {
		facts = append(facts, markup.Fact{Label: "Took", Value: markup.Duration(time.Duration(step.DurationMS) * time.Millisecond)})
	}
	sections := []markup.Section{{Title: step.Name, Facts: facts, Action: c.stepAction(step)}}
	add := func(title, id, text string) {
		if text != "" && text != "null" {
			sections = append(sections, markup.Section{Code: &markup.Code{ID: id, Label: title, Text: text}})
		}
	}
	if step.Error != nil {
		add("Error", "error", step.Error.Code+"\n"+step.Error.Message)
	}
	if exchange := step.Exchange; exchange != nil {
		add("Request", "request", written(exchange.Request.Method+" "+exchange.Request.URL, exchange.Request))
		if exchange.Answer != nil {
			add("Answer", "answer",
				written(strconv.Itoa(exchange.Answer.Status)+" "+http.StatusText(exchange.Answer.Status), *exchange.Answer))
		}
	}
	if step.TooLarge {
		add("Output", "output", "The steps before this one fill what a page may show; input and output are left out.")
	}
	add("Output", "output", pretty(step.Output))
	add("Input", "input", pretty(step.Input))
	add("Log", "log", bounded(strings.Join(step.Logs, "\n")))
	return sections
}

// stepAction leads to the form of a node that failed, as the workflow has it now, or pins what a node put out.
func (c progress) stepAction(step *flow.StepView) *markup.Action {
	switch {
	case !c.editable:
		return nil
	case step.Status == "succeeded" && totalItems(step.Output) > 0:
		return &markup.Action{
			Label: "Pin its output",
			Icon:  "pin",
			Post:  c.path + "/pin",
			Fields: []markup.Hidden{
				{Name: "node", Value: step.NodeID},
				{Name: "run", Value: strconv.Itoa(step.Run)},
			},
		}
	case step.Status != "failed":
		return nil
	}
	return &markup.Action{Label: "Edit this node", Icon: "pencil", Href: "/workflows/" + c.view.WorkflowID + "/edit#node-" + step.NodeID}
}

// written is a message as HTTP writes it: a first line, its headers and its body.
func written(first string, m node.Message) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(first) + "\n")
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		b.WriteString(name + ": " + m.Headers[name] + "\n")
	}
	if m.Body != "" {
		b.WriteString("\n" + pretty(field.JSON(m.Body)))
	}
	return bounded(b.String())
}

func (c progress) statusWord(step *flow.StepView) string {
	switch {
	case step.Status == "skipped":
		return "Not reached"
	case step.Status == "pending":
		return "Not reached yet"
	}
	return strings.ToUpper(step.Status[:1]) + step.Status[1:]
}

// longestShown bounds each document of the page, in bytes; the API has the whole.
const longestShown = 24 << 10

// largestIndented bounds what is laid out only to show its beginning, in bytes.
const largestIndented = 1 << 20

// pretty is a document with one value on a line.
func pretty(document field.JSON) string {
	switch {
	case len(document) == 0:
		return ""
	case len(document) > largestIndented:
		return bounded(string(document))
	}
	var out bytes.Buffer
	if json.Indent(&out, document, "", "  ") != nil {
		return bounded(string(document))
	}
	return bounded(out.String())
}

func bounded(text string) string {
	if len(text) <= longestShown {
		return text
	}
	return strings.ToValidUTF8(text[:longestShown], "") +
		fmt.Sprintf("\n… %s more; the API has the whole.", markup.Bytes(int64(len(text)-longestShown)))
}
