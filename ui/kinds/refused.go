package kinds

import (
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// Mark puts the errors beside their fields and takes those that found one.
func Mark(page *markup.FormPage, errors map[string]string) {
	for g := range page.Groups {
		for _, row := range page.Groups[g].Lines() {
			for i := range row {
				name := row[i].Name
				message, ok := errors[name]
				if list, first := strings.CutSuffix(name, ".0."+name[strings.LastIndex(name, ".")+1:]); !ok && first {
					// What is wrong with a list of rows stands at its first row.
					name = list
					message, ok = errors[name]
				}
				if ok {
					row[i].Error = web.Sentence(row[i].Label, message)
					page.Groups[g].Open = true
					delete(errors, name)
				}
			}
		}
	}
}

// Typed is what a form was sent with: by the names of its inputs, and of the fields as their text.
func Typed(fields []*field.Field, form url.Values) map[string]string {
	values := map[string]string{}
	for name := range form {
		values[name] = form.Get(name)
	}
	for _, f := range fields {
		values[f.Name], _ = widget.FormText(f, form)
	}
	return values
}

// Refused shows the form again with what is wrong beside its fields. What is not about a field of the form stands above.
func Refused(v *web.Visit, page *markup.FormPage, err error) (*edge.Response, error) {
	errors := web.FieldErrors(err)
	public := fault.Public(err)
	if errors == nil && public.Code != fault.Conflict && public.Code != fault.QuotaExceeded {
		return nil, err
	}
	Mark(page, errors)
	for field, message := range errors {
		if page.Notice == nil {
			page.Notice = &markup.Strip{Tone: markup.Bad, Text: "This can't be stored."}
		}
		page.Notice.Items = append(page.Notice.Items, markup.Link{Label: web.Sentence(field, message)})
	}
	if errors == nil {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	}
	return v.ShowRefused(public, page)
}
