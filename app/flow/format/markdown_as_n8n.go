package format

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/marker"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markdownInN8n is how n8n writes Markdown, where that is not how the converter does: lists without blank lines, more escapes, and
// addresses as links.
type markdownInN8n struct{ bullet string }

// Name is that of the plugin.
func (markdownInN8n) Name() string { return "n8n" }

// Init registers what is written otherwise.
func (m markdownInN8n) Init(to *converter.Converter) error {
	to.Register.PreRenderer(func(_ converter.Context, page *html.Node) { divide(page) }, converter.PriorityEarly)
	to.Register.RendererFor("ul", converter.TagTypeBlock, m.list, converter.PriorityEarly)
	to.Register.RendererFor("ol", converter.TagTypeBlock, m.list, converter.PriorityEarly)
	to.Register.RendererFor("a", converter.TagTypeInline, address, converter.PriorityEarly)
	to.Register.TextTransformer(escapedMarkdown, converter.PriorityLate+1)
	to.Register.PostRenderer(func(_ converter.Context, text []byte) []byte { return withLists(text) }, converter.PriorityEarly)
	to.Register.PostRenderer(func(_ converter.Context, text []byte) []byte {
		return ruleOfTable().ReplaceAllFunc(text, func(line []byte) []byte {
			return bytes.ReplaceAll(bytes.ReplaceAll(line, []byte("|-"), []byte("| ")), []byte("-|"), []byte(" |"))
		})
	}, converter.PriorityLate)
	return nil
}

var (
	ruleOfTable  = pattern(`(?m)^\|(?:-{3,}\|)+$`)
	linesInItem  = pattern(`([^\n])\n+`)
	endsOfLines  = pattern(`(?m)(\S)[ \t]+$`)
	specialMarks = pattern("[\\\\`*_~\\[\\]]")
	marksAtStart = pattern(`(?m)^(\s*?)(\+\s|[=>-]|#{1,6}\s)|(\d+)(\.\s)`)
	// unmarked takes off what the converter notes for its own escapes. It needs that of # at the end of a heading.
	unmarked = strings.NewReplacer(string(marker.MarkerEscaping)+"#", string(marker.MarkerEscaping)+"#", string(marker.MarkerEscaping), "",
		"&lt;", "<", "&gt;", ">")
)

func escapedMarkdown(_ converter.Context, text string) string {
	text = specialMarks().ReplaceAllString(unmarked.Replace(text), `\$0`)
	return marksAtStart().ReplaceAllString(text, `${1}${3}\${2}${4}`)
}

// divide puts something between bold and italic elements, which the converter makes one of where they touch.
func divide(n *html.Node) {
	isStrong := func(n *html.Node) bool { return n.DataAtom == atom.B || n.DataAtom == atom.Strong }
	isEmphasis := func(n *html.Node) bool { return n.DataAtom == atom.I || n.DataAtom == atom.Em }
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		divide(child)
		next := child.NextSibling
		if next != nil && (isStrong(child) && isEmphasis(next) || isEmphasis(child) && isStrong(next)) {
			n.InsertBefore(&html.Node{Type: html.ElementNode, DataAtom: atom.Wbr, Data: "wbr"}, next)
		}
	}
}

// address writes a link whose text is its address.
func address(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	if text := n.FirstChild; text != nil && text.Type == html.TextNode && text.NextSibling == nil {
		for _, a := range n.Attr {
			if a.Key == "href" && a.Val == text.Data && a.Val != "" {
				_, _ = w.WriteString("<" + a.Val + ">")
				return converter.RenderSuccess
			}
		}
	}
	return converter.RenderTryNext
}

// beforeList stands where a list begins a line, unless it is at the beginning of one already.
const beforeList = "\x01"

func withLists(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\n"+beforeList+"\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte(beforeList), nil)
}

// levelOfList is how many lists a list is in. Each level indents its lines once more, so deeper ones than deepestList are left to the
// converter.
type levelOfList struct{}

const deepestList = 30

func (m markdownInN8n) list(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	level, _ := ctx.Value(levelOfList{}).(int)
	if level > deepestList {
		return converter.RenderTryNext
	}
	indent, number := strings.Repeat("   ", level), 0
	ctx = ctx.WithValue(levelOfList{}, level+1)
	_, _ = w.WriteString(beforeList + "\n")
	for child := range n.ChildNodes() {
		var inside bytes.Buffer
		ctx.RenderNodes(ctx, &inside, child)
		text := strings.TrimSpace(string(withLists(inside.Bytes())))
		if text == "" {
			continue
		}
		number++
		mark := m.bullet
		if n.DataAtom == atom.Ol {
			mark = fmt.Sprintf("%d.", number)
		}
		text = linesInItem().ReplaceAllString(text, "$1  \n"+indent)
		_, _ = w.WriteString(indent + mark + " " + endsOfLines().ReplaceAllString(text, "$1  ") + "\n")
	}
	return converter.RenderSuccess
}

var (
	classOfCode = pattern(`<code class="language-([^"]*)">`)
	tagOrText   = pattern(`<[^>]*>|[^<]+`)
)

// pageInN8n writes a page as n8n does: with two classes at code, quotes as they are, and quotations indented.
func pageInN8n(page string) string {
	page = classOfCode().ReplaceAllString(page, `<code class="$1 language-$1">`)
	inCode := 0
	page = tagOrText().ReplaceAllStringFunc(page, func(part string) string {
		switch {
		case strings.HasPrefix(part, "<code"):
			inCode++
		case part == "</code>":
			inCode--
		case part[0] == '<':
		case inCode > 0:
			return strings.ReplaceAll(part, "&quot;", `"`)
		default:
			return strings.NewReplacer("&quot;", `"`, "&gt;", ">").Replace(part)
		}
		return part
	})
	var indented strings.Builder
	depth, inBlock := 0, false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "</blockquote>") {
			depth = max(0, depth-1)
		}
		if !inBlock {
			indented.WriteString(strings.Repeat("  ", min(depth, deepest)))
		}
		indented.WriteString(line)
		if strings.HasPrefix(line, "<blockquote>") {
			depth++
		}
		inBlock = (inBlock || strings.Contains(line, "<pre>")) && !strings.Contains(line, "</pre>")
	}
	return indented.String()
}
