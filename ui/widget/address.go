package widget

import (
	"net/url"
	"reflect"
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// address has an input for each of its parts.
var address = Widget{
	Input:    markup.FieldParts,
	Unsorted: true,
	Cell:     func(_ Shown, value any) markup.Cell { return TextCell(value.(field.Address).Words()) },
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return value.Interface().(field.Address).Words()
	},
	Offered: func(_ *web.Visit, f *field.Field, view *markup.FieldView) error {
		view.Parts = addressParts(f, view.Value)
		return nil
	},
	Read: readAddress,
}

// addressNames are the inputs of an address behind its lines, in the order of its text.
var addressNames = []struct{ name, label, autocomplete string }{
	{"postal_code", "Postal code", "postal-code"}, {"city", "City", "address-level2"}, {"region", "Region", "address-level1"}, {"country",
		"Country", "country"},
}

// addressParts are the inputs of an address.
func addressParts(f *field.Field, text string) []markup.FieldView {
	lines := strings.Split(text, "\n")
	for len(lines) < len(addressNames)+1 {
		lines = append([]string{""}, lines...)
	}
	split := len(lines) - len(addressNames)
	parts := []markup.FieldView{
		{
			Kind:         markup.FieldLong,
			Name:         f.Name + ".lines",
			Label:        "Street and number",
			Value:        strings.Join(lines[:split], "\n"),
			Autocomplete: "street-address",
			Part:         true,
		},
	}
	for i, named := range addressNames {
		part := markup.FieldView{
			Kind:         markup.FieldText,
			Name:         f.Name + "." + named.name,
			Label:        named.label,
			Value:        lines[split+i],
			Autocomplete: named.autocomplete,
			Part:         true,
		}
		if named.name == "country" {
			part.Kind, part.Options = markup.FieldSelect, []markup.Option{{Label: "–"}}
			for _, country := range field.Countries() {
				part.Options = append(part.Options, markup.Option{
					Value:  country.Value,
					Label:  country.Label,
					Chosen: country.Value == part.Value,
				})
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// readAddress puts the parts together again. A form may hold the whole in one input, too.
func readAddress(f *field.Field, form url.Values) (text string, given bool) {
	if !form.Has(f.Name + ".lines") {
		return form.Get(f.Name), form.Has(f.Name)
	}
	var parts []string
	if lines := strings.TrimSpace(strings.ReplaceAll(form.Get(f.Name+".lines"), "\r\n", "\n")); lines != "" {
		parts = []string{lines}
	}
	for _, named := range addressNames {
		parts = append(parts, strings.ReplaceAll(form.Get(f.Name+"."+named.name), "\n", " "))
	}
	if text = strings.Join(parts, "\n"); strings.TrimSpace(text) == "" {
		text = ""
	}
	return text, true
}
