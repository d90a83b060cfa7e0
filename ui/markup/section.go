package markup

// Section is a titled part of a detail page. Of what it can hold, whatever is set is shown in the order of the fields.
type Section struct {
	Title  string
	Action *Action
	// All leads to the whole of what the section shows the beginning of; nil for none.
	All   *Link
	Facts []Fact
	// Unset are facts without a value, which wait behind a button.
	Unset []Fact
	// Markdown is shown as formatted text without anything that could act.
	Markdown string
	// Text is shown as it was written, with its lines.
	Text    string
	Code    *Code
	Picture *Picture
	Graph   *Graph
	Canvas  *CanvasView
	Steps   *Steps
	Chart   *Chart
	Table   *Table
	// Checklist is steps to go through.
	Checklist *Checklist
	// Story is texts that people wrote, the newest first; Composer adds one.
	Story    []TimelineEntry
	Composer *Composer
	// Empty is a sentence for when there is nothing to show.
	Empty string
}

// Fact is a named value.
type Fact struct {
	Label string
	Value Cell
}

// Shown tells whether there is a value: a No and a 0 are ones too.
func (f Fact) Shown() bool { return f.Value != nil }
