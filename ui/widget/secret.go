package widget

import (
	"reflect"

	"zygo/app/field"
	"zygo/ui/markup"
)

// secret is shown to nobody.
var secret = Widget{
	Input:    markup.FieldSecret,
	Unsorted: true,
	Cell: func(_ Shown, value any) markup.Cell {
		if len(value.(field.Secret)) == 0 {
			return markup.Text("Not set")
		}
		return markup.Text("Set, shown to nobody")
	},
	Words: func(*field.Field, reflect.Value, markup.Viewer) string { return "•••" },
}
