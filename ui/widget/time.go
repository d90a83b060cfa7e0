package widget

import (
	"reflect"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// moment is a point in time. A form has it in the person's zone.
var moment = Widget{
	Input:  markup.FieldTime,
	Suffix: "_at",
	Cell:   func(_ Shown, value any) markup.Cell { return web.When(value.(field.Time)) },
	Words: func(_ *field.Field, value reflect.Value, viewer markup.Viewer) string {
		at := field.Time(value.Int())
		if at == 0 {
			return ""
		}
		return viewer.Exact(at.Go())
	},
}

// FormTime is how the browser's input writes a moment.
const FormTime = "2006-01-02T15:04"

// ValueText is a field's value in the form's words.
func ValueText(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field) string {
	if at, ok := kind.Plain(record, f).(field.Time); ok {
		return TimeText(v, at)
	}
	return kind.Value(record, f)
}

// TimeText is a moment in the form's words, empty for none.
func TimeText(v *web.Visit, at field.Time) string {
	if at == 0 {
		return ""
	}
	return at.Go().In(v.Zone()).Format(FormTime)
}
