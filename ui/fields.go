package ui

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
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// This file is where the kernel's field types become what is seen: a cell in lists and facts, a field in forms.

// tones are the colours of choices in the words of the face.
var tones = map[string]Tone{"red": Bad, "amber": Warn, "green": Good, "blue": Info, "grey": Idle, "": Idle}

// titles are the names of referenced rows by kind and id.
type titles map[string]map[string]string

// referenced reads the titles that the given fields of the rows need, with one query for each kind.
func (v *visit) referenced(kind resource.Resource, records []resource.Record, fields []*field.Field) (titles, error) {
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
	return found, v.readTitles(ids, found)
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

func (v *visit) readTitles(ids map[string][]string, into titles) error {
	for to, list := range ids {
		if _, ok := v.site.kernel.Kind(to); !ok {
			continue // a kind that is no more
		}
		found, err := v.person.TitlesOf(to, list)
		if err != nil {
			return err
		}
		into[to] = found
	}
	return nil
}

// cell shows a field's value, nil for none.
func (v *visit) cell(kind resource.Resource, record resource.Record, f *field.Field, known titles) Cell {
	switch value := kind.Plain(record, f).(type) {
	case string:
		if f.RowOf != "" {
			return v.reference(kindOfRow(kind, record, f), value, known)
		}
		if f.To != "" { // the workspace, which kinds that are not shared keep as a text
			return v.reference(f.To, value, known)
		}
	case bool:
		return YesNo(value)
	case field.Time:
		if value == 0 {
			return nil
		}
		return Time(value.Go())
	case field.Ref:
		return v.reference(f.To, string(value), known)
	case field.Refs:
		return v.references(f.To, value, known)
	case field.Markdown:
		return textCell(shorten(unmarked(string(value)), 120))
	case field.LongText:
		return textCell(shorten(string(value), 120))
	case field.Code:
		return monoCell(shorten(string(value), 120))
	case field.Date:
		return dayCell(value)
	case field.Duration:
		return textCell(value.Words())
	case field.Money:
		return textCell(moneyWords(value))
	case field.Address:
		return textCell(value.Words())
	case field.Email:
		return linkCell(value.String(), "mailto:"+string(value))
	case field.URL:
		return linkCell(strings.TrimPrefix(string(value), "https://"), string(value))
	case field.Phone:
		return linkCell(string(value), "tel:"+string(value))
	case field.Colour:
		return swatchCell(value)
	case field.File, field.Image:
		return fileCell(kind, record, f)
	case field.JSON:
		return monoCell(shorten(string(value), 120))
	case field.Tags:
		if len(value) == 0 {
			return nil
		}
		return v.tags(f, value)
	case field.Secret:
		if len(value) == 0 {
			return Text("Not set")
		}
		return Text("Set, shown to nobody")
	}
	text := kind.Value(record, f)
	switch {
	case text == "":
		return nil
	case f.Offers():
		return v.choiceCell(f, text, f.Name == kind.Spec().State)
	case f.Type.Name() == "number":
		n, _ := strconv.ParseInt(text, 10, 64)
		return Count(n)
	case f.Name == "id":
		return Identifier(text)
	case f.Type.Name() == "json":
		return monoCell(shorten(text, 120))
	}
	return Text(text)
}

// unmarked is Markdown without the signs that a list has no use for.
func unmarked(text string) string { return markdownSigns.ReplaceAllString(text, "") }

var markdownSigns = regexp.MustCompile("(?m)^#+ |^\\s*[-*+] (\\[[ xX]\\] )?|\\*\\*|__|`+")

func textCell(text string) Cell {
	if text == "" {
		return nil
	}
	return Text(text)
}

func monoCell(text string) Cell {
	if text == "" {
		return nil
	}
	return Mono(text)
}

// reference is the title of another row, with a link where there is a page for it.
func (v *visit) reference(to, id string, known titles) Cell {
	if id == "" {
		return nil
	}
	kind, ok := v.site.kernel.Kind(to)
	title, seen := known[to][id]
	switch {
	case !ok || !seen && kind.Spec().Title != nil:
		return Text("Deleted or hidden")
	case !seen:
		title = id
	}
	if !kind.Spec().Has(resource.Get) || !v.person.May(kind.Spec(), resource.Get) {
		return Text(title)
	}
	link := Reference{title, "/" + kind.Spec().Path + "/" + id}
	if to != access.Workspaces.Name {
		return link
	}
	colours, err := access.Colours(v.person.Session)
	if err != nil {
		return link
	}
	return Coloured{link, tones[string(colours[id])]}
}

// words is a field's value as plain text, for the timeline and for messages. Raw is JSON, as the ledger keeps it.
func (v *visit) words(f *field.Field, raw json.RawMessage, known titles, viewer Viewer) string {
	value := f.New()
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case f.Type.FromJSON(f, raw, value) != nil:
		return shorten(string(raw), 200) // the kind changed since the ledger was written
	case f.Dropdown != "":
		if tags, ok := value.Interface().(field.Tags); ok {
			return shorten(strings.Join(v.labels(f, tags), ", "), 200)
		}
		return strings.Join(v.labels(f, field.Tags{f.Type.Text(value)}), "")
	}
	return wordsOf(f, value, known, viewer)
}

