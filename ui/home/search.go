package home

import (
	"fmt"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// paletteRows is how many rows the palette shows; the page of the search has the rest.
const paletteRows = 10

// search is the page that finds rows of every kind that the person may read.
func search(v *web.Visit) (*edge.Response, error) {
	page := markup.SearchPage{Shell: v.Shell("Search"), Heading: "Search everything", Path: "/search", Instant: true}
	page.Empty = markup.Empty{
		Icon:  "search",
		Title: "Search everything",
		Text:  "One or several words of what you look for; their beginnings are enough.",
	}
	if page.Words = searched(v.Request); page.Words == "" {
		return v.Show(http.StatusOK, page)
	}
	found, corrected, err := v.Person.Search(page.Words)
	if err != nil {
		return nil, err
	}
	page.Shell.Title = page.Words + " · Search"
	page.Results = results(v, found, page.Words+" "+corrected)
	if len(found) == 0 {
		page.Empty.Title, page.Empty.Text = fmt.Sprintf("Nothing found for “%s”", page.Words), "Fewer or other words may find it."
	} else if corrected != "" {
		page.Notice = &markup.Strip{
			Tone: markup.Info,
			Text: fmt.Sprintf("Nothing found for “%s”; searched for “%s” instead.", page.Words, corrected),
		}
	}
	return v.Show(http.StatusOK, page)
}

// searched are the words that a search's address carries.
func searched(r *edge.Request) string { return strings.TrimSpace(r.Query.Get("q")) }

func results(v *web.Visit, found []resource.Found, words string) []markup.SearchResult {
	var results []markup.SearchResult
	for _, row := range found {
		kind, ok := v.Site.Kernel.Kind(row.Kind)
		if !ok {
			continue
		}
		spec := kind.Spec()
		results = append(results, markup.SearchResult{
			Icon: spec.Icon, Href: "/" + spec.Path + "/" + row.ID, Kind: spec.Label(),
			Title: markup.Marked{Text: row.Title, Words: words}, Excerpt: markup.Marked{Text: row.Excerpt, Words: words},
		})
	}
	return results
}

// lookupRows answers the rows of every kind that somebody's words find, as options of a list. An id stands for itself.
func lookupRows(v *web.Visit) (*edge.Response, error) {
	words := strings.TrimSpace(v.Query.Get("search"))
	var m markup.Writer
	if web.IsID(words) {
		m.Option(words, words)
	}
	found, _, err := v.Person.Search(words)
	if err != nil {
		return nil, err
	}
	for _, row := range found[:min(len(found), paletteRows)] {
		if kind, ok := v.Site.Kernel.Kind(row.Kind); ok {
			m.Option(row.ID, row.Title+" · "+kind.Spec().Label())
		}
	}
	return v.Site.HTML(v.Request, http.StatusOK, m.Bytes), nil
}
