package markup

import (
	"time"
	"unicode/utf8"
)

// Graph is a workflow as a drawing that needs no script. Positions are those of the canvas, in its pixels.
type Graph struct {
	// Label says in a sentence what is drawn, for those who can't see it.
	Label string
	Nodes []GraphNode
	Edges []GraphEdge
}

// GraphNode is a card. Name and Line are cut where the card ends; Line says what the node does in this configuration.
type GraphNode struct {
	ID, Name, Line, Icon string
	// Tone is the colour of the icon's tile: the category.
	Tone  Tone
	State NodeState
	// Note stands at the right of the name: items and time, or until when it waits.
	Note    string
	Href    string
	Current bool
	X, Y    int
}

// NodeState is what became of a node in an execution; the zero state is that of a workflow that is not running.
type NodeState string

// The states of a node. NotReached is one that was never given anything, Skipped one that was told to let things pass.
const (
	NodeIdle       NodeState = ""
	NodeRunning    NodeState = "running"
	NodeDone       NodeState = "done"
	NodeFailed     NodeState = "failed"
	NodeWaiting    NodeState = "waiting"
	NodeSkipped    NodeState = "skipped"
	NodeNotReached NodeState = "not-reached"
)

// Word is the state for people.
func (s NodeState) Word() string {
	if s == NodeNotReached {
		return "not reached"
	}
	return string(s)
}

// Tone is the colour of the state.
func (s NodeState) Tone() Tone {
	switch s {
	case NodeDone:
		return Good
	case NodeFailed:
		return Bad
	case NodeWaiting:
		return Warn
	case NodeRunning:
		return Info
	}
	return Idle
}

// Icon is the drawing of the state.
func (s NodeState) Icon() string {
	switch s {
	case NodeDone:
		return "circle-check"
	case NodeFailed:
		return "circle-x"
	case NodeWaiting:
		return "clock"
	case NodeRunning:
		return "loader"
	case NodeSkipped:
		return "skip-forward"
	}
	return "circle-dashed"
}

// GraphEdge leads from the right of one node to the left of another. Label is the number of items after a run, or the name of
// the output; a label stays when the edge was not reached.
type GraphEdge struct {
	From, To, Label string
	State           NodeState
}

const (
	cardWidth, cardHeight = 208, 56
	tileSize              = 32
	graphMargin           = 24
	// Letters of 13 and 12 px that fit beside the tile, measured with the widest of the usual faces.
	nameLetters, lineLetters = 20, 21
)

func (m *Writer) graph(sprite string, graph *Graph) {
	places := map[string]*GraphNode{}
	for i := range graph.Nodes {
		places[graph.Nodes[i].ID] = &graph.Nodes[i]
	}
	left, top, right, bottom := graph.bounds()
	for _, edge := range graph.Edges {
		if from, to := places[edge.From], places[edge.To]; from != nil && to != nil && leadsBack(from, to) {
			bottom += graphMargin // for the line and its label
			break
		}
	}
	m.Raw(`<svg xmlns="http://www.w3.org/2000/svg" role="group" width="`)
	m.number(right - left)
	m.Raw(`" height="`)
	m.number(bottom - top)
	m.Raw(`" viewBox="`)
	for _, value := range [...]int{left, top, right - left, bottom - top} {
		m.number(value)
		m.Raw(" ")
	}
	m.Raw(`"`)
	m.Attribute("aria-label", graph.Label)
	m.Raw(`>`)
	for i := range graph.Edges {
		edge := &graph.Edges[i]
		if from, to := places[edge.From], places[edge.To]; from != nil && to != nil {
			m.edge(edge, from, to, bottom-graphMargin/2)
		}
	}
	for i := range graph.Nodes {
		m.node(sprite, &graph.Nodes[i])
	}
	m.Raw(`</svg>`)
}

func (g *Graph) bounds() (left, top, right, bottom int) {
	for i, node := range g.Nodes {
		if i == 0 {
			left, top, right, bottom = node.X, node.Y, node.X, node.Y
		}
		left, top = min(left, node.X), min(top, node.Y)
		right, bottom = max(right, node.X), max(bottom, node.Y)
	}
	return left - graphMargin, top - graphMargin, right + cardWidth + graphMargin, bottom + cardHeight + graphMargin
}

// edge draws a curve that leaves and arrives level, so that crossing edges stay tellable. One that leads back runs below
// all cards.
func (m *Writer) edge(edge *GraphEdge, from, to *GraphNode, below int) {
	x1, y1 := from.X+cardWidth, from.Y+cardHeight/2
	x2, y2 := to.X, to.Y+cardHeight/2
	bend := max(32, (x2-x1)/2)
	label := (y1 + y2) / 2
	m.Raw(`<path class="edge `)
	m.Text(string(edge.State))
	m.Raw(`" d="`)
	if !leadsBack(from, to) {
		m.curve("M", x1, y1)
		m.curve("C", x1+bend, y1)
	} else {
		label = below
		m.curve("M", x1, y1)
		m.curve("C", x1+bend, y1)
		m.curve(" ", x1+bend, label)
		m.curve(" ", x1, label)
		m.curve("L", x2, label)
		m.curve("C", x2-bend, label)
	}
	m.curve(" ", x2-bend, y2)
	m.curve(" ", x2, y2)
	m.Raw(`"/>`)
	if edge.Label != "" {
		m.label("edge-label", (x1+x2)/2, label-6, edge.Label) // above the line
	}
}

