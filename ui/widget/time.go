package widget

import (
	"reflect"
	"time"

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

// fromForm is what was typed in a form for a field, in the words of the API: a moment is meant in the person's zone.
func fromForm(v *web.Visit, f *field.Field, text string) string {
	if Of(f) != &moment {
		return text
	}
	if at, err := time.ParseInLocation(FormTime, text, v.Zone()); err == nil {
		return at.UTC().Format(time.RFC3339)
	}
	return text
}

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
