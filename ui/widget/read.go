package widget

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/web"
)

// FormText is the text that a form gives for a field, put together where the form has several inputs for it, and whether
// it gives one. A box without a tick is not sent, so it is no.
func FormText(f *field.Field, form url.Values) (text string, given bool) {
	switch {
	case f.Type.Name() == "custom":
		text = customForm(f.Name, form)
		return text, text != ""
	case f.Holds() && form.Has(f.Name+".remove"):
		return "", true
	case f.Type.Name() == "boolean":
		return form.Get(f.Name), true
	case f.Many():
		chosen := slices.DeleteFunc(slices.Clone(form[f.Name]), func(one string) bool { return one == "" })
		return strings.Join(chosen, ", "), form.Has(f.Name)
	case f.Type.Name() == "address" && form.Has(f.Name+".lines"):
		var texts []string
		if lines := strings.TrimSpace(strings.ReplaceAll(form.Get(f.Name+".lines"), "\r\n", "\n")); lines != "" {
			texts = []string{lines}
		}
		for _, named := range addressNames {
			texts = append(texts, strings.ReplaceAll(form.Get(f.Name+"."+named.name), "\n", " "))
		}
		if text = strings.Join(texts, "\n"); strings.TrimSpace(text) == "" {
			text = ""
		}
		return text, true
	}
	return form.Get(f.Name), form.Has(f.Name)
}

// formTime is how the browser's input writes a moment.
const FormTime = "2006-01-02T15:04"

// storedText is a field's value in the form's words.
func ValueText(v *web.Visit, kind resource.Resource, record resource.Record, f *field.Field) string {
	if at, ok := kind.Plain(record, f).(field.Time); ok {
		if at == 0 {
			return ""
		}
		return at.Go().In(v.Zone()).Format(FormTime)
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
func Changed(v *web.Visit, kind resource.Resource, record resource.Record, fields []*field.Field) resource.Input {
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
		} else if alike(text, ValueText(v, kind, record, f)) {
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
		if at, err := time.ParseInLocation(FormTime, text, v.Zone()); err == nil {
			text = at.UTC().Format(time.RFC3339)
		}
	}
	return text, given
}
