package format_test

import (
	"testing"

	"zygo/app/flow/format"
)

// What n8n reads and writes in forms of its own is the same in a workflow that behaves as there.
func TestMarkdownAsInN8n(t *testing.T) {
	t.Parallel()
	to := format.Options{As: format.ToMarkdown, AsInN8n: true, Markdown: format.MarkdownOptions{Emphasis: "_", Bullet: "*"}}
	for page, want := range map[string]string{
		`<ul><li>a<ul><li>b<li>c</ul><li>d</ul><p>e`:           `* a  \n   * b  \n   * c\n* d\n\ne`,
		`<ol><li>a<li><p>b</ol>c<ul><li>d</ul>`:                `1. a\n2. b\nc\n* d`,
		`<hr><b>a</b><i>b</i> <a href="http://x">http://x</a>`: `---\n\n**a**_b_ <http://x>`,
		`a*b_c [d] 1. e &lt;f&gt; <code>g*h</code><p>- i`:      `a\\*b\\_c \\[d\\] 1\\. e <f> ` + "`g*h`" + `\n\n\\- i`,
		`<table><tr><th>a<th>b<tr><td>c<td>def</table>`:        `| a | b   |\n| - | --- |\n| c | def |`,
	} {
		expect(t, to, page, `["`+want+`"]`)
	}
	from := format.Options{As: format.Markdown, AsInN8n: true}
	from.Markdown = format.MarkdownOptions{Plain: true, HTML: true, HeadingIDs: "letters"}
	for text, want := range map[string]string{
		"# A b\n# A b":                                 `<h1 id=\"ab\">A b</h1>\n<h1 id=\"ab-1\">A b</h1>\n`,
		"> a\n> > b\n> \n> ```\n> c\n> ```":            `<blockquote>\n  <p>a</p>\n  <blockquote>\n    <p>b</p>\n  </blockquote>\n  <pre><code>c\n</code></pre>\n</blockquote>\n`,
		"\"a\" > `\"b\" > c`  \n<i>d</i> ~~e~~\n\n---": `<p>\"a\" > <code>\"b\" &gt; c</code><br />\n<i>d</i> ~~e~~</p>\n<hr />\n`,
	} {
		expect(t, from, text, `["`+want+`"]`)
	}
}
