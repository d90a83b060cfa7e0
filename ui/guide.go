package ui

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"zygo/app/edge"
	"zygo/app/fault"
)

// GuidePage is a page of the guide, or what a search in it found.
type GuidePage struct {
	Shell   Shell
	Heading string
	// Text is Markdown of this binary.
	Text    string
	Pages   []Tab
	Search  string
	Results []GuideResult
}

func (GuidePage) name() string { return "guide" }

// GuideResult is a part of the guide that has all words of a search.
type GuideResult struct {
	Link
	Text string
}

// guide is the embedded manual with what is generated from the declarations.
type guide []guidePage

// guidePage is one page. Above is the slug of the page that leads to it, empty for those that the menu names.
type guidePage struct{ slug, title, text, above string }

// loadGuide reads the pages in the order of their file names, which begin with a number. The first line is the title.
func loadGuide(files fs.FS) (guide, error) {
	names, err := fs.Glob(files, "docs/*.md")
	if err != nil {
		return nil, err
	}
	var g guide
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		title, rest, ok := strings.Cut(string(text), "\n")
		_, slug, numbered := strings.Cut(strings.TrimSuffix(path.Base(name), ".md"), "-")
		if !ok || !numbered || !strings.HasPrefix(title, "# ") {
			return nil, fmt.Errorf("%s: a page of the guide is NN-name.md and begins with its title", name)
		}
		g = append(g, guidePage{slug: slug, title: strings.TrimPrefix(title, "# "), text: rest})
	}
	return g, nil
}

// withReference puts the generated pages behind the written ones. openAPI gives the document, nil where there is none.
func (g guide) withReference(openAPI func() []byte) (guide, error) {
	g = append(slices.Clone(g), guidePage{slug: "nodes", title: "Node types", text: nodeReference()})
	if openAPI == nil {
		return g, nil
	}
	reference, err := apiReference(openAPI())
	return append(g, reference...), err
}

// manual is the guide as it is served. Its reference is generated when somebody first opens it: an instance starts sooner
// without that.
type manual struct{ whole func() (guide, error) }

func newManual(files fs.FS, openAPI func() []byte) (*manual, error) {
	written, err := loadGuide(files)
	return &manual{sync.OnceValues(func() (guide, error) { return written.withReference(openAPI) })}, err
}

// docs is the first page of the guide, or the result of a search.
func (m *manual) docs(v *visit) (*edge.Response, error) {
	g, err := m.whole()
	if err != nil {
		return nil, err
	}
	if words := strings.TrimSpace(v.Query.Get("search")); words != "" {
		page := g.page(v, "Search the guide", "")
		page.Search, page.Results = words, g.search(words)
		return v.show(http.StatusOK, page)
	}
	return g.show(v, g[0].slug)
}

func (m *manual) docsPage(v *visit) (*edge.Response, error) {
	g, err := m.whole()
	if err != nil {
		return nil, err
	}
	return g.show(v, v.Param("page"))
}

func (g guide) show(v *visit, slug string) (*edge.Response, error) {
	for _, p := range g {
		if p.slug == slug {
			page := g.page(v, p.title, slug)
			page.Text = p.text
			return v.show(http.StatusOK, page)
		}
	}
	return nil, fault.New(fault.NotFound, "The guide has no page %q.", slug)
}

func (g guide) page(v *visit, title, slug string) GuidePage {
	page := GuidePage{Shell: v.shell(title), Heading: title}
	for _, p := range g {
		if p.above == "" {
			page.Pages = append(page.Pages, Tab{Label: p.title, Href: "/docs/" + p.slug, Current: p.slug == slug || strings.HasPrefix(slug, p.slug+"-")})
		}
	}
	return page
}

// mostResults bounds what a search shows.
const mostResults = 20

// search finds the parts, from one heading to the next, that have all the words.
func (g guide) search(text string) []GuideResult {
	words := strings.Fields(strings.ToLower(text))
	var found []GuideResult
	for _, p := range g {
		for _, part := range strings.Split("\n"+p.text, "\n## ") {
			heading, body, _ := strings.Cut(part, "\n")
			result := GuideResult{Link: Link{p.title, "/docs/" + p.slug}, Text: shorten(strings.NewReplacer("*", "", "`", "", "|", " ", "---", "").Replace(body), 200)}
			if heading != "" {
				result.Label, result.Href = p.title+": "+heading, result.Href+"#"+anchor(heading)
			}
			if hasAll(strings.ToLower(p.title+" "+part), words) && len(found) < mostResults {
				found = append(found, result)
			}
		}
	}
	return found
}

func hasAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// anchor is the id of a heading: its words with hyphens between them.
func anchor(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}

func (m *manual) routes(s *Site) []edge.Route {
	return []edge.Route{
		{Method: http.MethodGet, Path: "/docs", Handler: s.signedIn(m.docs)},
		{Method: http.MethodGet, Path: "/docs/{page}", Handler: s.signedIn(m.docsPage)},
	}
}
