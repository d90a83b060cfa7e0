package format

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extended "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"zygo/app/value"
)

// readMrkdwn gives a text in Markdown as Slack writes it. What Slack has no marks for keeps its words: headings are bold, and a
// table is its cells.
func readMrkdwn(o Options, body []byte, put func(value.Value) error) error {
	written, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	m := mrkdwn{source: []byte(written)}
	page := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(m.source))
	if err := ast.Walk(page, m.visit); err != nil {
		return wrong("the text can't be converted: %s", err)
	}
	return put(value.String(strings.TrimSpace(m.out.String())))
}

// mrkdwn writes the nodes of a text as Slack marks them.
type mrkdwn struct {
	source []byte
	out    strings.Builder
}

// slackEscapes are the only characters that Slack wants to be escaped.
var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (m *mrkdwn) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n := n.(type) {
	case *ast.Text:
		if entering {
			m.out.WriteString(slackEscapes.Replace(string(n.Segment.Value(m.source))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				m.out.WriteByte('\n')
			}
		}
	case *ast.String:
		if entering {
			m.out.WriteString(slackEscapes.Replace(string(n.Value)))
		}
	case *ast.Emphasis:
		m.out.WriteString(map[int]string{1: "_", 2: "*"}[n.Level])
	case *extended.Strikethrough:
		m.out.WriteByte('~')
	case *ast.CodeSpan:
		m.out.WriteByte('`')
	case *ast.Link:
		m.link(string(n.Destination), entering)
	case *ast.Image:
		m.link(string(n.Destination), entering)
	case *ast.AutoLink:
		if entering {
			fmt.Fprintf(&m.out, "<%s>", slackEscapes.Replace(string(n.URL(m.source))))
		}
	case *ast.RawHTML, *ast.HTMLBlock:
		return ast.WalkSkipChildren, nil
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		if entering {
			m.code(n)
		}
		return ast.WalkSkipChildren, nil
	default:
		m.block(n, entering)
	}
	return ast.WalkContinue, nil
}

func (m *mrkdwn) link(to string, entering bool) {
	if entering {
		m.out.WriteString("<" + slackEscapes.Replace(strings.ReplaceAll(to, "|", "%7C")) + "|")
	} else {
		m.out.WriteByte('>')
	}
}

func (m *mrkdwn) code(n ast.Node) {
	m.out.WriteString("```\n")
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		m.out.WriteString(slackEscapes.Replace(string(line.Value(m.source))))
	}
	m.out.WriteString("```\n\n")
}

// block writes what stands on lines of its own.
func (m *mrkdwn) block(n ast.Node, entering bool) {
	switch n := n.(type) {
	case *ast.Heading:
		m.out.WriteByte('*')
		if !entering {
			m.out.WriteString("\n\n")
		}
	case *ast.ListItem:
		m.item(n, entering)
	case *ast.List:
		if !entering && n.Parent().Kind() != ast.KindListItem {
			m.out.WriteByte('\n')
		}
	case *ast.Blockquote:
		if entering {
			m.out.WriteString("> ")
		}
	case *extended.TableCell:
		if !entering && n.NextSibling() != nil {
			m.out.WriteString(" | ")
		}
	case *extended.TaskCheckBox:
		if entering {
			m.out.WriteString(map[bool]string{true: "☑ ", false: "☐ "}[n.IsChecked])
		}
	default:
		if entering {
			return
		}
		switch n.Kind() {
		case ast.KindTextBlock, extended.KindTableRow, extended.KindTableHeader:
			m.out.WriteByte('\n')
		case ast.KindParagraph, extended.KindTable:
			m.out.WriteString("\n\n")
		case ast.KindThematicBreak:
			m.out.WriteString("———\n\n")
		}
	}
}

// item begins an entry of a list, by how deep it is and its number.
func (m *mrkdwn) item(n *ast.ListItem, entering bool) {
	if !entering {
		return
	}
	list := n.Parent().(*ast.List)
	for above := list.Parent(); above != nil; above = above.Parent() {
		if above.Kind() == ast.KindListItem {
			m.out.WriteString("    ")
		}
	}
	if !list.IsOrdered() {
		m.out.WriteString("• ")
		return
	}
	number := list.Start
	for before := n.PreviousSibling(); before != nil; before = before.PreviousSibling() {
		number++
	}
	fmt.Fprintf(&m.out, "%d. ", number)
}
