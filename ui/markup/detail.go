package markup

import (
	"time"
)

// DetailPage shows one row of a kind.
type DetailPage struct {
	// Kind is that of the rows; empty on a page that belongs to none.
	Kind   string
	Shell  Shell
	Crumbs []Crumb
	// Place is where the row stands in the list that the person came from; nil when they came from elsewhere.
	Place *Place
	// Heading is the row's name, State its badge; the zero Badge is left out.
	Heading string
	State   Badge
	Primary *Action
	Actions []Action
	Notice  *Strip
	Tabs    []Tab
	// Top takes the whole width, Main is the wide column below it, Side the facts beside that.
	Top, Main, Side []Section
	// Timeline is the newest first; More leads to the rest and may be empty.
	Timeline     []TimelineEntry
	TimelineMore string
	// Self is the path of the page, Live what it shows in words of the stream ("incident:ID").
	Self, Live string
	// Stream is the address of a stream of the page's own, whose every event refreshes it; empty for none.
	Stream string
}

func (DetailPage) Template() string { return "detail" }

// Part is what htmx refreshes of the page.
func (DetailPage) Part() Fragment { return DetailFragment }

// Place leads to the neighbours in the list. An empty Href is an end of the list; Index is 0 where the row itself is no
// longer in it.
type Place struct {
	Index                  int
	Total                  string
	PreviousHref, NextHref string
}

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
	Steps   *Steps
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

// Code is text to read and copy as it stands. ID has to be unique on the page.
type Code struct {
	ID, Label, Text string
}

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
