package markup

import (
	"time"
)

// Cell is a value as it stands in a table or among the facts of a page. There is one type for each way to show a value, and
// nil shows nothing.
type Cell interface {
	Write(m *Writer, viewer Viewer)
}

// Text is plain text on one line.
type Text string

func (c Text) Write(m *Writer, _ Viewer) { m.Text(string(c)) }

// Badge is a state: a word on its colour.
type Badge struct {
	Tone Tone
	Word string
}

func (c Badge) Write(m *Writer, _ Viewer) {
	m.Raw(`<span class="badge `)
	m.Text(c.Tone.Class())
	m.Raw(`">`)
	m.Text(c.Word)
	m.Raw(`</span>`)
}

// Time is a moment, relative with the exact one on hover. The zero Time shows nothing.
type Time time.Time

func (c Time) Write(m *Writer, viewer Viewer) {
	at := time.Time(c)
	if at.IsZero() {
		return
	}
	m.Raw(`<time`)
	m.Attribute("datetime", at.UTC().Format("2006-01-02T15:04:05.000Z"))
	m.Attribute("title", viewer.Exact(at))
	m.Raw(` data-relative>`)
	m.Text(viewer.Relative(at))
	m.Raw(`</time>`)
}

// ExactTime is a moment to the second, for facts and logs.
type ExactTime time.Time

func (c ExactTime) Write(m *Writer, viewer Viewer) {
	at := time.Time(c)
	if at.IsZero() {
		return
	}
	m.Raw(`<time`)
	m.Attribute("datetime", at.UTC().Format("2006-01-02T15:04:05.000Z"))
	m.Raw(`>`)
	m.Text(viewer.Exact(at))
	m.Raw(`</time>`)
}

// Count is a whole number.
type Count int64

func (c Count) Write(m *Writer, _ Viewer) { m.Text(Number(int64(c))) }

// Duration is how long something took.
type Duration time.Duration

func (c Duration) Write(m *Writer, _ Viewer) { m.Text(Took(time.Duration(c))) }

// Size is a number of bytes.
type Size int64

func (c Size) Write(m *Writer, _ Viewer) { m.Text(Bytes(int64(c))) }

// Reference is a link to another row or, with a whole address, to elsewhere.
type Reference Link

func (c Reference) Write(m *Writer, _ Viewer) {
	if c.Href == "" {
		m.Text(c.Label)
		return
	}
	m.Raw(`<a`)
	m.href(c.Href)
	m.Raw(`>`)
	m.Text(c.Label)
	m.Raw(`</a>`)
}

// Coloured is a reference in the colour of what it leads to.
type Coloured struct {
	Reference
	Tone Tone
}

func (c Coloured) Write(m *Writer, _ Viewer) {
	m.Raw(`<a class="badge `)
	m.Text(c.Tone.Class())
	m.Raw(`"`)
	m.href(c.Href)
	m.Raw(`>`)
	m.Text(c.Label)
	m.Raw(`</a>`)
}

// Tags are short words.
type Tags []string

func (c Tags) Write(m *Writer, viewer Viewer) {
	coloured := make(ColouredTags, len(c))
	for i, tag := range c {
		coloured[i] = Badge{Idle, tag}
	}
	coloured.Write(m, viewer)
}

// ColouredTags are tags of which some have a colour of their own.
type ColouredTags []Badge

func (c ColouredTags) Write(m *Writer, _ Viewer) {
	for i, tag := range c {
		if i > 0 {
			m.Raw(" ")
		}
		m.Raw(`<span class="tag `)
		m.Text(tag.Tone.Class())
		m.Raw(`">`)
		m.Text(tag.Word)
		m.Raw(`</span>`)
	}
}

// Identifier is an id, key or address that people copy.
type Identifier string

func (c Identifier) Write(m *Writer, _ Viewer) {
	m.Raw(`<button type="button" class="copy code"`)
	m.Attribute("data-copy", string(c))
	m.Attribute("aria-label", "Copy "+string(c))
	m.Raw(`>`)
	m.Text(string(c))
	m.Raw(`</button>`)
}

// Mono is text in the code face.
type Mono string

func (c Mono) Write(m *Writer, _ Viewer) {
	m.Raw(`<span class="code">`)
	m.Text(string(c))
	m.Raw(`</span>`)
}

// YesNo is a truth, as a word.
type YesNo bool

func (c YesNo) Write(m *Writer, _ Viewer) {
	if c {
		m.Raw("Yes")
	} else {
		m.Raw("No")
	}
}
