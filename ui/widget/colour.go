package widget

import (
	"zygo/app/field"
	"zygo/ui/markup"
)

var colour = Widget{
	Input:   markup.FieldColor,
	Example: "#1a7f37",
	Cell: func(_ Shown, value any) markup.Cell {
		if value.(field.Colour) == "" {
			return nil
		}
		return Swatch(value.(field.Colour))
	},
}

// Swatch is a colour with its name in numbers.
type Swatch string

func (c Swatch) Write(m *markup.Writer, _ markup.Viewer) {
	m.Raw(`<span class="swatch"><svg aria-hidden="true" viewBox="0 0 12 12"><rect width="12" height="12" rx="2"`)
	m.Attribute("fill", string(c))
	m.Raw(`/></svg>`)
	m.Text(string(c))
	m.Raw(`</span>`)
}
