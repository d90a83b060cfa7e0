package field

import (
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
