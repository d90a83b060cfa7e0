package widget

import (
	"net/url"
	"reflect"

	"zygo/app/field"
	"zygo/ui/markup"
	"zygo/ui/web"
)

var file = Widget{
	Input:    markup.FieldFile,
	Unsorted: true,
	Cell:     fileCell,
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return value.Interface().(field.File).Name
	},
	Read: readFile,
}

var image = Widget{
	Input:    markup.FieldFile,
	Unsorted: true,
	Cell:     fileCell,
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return value.Interface().(field.Image).Name
	},
	Offered: func(_ *web.Visit, _ *field.Field, view *markup.FieldView) error {
		view.Accept = "image/png,image/jpeg,image/webp,image/gif"
		return nil
	},
	Read: readFile,
}

func fileCell(s Shown, _ any) markup.Cell { return web.FileCell(s.Kind, s.Record, s.Field) }

// readFile gives the id of the upload. A form can also take the file away.
func readFile(f *field.Field, form url.Values) (string, bool) {
	if form.Has(f.Name + ".remove") {
		return "", true
	}
	return form.Get(f.Name), form.Has(f.Name)
}
