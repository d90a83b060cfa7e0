package markup

// CanvasPage is where a workflow is drawn. All but the drawing comes from the server.
type CanvasPage struct {
	Shell  Shell
	Crumbs []Crumb
	// ID and Heading are those of the workflow, Href its page.
	ID, Heading, Href string
	State             Badge
	// Form is the same as a form that needs no script, Publish where the draft is published; empty hides it.
	Form, Publish string
	Actions       []Action
	MayRun        bool
	// Empty tells that there is nothing to draw; then the page offers Templates.
	Empty     bool
	Templates []Template
	// Data is what the script draws, as JSON.
	Data string
}

func (CanvasPage) Template() string { return "canvas" }

// NodePanel is the form of one node next to the canvas.
type NodePanel struct {
	Groups []FieldGroup
	// Node and Look are the node as the form reads, as JSON.
	Node, Look string
}

func (NodePanel) Template() string { return "node-panel" }
