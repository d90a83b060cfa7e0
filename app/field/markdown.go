package field

// Markdown is a text of several paragraphs in CommonMark.
type Markdown string

type markdownType struct{ longTextType }

func (markdownType) Name() string { return "markdown" }

func (t markdownType) Schema(f *Field) Schema {
	schema := t.longTextType.Schema(f)
	schema["contentMediaType"] = "text/markdown"
	return schema
}
