package widget

import (
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
)

// fieldLook is how the pages show a field type, beside the cell that its value becomes.
type fieldLook struct {
	widget markup.FieldKind
	// example stands in an empty input.
	example string
	// right says that the values are read from the right, as numbers are; unsorted that their order means nothing.
	Right, Unsorted bool
	// section gives a value its own part of a page, where it is too long for a fact. It may have nothing to show.
	Section func(f *field.Field, text string) (markup.Section, bool)
}

var Looks = map[string]fieldLook{
	"text": {widget: markup.FieldText}, "choice": {widget: markup.FieldSelect}, "boolean": {widget: markup.FieldCheck}, "time": {widget: markup.FieldTime}, "date": {widget: markup.FieldDate},
	"exact": {widget: markup.FieldText}, "one_or_many": {widget: markup.FieldText}, "value": {widget: markup.FieldText},
	"texts": {widget: markup.FieldLong}, "choices": {widget: markup.FieldChoices}, "rows": {widget: markup.FieldCode},
	"number":   {widget: markup.FieldNumber, Right: true},
	"decimal":  {widget: markup.FieldNumber, Right: true},
	"duration": {widget: markup.FieldText, Right: true, example: "1h 30m"},
	"money":    {widget: markup.FieldText, Right: true, example: "12.50 EUR"},
	"email":    {widget: markup.FieldEmail, example: "ada@example.com"},
	"url":      {widget: markup.FieldURL, example: "https://example.com"},
	"phone":    {widget: markup.FieldPhone, example: "+49 30 123456"},
	"colour":   {widget: markup.FieldColor, example: "#1a7f37"},
	"address":  {widget: markup.FieldParts, Unsorted: true},
	"file":     {widget: markup.FieldFile, Unsorted: true}, "image": {widget: markup.FieldFile, Unsorted: true},
	"tags": {widget: markup.FieldText, Unsorted: true}, "secret": {widget: markup.FieldSecret, Unsorted: true},
	"reference": {widget: markup.FieldText, Unsorted: true}, "references": {widget: markup.FieldText, Unsorted: true},
	"long_text": {widget: markup.FieldLong, Unsorted: true, Section: func(f *field.Field, text string) (markup.Section, bool) {
		return markup.Section{Title: f.Label, Text: text}, text != ""
	}},
	"markdown": {widget: markup.FieldMarkdown, Unsorted: true, Section: func(f *field.Field, text string) (markup.Section, bool) {
		section := markup.Section{Title: f.Label, Markdown: text}
		if text == "" {
			section.Empty = "Nothing is written here yet."
		}
		return section, text != "" || f.Writable()
	}},
	// A template's fields have a part of the form and of the page.
	"custom": {Unsorted: true, Section: func(*field.Field, string) (markup.Section, bool) { return markup.Section{}, false }},
	"code":   {widget: markup.FieldCode, Unsorted: true, Section: codeSection},
	"json":   {widget: markup.FieldCode, Unsorted: true, Section: codeSection},
}

func codeSection(f *field.Field, text string) (markup.Section, bool) {
	return markup.Section{Title: f.Label, Code: &markup.Code{ID: f.Name, Label: f.Label, Text: text}}, text != ""
}

// addressNames are the inputs of an address behind its lines, in the order of its text.
var addressNames = []struct{ name, label, autocomplete string }{
	{"postal_code", "Postal code", "postal-code"}, {"city", "City", "address-level2"}, {"region", "Region", "address-level1"}, {"country", "Country", "country"},
}

// addressParts are the inputs of an address.
func addressParts(f *field.Field, text string) []markup.FieldView {
	lines := strings.Split(text, "\n")
	for len(lines) < len(addressNames)+1 {
		lines = append([]string{""}, lines...)
	}
	split := len(lines) - len(addressNames)
	parts := []markup.FieldView{{Kind: markup.FieldLong, Name: f.Name + ".lines", Label: "Street and number", Value: strings.Join(lines[:split], "\n"), Autocomplete: "street-address", Part: true}}
	for i, named := range addressNames {
		part := markup.FieldView{Kind: markup.FieldText, Name: f.Name + "." + named.name, Label: named.label, Value: lines[split+i], Autocomplete: named.autocomplete, Part: true}
		if named.name == "country" {
			part.Kind, part.Options = markup.FieldSelect, []markup.Option{{Label: "–"}}
			for _, country := range field.Countries() {
				part.Options = append(part.Options, markup.Option{Value: country.Value, Label: country.Label, Chosen: country.Value == part.Value})
			}
		}
		parts = append(parts, part)
	}
	return parts
}
