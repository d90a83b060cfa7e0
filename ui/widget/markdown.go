package widget

import (
	"regexp"

	"zygo/app/field"
	"zygo/ui/markup"
)

var markdown = Widget{
	Input:    markup.FieldMarkdown,
	Unsorted: true,
	Cell: func(_ Shown, value any) markup.Cell {
		return TextCell(Shorten(unmarked(string(value.(field.Markdown))), 120))
	},
	Section: func(f *field.Field, text string) (markup.Section, bool) {
		section := markup.Section{Title: f.Label, Markdown: text}
		if text == "" {
			section.Empty = "Nothing is written here yet."
		}
		return section, text != "" || f.Writable()
	},
}

var markdownSigns = regexp.MustCompile("(?m)^#+ |^\\s*[-*+] (\\[[ xX]\\] )?|\\*\\*|__|`+")

// unmarked is Markdown without the signs that a list has no use for.
func unmarked(text string) string { return markdownSigns.ReplaceAllString(text, "") }
