package markup

import (
	"bytes"
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// This file is the only one that turns text into HTML which the templates don't escape again; lint_test.go holds that.

// literal is HTML that stands in the source of this package. Only constants become one by themselves, so a value that came
// with a request can't be written without escaping.
type literal string

// Writer is a page's worth of HTML being written.
type Writer struct{ Bytes []byte }

// Raw writes markup that stands in the source of this program.
func (m *Writer) Raw(part literal) { m.Bytes = append(m.Bytes, part...) }

// Text writes s so that it means the same between tags and inside a quoted attribute.
func (m *Writer) Text(s string) {
	from := 0
	for i := range len(s) {
		var entity literal
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&#34;"
		case '\'':
			entity = "&#39;"
		case 0:
			entity = "\uFFFD"
		default:
			continue
		}
		m.Bytes = append(m.Bytes, s[from:i]...)
		m.Raw(entity)
		from = i + 1
	}
	m.Bytes = append(m.Bytes, s[from:]...)
}

// Attribute writes a name and a quoted value, with a space in front. The name must not be one that is run (on…, style) or
// followed (href); href has its own way.
func (m *Writer) Attribute(name literal, value string) {
	m.Raw(" ")
	m.Raw(name)
	m.Raw(`="`)
	m.Text(value)
	m.Raw(`"`)
}

func (m *Writer) number(n int) { m.Bytes = strconv.AppendInt(m.Bytes, int64(n), 10) }

// href writes an address that can only lead to a page: of this instance, or by http, https, mailto or tel elsewhere.
func (m *Writer) href(address string) {
	if !isSafeAddress(address) {
		address = "#"
	}
	m.Attribute("href", address)
}

func isSafeAddress(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || strings.Contains(address, `\`) {
		return false
	}
	switch parsed.Scheme {
	case "http", "https":
		return parsed.Host != ""
	case "mailto", "tel":
		return true
	case "":
		return parsed.Host == "" && !strings.HasPrefix(address, "//")
	}
	return false
}

func (m *Writer) html() template.HTML { return template.HTML(m.Bytes) }

// Option is one of the rows that a lookup found.
func (m *Writer) Option(id, label string) {
	m.Raw(`<li role="option"`)
	m.Attribute("data-value", id)
	m.Raw(`>`)
	m.Text(label)
	m.Raw(`</li>`)
}

// The parsers are made when something is formatted: most processes format nothing.
var (
	markdownParser = sync.OnceValue(func() goldmark.Markdown { return goldmark.New(gfm()) })
	guideParser    = sync.OnceValue(func() goldmark.Markdown {
		return goldmark.New(gfm(), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	})
)

// icon writes nothing for an empty name.
func (m *Writer) icon(sprite, name string) {
	if name == "" {
		return
	}
	m.Raw(`<svg class="icon" aria-hidden="true"><use`)
	m.Attribute("href", sprite+"#"+name)
	m.Raw(`/></svg>`)
}

// gfm is what GitHub adds to CommonMark. The alignment of cells is an attribute, because a page has no styles of its own.
func gfm() goldmark.Option {
	return goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.TaskList,
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)))
}

// markdownPolicy allows formatting and links that say they lead away. It drops every attribute that htmx or a script would
// read, and images from elsewhere, which would tell their host who reads.
var markdownPolicy = sync.OnceValue(func() *bluemonday.Policy {
	policy := bluemonday.NewPolicy()
	policy.AllowStandardURLs()
	policy.AllowAttrs("href").OnElements("a")
	policy.RequireNoFollowOnLinks(true)
	policy.RequireNoReferrerOnLinks(true)
	policy.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5",
		"table", "thead", "tbody", "tr", "th", "td")
	policy.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	policy.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	policy.AllowAttrs("checked", "disabled", "aria-label").OnElements("input")
	return policy
})

// FormatMarkdown formats what people wrote. Headings begin two levels down, below those of the page.
func FormatMarkdown(text string) (template.HTML, error) {
	var out bytes.Buffer
	if err := markdownParser().Convert([]byte(text), &out); err != nil {
		return "", err
	}
	return template.HTML(markdownPolicy().Sanitize(fitted.Replace(out.String()))), nil
}

// guidePolicy is markdownPolicy with the headings of a whole page, which the text of this binary may have.
var guidePolicy = sync.OnceValue(func() *bluemonday.Policy {
	policy := bluemonday.NewPolicy()
	policy.AllowStandardURLs()
	policy.AllowRelativeURLs(true)
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowAttrs("id").Matching(regexp.MustCompile(`^[a-z0-9-]+$`)).OnElements("h2", "h3")
	policy.AllowElements("p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "table", "thead", "tbody",
		"tr", "th", "td")
	return policy
})

// guideMarkdown formats a page of the guide. Its headings can be led to, and wide parts can be scrolled with the keyboard.
func guideMarkdown(text string) (template.HTML, error) {
	var out bytes.Buffer
	if err := guideParser().Convert([]byte(text), &out); err != nil {
		return "", err
	}
	return template.HTML(guidePolicy().Sanitize(out.String())), nil
}

// fitted makes headings those of a part of a page, and tells what the boxes of a task list mean.
var fitted = strings.NewReplacer(
	"<h1", "<h3", "</h1", "</h3", "<h2", "<h4", "</h2", "</h4", "<h3", "<h5", "</h3", "</h5",
	`<input checked="" disabled="" type="checkbox">`, `<input checked="" disabled="" type="checkbox" aria-label="Done">`,
	`<input disabled="" type="checkbox">`, `<input disabled="" type="checkbox" aria-label="To do">`,
)
