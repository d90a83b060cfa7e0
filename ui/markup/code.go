package markup

// Code is text to read and copy as it stands. ID has to be unique on the page.
type Code struct {
	ID, Label, Text string
}
