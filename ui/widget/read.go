package widget

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/web"
)

// customInput brings what a form says of a template's fields into the words of the API, where a moment is in UTC. What it only
// shows stays as it was stored before.
func customInput(v *web.Visit, spec *resource.Spec, f *field.Field, text string, before field.Custom) []byte {
	var custom field.Custom
	if json.Unmarshal([]byte(text), &custom) != nil {
		return []byte(text)
	}
	template, found, err := CustomTemplate(v, spec, custom.Template)
	if err != nil || !found {
		return []byte(text) // the kernel says what is wrong with it
	}
	if before.Template != custom.Template {
		before = field.Custom{}
	}
	for name, raw := range before.Values {
		if !slices.ContainsFunc(template.Fields, func(added *field.Field) bool { return added.Name == name }) {
			custom.Values[name] = raw
		}
	}
	for _, added := range template.Fields {
		inForm := below(f.Name, added)
		sent, ok := FormText(inForm, v.Form)
		given := fromForm(v, inForm, sent)
		stored, known := before.Values[added.Name]
		delete(custom.Values, added.Name)
		switch {
		case known && (!ok || alike(sent, customText(v, added, stored))):
			custom.Values[added.Name] = stored
		case ok && given != "":
			custom.Values[added.Name] = field.AppendJSONString(nil, given)
		}
	}
	out, err := json.Marshal(custom)
	if err != nil {
		return []byte(text)
	}
	return out
}

// FormText is the text that a form gives for a field, put together where the form has several inputs for it, and whether
// it gives one.
func FormText(f *field.Field, form url.Values) (text string, given bool) {
	if read := Of(f).Read; read != nil {
		return read(f, form)
	}
	return form.Get(f.Name), form.Has(f.Name)
}

// Given reads what a form gives for the writable ones of the fields.
func Given(v *web.Visit, spec *resource.Spec, fields []*field.Field) resource.Input {
	in := resource.Input{}
	for _, f := range fields {
		text, given := FormText(f, v.Form)
		if !f.Writable() || !given {
			continue
		}
		in[f.Name] = resource.Text(fromForm(v, f, text))
		if Of(f) == &templated {
			in[f.Name] = resource.Given{Raw: customInput(v, spec, f, text, field.Custom{})}
		}
	}
	return in
}

// Changed is given without what the form only shows: an input may hold less than the row, such as a time without its seconds,
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

// fromForm is what was typed in a form for a field, in the words of the API: a moment is meant in the person's zone.
func fromForm(v *web.Visit, f *field.Field, text string) string {
	if Of(f) != &moment {
		return text
	}
	if at, err := time.ParseInLocation(FormTime, text, v.Zone()); err == nil {
		return at.UTC().Format(time.RFC3339)
	}
	return text
}
