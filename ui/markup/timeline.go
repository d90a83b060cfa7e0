package markup

import (
	"time"
)

// Composer is a form of one text. Page is where somebody returns to who has to sign in before it is sent.
type Composer struct{ Action, Name, Label, Draft, Page string }

// TimelineEntry is one thing that happened, from the ledger, or one that somebody wrote.
type TimelineEntry struct {
	At   time.Time
	Icon string
	Tone Tone
	// Actor did it; Text says what, in the past tense ("acknowledged this incident").
	Actor, Text string
	Changes     []Change
	// Note is what the person wrote with it, in Markdown.
	Note string
	// Href leads to a page of its own, empty for none.
	Href string
}

// Change is a field before and after; either may be empty.
type Change struct {
	Field, Before, After string
}
