package widget

import (
	"net/url"
	"reflect"

	"zygo/app/field"
	"zygo/ui/markup"
)

// boolean is yes or no. A box without a tick is not sent, so it is no.
var boolean = Widget{
	Input: markup.FieldCheck,
	Cell:  func(_ Shown, value any) markup.Cell { return markup.YesNo(value == true) },
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		if value.Bool() {
			return "Yes"
		}
		return "No"
	},
	Declared: func(_ *field.Field, view *markup.FieldView) {
		view.Required = true // a box without a tick is an answer too
		if view.Value != "true" {
			view.Value = ""
		}
	},
	Read: func(f *field.Field, form url.Values) (string, bool) { return form.Get(f.Name), true },
}
