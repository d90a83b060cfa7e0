package ui

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
)

// Palette is what the dialog behind Ctrl+K offers: places and actions, which the browser filters, or the rows that some
// words find.
type Palette struct{ Groups []PaletteGroup }

func (Palette) name() string { return "palette-groups" }

// PaletteGroup is a titled part of the palette.
type PaletteGroup struct {
	Label string
	Items []PaletteItem
}

// PaletteItem leads somewhere. Note says what it is, Key is the letter that goes there after g; both may be empty.
type PaletteItem struct{ Label, Href, Icon, Note, Key string }

// paletteRows is how many rows the palette shows; the page of the search has the rest.
const paletteRows = 10

// palette answers what Ctrl+K offers: without words the places and actions, with words the rows that they find.
func (s *Site) palette(v *visit) (*edge.Response, error) {
	words := searched(v.Request)
	if words == "" {
		return v.show(http.StatusOK, Palette{[]PaletteGroup{v.places(), v.creations()}})
	}
	found, corrected, err := v.person.Search(words)
	if err != nil {
		return nil, err
	}
	rows := PaletteGroup{Label: "Found"}
	if corrected != "" {
		rows.Label = "Found for “" + corrected + "”"
	}
	for _, row := range v.results(found[:min(len(found), paletteRows)], "") {
		rows.Items = append(rows.Items, PaletteItem{Label: row.Title.Text, Href: row.Href, Icon: row.Icon, Note: row.Kind})
	}
	all := PaletteItem{Label: "Search everything for “" + words + "”", Href: "/search?q=" + url.QueryEscape(words), Icon: "search"}
	return v.show(http.StatusOK, Palette{[]PaletteGroup{rows, {Label: "Search", Items: []PaletteItem{all}}}})
}

// places are the pages that the person may open.
func (v *visit) places() PaletteGroup {
	group := PaletteGroup{Label: "Go to"}
	for _, area := range v.navigation() {
		for _, item := range area.Items {
			group.Items = append(group.Items, PaletteItem{Label: item.Label, Href: item.Href, Icon: item.Icon, Note: area.Label, Key: item.Key})
		}
	}
	group.Items = append(group.Items, PaletteItem{Label: "Manual", Href: "/docs", Icon: "book-open"})
	return group
}

// creations are the kinds that the person may make a row of.
func (v *visit) creations() PaletteGroup {
	group := PaletteGroup{Label: "Do"}
	for _, kind := range v.site.kernel.Kinds() {
		if spec := kind.Spec(); spec.Area != "" && v.mayCreate(spec.Name) {
			group.Items = append(group.Items, PaletteItem{Label: "Create " + lower(spec.Label()), Href: "/" + spec.Path + "/new", Icon: "plus", Note: spec.Area})
		}
	}
	return group
}
