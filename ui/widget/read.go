package widget

import (
	"net/url"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/web"
)

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
