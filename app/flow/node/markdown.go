package node

import (
	"context"
	"errors"
	"strings"

	"zygo/app/field"
	"zygo/app/flow/format"
	"zygo/app/value"
)

// Markdown converts texts between Markdown and HTML.
type Markdown struct {
	Op          MarkdownOp     `z:"default=to_html,literal,label=Operation"`
	Text        field.LongText `z:"required,max=1000000,help=Such as {{ $json.body }}"`
	Destination field.Exact    `z:"max=500,default=data,help=The field that gets the result."`
}

// MarkdownOp is a direction.
type MarkdownOp string

// Choices are the directions.
func (MarkdownOp) Choices() []field.Choice {
	return []field.Choice{{Value: "to_html", Label: "Markdown to HTML"}, {Value: "to_markdown", Label: "HTML to Markdown"}}
}

func markdown() *Type {
	return Declare(Type{
		Name: "markdown", Version: 1, Category: "data", Title: "Markdown", Icon: "scroll-text",
		Help: "Converts Markdown to HTML, for example for a mail, and HTML to Markdown. HTML within Markdown is left out.",
		Examples: []Example{{
			Config: `{"text": "{{ $json.note }}", "destination": "html"}`,
			In:     `[{"note": "# Hello\n\n- **one**\n- two"}]`,
			Out:    `{"main": [{"note": "# Hello\n\n- **one**\n- two", "html": "<h1>Hello</h1>\n<ul>\n<li><strong>one</strong></li>\n<li>two</li>\n</ul>"}]}`,
		}, {
			Config: `{"op": "to_markdown", "text": "{{ $json.page }}", "destination": "text"}`,
			In:     `[{"page": "<h1>Hello</h1><p>See <a href=\"https://example.com\">this</a>.</p>"}]`,
			Out:    `{"main": [{"page": "<h1>Hello</h1><p>See <a href=\"https://example.com\">this</a>.</p>", "text": "# Hello\n\nSee [this](https://example.com)."}]}`,
		}},
	}, runMarkdown)
}

func runMarkdown(ctx context.Context, c *Call, parameters func(int) (*Markdown, error)) (Result, error) {
	return c.change(func(i int) (value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return value.Null(), err
		}
		as := format.Markdown
		if p.Op == "to_markdown" {
			as = format.ToMarkdown
		}
		converted, err := c.document(ctx, format.Options{As: as}, []byte(p.Text))
		var wrong *format.Error
		if errors.As(err, &wrong) {
			err = &Error{Code: "TEXT_UNREADABLE", Message: "The text can't be converted: " + wrong.Message + "."}
		}
		if err != nil {
			return value.Null(), err
		}
		text := ""
		for _, v := range converted {
			text = strings.TrimSpace(v.Raw())
		}
		return with(c.Items[i].JSON, "destination", string(p.Destination), value.String(text))
	})
}
