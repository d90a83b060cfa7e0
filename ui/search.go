package ui

import (
	"fmt"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fold"
	"zygo/app/resource"
)

// SearchPage shows what a search over all kinds found, best first.
type SearchPage struct {
	Shell Shell
	// Words are those searched for; without any the page only asks.
	Words   string
	Results []SearchResult
	// Notice says that other words were searched for, because these found nothing.
	Notice *Strip
	// Empty stands where there is no result.
	Empty Empty
}

func (SearchPage) name() string { return "search" }

// SearchResult is one row that a search found.
type SearchResult struct {
	Icon, Href string
	// Kind is the label of the row's kind.
	Kind           string
	Title, Excerpt Marked
}

// Marked is text in which the words of a search stand out.
type Marked struct{ Text, Words string }

func (c Marked) write(m *markup, _ Viewer) {
	from := 0
	for _, span := range fold.Spans(c.Text, c.Words) {
		m.text(c.Text[from:span[0]])
		m.raw(`<mark>`)
		m.text(c.Text[span[0]:span[1]])
		m.raw(`</mark>`)
		from = span[1]
	}
	m.text(c.Text[from:])
}

// search is the page that finds rows of every kind that the person may read.
func (s *Site) search(v *visit) (*edge.Response, error) {
	page := SearchPage{Shell: v.shell("Search")}
	page.Empty = Empty{Icon: "search", Title: "Search everything", Text: "One or several words of what you look for; their beginnings are enough."}
	if page.Words = searched(v.Request); page.Words == "" {
		return v.show(http.StatusOK, page)
	}
	found, corrected, err := v.person.Search(page.Words)
	if err != nil {
		return nil, err
	}
	page.Shell.Title = page.Words + " · Search"
	page.Results = v.results(found, page.Words+" "+corrected)
	if len(found) == 0 {
		page.Empty.Title, page.Empty.Text = fmt.Sprintf("Nothing found for “%s”", page.Words), "Fewer or other words may find it."
	} else if corrected != "" {
		page.Notice = &Strip{Tone: Info, Text: fmt.Sprintf("Nothing found for “%s”; searched for “%s” instead.", page.Words, corrected)}
	}
	return v.show(http.StatusOK, page)
}

// searched are the words that a search's address carries.
func searched(r *edge.Request) string { return strings.TrimSpace(r.Query.Get("q")) }

func (v *visit) results(found []resource.Found, words string) []SearchResult {
	var results []SearchResult
	for _, row := range found {
		kind, ok := v.site.kernel.Kind(row.Kind)
		if !ok {
			continue
		}
		spec := kind.Spec()
		results = append(results, SearchResult{
			Icon: spec.Icon, Href: "/" + spec.Path + "/" + row.ID, Kind: spec.Label(),
			Title: Marked{row.Title, words}, Excerpt: Marked{row.Excerpt, words},
		})
	}
	return results
}

// rowsLookupPath finds rows of every kind for a field that takes the id of any.
const rowsLookupPath = "/search/lookup"

// lookupRows answers the rows of every kind that somebody's words find, as options of a list. An id stands for itself.
func (s *Site) lookupRows(v *visit) (*edge.Response, error) {
	words := strings.TrimSpace(v.Query.Get("search"))
	var m markup
	if isID(words) {
		m.option(words, words)
	}
	found, _, err := v.person.Search(words)
	if err != nil {
		return nil, err
	}
	for _, row := range found[:min(len(found), paletteRows)] {
		if kind, ok := s.kernel.Kind(row.Kind); ok {
			m.option(row.ID, row.Title+" · "+kind.Spec().Label())
		}
	}
	return s.html(v.Request, http.StatusOK, m.bytes), nil
}
