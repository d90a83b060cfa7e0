package markup

import (
	"strings"
	"testing"
)

const hostile = `"><script>alert(1)</script>'` + "\x00"

// Every field of every view that a person can fill reaches the page as text.
func TestHostileTextIsInert(t *testing.T) {
	t.Parallel()
	pages, _ := newPages(t)
	list := sampleIncidents(1)
	list.Heading, list.Total, list.Search, list.SearchHint = hostile, hostile, hostile, hostile
	list.Table.Rows[0].Label, list.Table.Rows[0].Cause, list.Table.Rows[0].ID = hostile, hostile, hostile
	list.Table.Rows[0].Cells = []Cell{Text(hostile), Badge{Tone(hostile), hostile}, Tags{hostile}, Reference{hostile, hostile},
		Identifier(hostile), Mono(hostile)}
	detail := sampleIncident()
	detail.Heading, detail.Main[0].Markdown, detail.Main[1].Code.Text = hostile, hostile+"<img src=x onerror=alert(1)>", hostile
	detail.Timeline[0].Note, detail.Timeline[0].Actor = hostile, hostile
	execution := sampleExecution()
	node := &execution.Top[0].Graph.Nodes[0]
	node.Name, node.Line, node.Icon = hostile, hostile, hostile
	execution.Main[0].Steps.Steps[0].Name, execution.Main[0].Steps.Steps[3].Cause = hostile, hostile
	form := sampleForm(true)
	form.Groups[0].Rows[0][0].Value, form.Groups[0].Rows[0][0].Error, form.Groups[0].Rows[3][0].Value = hostile, hostile, hostile+
		"</textarea>"
	search := SearchPage{Shell: sampleShell(hostile, ""), Words: hostile,
		Results: []SearchResult{{Href: hostile, Kind: hostile, Title: Marked{hostile, "script"}, Excerpt: Marked{hostile, "alert"}}}}
	palette := Palette{[]PaletteGroup{
		{Label: hostile, Items: []PaletteItem{{Label: hostile, Href: hostile, Note: hostile, Words: hostile}}}}}
	for name, page := range map[string]Page{"search": search, "palette": palette, "list": list, "detail": detail, "execution": execution,
		"form": form} {
		var out strings.Builder
		if err := pages.Render(&out, page); err != nil {
			t.Fatal(err)
		}
		for _, live := range []string{"<script>", "onerror", "</textarea></", "\x00"} {
			if strings.Contains(out.String(), live) {
				t.Errorf("%s has %q in %.300s", name, live, out.String()[max(0, strings.Index(out.String(), live)-100):])
			}
		}
		if !strings.Contains(out.String(), "script&gt;") && !strings.Contains(out.String(), "script</mark>&gt;") {
			t.Errorf("%s does not show the text at all", name)
		}
	}
}

func TestSearchedWordsAreMarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                      "",
		"Nothing here":          "Nothing here",
		"Shops & the shop":      "<mark>Shops</mark> &amp; the <mark>shop</mark>",
		"…workshop, (SHOP-1) é": "…workshop, (<mark>SHOP</mark>-1) é",
		"Élan":                  "<mark>Élan</mark>",
	} {
		var m Writer
		Marked{text, "shop ela"}.Write(&m, Viewer{})
		if string(m.Bytes) != want {
			t.Errorf("%q becomes %q", text, m.Bytes)
		}
	}
}

func TestAddressesThatRunAreRefused(t *testing.T) {
	t.Parallel()
	for address, safe := range map[string]bool{
		"/incidents/1": true, "https://example.com/a": true, "mailto:a@example.com": true, "?page=2": true, "#rows": true,
		"javascript:alert(1)": false, "JaVaScRiPt:alert(1)": false, " javascript:alert(1)": false, "java\nscript:alert(1)": false,
		"data:text/html,x": false, "//evil.example": false, `/\evil.example`: false,
		"https:evil": false, "vbscript:x": false, "": true,
	} {
		if isSafeAddress(address) != safe {
			t.Errorf("%q: safe is %v", address, !safe)
		}
	}
}

func TestMarkdownKeepsOnlyFormatting(t *testing.T) {
	t.Parallel()
	html, err := FormatMarkdown(
		"# Title\n\n**bold** [in](/a) [out](https://example.com) [bad](javascript:x) ![pic](https://example.com/p.png)\n\n<p hx-get=/x data-hx-get=/y onclick=x() style=a class=b id=c>raw</p>\n\n| a |\n|--:|\n| b |\n\n- [x] done\n- [ ] open\n\n<input type=text name=password>\n")
	if err != nil {
		t.Fatal(err)
	}
	got := string(html)
	for _, want := range []string{"<h3>Title</h3>", "<strong>bold</strong>", `href="/a"`, "https://example.com", "<table>",
		`<td align="right">b`, `checked="" disabled="" type="checkbox" aria-label="Done"> done`,
		`<li><input disabled="" type="checkbox" aria-label="To do"> open`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
	for _, banned := range []string{"javascript", "<img", "hx-", "onclick", "style", "class=", "id=", "password"} {
		if strings.Contains(got, banned) {
			t.Errorf("%q is in %s", banned, got)
		}
	}
}
