package widget

import (
	"zygo/app/field"
	"zygo/ui/markup"
)

var longText = Widget{
	Input:    markup.FieldLong,
	Unsorted: true,
	Cell:     func(_ Shown, value any) markup.Cell { return TextCell(Shorten(string(value.(field.LongText)), 120)) },
	Section: func(f *field.Field, text string) (markup.Section, bool) {
		return markup.Section{Title: f.Label, Text: text}, text != ""
	},
}
