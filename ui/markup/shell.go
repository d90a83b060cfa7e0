package markup

import (
	"slices"
	"strings"
)

// Shell is what surrounds each page of somebody who is signed in.
type Shell struct {
	// Title is the page's, for the browser's tab.
	Title  string
	Viewer Viewer
	Person Person
	Tenant Tenant
	Brand  Brand
	// Tenants are those that the person can switch to; with one or none there is nothing to switch.
	Tenants []Tenant
	// Found is where another organization is made; empty hides it.
	Found string
	Nav   []NavGroup
	// Create is where the phone's bar and the key c lead from a page that creates nothing itself; empty hides it.
	Create string
	// Find is the page that searches everything; empty hides it.
	Find string
	// Owner is whose rows the browser remembers as seen last: one person in one tenant.
	Owner string
	// Look is what the person chose for this browser.
	Look Look
	// Token goes with every form, as form_token.
	Token string
	// Live is the address of the stream of changes, events named "change" with {"kind", "id"}; empty when the page never
	// changes by itself. Its parameters may say where the page's own knowledge ends.
	Live string
	// Saved is the draft that ended with the form before this page.
	Saved string
	// Here is the address of the page.
	Here string
	// Posted tells that the page answers a form, which it shows as it was sent.
	Posted bool
	// Undo offers to take back what was just done.
	Undo *Undo
	// Notice stands above the content until its cause is gone.
	Notice *Strip
}

// Switches tells whether there is an organization to go to, or one to be made.
func (s Shell) Switches() bool {
	return s.Found != "" || slices.ContainsFunc(s.Tenants, func(t Tenant) bool { return !t.Current })
}

// Person is whoever looks at the page.
type Person struct {
	Name, Email string
	// Picture is the address of their picture; empty shows initials.
	Picture string
}

// Initials is at most two letters for the round picture.
func (p Person) Initials() string {
	letters := ""
	words := strings.Fields(p.Name)
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	for _, word := range words {
		for _, letter := range word {
			letters += string(letter)
			break
		}
	}
	return strings.ToUpper(letters)
}

// Tenant is an organization that the person is a member of. Switch is the path that a form posts to.
type Tenant struct {
	Name, Switch string
	Current      bool
}

// Look is what a browser's cookies say; each empty field is the usual.
type Look struct {
	// Theme is "light", "dark" or empty for the system's.
	Theme string
	// Density is "compact" or empty.
	Density string
	// Sidebar is "collapsed" or empty.
	Sidebar string
	// Keys is "off" when single keys do nothing.
	Keys string
}

// NavGroup is a titled part of the sidebar.
type NavGroup struct {
	Label string
	Items []NavItem
	// Settings are set up once: the page of the settings shows them with Help, a sentence. Folded ones are not seen in the
	// sidebar, and only their keys work.
	Settings, Folded bool
	Help             string
}

// NavItem is a place in the sidebar.
type NavItem struct {
	Label, Href, Icon string
	// Key is the letter that goes there after g; empty for none.
	Key     string
	Count   int
	Current bool
}

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

// Tone is what a colour means. The word or icon beside it always says the same.
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

// Action is something a person can do. With Href it is a link to a page; else a form that posts to Post.
type Action struct {
	Label, Icon string
	Href, Post  string
	// Key is the single letter that presses it; empty for none.
	Key string
	// Danger puts it last and in red.
	Danger bool
	// Refused says why it can't be done now; the button stays and tells.
	Refused string
	Confirm *Confirm
	// Fields go with the form.
	Fields []Hidden
}

// ofDanger are the dangerous ones of some actions, or the others.
func ofDanger(actions []Action, danger bool) []Action {
	var chosen []Action
	for _, action := range actions {
		if action.Danger == danger {
			chosen = append(chosen, action)
		}
	}
	return chosen
}

// Hidden is a value that a form carries unseen.
type Hidden struct {
	Name, Value string
}

// Confirm asks before an action that can't be undone.
type Confirm struct {
	// Title is the question and the button in one: "Delete asset". A bulk action has Many for more than one, where "#" stands
	// for the number: "Delete # assets".
	Title, Many, Body string
	// Name has to be typed, when it is not empty.
	Name string
}

// Crumb is a step of the path from the list to the page.
type Crumb = Link
