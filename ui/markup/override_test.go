package markup

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"zygo/embed"
)

// withFile is the templates with one more.
func withFile(t *testing.T, name, text string) fs.FS {
	t.Helper()
	files := fstest.MapFS{name: {Data: []byte(text)}}
	names, err := fs.Glob(embed.Templates, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(embed.Templates, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	return files
}

func TestAFileOverridesThePageOfAKind(t *testing.T) {
	t.Parallel()
	_, static := newPages(t)
	pages, err := NewPages(
		withFile(t, "templates/kinds/incident.detail.html",
			`<article id="detail"><h1>Our {{.Heading}}</h1>{{range .Timeline}}{{.Text}}{{end}}</article>`), static)
	if err != nil {
		t.Fatal(err)
	}
	rendered := func(kind string, fragment bool) string {
		t.Helper()
		page := sampleIncident()
		page.Kind = kind
		var out bytes.Buffer
		if err := pages.Render(&out, page); err != nil {
			t.Fatal(err)
		}
		if fragment {
			out.Reset()
			if err := pages.RenderFragment(&out, DetailFragment, page); err != nil {
				t.Fatal(err)
			}
		}
		return out.String()
	}
	heading := "<h1>Our " + sampleIncident().Heading + "</h1>"
	if page := rendered("incident", false); !strings.Contains(page, heading) ||
		!strings.Contains(page, sampleIncident().Timeline[0].Text) || !strings.Contains(page, `id="sidebar"`) {
		t.Error("the page lacks what the file says, or its shell")
	}
	if fragment := rendered("incident", true); !strings.Contains(fragment, heading) || strings.Contains(fragment, `id="sidebar"`) {
		t.Error("a refreshed part is not what the file says")
	}
	if page := rendered("asset", false); strings.Contains(page, "Our ") {
		t.Error("another kind is overridden too")
	}
	for name, text := range map[string]string{"templates/kinds/incident.nothing.html": "",
		"templates/kinds/incident.detail.html": "{{.Nothing"} {
		if _, err := NewPages(withFile(t, name, text), static); err == nil {
			t.Errorf("%s with %q is taken", name, text)
		}
	}
}

// A template that asks for what is not there fails, and never shows "<no value>".
func TestTemplatesAreStrict(t *testing.T) {
	t.Parallel()
	_, static := newPages(t)
	pages, err := NewPages(
		withFile(t, "templates/strict.html", `{{define "of-map"}}{{.missing}}{{end}}{{define "of-struct"}}{{.Missing}}{{end}}`), static)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]any{"of-map": map[string]string{}, "of-struct": sampleIncident()} {
		var out bytes.Buffer
		if err := pages.execute(&out, name, data); err == nil || out.Len() > 0 {
			t.Errorf("%s is rendered as %q", name, out.String())
		}
	}
	for _, unknown := range []string{`{{nothing}}`, `{{embed}}`} {
		if _, err := NewPages(withFile(t, "templates/strict.html", unknown), static); err == nil {
			t.Errorf("%s is parsed", unknown)
		}
	}
}
