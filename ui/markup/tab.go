package markup

// Option is one of several values to choose from.
type Option struct {
	Value, Label string
	Help         string
	Chosen       bool
}

// Tab is one of several views of the same thing.
type Tab struct {
	Label, Href string
	// Icon stands before the label where the tabs are listed among other places.
	Icon string
	// Count is shown when it is not empty.
	Count   string
	Current bool
}
