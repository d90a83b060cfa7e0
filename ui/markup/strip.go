package markup

// Strip is a message at the place it is about.
type Strip struct {
	Tone Tone
	// Text says what happened and why, Remedy what to do.
	Text, Remedy string
	// Items lists the parts, with a link to each where it has an Href.
	Items   []Link
	Actions []Action
	// Request is the id that leads to the log line; empty hides it.
	Request string
}

// Link is a text that leads somewhere; without Href it is only text.
type Link struct {
	Label, Href string
}

// Undo is the toast after a change that can be taken back by posting to Action within ten seconds.
type Undo struct {
	Text, Action string
}

// Tone is what a colour means. The word or icon next to it always says the same.
type Tone string

// The tones; the zero Tone is Idle.
const (
	Idle Tone = "idle"
	Good Tone = "good"
	Warn Tone = "warn"
	Bad  Tone = "bad"
	Info Tone = "info"
)

// Class is the name in the stylesheet.
func (t Tone) Class() string {
	if t == "" {
		return string(Idle)
	}
	return string(t)
}

// Icon is the drawing that goes with the tone in strips and timelines.
func (t Tone) Icon() string {
	switch t {
	case Good:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Bad:
		return "circle-alert"
	}
	return "info"
}

// Crumb is a step of the path from the list to the page.
type Crumb = Link
