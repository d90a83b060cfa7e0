package markup

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
