package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a formatter must not write is dropped even if it does.
func TestOnlyWhatIsAllowedStays(t *testing.T) {
	t.Parallel()
	for formatted, want := range map[string]string{
		`<p>a &amp; b &lt;script&gt; "c"</p>`:                                     `<p>a &amp; b &lt;script&gt; &#34;c&#34;</p>`,
		`<script>alert(1)</script>`:                                               `alert(1)`,
		`<SCRIPT>"<b>"</SCRIPT>`:                                                  `&#34;&lt;b&gt;&#34;`,
		`<style>p{}</style><textarea><img src=x onerror=a()></textarea>`:          `p{}&lt;img src=x onerror=a()&gt;`,
		`<img src="https://example.com/p.png" onerror="a()">`:                     ``,
		`<svg><a xlink:href="javascript:a()">x</a></svg>`:                         `<a>x</a>`,
		`<math><p style="color:red">x</p></math>`:                                 `<p>x</p>`,
		`<p onclick="a()" hx-get="/x" data-hx-get="/y" class="z" id="i">x</p>`:    `<p>x</p>`,
		`<a href="https://example.com/?a=1&amp;b=2" target="_blank">x</a>`:        `<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noreferrer">x</a>`,
		`<a href="/in#part">x</a>`:                                                `<a href="/in#part" rel="nofollow noreferrer">x</a>`,
		`<a href="JavaScript:a()">x</a><a href="&#106;avascript:a()">y</a>`:       `<a>x</a><a>y</a>`,
		`<a href="java&#10;script:a()">x</a><a href=" javascript:a()">y</a>`:      `<a>x</a><a>y</a>`,
		`<a href="//evil.example">x</a><a href="data:text/html,x">y</a>`:          `<a>x</a><a>y</a>`,
		`<a href='x" onclick="a()'>x</a>`:                                         `<a href="x&#34; onclick=&#34;a()" rel="nofollow noreferrer">x</a>`,
		`<td align="right">x</td><td align="expression(a())">y</td>`:              `<td align="right">x</td><td>y</td>`,
		`<input type="text" name="passphrase"><input type="checkbox" checked="">`: `<input type="checkbox" checked="">`,
		`<form action="/x"><button>Go</button></form>`:                            `Go`,
		`<!-- a --><!doctype html><?xml?><![CDATA[x]]>`:                           ``,
		`<p`: ``, `<p title="`: ``, `a < b`: `a &lt; b`, `<h1>x</h1><h2 id="a">y</h2>`: `xy`,
	} {
		if got := markdownAllowed().filter(formatted); got != want {
			t.Errorf("%s becomes %s, want %s", formatted, got, want)
		}
	}
	for formatted, want := range map[string]string{
		`<h2 id="a-1">x</h2><h3 id='"'>y</h3><h1>z</h1>`:      `<h2 id="a-1">x</h2><h3>y</h3>z`,
		`<a href="/docs/x">x</a><a href="vbscript:a()">y</a>`: `<a href="/docs/x">x</a><a>y</a>`,
		`<input type="checkbox">`:                             ``,
	} {
		if got := guideAllowed().filter(formatted); got != want {
			t.Errorf("%s becomes %s, want %s", formatted, got, want)
		}
	}
}

// The guide loses nothing: what it is written with is allowed.
func TestTheGuideIsAllowed(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../embed/docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("there are no pages", err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(text), "\n")
		var formatted strings.Builder
		if err := guideParser().Convert([]byte(body), &formatted); err != nil {
			t.Fatal(err)
		}
		kept := guideAllowed().filter(formatted.String())
		if before, after := strings.Count(formatted.String(), "<"), strings.Count(kept, "<"); before != after {
			t.Errorf("%s has %d tags, and %d stay", page, before, after)
		}
	}
}
