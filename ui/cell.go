package ui

import "time"

// Cell is a value as it stands in a table or among the facts of a page. There is one type for each way to show a value, and
// nil shows nothing.
type Cell interface {
	write(m *markup, viewer Viewer)
}

// Text is plain text on one line.
type Text string

func (c Text) write(m *markup, _ Viewer) { m.text(string(c)) }

// Badge is a state: a word on its colour.
type Badge struct {
	Tone Tone
	Word string
}

func (c Badge) write(m *markup, _ Viewer) {
	m.raw(`<span class="badge `)
	m.text(c.Tone.Class())
	m.raw(`">`)
	m.text(c.Word)
	m.raw(`</span>`)
}

// Time is a moment, relative with the exact one on hover. The zero Time shows nothing.
type Time time.Time

func (c Time) write(m *markup, viewer Viewer) {
	at := time.Time(c)
	if at.IsZero() {
		return
	}
	m.raw(`<time`)
	m.attribute("datetime", at.UTC().Format("2006-01-02T15:04:05.000Z"))
	m.attribute("title", viewer.Exact(at))
	m.raw(` data-relative>`)
	m.text(viewer.Relative(at))
	m.raw(`</time>`)
}

// ExactTime is a moment to the second, for facts and logs.
type ExactTime time.Time

func (c ExactTime) write(m *markup, viewer Viewer) {
	at := time.Time(c)
	if at.IsZero() {
		return
	}
	m.raw(`<time`)
	m.attribute("datetime", at.UTC().Format("2006-01-02T15:04:05.000Z"))
	m.raw(`>`)
	m.text(viewer.Exact(at))
	m.raw(`</time>`)
}

// Count is a whole number.
type Count int64

func (c Count) write(m *markup, _ Viewer) { m.text(Number(int64(c))) }

// Duration is how long something took.
type Duration time.Duration

func (c Duration) write(m *markup, _ Viewer) { m.text(Took(time.Duration(c))) }

// Size is a number of bytes.
type Size int64

func (c Size) write(m *markup, _ Viewer) { m.text(Bytes(int64(c))) }

// Reference is a link to another row or, with a whole address, to elsewhere.
type Reference Link

func (c Reference) write(m *markup, _ Viewer) {
	if c.Href == "" {
		m.text(c.Label)
		return
	}
	m.raw(`<a`)
	m.href(c.Href)
	m.raw(`>`)
	m.text(c.Label)
	m.raw(`</a>`)
}

// Coloured is a reference in the colour of what it leads to.
type Coloured struct {
	Reference
	Tone Tone
}

func (c Coloured) write(m *markup, _ Viewer) {
	m.raw(`<a class="badge `)
	m.text(c.Tone.Class())
	m.raw(`"`)
	m.href(c.Href)
	m.raw(`>`)
	m.text(c.Label)
	m.raw(`</a>`)
}

// Tags are short words.
type Tags []string

func (c Tags) write(m *markup, viewer Viewer) {
	coloured := make(ColouredTags, len(c))
	for i, tag := range c {
		coloured[i] = Badge{Idle, tag}
	}
	coloured.write(m, viewer)
}

// ColouredTags are tags of which some have a colour of their own.
type ColouredTags []Badge

func (c ColouredTags) write(m *markup, _ Viewer) {
	for i, tag := range c {
		if i > 0 {
			m.raw(" ")
		}
		m.raw(`<span class="tag `)
		m.text(tag.Tone.Class())
		m.raw(`">`)
		m.text(tag.Word)
		m.raw(`</span>`)
	}
}

// Identifier is an id, key or address that people copy.
type Identifier string

func (c Identifier) write(m *markup, _ Viewer) {
	m.raw(`<button type="button" class="copy code"`)
	m.attribute("data-copy", string(c))
	m.attribute("aria-label", "Copy "+string(c))
	m.raw(`>`)
	m.text(string(c))
	m.raw(`</button>`)
}

// Mono is text in the code face.
type Mono string

func (c Mono) write(m *markup, _ Viewer) {
	m.raw(`<span class="code">`)
	m.text(string(c))
	m.raw(`</span>`)
}

// YesNo is a truth, as a word.
type YesNo bool

func (c YesNo) write(m *markup, _ Viewer) {
	if c {
		m.raw("Yes")
	} else {
		m.raw("No")
	}
}
