package operation

// Button puts an operation on the pages of a kind: a button on the page of the row whose id the {id} of the path takes. An
// input with other fields gets a form, and what is dangerous is asked first.
type Button struct {
	// Kind is that of the rows, Verb the last part of the page's address.
	Kind, Verb  string
	Label, Icon string
	// Danger paints the button red; Question says what the press does, and is asked before.
	Danger   bool
	Question string
	// When tells whether the row's state allows it; nil is always.
	When func(row any) bool
}

// On gives the operation a button.
func (o Operation) On(button Button) Operation {
	o.Button = &button
	return o
}

// When types the function of a button.
func When[T any](allows func(row *T) bool) func(row any) bool {
	return func(row any) bool { return allows(row.(*T)) }
}
