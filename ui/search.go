package ui

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"zygo/app/edge"
	"zygo/app/fault"
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
type Marked struct {
	Text string
	// Words are folded; each marks the words of the text that begin with it.
	Words []string
}

func (c Marked) write(m *markup, _ Viewer) {
	for rest := c.Text; rest != ""; {
		start := strings.IndexFunc(rest, isOfWord)
		if start < 0 {
			start = len(rest)
		}
		m.text(rest[:start])
		rest = rest[start:]
		end := strings.IndexFunc(rest, isNotOfWord)
		if end < 0 {
			end = len(rest)
		}
		if word := rest[:end]; c.hits(word) {
			m.raw(`<mark>`)
			m.text(word)
			m.raw(`</mark>`)
		} else {
			m.text(word)
		}
		rest = rest[end:]
	}
}

func (c Marked) hits(word string) bool {
	word = fold.Text(word)
	for _, searched := range c.Words {
		if strings.HasPrefix(word, searched) {
			return true
		}
	}
	return false
}

func isOfWord(r rune) bool    { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
func isNotOfWord(r rune) bool { return !isOfWord(r) }

// search is the page that finds rows of every kind that the person may read.
func (s *Site) search(v *visit) (*edge.Response, error) {
	page := SearchPage{Shell: v.shell("Search")}
	page.Empty = Empty{Icon: "search", Title: "Search everything", Text: "One or several words of what you look for; the beginning of the last one is enough."}
	var err error
	if page.Words, err = searched(v.Request); err != nil {
		return nil, err
	}
	if page.Words == "" {
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
func searched(r *edge.Request) (string, error) {
	words := strings.TrimSpace(r.Query.Get("q"))
	if len(words) > 200 {
		return "", fault.New(fault.BadRequest, "A search has 200 bytes at most.")
	}
	return words, nil
}

func (v *visit) results(found []resource.Found, words string) []SearchResult {
	marks := strings.FieldsFunc(fold.Text(words), isNotOfWord)
	var results []SearchResult
	for _, row := range found {
		kind, ok := v.site.kernel.Kind(row.Kind)
		if !ok {
			continue
		}
		spec := kind.Spec()
		results = append(results, SearchResult{
			Icon: spec.Icon, Href: "/" + spec.Path + "/" + row.ID, Kind: spec.Label(),
			Title: Marked{row.Title, marks}, Excerpt: Marked{row.Excerpt, marks},
		})
	}
	return results
}
