package widget

import (
	"reflect"

	"zygo/app/field"
	"zygo/ui/markup"
)

var duration = Widget{
	Input:   markup.FieldText,
	Right:   true,
	Example: "1h 30m",
	Cell:    func(_ Shown, value any) markup.Cell { return TextCell(value.(field.Duration).Words()) },
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return value.Interface().(field.Duration).Words()
	},
}
