package ui

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// What organizations bring to their forms: the choices of dropdown values, and the fields that a template adds to a row.

// choices are the values that a field offers, nil for a field of another sort.
func (v *visit) choices(f *field.Field) ([]field.Choice, error) {
	if f.Dropdown == "" {
		return f.Choices, nil
	}
	return v.person.Choices(f.Dropdown)
}

// choiceCell shows one of a field's choices as a badge where it has a colour.
func (v *visit) choiceCell(f *field.Field, value string, isState bool) Cell {
	offered, err := v.choices(f)
	if err != nil {
		return Text(value)
	}
	of := field.Field{Choices: offered}
	choice := of.ChoiceOf(value)
	if choice.Tone == "" && !isState {
		return Text(choice.Label)
	}
	return Badge{tones[choice.Tone], choice.Label}
}

// tagCategory is the category of choices that an organization's tags make.
const (
	tagCategory   = "tag"
	tagsField     = "tags"
	mostSuggested = 20
)

// labels are what people read for values of a dropdown.
func (v *visit) labels(f *field.Field, values []string) []string {
	offered, err := v.choices(f)
	if err != nil {
		return values
	}
	of, labels := field.Field{Choices: offered}, make([]string, len(values))
	for i, value := range values {
		labels[i] = of.ChoiceOf(value).Label
	}
	return labels
}

// permissionWords are what permissions allow, in words.
func (v *visit) permissionWords(names []string) []string {
	return v.labels(&field.Field{Dropdown: "any_permission"}, names)
}

// tags shows words, those of the organization's tags in their colours.
func (v *visit) tags(f *field.Field, words field.Tags) Cell {
	if f.Dropdown != "" {
		return Tags(v.labels(f, words))
	}
	known, err := v.person.Choices(tagCategory)
	if err != nil {
		return Tags(words)
	}
	of, cell := field.Field{Choices: known}, make(ColouredTags, len(words))
	for i, word := range words {
		cell[i] = Badge{tones[of.ChoiceOf(word).Tone], word}
	}
	return cell
}

// customTemplate is the template of a row's own fields; there is none where it is gone, and then they stay as they are.
func (v *visit) customTemplate(spec *resource.Spec, id string) (template resource.Template, found bool, err error) {
	if id == "" {
		return template, false, nil
	}
	template, err = v.person.TemplateOf(spec.Name, id)
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

// customGroup is the part of a form with the fields of a template; nil where there is none.
func (v *visit) customGroup(spec *resource.Spec, f *field.Field, text string) (*FieldGroup, error) {
	var custom field.Custom
	if json.Unmarshal([]byte(text), &custom) != nil || custom.Template == "" {
		return nil, nil
	}
	template, found, err := v.customTemplate(spec, custom.Template)
	if err != nil || !found {
		return nil, err
	}
	group := &FieldGroup{Title: template.Name, Hidden: []Hidden{{f.Name + ".template", template.ID}}}
	for _, added := range template.Fields {
		view, err := v.field(below(f.Name, added), v.customText(added, custom.Values[added.Name]))
		if err != nil {
			return nil, err
		}
		group.Rows = append(group.Rows, []FieldView{view})
	}
	return group, nil
}

// customText is a stored or typed value in the form's words.
func (v *visit) customText(f *field.Field, raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return f.Type.Text(f.Value(field.Custom{Values: map[string]json.RawMessage{f.Name: raw}}))
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil && f.Type.Name() == "time" {
		return at.In(v.zone()).Format(formTime)
	}
	return text
}

// customInput brings what a form says of a template's fields into the words of the API, where a moment is in UTC. What it only
// shows stays as it was stored before.
func (v *visit) customInput(spec *resource.Spec, f *field.Field, text string, before field.Custom) []byte {
	var custom field.Custom
	if json.Unmarshal([]byte(text), &custom) != nil {
		return []byte(text)
	}
	template, found, err := v.customTemplate(spec, custom.Template)
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
		sent, ok := formText(inForm, v.form)
		given, _ := v.fieldText(inForm, v.form)
		stored, known := before.Values[added.Name]
		delete(custom.Values, added.Name)
		switch {
		case known && (!ok || alike(sent, v.customText(added, stored))):
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

// customForm is what a form was sent with of a template's fields, to be shown again.
func customForm(name string, form url.Values) string {
	custom := field.Custom{Values: map[string]json.RawMessage{}}
	for key, values := range form {
		switch rest, ok := strings.CutPrefix(key, name+"."); {
		case ok && rest == "template":
			custom.Template = values[0]
		case ok:
			custom.Values[rest] = field.AppendJSONString(nil, values[0])
		}
	}
	if custom.Template == "" {
		return ""
	}
	text, err := json.Marshal(custom)
	if err != nil {
		return ""
	}
	return string(text)
}

// customSection shows a row's own fields under the name of their template.
func (v *visit) customSection(spec *resource.Spec, f *field.Field, custom field.Custom) (Section, error) {
	section := Section{Title: f.Label}
	template, found, err := v.customTemplate(spec, custom.Template)
	if err != nil {
		return section, err
	}
	if !found {
		for name, raw := range custom.Values {
			section.Facts = append(section.Facts, Fact{field.Label(name), textCell(strings.Trim(string(raw), `"`))})
		}
		return section, nil
	}
	section.Title = template.Name
	viewer := v.viewer()
	for _, added := range template.Fields {
		value := added.Value(custom)
		cell := textCell(wordsOf(added, value, nil, viewer))
		if len(added.Choices) > 0 && value.String() != "" {
			cell = v.choiceCell(added, value.String(), false)
		}
		section.Facts = append(section.Facts, Fact{added.Label, cell})
	}
	return section, nil
}
