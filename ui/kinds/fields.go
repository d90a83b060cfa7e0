package kinds

import (
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
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

// titles are the names of referenced rows by kind and id.
type titles map[string]map[string]string

// Referenced reads the titles that the given fields of the rows need, with one query for each kind.
func Referenced(v *web.Visit, kind resource.Resource, records []resource.Record, fields []*field.Field) (titles, error) {
	found := titles{}
	ids := map[string][]string{}
	for _, f := range fields {
		if f.RowOf != "" {
			for _, record := range records {
				if to, id := kindOfRow(kind, record, f), kind.Value(record, f); id != "" {
					ids[to] = append(ids[to], id)
				}
			}
		}
		if f.To == "" {
			continue
		}
		for _, record := range records {
			ids[f.To] = append(ids[f.To], f.Refers(reflect.ValueOf(kind.Plain(record, f)))...)
		}
	}
	return found, readTitles(v, ids, found)
}

// kindOfRow is the kind of the row that a field holds the id of, by the field that names the kind or a permission on it.
func kindOfRow(kind resource.Resource, record resource.Record, f *field.Field) string {
	by, ok := kind.Spec().Field(f.RowOf)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(kind.Value(record, by), ":")
	return name
}

func readTitles(v *web.Visit, ids map[string][]string, into titles) error {
	for to, list := range ids {
		if _, ok := v.Site.Kernel.Kind(to); !ok {
			continue // a kind that is no more
		}
		found, err := v.Person.TitlesOf(to, list)
		if err != nil {
			return err
		}
		into[to] = found
	}
	return nil
}

// cell shows a field's value, nil for none.
func cell(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field, known titles) markup.Cell {
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
func reference(v *web.Visit, to, id string, known titles) markup.Cell {
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
func words(v *web.Visit, f *field.Field, raw json.RawMessage, known titles, viewer markup.Viewer) string {
	value := f.New()
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case f.Type.FromJSON(f, raw, value) != nil:
		return Shorten(string(raw), 200) // the kind changed since the ledger was written
	case f.Dropdown != "":
		if tags, ok := value.Interface().(field.Tags); ok {
			return Shorten(strings.Join(labels(v, f, tags), ", "), 200)
		}
		return strings.Join(labels(v, f, field.Tags{f.Type.Text(value)}), "")
	}
	return wordsOf(f, value, known, viewer)
}

func wordsOf(f *field.Field, value reflect.Value, known titles, viewer markup.Viewer) string {
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

// formTime is how the browser's input writes a moment.
const formTime = "2006-01-02T15:04"

// storedText is a field's value in the form's words.
func valueText(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field) string {
	if at, ok := kind.Plain(record, f).(field.Time); ok {
		if at == 0 {
			return ""
		}
		return at.Go().In(v.Zone()).Format(formTime)
	}
	return kind.Value(record, f)
}

// Given reads what a form gives for the writable ones of the fields.
func Given(v *web.Visit, spec *resource.Spec, fields []*field.Field) resource.Input {
	in := resource.Input{}
	for _, f := range fields {
		text, given := fieldText(v, f, v.Form)
		if !f.Writable() || !given {
			continue
		}
		in[f.Name] = resource.Text(text)
		if f.Type.Name() == "custom" {
			in[f.Name] = resource.Given{Raw: customInput(v, spec, f, text, field.Custom{})}
		}
	}
	return in
}

// changed is given without what the form only shows: an input may hold less than the row, such as a time without its seconds,
// and what nobody touched stays as it is stored.
func changed(v *web.Visit, kind resource.Resource, record resource.Record, fields []*field.Field) resource.Input {
	in := Given(v, kind.Spec(), fields)
	for _, f := range fields {
		text, given := FormText(f, v.Form)
		if _, writable := in[f.Name]; !writable || !given || f.Holds() || f.Sealed() {
			continue
		}
		if stored, ok := kind.Plain(record, f).(field.Custom); ok {
			raw := customInput(v, kind.Spec(), f, text, stored)
			if in[f.Name] = (resource.Given{Raw: raw}); string(raw) == kind.Value(record, f) {
				delete(in, f.Name)
			}
		} else if alike(text, valueText(v, kind, record, f)) {
			delete(in, f.Name)
		}
	}
	return in
}

// alike compares what a browser sends with what it was shown: it ends lines in its own way.
func alike(sent, shown string) bool {
	plain := func(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
	return plain(sent) == plain(shown)
}

// fieldText is what a form gives for a field: a moment is meant in the person's zone.
func fieldText(v *web.Visit, f *field.Field, form url.Values) (string, bool) {
	text, given := FormText(f, form)
	if f.Type.Name() == "time" {
		if at, err := time.ParseInLocation(formTime, text, v.Zone()); err == nil {
			text = at.UTC().Format(time.RFC3339)
		}
	}
	return text, given
}

// OrElse is a text, or another where it is empty.
func OrElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
