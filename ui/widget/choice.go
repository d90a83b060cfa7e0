package widget

import (
	"slices"

	"zygo/app/field"
	"zygo/ui/markup"
	"zygo/ui/web"
)

var choice = Widget{
	Input: markup.FieldSelect,
	Declared: func(f *field.Field, view *markup.FieldView) {
		Offer(view, f.Choices, !f.Required && f.Default == "")
	},
}

// severalChoices are boxes to tick.
var severalChoices = Widget{
	Input: markup.FieldChoices,
	Declared: func(f *field.Field, view *markup.FieldView) {
		chosen := f.New()
		_ = f.Type.FromText(f, view.Value, chosen) // it reads every text
		for _, c := range f.Choices {
			view.Options = append(view.Options, markup.Option{
				Value:  c.Value,
				Label:  c.Label,
				Chosen: slices.Contains(f.Entries(chosen), c.Value),
			})
		}
	},
	Read: readMany,
}

// Tones are the colours of choices in the words of the face.
var Tones = map[string]markup.Tone{
	"red":   markup.Bad,
	"amber": markup.Warn,
	"green": markup.Good,
	"blue":  markup.Info,
	"grey":  markup.Idle,
	"":      markup.Idle,
}

// Offer makes the field a choice of values, of none perhaps.
func Offer(f *markup.FieldView, choices []field.Choice, none bool) {
	if none {
		f.Options = []markup.Option{{Label: "–", Chosen: f.Value == ""}}
	} else {
		f.Required = true // one is always chosen
	}
	offered := f.Value == ""
	for _, c := range choices {
		offered = offered || c.Value == f.Value
		f.Options = append(f.Options, markup.Option{Value: c.Value, Label: c.Label, Chosen: c.Value == f.Value})
	}
	if !offered {
		f.Options = append(f.Options, markup.Option{Value: f.Value, Label: f.Value + " (no longer offered)", Chosen: true})
	}
}

// offerDropdown offers the values of a dropdown. What was offered once, and is the row's, stays.
func offerDropdown(v *web.Visit, f *field.Field, view *markup.FieldView) error {
	offered, err := Choices(v, f)
	if err != nil || len(offered) == 0 {
		return err
	}
	if view.Value != "" && !slices.ContainsFunc(offered, func(c field.Choice) bool { return c.Value == view.Value }) {
		offered = append(offered[:len(offered):len(offered)], field.Choice{Value: view.Value, Label: view.Value})
	}
	view.Kind = markup.FieldSelect
	Offer(view, offered, true)
	return nil
}

// choices are the values that a field offers, nil for a field of another sort.
func Choices(v *web.Visit, f *field.Field) ([]field.Choice, error) {
	if f.Dropdown == "" {
		return f.Choices, nil
	}
	return v.Person.Choices(f.Dropdown)
}

// ChoiceCell shows one of a field's choices as a badge where it has a colour.
func ChoiceCell(v *web.Visit, f *field.Field, value string, isState bool) markup.Cell {
	offered, err := Choices(v, f)
	if err != nil {
		return markup.Text(value)
	}
	of := field.Field{Choices: offered}
	choice := of.ChoiceOf(value)
	if choice.Tone == "" && !isState {
		return markup.Text(choice.Label)
	}
	return markup.Badge{Tone: Tones[choice.Tone], Word: choice.Label}
}

// labels are what people read for values of a dropdown.
func Labels(v *web.Visit, f *field.Field, values []string) []string {
	offered, err := Choices(v, f)
	if err != nil {
		return values
	}
	of, labels := field.Field{Choices: offered}, make([]string, len(values))
	for i, value := range values {
		labels[i] = of.ChoiceOf(value).Label
	}
	return labels
}

// PermissionWords are what permissions allow, in words.
func PermissionWords(v *web.Visit, names []string) []string {
	return Labels(v, &field.Field{Dropdown: "any_permission"}, names)
}

// ChoiceBadge shows a choice by its label and in its colour.
func ChoiceBadge[T interface {
	~string
	Choices() []field.Choice
}](chosen T) markup.Badge {
	for _, choice := range chosen.Choices() {
		if choice.Value == string(chosen) {
			return markup.Badge{Tone: Tones[choice.Tone], Word: choice.Label}
		}
	}
	return markup.Badge{Tone: markup.Idle, Word: string(chosen)}
}
