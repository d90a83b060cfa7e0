package markup

import (
	"zygo/app/fold"
)

// SearchPage shows what a search over all kinds found, best first.
type SearchPage struct {
	Shell Shell
	// Heading stands above, Path is the page's address, and Kept are parameters that searching leaves in place.
	Heading, Path string
	Kept          []Hidden
	// Instant searches while somebody types.
	Instant bool
	// Words are those searched for; without any the page only asks.
	Words   string
	Results []SearchResult
	// Notice says that other words were searched for, because these found nothing.
	Notice *Strip
	// Next goes on where the search stopped; nil at its end.
	Next *Action
	// Empty stands where there is no result.
	Empty Empty
}

func (SearchPage) Template() string { return "search" }

// SearchResult is one row that a search found.
type SearchResult struct {
	Icon, Href string
	// Kind is the label of the row's kind.
	Kind           string
	Title, Excerpt Marked
}

// Marked is text in which the words of a search stand out.
type Marked struct{ Text, Words string }

func (c Marked) Write(m *Writer, _ Viewer) {
	from := 0
	for _, span := range fold.Spans(c.Text, c.Words) {
		m.Text(c.Text[from:span[0]])
		m.Raw(`<mark>`)
		m.Text(c.Text[span[0]:span[1]])
		m.Raw(`</mark>`)
		from = span[1]
	}
	m.Text(c.Text[from:])
}
