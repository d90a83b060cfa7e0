package markup

import (
	"slices"
)

// FormPage creates or changes one row.
type FormPage struct {
	// Kind is that of the rows; empty on a page that belongs to none.
	Kind   string
	Shell  Shell
	Crumbs []Crumb
	// Heading says what is being made or changed; Submit is the same as a verb: "Create incident".
	Heading, Submit string
	// Action is the path that the form posts to, Cancel the page it came from.
	Action, Cancel string
	// Hidden carries the version that is being changed, and such.
	Hidden []Hidden
	Groups []FieldGroup
	// Tabs lead to other pages about the same.
	Tabs []Tab
	// Changes marks a form that changes something that exists: its save bar appears with the first change.
	Changes bool
	// Draft names what is typed, so that it is kept until it was sent; empty keeps nothing.
	Draft string
	// Notice is what is wrong with the whole; Problems count and link the fields when more than one is wrong.
	Notice *Strip
	// Differing are the fields that somebody else changed while the form was open.
	Differing []Differing
	// Other leads to another way to begin; nil for none.
	Other *Link
	// Danger paints what the form does red.
	Danger bool
	// Upload is true when a field takes a file.
	Upload bool
	// Preview shows what the form changes; nil for nothing.
	Preview *BrandPreview
}

func (FormPage) Template() string { return "form" }

// FieldGroup is a titled part of a form. A folded one is for what is rarely needed.
type FieldGroup struct {
	Title string
	// Line says in a few words what the part is; Icon stands before the title.
	Line, Icon string
	// ID is where an address may lead to.
	ID     string
	Folded bool
	// Matrix puts each label before its boxes, a line for each.
	Matrix bool
	// Open shows what is folded, because something in it needs a change.
	Open   bool
	Hidden []Hidden
	// Rows are the fields that share a line; short ones may. More are those that are rarely needed.
	Rows, More [][]FieldView
}

// rows are all lines of the group.
func (g FieldGroup) Lines() [][]FieldView { return slices.Concat(g.Rows, g.More) }

// MoreOpen tells that one of the rarely needed fields needs a change.
func (g FieldGroup) MoreOpen() bool {
	return slices.ContainsFunc(slices.Concat(g.More...), func(f FieldView) bool { return f.Error != "" })
}

// FieldKind is the widget of a field.
type FieldKind string

// The widgets.
const (
	FieldText     FieldKind = "text"
	FieldEmail    FieldKind = "email"
	FieldURL      FieldKind = "url"
	FieldPhone    FieldKind = "tel"
	FieldNumber   FieldKind = "number"
	FieldDate     FieldKind = "date"
	FieldTime     FieldKind = "datetime-local"
	FieldColor    FieldKind = "color"
	FieldLong     FieldKind = "long"
	FieldMarkdown FieldKind = "markdown"
	FieldCode     FieldKind = "code"
	FieldSelect   FieldKind = "select"
	FieldRadio    FieldKind = "radio"
	FieldChoices  FieldKind = "choices"
	FieldCheck    FieldKind = "check"
	FieldLookup   FieldKind = "lookup"
	FieldPassword FieldKind = "password"
	FieldSecret   FieldKind = "secret"
	FieldFile     FieldKind = "file"
	FieldMany     FieldKind = "many"
	FieldParts    FieldKind = "parts"
)

// FieldView is one field of a form.
type FieldView struct {
	Kind        FieldKind
	Name, Label string
	Help        string
	// Error stands in place of the help and says what to change.
	Error string
	Value string
	// Suggested are words that a press adds to the value.
	Suggested []string
	// Parts are the inputs of a value that is put together of several. A part says nothing of whether it is required.
	Parts []FieldView
	Part  bool
	// Present is the file that is there already; Accept are the media types that an input for a file offers.
	Present *Download
	Accept  string
	// Options are for select, radio, choices and many.
	Options []Option
	// Lookup is the path that finds options by what is typed; Chosen is the label of Value.
	Lookup, Chosen string
	Placeholder    string
	// Unit stands behind the input: "minutes".
	Unit         string
	Autocomplete string
	Required     bool
	ReadOnly     bool
	// Short lets the field share its line with others.
	Short bool
	// When says on which values of another field this one has a meaning ("name:a|b"); a script hides it otherwise.
	When string
	// First takes the focus when the page opens. The first field in error takes it in any case.
	First bool
	// MaxLength, Least, Most and Step are given to the browser when they are not empty or zero.
	MaxLength         int
	Least, Most, Step string
	// Stored tells that a secret has a value, which is never sent to the browser.
	Stored bool
	// MinLength gives a new password its meter.
	MinLength int
	// Expression tells that the field takes {{ }}.
	Expression bool
	// Needed tells that the field is required by what is chosen in another one, which the browser does not know.
	Needed bool
	// Forgot leads from a password that one signs in with to another way in; it may be empty.
	Forgot string
}

// NoOption is the pattern of what a script adds to the chosen.
func (FieldView) NoOption() Option { return Option{} }

// ID is the id of the input on the page.
func (f FieldView) ID() string { return "field-" + f.Name }

// Strong is the length at which the meter of a new password is full.
func (f FieldView) Strong() int { return 2 * f.MinLength }

// DescribedBy is the id of the error or help, empty without either.
func (f FieldView) DescribedBy() string {
	if f.Error == "" && f.Help == "" {
		return ""
	}
	return f.ID() + "-help"
}

// Focus gives the focus to the first field in error, else to the first one that asks for it.
func (p FormPage) Focus() string {
	var asked string
	for _, group := range p.Groups {
		for _, row := range group.Lines() {
			for _, field := range row {
				if field.Error != "" {
					return field.Name
				}
				if asked == "" && field.First {
					asked = field.Name
				}
			}
		}
	}
	return asked
}

// Problems lists the fields in error with a link to each.
func (p FormPage) Problems() []Link {
	var problems []Link
	for _, group := range p.Groups {
		for _, row := range group.Lines() {
			for _, field := range row {
				if field.Error != "" {
					problems = append(problems, Link{field.Error, "#" + field.ID()})
				}
			}
		}
	}
	return problems
}

// Differing is a field that somebody else changed while a form was open, with both values in words.
type Differing struct {
	// Name is the parameter that says which one to take.
	Name, Label, Mine, Stored string
	// TakeStored is the choice at first: where the person changed nothing, the other's change stands.
	TakeStored bool
}