func wordsOf(f *field.Field, value reflect.Value, known titles, viewer Viewer) string {
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
		return Number(value.Int())
	}
	return shorten(text, 200)
}

// shorten puts a text on one line of at most so many letters.
func shorten(text string, letters int) string {
	text = strings.Join(strings.Fields(text[:min(len(text), 8*letters)]), " ")
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	return cut(text, letters)
}

// formTime is how the browser's input writes a moment.
const formTime = "2006-01-02T15:04"

// stored is a field's value in the form's words.
func (v *visit) stored(kind resource.Resource, record resource.Record, f *field.Field) string {
	if at, ok := kind.Plain(record, f).(field.Time); ok {
		if at == 0 {
			return ""
		}
		return at.Go().In(v.zone()).Format(formTime)
	}
	return kind.Value(record, f)
}

func (v *visit) zone() *time.Location { return v.viewer().zone() }

// given reads what a form gives for the writable ones of the fields.
func (v *visit) given(spec *resource.Spec, fields []*field.Field) resource.Input {
	in := resource.Input{}
	for _, f := range fields {
		text, given := v.fieldText(f, v.form)
		if !f.Writable() || !given {
			continue
		}
		in[f.Name] = resource.Text(text)
		if f.Type.Name() == "custom" {
			in[f.Name] = resource.Given{Raw: v.customInput(spec, f, text, field.Custom{})}
		}
	}
	return in
}

// changed is given without what the form only shows: an input may hold less than the row, such as a time without its seconds,
// and what nobody touched stays as it is stored.
func (v *visit) changed(kind resource.Resource, record resource.Record, fields []*field.Field) resource.Input {
	in := v.given(kind.Spec(), fields)
	for _, f := range fields {
		text, given := formText(f, v.form)
		if _, writable := in[f.Name]; !writable || !given || f.Holds() || f.Sealed() {
			continue
		}
		if stored, ok := kind.Plain(record, f).(field.Custom); ok {
			raw := v.customInput(kind.Spec(), f, text, stored)
			if in[f.Name] = (resource.Given{Raw: raw}); string(raw) == kind.Value(record, f) {
				delete(in, f.Name)
			}
		} else if alike(text, v.stored(kind, record, f)) {
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
func (v *visit) fieldText(f *field.Field, form url.Values) (string, bool) {
	text, given := formText(f, form)
	if f.Type.Name() == "time" {
		if at, err := time.ParseInLocation(formTime, text, v.zone()); err == nil {
			text = at.UTC().Format(time.RFC3339)
		}
	}
	return text, given
}

// fieldErrors are the sentences beside the fields of an invalid form, by field; nil for any other error.
func fieldErrors(err error) map[string]string {
	invalid, ok := fault.As(err)
	if !ok {
		return nil
	}
	list, ok := invalid.Details.([]fault.Field)
	if !ok {
		return nil
	}
	errors := map[string]string{}
	for _, one := range list {
		errors[one.Field] = one.Message
	}
	return errors
}

// sentence joins what a field is called and what is wrong with it: "Name is required."
func sentence(label, message string) string {
	return strings.TrimSuffix(strings.TrimSpace(label+" "+message), ".") + "."
}
