package widget

import (
	"reflect"
	"time"

	"zygo/app/field"
	"zygo/ui/markup"
)

var date = Widget{
	Input: markup.FieldDate,
	Cell: func(_ Shown, value any) markup.Cell {
		day := value.(field.Date)
		if day == "" {
			return nil
		}
		return Day(day.Go())
	},
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		day := value.Interface().(field.Date)
		if day == "" {
			return ""
		}
		return day.Go().Format(dayLayout)
	},
}

// Day is a day of the calendar. It has no zone, so it is the same day for anyone who looks.
type Day time.Time

const dayLayout = "2 Jan 2006"

func (c Day) Write(m *markup.Writer, _ markup.Viewer) {
	m.Raw(`<time`)
	m.Attribute("datetime", time.Time(c).Format(time.DateOnly))
	m.Raw(`>`)
	m.Text(time.Time(c).Format(dayLayout))
	m.Raw(`</time>`)
}
