package widget

import (
	"encoding/json"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// customTemplate is the template of a row's own fields; there is none where it is gone, and then they stay as they are.
func CustomTemplate(v *web.Visit, spec *resource.Spec, id string) (template resource.Template, found bool, err error) {
	if id == "" {
		return template, false, nil
	}
	template, err = v.Person.TemplateOf(spec.Name, id)
	if fault.Is(err, fault.NotFound) {
		return template, false, nil
	}
	return template, err == nil, err
}

// below is a template's field as it is named in a form.
func below(name string, f *field.Field) *field.Field {
	renamed := *f
	renamed.Name = name + "." + f.Name
	return &renamed
}

// customGroup is the part of a form with the fields of a template; nil if there is none.
func CustomGroup(v *web.Visit, spec *resource.Spec, f *field.Field, text string) (*markup.FieldGroup, error) {
	var custom field.Custom
	if json.Unmarshal([]byte(text), &custom) != nil || custom.Template == "" {
		return nil, nil
	}
	template, found, err := CustomTemplate(v, spec, custom.Template)
	if err != nil || !found {
		return nil, err
	}
	group := &markup.FieldGroup{Title: template.Name, Hidden: []markup.Hidden{{Name: f.Name + ".template", Value: template.ID}}}
	for _, added := range template.Fields {
		view, err := Field(v, below(f.Name, added), customText(v, added, custom.Values[added.Name]))
		if err != nil {
			return nil, err
		}
		group.Rows = append(group.Rows, []markup.FieldView{view})
	}
	return group, nil
}

// customText is a stored or typed value in the form's words.
func customText(v *web.Visit, f *field.Field, raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return f.Type.Text(f.Value(field.Custom{Values: map[string]json.RawMessage{f.Name: raw}}))
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil && Of(f) == &moment {
		return at.In(v.Zone()).Format(FormTime)
	}
	return text
}

// customSection shows a row's own fields under the name of their template.
func CustomSection(v *web.Visit, spec *resource.Spec, f *field.Field, custom field.Custom) (markup.Section, error) {
	section := markup.Section{Title: f.Label}
	template, found, err := CustomTemplate(v, spec, custom.Template)
	if err != nil {
		return section, err
	}
	if !found {
		for name, raw := range custom.Values {
			section.Facts = append(section.Facts, markup.Fact{Label: field.Label(name), Value: TextCell(strings.Trim(string(raw), `"`))})
		}
		return section, nil
	}
	section.Title = template.Name
	viewer := v.Viewer()
	for _, added := range template.Fields {
		value := added.Value(custom)
		cell := TextCell(WordsOf(added, value, nil, viewer))
		if len(added.Choices) > 0 && value.String() != "" {
			cell = ChoiceCell(v, added, value.String(), false)
		}
		section.Facts = append(section.Facts, markup.Fact{Label: added.Label, Value: cell})
	}
	return section, nil
}
