// Package widget is how field types look: the cell that a value becomes in lists and facts, its words in the timeline, and the
// input that it is typed in. Each type has a Widget in the file of its name. Start with Widget.
package widget

import (
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// Widget is how a field type looks and how it is typed in. What is nil is done as for a text.
type Widget struct {
	Input markup.FieldKind
	// Example stands in an empty input.
	Example string
	// Right says that values are read from the right, as numbers are; Unsorted that their order means nothing.
	Right, Unsorted bool
	// Suffix is what people leave off the name of a field when they search by it.
	Suffix string
	// Cell shows a value in lists and facts, nil if there is none.
	Cell func(s Shown, value any) markup.Cell
	// Words are a value as plain text, for the timeline and for messages.
	Words func(f *field.Field, value reflect.Value, viewer markup.Viewer) string
	// Declared completes the input with what the declaration says.
	Declared func(f *field.Field, view *markup.FieldView)
	// Offered completes the input with what the person may choose from.
	Offered func(v *web.Visit, f *field.Field, view *markup.FieldView) error
	// Read puts the text of a value together from a form, and tells whether the form gives one.
	Read func(f *field.Field, form url.Values) (text string, given bool)
	// Section gives a value its own part of a page, where it is too long for a fact. It may have nothing to show.
	Section func(f *field.Field, text string) (markup.Section, bool)
}

// Shown is the field of a row that a cell is for. Known are the titles of the rows that it may refer to.
type Shown struct {
	*web.Visit
	Kind   resource.Resource
	Record resource.Record
	Field  *field.Field
	Known  Titles
}

// Shorten puts a text on one line of at most so many letters.
func Shorten(text string, letters int) string {
	text = strings.Join(strings.Fields(text[:min(len(text), 8*letters)]), " ")
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	return markup.Cut(text, letters)
}
