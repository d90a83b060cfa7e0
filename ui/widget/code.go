package widget

import (
	"zygo/app/field"
	"zygo/ui/markup"
)

// code is a text whose letters are of one width; JSON is shown as it is.
var code = Widget{
	Input:    markup.FieldCode,
	Unsorted: true,
	Cell: func(s Shown, _ any) markup.Cell {
		return monoCell(Shorten(s.Kind.Value(s.Record, s.Field), 120))
	},
	Section: func(f *field.Field, text string) (markup.Section, bool) {
		return markup.Section{Title: f.Label, Code: &markup.Code{ID: f.Name, Label: f.Label, Text: text}}, text != ""
	},
}
