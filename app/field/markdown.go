package field

import "strings"

// Markdown is a text of several paragraphs in CommonMark.
type Markdown string

type markdownType struct{ longTextType }

func (markdownType) Name() string { return "markdown" }

func (t markdownType) Schema(f *Field) Schema {
	schema := t.longTextType.Schema(f)
	schema["contentMediaType"] = "text/markdown"
	return schema
}

// longestSummary is how much of a text names it, in characters.
const longestSummary = 80

// Summary names a text in Markdown by its first line, without the marks.
func Summary(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.NewReplacer("**", "", "__", "", "`", "").Replace(line)
	line = strings.TrimSpace(strings.TrimLeft(line, "#>*-+ "))
	if shown := []rune(line); len(shown) > longestSummary {
		return string(shown[:longestSummary]) + "…"
	}
	if more {
		line += " …"
	}
	return line
}
