package widget

import (
	"zygo/app/field"
	"zygo/ui/markup"
	"zygo/ui/web"
)

var tags = Widget{
	Input:    markup.FieldText,
	Unsorted: true,
	Suffix:   "s",
	Cell: func(s Shown, value any) markup.Cell {
		if words := value.(field.Tags); len(words) > 0 {
			return tagsCell(s.Visit, s.Field, words)
		}
		return nil
	},
	Offered: suggestTags,
	Read:    readMany,
}

// tagCategory is the category of choices that an organization's tags make.
const (
	tagCategory   = "tag"
	tagsField     = "tags"
	mostSuggested = 20
)

// tagsCell shows words, those of the organization's tags in their colours.
func tagsCell(v *web.Visit, f *field.Field, words field.Tags) markup.Cell {
	if f.Dropdown != "" {
		return markup.Tags(Labels(v, f, words))
	}
	known, err := v.Person.Choices(tagCategory)
	if err != nil {
		return markup.Tags(words)
	}
	of, cell := field.Field{Choices: known}, make(markup.ColouredTags, len(words))
	for i, word := range words {
		cell[i] = markup.Badge{Tone: Tones[of.ChoiceOf(word).Tone], Word: word}
	}
	return cell
}

// suggestTags offers the organization's tags for the field of that name; others hold words of another sort, such as networks.
func suggestTags(v *web.Visit, f *field.Field, view *markup.FieldView) error {
	if view.Help == "" {
		view.Help = "Words with commas between them."
	}
	if f.Name != tagsField || f.Dropdown != "" {
		return nil
	}
	known, err := v.Person.Choices(tagCategory)
	if err != nil {
		return err
	}
	for _, tag := range known[:min(len(known), mostSuggested)] {
		view.Suggested = append(view.Suggested, tag.Value)
	}
	return nil
}
