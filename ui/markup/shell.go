package markup

import (
	"slices"
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
