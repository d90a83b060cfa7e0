package widget

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// This file is where the kernel's field types become what is seen: a cell in lists and facts, a field in forms.

// tones are the colours of choices in the words of the face.
var Tones = map[string]markup.Tone{"red": markup.Bad, "amber": markup.Warn, "green": markup.Good, "blue": markup.Info, "grey": markup.Idle, "": markup.Idle}

// cell shows a field's value, nil for none.
func Cell(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field, known Titles) markup.Cell {
	switch value := kind.Plain(record, f).(type) {
	case string:
		if f.RowOf != "" {
			return reference(v, kindOfRow(kind, record, f), value, known)
		}
		if f.To != "" { // the workspace, which kinds that are not shared keep as a text
			return reference(v, f.To, value, known)
		}
	case bool:
		return markup.YesNo(value)
	case field.Time:
		if value == 0 {
			return nil
		}
		return markup.Time(value.Go())
	case field.Ref:
		return reference(v, f.To, string(value), known)
	case field.Refs:
		return references(v, f.To, value, known)
	case field.Markdown:
		return TextCell(Shorten(unmarked(string(value)), 120))
	case field.LongText:
		return TextCell(Shorten(string(value), 120))
	case field.Code:
		return monoCell(Shorten(string(value), 120))
	case field.Date:
		return dayCell(value)
	case field.Duration:
		return TextCell(value.Words())
	case field.Money:
		return TextCell(moneyWords(value))
	case field.Address:
		return TextCell(value.Words())
	case field.Email:
		return LinkCell(value.String(), "mailto:"+string(value))
	case field.URL:
		return LinkCell(strings.TrimPrefix(string(value), "https://"), string(value))
	case field.Phone:
		return LinkCell(string(value), "tel:"+string(value))
	case field.Colour:
		return swatchCell(value)
	case field.File, field.Image:
		return web.FileCell(kind, record, f)
	case field.JSON:
		return monoCell(Shorten(string(value), 120))
	case field.Tags:
		if len(value) == 0 {
			return nil
		}
		return tags(v, f, value)
	case field.Secret:
		if len(value) == 0 {
			return markup.Text("Not set")
		}
		return markup.Text("Set, shown to nobody")
	}
	text := kind.Value(record, f)
	switch {
	case text == "":
		return nil
	case f.Offers():
		return ChoiceCell(v, f, text, f.Name == kind.Spec().State)
	case f.Type.Name() == "number":
		n, _ := strconv.ParseInt(text, 10, 64)
		return markup.Count(n)
	case f.Name == "id":
		return markup.Identifier(text)
	case f.Type.Name() == "json":
		return monoCell(Shorten(text, 120))
	}
	return markup.Text(text)
}

// unmarked is Markdown without the signs that a list has no use for.
func unmarked(text string) string { return markdownSigns.ReplaceAllString(text, "") }

var markdownSigns = regexp.MustCompile("(?m)^#+ |^\\s*[-*+] (\\[[ xX]\\] )?|\\*\\*|__|`+")

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

// reference is the title of another row, with a link where there is a page for it.
func reference(v *web.Visit, to, id string, known Titles) markup.Cell {
	if id == "" {
		return nil
	}
	kind, ok := v.Site.Kernel.Kind(to)
	title, seen := known[to][id]
	switch {
	case !ok || !seen && kind.Spec().Title != nil:
		return markup.Text("Deleted or hidden")
	case !seen:
		title = id
	}
	if !kind.Spec().Has(resource.Get) || !v.Person.May(kind.Spec(), resource.Get) {
		return markup.Text(title)
	}
	link := markup.Reference{Label: title, Href: "/" + kind.Spec().Path + "/" + id}
	if to != access.Workspaces.Name {
		return link
	}
	colours, err := access.Colours(v.Person.Session)
	if err != nil {
		return link
	}
	return markup.Coloured{Reference: link, Tone: Tones[string(colours[id])]}
}

// words is a field's value as plain text, for the timeline and for messages. Raw is JSON, as the ledger keeps it.
func Words(v *web.Visit, f *field.Field, raw json.RawMessage, known Titles, viewer markup.Viewer) string {
	value := f.New()
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case f.Type.FromJSON(f, raw, value) != nil:
		return Shorten(string(raw), 200) // the kind changed since the ledger was written
	case f.Dropdown != "":
		if tags, ok := value.Interface().(field.Tags); ok {
			return Shorten(strings.Join(Labels(v, f, tags), ", "), 200)
		}
		return strings.Join(Labels(v, f, field.Tags{f.Type.Text(value)}), "")
	}
	return WordsOf(f, value, known, viewer)
}

func WordsOf(f *field.Field, value reflect.Value, known Titles, viewer markup.Viewer) string {
	switch value := value.Interface().(type) {
	case string:
		if name, ok := known[f.To][value]; ok {
			return name
		}
	case bool:
		return map[bool]string{true: "Yes", false: "No"}[value]
	case field.Time:
		if value == 0 {
			return ""
		}
		return viewer.Exact(value.Go())
	case field.Date:
		return dayWords(value)
	case field.Duration:
		return value.Words()
	case field.Money:
		return moneyWords(value)
	case field.Address:
		return value.Words()
	case field.File:
		return value.Name
	case field.Image:
		return value.Name
	case field.Secret:
		return "•••"
	case field.Email:
		return value.String()
	}
	if f.To != "" {
		return titleWords(known[f.To], f.Refers(value))
	}
	text := f.Type.Text(value)
	switch {
	case len(f.Choices) > 0:
		return f.ChoiceOf(text).Label
	case f.Type.Name() == "number":
		return markup.Number(value.Int())
	}
	return Shorten(text, 200)
}

// Shorten puts a text on one line of at most so many letters.
func Shorten(text string, letters int) string {
	text = strings.Join(strings.Fields(text[:min(len(text), 8*letters)]), " ")
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	return markup.Cut(text, letters)
}
