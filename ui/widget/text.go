package widget

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
)

// readMany joins what a list of choices sends, one value for each.
func readMany(f *field.Field, form url.Values) (string, bool) {
	chosen := slices.DeleteFunc(slices.Clone(form[f.Name]), func(one string) bool { return one == "" })
	return strings.Join(chosen, ", "), form.Has(f.Name)
}

// text is one line; exact and one_or_many are typed in as it is.
var text = Widget{Input: markup.FieldText}

// texts are lines of their own.
var texts = Widget{
	Input: markup.FieldLong,
	Declared: func(_ *field.Field, view *markup.FieldView) {
		view.Help = strings.TrimSpace(view.Help + " One on each line.")
	},
}

// anyValue is whatever JSON can say. What spans lines, or begins as a list or an object does, gets the room of a text.
var anyValue = Widget{
	Input: markup.FieldText,
	Declared: func(_ *field.Field, view *markup.FieldView) {
		if strings.ContainsAny(view.Value, "\n{[") && !strings.HasPrefix(view.Value, "{{") {
			view.Kind = markup.FieldCode
		}
	},
}

// rows are a table that is typed in as JSON.
var rows = Widget{Input: markup.FieldCode}

// TextCell shows a text, nothing where it is empty.
func TextCell(text string) markup.Cell {
	if text == "" {
		return nil
	}
	return markup.Text(text)
}

func monoCell(text string) markup.Cell {
	if text == "" {
		return nil
	}
	return markup.Mono(text)
}
