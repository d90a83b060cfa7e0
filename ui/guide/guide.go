// Package guide has the pages of the manual: the written ones, and the reference that is generated from the declarations. Start
// with Guide.
package guide

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
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// GuidePage is a page of the guide, or what a search in it found.
type GuidePage struct {
	Shell   markup.Shell
	Heading string
	// Text is Markdown of this binary.
	Text    string
	Pages   []markup.Tab
	Search  string
	Results []GuideResult
}

func (GuidePage) Template() string { return "guide" }

// GuideResult is a part of the guide that has all words of a search.
type GuideResult struct {
	markup.Link
	Text string
}

// guide is the embedded manual with what is generated from the declarations.
type pages []guidePage

// loadGuide reads the pages in the order of their file names, which begin with a number. The first line is the title.
func loadGuide(files fs.FS) (pages, error) {
	names, err := fs.Glob(files, "docs/*.md")
	if err != nil {
		return nil, err
	}
	var g pages
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
	for i, page := range g {
		// A page whose name continues that of another is a part of it.
		if at := slices.IndexFunc(g, func(p guidePage) bool { return strings.HasPrefix(page.slug, p.slug+"-") }); at >= 0 {
			g[i].above = g[at].slug
		}
	}
	return g, nil
}

// withReference puts the generated pages behind the written ones. openAPI gives the document, nil if there is none.
func (g pages) withReference(openAPI func() []byte) (pages, error) {
	g = append(slices.Clone(g), guidePage{slug: "nodes", title: "Node types", text: nodeReference()})
	g = append(g, serviceReference()...)
	if openAPI == nil {
		return g, nil
	}
	reference, err := apiReference(openAPI())
	return append(g, reference...), err
}

// Guide is the guide as it is served. Its reference is generated when somebody first opens it: an instance starts sooner
// without that.
type Guide struct{ whole func() (pages, error) }

// New reads the written pages. openAPI gives the document that the reference of the API is rendered from; nil leaves it out.
func New(files fs.FS, openAPI func() []byte) (*Guide, error) {
	written, err := loadGuide(files)
	return &Guide{sync.OnceValues(func() (pages, error) { return written.withReference(openAPI) })}, err
}

// docs is the first page of the guide, or the result of a search.
func (m *Guide) docs(v *web.Visit) (*edge.Response, error) {
	g, err := m.whole()
	if err != nil {
		return nil, err
	}
	if words := strings.TrimSpace(v.Query.Get("search")); words != "" {
		page := g.page(v, "Search the guide", "")
		page.Search, page.Results = words, g.search(words)
		return v.Show(http.StatusOK, page)
	}
	return g.show(v, g[0].slug)
}

func (m *Guide) docsPage(v *web.Visit) (*edge.Response, error) {
	g, err := m.whole()
	if err != nil {
		return nil, err
	}
	return g.show(v, v.Param("page"))
}

func (g pages) show(v *web.Visit, slug string) (*edge.Response, error) {
	for _, p := range g {
		if p.slug == slug {
			page := g.page(v, p.title, slug)
			page.Text = p.text
			return v.Show(http.StatusOK, page)
		}
	}
	return nil, fault.New(fault.NotFound, "The guide has no page %q.", slug)
}

func (g pages) page(v *web.Visit, title, slug string) GuidePage {
	page := GuidePage{Shell: v.Shell(title), Heading: title}
	for _, p := range g {
		if p.above == "" {
			page.Pages = append(page.Pages, markup.Tab{
				Label:   p.title,
				Href:    "/docs/" + p.slug,
				Current: p.slug == slug || strings.HasPrefix(slug, p.slug+"-"),
			})
		}
	}
	return page
}

// mostResults bounds what a search shows.
const mostResults = 20

// search finds the parts, from one heading to the next, that have all the words.
func (g pages) search(text string) []GuideResult {
	words := strings.Fields(strings.ToLower(text))
	var found []GuideResult
	for _, p := range g {
		for _, part := range strings.Split("\n"+p.text, "\n## ") {
			heading, body, _ := strings.Cut(part, "\n")
			result := GuideResult{
				Link: markup.Link{Label: p.title, Href: "/docs/" + p.slug},
				Text: widget.Shorten(strings.NewReplacer("*", "", "`", "", "|", " ", "---", "").Replace(body), 200),
			}
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

// Routes are the pages of the guide.
func (m *Guide) Routes(s *web.Site) []edge.Route {
	return []edge.Route{
		{Method: http.MethodGet, Path: "/docs", Handler: s.SignedIn(m.docs)},
		{Method: http.MethodGet, Path: "/docs/{page}", Handler: s.SignedIn(m.docsPage)},
	}
}
