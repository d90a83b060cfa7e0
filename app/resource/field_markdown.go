package resource

import (
	"html"
	"reflect"
	"strings"
)

// Markdown is a text of several paragraphs in CommonMark.
type Markdown string

type markdownType struct{ textType }

const longestMarkdown = 100_000

func (markdownType) Name() string { return "markdown" }

func (markdownType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestMarkdown), "contentMediaType": "text/markdown"}
}

// FromText undoes the line ends that browsers send.
func (markdownType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
	return nil
}

func (markdownType) Check(f *Field, v reflect.Value) string {
	return f.checkLength(v.String(), longestMarkdown)
}

// AppendCell shows the beginning: a list cell is one line.
func (markdownType) AppendCell(out []byte, _ *Field, v reflect.Value, _ Titles) []byte {
	text := strings.Join(strings.Fields(v.String()), " ")
	if runes := []rune(text); len(runes) > 120 {
		text = string(runes[:120]) + "…"
	}
	return append(out, html.EscapeString(text)...)
}
