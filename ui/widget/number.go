package widget

import (
	"reflect"
	"strconv"

	"zygo/app/field"
	"zygo/ui/markup"
)

var number = Widget{
	Input:    markup.FieldNumber,
	Right:    true,
	Declared: bound,
	Cell: func(s Shown, _ any) markup.Cell {
		text := s.Kind.Value(s.Record, s.Field)
		count, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return TextCell(text)
		}
		return markup.Count(count)
	},
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string { return markup.Number(value.Int()) },
}

var decimal = Widget{
	Input: markup.FieldNumber,
	Right: true,
	Declared: func(f *field.Field, view *markup.FieldView) {
		view.Step = "any"
		bound(f, view)
	},
}

// bound tells the browser the least and the most.
func bound(f *field.Field, view *markup.FieldView) {
	if f.Min != 0 {
		view.Least = strconv.Itoa(f.Min)
	}
	if f.Max != 0 {
		view.Most = strconv.Itoa(f.Max)
	}
}
