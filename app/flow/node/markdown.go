package node

import (
	"context"
	"errors"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/format"
	"zygo/app/value"
)

// Markdown converts texts between Markdown and HTML.
type Markdown struct {
	Op          MarkdownOp         `z:"default=to_html,literal,label=Operation"`
	Text        field.LongText     `z:"required,max=1000000,help=Such as {{ $json.body }}"`
	Dialect     MarkdownDialect    `z:"default=github,literal,fold,when=op:to_html"`
	Additions   []MarkdownAddition `z:"literal,fold,when=dialect:plain"`
	HTML        bool               `z:"literal,fold,label=Keep HTML,when=op:to_html,help=Keeps the HTML within the text, and its scripts. Turn it on for texts that you trust."`
	HeadingIDs  HeadingIDs         `z:"default=none,literal,fold,label=Ids of headings,when=op:to_html"`
	Breaks      bool               `z:"literal,fold,label=Keep line breaks,when=op:to_html"`
	NewWindow   bool               `z:"literal,fold,label=Links in a new window,when=op:to_html"`
	Emphasis    EmphasisMark       `z:"default=*,literal,fold,short,when=op:to_markdown"`
	Strong      StrongMark         `z:"default=**,literal,fold,short,when=op:to_markdown"`
	Bullet      BulletMark         `z:"default=-,literal,fold,short,when=op:to_markdown"`
	Fence       FenceMark          `z:"default=backticks,literal,fold,short,label=Around code,when=op:to_markdown"`
	Without     field.Exact        `z:"max=1000,literal,fold,when=op:to_markdown,help=A CSS selector of what is left out, such as nav, footer."`
	Destination field.Exact        `z:"max=500,default=data,help=The field that gets the result."`
}

// MarkdownOp is a direction.
type MarkdownOp string

// Choices are the directions.
func (MarkdownOp) Choices() []field.Choice {
	return []field.Choice{{Value: "to_html", Label: "Markdown to HTML"}, {Value: "to_markdown", Label: "HTML to Markdown"}}
}

// MarkdownDialect says which Markdown a text is.
type MarkdownDialect string

// Choices are the dialects.
func (MarkdownDialect) Choices() []field.Choice {
	return []field.Choice{{Value: "github", Label: "Markdown of GitHub"}, {Value: "plain", Label: "Plain, with chosen additions"}}
}

// MarkdownAddition is what GitHub adds to Markdown.
type MarkdownAddition string

// Choices are the additions.
func (MarkdownAddition) Choices() []field.Choice {
	return []field.Choice{{Value: "tables", Label: "Tables"}, {Value: "strikethrough", Label: "Strikethrough"},
		{Value: "tasks", Label: "Tasks"}, {Value: "links", Label: "Addresses as links"}}
}

// HeadingIDs is how the ids of headings are made.
type HeadingIDs string

// Choices are the ways.
func (HeadingIDs) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "None"}, {Value: "letters", Label: "Letters alone: myheading"},
		{Value: "github", Label: "With dashes: my-heading"}}
}

// EmphasisMark is around an emphasis.
type EmphasisMark string

// Choices are the marks.
func (EmphasisMark) Choices() []field.Choice { return choices("*", "_") }

// StrongMark is around a strong emphasis.
type StrongMark string

// Choices are the marks.
func (StrongMark) Choices() []field.Choice { return choices("**", "__") }

// BulletMark begins an entry of a list.
type BulletMark string

// Choices are the marks.
func (BulletMark) Choices() []field.Choice { return choices("-", "*", "+") }

// FenceMark is on the lines around code.
type FenceMark string

// Choices are the marks.
func (FenceMark) Choices() []field.Choice {
	return []field.Choice{{Value: "backticks", Label: "```"}, {Value: "tildes", Label: "~~~"}}
}

// CheckWritten refuses a selector that nothing can be found by.
func (p *Markdown) CheckWritten() error {
	if err := format.CheckSelector(string(p.Without)); err != nil {
		return fault.InvalidField("without", "%s", err)
	}
	return nil
}

func (p *Markdown) options() format.MarkdownOptions {
	o := format.MarkdownOptions{
		Plain:     p.Dialect == "plain",
		HTML:      p.HTML,
		Breaks:    p.Breaks,
		NewWindow: p.NewWindow,
		Emphasis:  string(p.Emphasis),
		Strong:    string(p.Strong),
		Bullet:    string(p.Bullet),
		Fence:     map[FenceMark]string{"backticks": "```", "tildes": "~~~"}[p.Fence],
		Without:   string(p.Without),
	}
	for _, addition := range p.Additions {
		o.With = append(o.With, string(addition))
	}
	if p.HeadingIDs != "none" {
		o.HeadingIDs = string(p.HeadingIDs)
	}
	return o
}

func markdown() *Type {
	return Declare(Type{
		Name: "markdown", Version: 1, Category: "data", Title: "Markdown", Icon: "scroll-text",
		Help: "Converts Markdown to HTML, for example for a mail, and HTML to Markdown. HTML within Markdown is left out unless you keep it.",
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
		converted, err := c.document(ctx, format.Options{As: as, AsInN8n: c.AsInN8n, Markdown: p.options()}, []byte(p.Text))
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
