package kinds

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// takePrefix begins the name of the choice between the own and the stored value of a field.
const takePrefix = "take."

// conflict says who changed the row since the form was loaded, and puts what was typed beside what is stored now where both
// differ. Version is the one that the form was loaded with.
func conflict(v *web.Visit, page *markup.FormPage, kind resource.Resource, record resource.Record, fields []*field.Field, version int64,
	values map[string]string) error {
	spec := kind.Spec()
	viewer := v.Viewer()
	page.Notice = &markup.Strip{
		Tone:   markup.Warn,
		Text:   fmt.Sprintf("This %s changed while you were typing.", web.Lower(spec.Label())),
		Remedy: "What you typed is kept. Save again to store it.",
	}
	entries, err := v.Person.Entries(kind.ID(record), 0, TimelineRows)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		page.Notice.Text = fmt.Sprintf("%s changed this %s %s, while you were typing.", actorName(&entries[0]), web.Lower(spec.Label()),
			viewer.Relative(entries[0].At.Go()))
	}
	before, whole := changedSince(entries, version)
	known, err := conflictTitles(v, spec, kind, record, values)
	if err != nil {
		return err
	}
	for _, f := range fields {
		mine, stored := values[f.Name], widget.ValueText(v, kind, record, f)
		_, given := widget.FormText(f, v.Form)
		old, changed := before[f.Name]
		if !f.Writable() || f.Sealed() || mine == stored || whole && !changed || !given {
			continue
		}
		page.Differing = append(page.Differing, markup.Differing{
			Name:       takePrefix + f.Name,
			Label:      f.Label,
			Mine:       typedWords(v, f, mine, known, viewer),
			Stored:     typedWords(v, f, stored, known, viewer),
			TakeStored: whole && storedText(v, f, old) == mine,
		})
		hideUnless(page, f.Name, takePrefix+f.Name+":mine")
	}
	if page.Differing != nil {
		page.Notice.Remedy = "What you typed is kept. Choose below what to store where both of you changed something."
	}
	return nil
}

// hideUnless hides a field while another one has no such value.
func hideUnless(p *markup.FormPage, name, when string) {
	for _, group := range p.Groups {
		for _, row := range group.Lines() {
			for i := range row {
				if row[i].Name == name && row[i].When == "" {
					row[i].When = when
				}
			}
		}
	}
}

// changedSince are the values that fields had in a version, of those that changed after it. Whole tells that the entries
// reach back so far.
func changedSince(entries []resource.Entry, version int64) (before map[string]json.RawMessage, whole bool) {
	before = map[string]json.RawMessage{}
	for i := range entries {
		var object struct{ Version int64 }
		if json.Unmarshal(entries[i].Object, &object) != nil {
			continue // a refusal changed nothing
		}
		if object.Version <= version {
			return before, true
		}
		for name, change := range differences(&entries[i]) {
			before[name] = change.From
		}
	}
	return before, false
}

// conflictTitles are the names of the rows that either value refers to.
func conflictTitles(v *web.Visit, spec *resource.Spec, kind resource.Resource, record resource.Record,
	values map[string]string) (widget.Titles, error) {
	known, ids := widget.Titles{}, map[string][]string{}
	for _, f := range spec.Fields {
		if value := f.New(); f.To != "" && f.Type.FromText(f, values[f.Name], value) == nil {
			ids[f.To] = slices.Concat(ids[f.To], f.Refers(value), f.Refers(reflect.ValueOf(kind.Plain(record, f))))
		}
	}
	return known, widget.ReadTitles(v, ids, known)
}

// storedText is a value of the ledger as a form holds it.
func storedText(v *web.Visit, f *field.Field, raw json.RawMessage) string {
	value := f.New()
	if len(raw) == 0 || string(raw) == "null" || f.Type.FromJSON(f, raw, value) != nil {
		return ""
	}
	if at, ok := value.Interface().(field.Time); ok {
		return widget.TimeText(v, at)
	}
	return f.Type.Text(value)
}

// typedWords is a value of a form in words.
func typedWords(v *web.Visit, f *field.Field, text string, known widget.Titles, viewer markup.Viewer) string {
	value := f.New()
	if at, err := time.ParseInLocation(widget.FormTime, text, v.Zone()); err == nil && f.Type.Name() == "time" {
		return viewer.Exact(at)
	}
	if f.Type.FromText(f, text, value) != nil {
		return widget.Shorten(text, 200)
	}
	return cmp.Or(widget.WordsOf(f, value, known, viewer), "Nothing")
}

// taken are the fields of which the person takes what is stored.
func taken(v *web.Visit, spec *resource.Spec) []string {
	var names []string
	for _, f := range spec.Fields {
		if v.Form.Get(takePrefix+f.Name) == "stored" {
			names = append(names, f.Name)
		}
	}
	return names
}
