package widget

import (
	"reflect"

	"zygo/app/field"
	"zygo/ui/markup"
)

var email = Widget{
	Input:   markup.FieldEmail,
	Example: "ada@example.com",
	Cell: func(_ Shown, value any) markup.Cell {
		address := value.(field.Email)
		return LinkCell(address.String(), "mailto:"+string(address))
	},
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return value.Interface().(field.Email).String()
	},
}
