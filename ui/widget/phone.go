package widget

import (
	"zygo/app/field"
	"zygo/ui/markup"
)

var phone = Widget{
	Input:   markup.FieldPhone,
	Example: "+49 30 123456",
	Cell: func(_ Shown, value any) markup.Cell {
		called := string(value.(field.Phone))
		return LinkCell(called, "tel:"+called)
	},
}