func leadsBack(from, to *GraphNode) bool { return to.X < from.X+cardWidth }

// curve writes a command of a path and its point.
func (m *Writer) curve(command literal, x, y int) {
	m.Raw(command)
	m.number(x)
	m.Raw(" ")
	m.number(y)
}

func (m *Writer) node(sprite string, node *GraphNode) {
	m.Raw(`<a`)
	m.href(node.Href)
	if node.Current {
		m.Raw(` aria-current="true"`)
	}
	m.Raw(`><g class="node `)
	m.Text(string(node.State))
	m.Raw(`"><rect class="card-box" rx="8" width="208" height="56"`)
	m.at(node.X, node.Y)
	m.Raw(`/><g class="`)
	m.Text(node.Tone.Class())
	m.Raw(`"><rect class="tile" rx="6" width="32" height="32"`)
	m.at(node.X+12, node.Y+12)
	m.Raw(`/><svg class="icon glyph" aria-hidden="true" width="16" height="16"`)
	m.at(node.X+20, node.Y+20)
	m.Raw(`><use`)
	m.Attribute("href", sprite+"#"+node.Icon)
	m.Raw(`/></svg></g>`)
	if node.State != NodeIdle {
		m.Raw(`<g class="`)
		m.Text(node.State.Tone().Class())
		m.Raw(`"><svg class="icon glyph" role="img" width="14" height="14"`)
		m.Attribute("aria-label", node.State.Word())
		m.at(node.X+cardWidth-22, node.Y+32)
		m.Raw(`><use`)
		m.Attribute("href", sprite+"#"+node.State.Icon())
		m.Raw(`/></svg></g>`)
	}
	letters := nameLetters
	if node.Note != "" {
		letters -= utf8.RuneCountInString(node.Note) + 1
		m.label("node-note", node.X+cardWidth-10, node.Y+23, node.Note)
	}
	m.label("node-name", node.X+12+tileSize+10, node.Y+24, Cut(node.Name, letters))
	letters = lineLetters
	if node.State != NodeIdle {
		letters -= 3 // the mark of the state stands at the end
	}
	m.label("node-line", node.X+12+tileSize+10, node.Y+42, Cut(node.Line, letters))
	m.Raw(`</g></a>`)
}

func (m *Writer) at(x, y int) {
	m.Raw(` x="`)
	m.number(x)
	m.Raw(`" y="`)
	m.number(y)
	m.Raw(`"`)
}

func (m *Writer) label(class literal, x, y int, text string) {
	m.Raw(`<text class="`)
	m.Raw(class)
	m.Raw(`"`)
	m.at(x, y)
	m.Raw(`>`)
	m.Text(text)
	m.Raw(`</text>`)
}

// Cut shortens a text to a number of letters.
func Cut(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	runes := []rune(text)
	return string(runes[:max(letters, 2)-1]) + "…"
}

// Steps is the course of an execution: a bar for each step on the time that the whole took.
type Steps struct {
	Label string
	Start time.Time
	Took  time.Duration
	Steps []Step
}

// Step is one run of one node.
type Step struct {
	Name, Href string
	State      NodeState
	Start      time.Time
	Took       time.Duration
	// Outcome is short: "3 items", "attempt 2 of 5".
	Outcome string
	// Cause says why a step failed or waits.
	Cause   string
	Current bool
}

// TookText is the time that the step took, or nothing for one that never ran.
func (s Step) TookText() string {
	if s.State == NodeSkipped || s.State == NodeNotReached || s.State == NodeIdle || s.Start.IsZero() {
		return ""
	}
	return Took(s.Took)
}

// span is the bar of a step, as a drawing of a thousand units, so that no style is needed to place it.
func (m *Writer) span(steps *Steps, step Step) {
	const units = 1000
	share := func(d time.Duration) int {
		if steps.Took <= 0 {
			return 0
		}
		return int(min(units, max(0, d*units/steps.Took)))
	}
	from := min(share(step.Start.Sub(steps.Start)), units-6)
	m.Raw(`<svg class="span" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="5" width="1000" height="2"/>`)
	if step.TookText() == "" {
		m.Raw(`</svg>`)
		return
	}
	m.Raw(`<rect y="2" height="8" x="`)
	m.number(from)
	m.Raw(`" width="`)
	m.number(min(max(6, share(step.Took)), units-from))
	m.Raw(`"/></svg>`)
}
