package format

import (
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	tables "github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"zygo/app/value"
)

// readMarkdown gives the HTML of a text in Markdown as GitHub writes it. HTML in it is left out.
func readMarkdown(o Options, body []byte, put func(value.Value) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	var page strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &page); err != nil {
		return wrong("the text can't be converted: %s", err)
	}
	return put(value.String(page.String()))
}

// readToMarkdown gives a page in Markdown.
func readToMarkdown(o Options, body []byte, put func(value.Value) error) error {
	page, err := parsePage(o.Charset, body)
	if err != nil {
		return err
	}
	to := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), tables.NewTablePlugin(),
		strikethrough.NewStrikethroughPlugin()))
	text, err := to.ConvertNode(page)
	if err != nil {
		return wrong("the page can't be converted: %s", err)
	}
	return put(value.String(string(text)))
}
