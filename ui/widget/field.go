package widget

import (
	"encoding/json"
	"reflect"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// widgets are those of each type, by its name. Each stands in the file of that name.
var widgets = map[string]*Widget{
	"address":     &address,
	"boolean":     &boolean,
	"choice":      &choice,
	"choices":     &severalChoices,
	"code":        &code,
	"colour":      &colour,
	"custom":      &templated,
	"date":        &date,
	"decimal":     &decimal,
	"duration":    &duration,
	"email":       &email,
	"exact":       &text,
	"file":        &file,
	"image":       &image,
	"json":        &code,
	"long_text":   &longText,
	"markdown":    &markdown,
	"money":       &money,
	"number":      &number,
	"one_or_many": &text,
	"phone":       &phone,
	"reference":   &oneReference,
	"references":  &severalReferences,
	"rows":        &rows,
	"secret":      &secret,
	"tags":        &tags,
	"text":        &text,
	"texts":       &texts,
	"time":        &moment,
	"url":         &link,
	"value":       &anyValue,
}

// unknown is the widget of a type without one of its own.
var unknown Widget

// Of is the widget of a field.
func Of(f *field.Field) *Widget {
	if found, ok := widgets[f.Type.Name()]; ok {
		return found
	}
	return &unknown
}

// Cell shows a field's value, nil for none.
func Cell(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field, known Titles) markup.Cell {
	value, s := kind.Plain(record, f), Shown{v, kind, record, f, known}
	if id, ok := value.(string); ok && f.RowOf != "" {
		return reference(v, kindOfRow(kind, record, f), id, known)
	} else if ok && f.To != "" { // the workspace, which kinds that are not shared keep as a text
		return reference(v, f.To, id, known)
	}
	text := kind.Value(record, f)
	switch show := Of(f).Cell; {
	case show != nil:
		return show(s, value)
	case text == "":
		return nil
	case f.Offers():
		return ChoiceCell(v, f, text, f.Name == kind.Spec().State)
	case f.Name == "id":
		return markup.Identifier(text)
	}
	return markup.Text(text)
}

// Words is a field's value as plain text, for the timeline and for messages. Raw is JSON, as the ledger keeps it.
func Words(v *web.Visit, f *field.Field, raw json.RawMessage, known Titles, viewer markup.Viewer) string {
	value := f.New()
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case f.Type.FromJSON(f, raw, value) != nil:
		return Shorten(string(raw), 200) // the kind changed since the ledger was written
	case f.Dropdown != "":
		if words, ok := value.Interface().(field.Tags); ok {
			return Shorten(strings.Join(Labels(v, f, words), ", "), 200)
		}
		return strings.Join(Labels(v, f, field.Tags{f.Type.Text(value)}), "")
	}
	return WordsOf(f, value, known, viewer)
}

// WordsOf is a value as plain text.
func WordsOf(f *field.Field, value reflect.Value, known Titles, viewer markup.Viewer) string {
	if say := Of(f).Words; say != nil {
		return say(f, value, viewer)
	}
	said := f.Type.Text(value)
	switch {
	case known[f.To][said] != "": // the workspace, which kinds that are not shared keep as a text
		return known[f.To][said]
	case f.To != "":
		return titleWords(known[f.To], f.Refers(value))
	case len(f.Choices) > 0:
		return f.ChoiceOf(said).Label
	}
	return Shorten(said, 200)
}

// InputOf is the input of a field as its declaration alone makes it, with a value in the form's words.
func InputOf(f *field.Field, value string) markup.FieldView {
	w := Of(f)
	view := markup.FieldView{
		Kind:        w.Input,
		Name:        f.Name,
		Label:       f.Label,
		Help:        f.Help,
		Value:       value,
		Required:    f.Required,
		Short:       f.Short,
		Placeholder: w.Example,
	}
	if _, counted := f.Type.Schema(f)["maxLength"]; counted {
		view.MaxLength = f.Max
	}
	if w.Declared != nil {
		w.Declared(f, &view)
	}
	return view
}

// RowsLookupPath finds rows of every kind for a field that takes the id of any.
const RowsLookupPath = "/search/lookup"

// Field is the input of a field with what the person may choose from.
func Field(v *web.Visit, f *field.Field, value string) (markup.FieldView, error) {
	view := InputOf(f, value)
	if offer := Of(f).Offered; offer != nil {
		if err := offer(v, f, &view); err != nil {
			return view, err
		}
	}
	if f.RowOf != "" {
		view.Kind, view.Lookup, view.Chosen = markup.FieldLookup, RowsLookupPath, value
	}
	if f.Dropdown != "" && f.Offers() {
		return view, offerDropdown(v, f, &view)
	}
	return view, nil
}
