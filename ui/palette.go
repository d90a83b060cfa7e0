package ui

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
)

// Palette is what the dialog behind Ctrl+K offers: places and actions, which the browser filters, or the rows that some
// words find.
type Palette struct{ Groups []PaletteGroup }

func (Palette) name() string { return "palette-groups" }

// PaletteGroup is a titled part of the palette.
type PaletteGroup struct {
	Label string
	Items []PaletteItem
	// Corrected tells that other words were searched for than those typed; commands that fit these make it useless.
	Corrected bool
}

// PaletteItem leads somewhere. Note says what it is, Key is the letter that goes there after g, Words are others by which people
// look for it; each may be empty.
type PaletteItem struct{ Label, Href, Icon, Note, Key, Words string }

// paletteRows is how many rows the palette shows; the page of the search has the rest.
const paletteRows = 10

// palette answers what Ctrl+K offers: without words the places and actions, with words the rows that they find.
func (s *Site) palette(v *visit) (*edge.Response, error) {
	words := searched(v.Request)
	if words == "" {
		ran, err := v.ranLately()
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, Palette{[]PaletteGroup{v.places(), v.creations(), ran}})
	}
	found, corrected, err := v.person.Search(words)
	if err != nil {
		return nil, err
	}
	rows := PaletteGroup{Label: "Found"}
	if corrected != "" {
		rows.Corrected, rows.Label = true, "Found for “"+corrected+"”"
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
			group.Items = append(group.Items, PaletteItem{Label: "Create " + lower(spec.Label()), Href: "/" + spec.Path + "/new", Icon: "plus", Note: spec.Area, Words: "new add"})
		}
	}
	return group
}

// paletteExecutions is how many executions the palette offers.
const paletteExecutions = 5

// ranLately are the newest executions, which people look for by the workflow and by how it went.
func (v *visit) ranLately() (PaletteGroup, error) {
	group, kind := PaletteGroup{Label: "Latest executions"}, v.site.kind("execution")
	if !v.person.May(kind.Spec(), resource.List) {
		return group, nil
	}
	found, err := kind.List(v.person.Session, resource.Query{Limit: paletteExecutions})
	if err != nil {
		return group, err
	}
	known, err := v.referenced(kind, found.Rows, kind.Spec().Fields)
	if err != nil {
		return group, err
	}
	viewer := v.viewer()
	for _, record := range found.Rows {
		e := record.(*flow.Execution)
		item := PaletteItem{Label: v.title(kind, record, known), Href: "/" + kind.Spec().Path + "/" + e.ID, Icon: kind.Spec().Icon, Words: "run execution",
			Note: choiceBadge(e.Status).Word + ", " + viewer.Relative(e.CreatedAt.Go())}
		if e.Status == flow.Failed {
			item.Words += " failed retry again"
		}
		group.Items = append(group.Items, item)
	}
	return group, nil
}
