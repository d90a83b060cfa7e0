package format

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	tables "github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/andybalholm/cascadia"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"zygo/app/value"
)

// MarkdownOptions say how Markdown is read and written.
type MarkdownOptions struct {
	// Plain is Markdown without the additions of GitHub, except those in With: tables, strikethrough, tasks and links.
	Plain bool     `json:"plain,omitempty"`
	With  []string `json:"with,omitempty"`
	// HTML keeps the HTML in a text, which may hold scripts.
	HTML bool `json:"html,omitempty"`
	// HeadingIDs gives headings an id: of their letters, or as GitHub does with dashes. Empty for none.
	HeadingIDs string `json:"heading_ids,omitempty"`
	// Breaks makes a line break of each that is in the text, and NewWindow opens links in a window of their own.
	Breaks    bool `json:"breaks,omitempty"`
	NewWindow bool `json:"new_window,omitempty"`
	// Emphasis, Strong, Bullet and Fence are the marks that are written, and Without finds the elements that are left out.
	Emphasis string `json:"emphasis,omitempty"`
	Strong   string `json:"strong,omitempty"`
	Bullet   string `json:"bullet,omitempty"`
	Fence    string `json:"fence,omitempty"`
	Without  string `json:"without,omitempty"`
}

// readMarkdown gives the HTML of a text in Markdown as GitHub writes it. HTML in it is left out unless it is asked for.
func readMarkdown(o Options, body []byte, put func(value.Value) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	m := o.Markdown
	extensions := []goldmark.Extender{extension.GFM}
	if m.Plain {
		extensions = nil
		for name, e := range map[string]goldmark.Extender{"tables": extension.Table, "strikethrough": extension.Strikethrough,
			"tasks": extension.TaskList, "links": extension.Linkify} {
			if slices.Contains(m.With, name) {
				extensions = append(extensions, e)
			}
		}
	}
	settings := []goldmark.Option{goldmark.WithExtensions(extensions...)}
	if m.HTML {
		settings = append(settings, goldmark.WithRendererOptions(html.WithUnsafe()))
	}
	if m.Breaks {
		settings = append(settings, goldmark.WithRendererOptions(html.WithHardWraps()))
	}
	if o.AsInN8n {
		settings = append(settings, goldmark.WithRendererOptions(html.WithXHTML()))
	}
	if m.HeadingIDs != "" {
		settings = append(settings, goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	}
	var page strings.Builder
	ids := parser.WithContext(parser.NewContext(parser.WithIDs(&headingIDs{like: m.HeadingIDs, given: map[string]int{}})))
	if err := goldmark.New(settings...).Convert([]byte(text), &page, ids); err != nil {
		return wrong("the text can't be converted: %s", err)
	}
	made := page.String()
	if m.NewWindow {
		made = links().ReplaceAllString(made, `$1 rel="noopener noreferrer" target="_blank">`)
	}
	if o.AsInN8n {
		made = pageInN8n(made)
	}
	return put(value.String(made))
}

var (
	links     = pattern(`(<a href="[^"]*"(?: title="[^"]*")?)>`)
	nonWords  = pattern(`[^0-9A-Za-z_]`)
	nonGitHub = pattern("[&+$,/:;=?@\"#{}|^~\\[\\]`\\\\*)(%.!'<>]")
)

// headingIDs makes the ids of headings.
type headingIDs struct {
	like  string
	given map[string]int
}

// Generate makes an id of the text of a heading. One that was given already gets a number.
func (h *headingIDs) Generate(text []byte, _ ast.NodeKind) []byte {
	id := strings.ToLower(nonWords().ReplaceAllString(string(text), ""))
	if h.like == "github" {
		id = strings.ToLower(nonGitHub().ReplaceAllString(strings.ReplaceAll(string(text), " ", "-"), ""))
	}
	count := h.given[id]
	if h.given[id]++; count > 0 {
		id = fmt.Sprintf("%s-%d", id, count)
	}
	return []byte(id)
}

// Put notes an id that a text gave itself.
func (h *headingIDs) Put(id []byte) { h.given[string(id)]++ }

// readToMarkdown gives a page in Markdown.
func readToMarkdown(o Options, body []byte, put func(value.Value) error) error {
	page, err := parsePage(o.Charset, body)
	if err != nil {
		return err
	}
	m := o.Markdown
	if m.Without != "" {
		by, err := selector(m.Without)
		if err != nil {
			return err
		}
		for _, n := range cascadia.QueryAll(page, by) {
			n.Parent.RemoveChild(n)
		}
	}
	marks := []commonmark.OptionFunc{commonmark.WithEmDelimiter(m.Emphasis), commonmark.WithStrongDelimiter(m.Strong),
		commonmark.WithBulletListMarker(m.Bullet), commonmark.WithCodeBlockFence(m.Fence)}
	plugins := []converter.Plugin{base.NewBasePlugin(), tables.NewTablePlugin(), strikethrough.NewStrikethroughPlugin()}
	if o.AsInN8n {
		marks = append(marks, commonmark.WithListEndComment(false), commonmark.WithHorizontalRule("---"))
		plugins = append(plugins, markdownInN8n{cmp.Or(m.Bullet, "-")})
	}
	to := converter.NewConverter(converter.WithPlugins(append(plugins, commonmark.NewCommonmarkPlugin(marks...))...))
	text, err := to.ConvertNode(page)
	if err != nil {
		return wrong("the page can't be converted: %s", err)
	}
	return put(value.String(string(text)))
}
