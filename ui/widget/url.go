package widget

import (
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
)

var link = Widget{
	Input:   markup.FieldURL,
	Example: "https://example.com",
	Cell: func(_ Shown, value any) markup.Cell {
		address := string(value.(field.URL))
		return LinkCell(strings.TrimPrefix(address, "https://"), address)
	},
}

// LinkCell shows an address that leads out of this instance.
func LinkCell(label, href string) markup.Cell {
	if label == "" {
		return nil
	}
	return markup.Reference{Label: Shorten(label, 80), Href: href}
}
