package home

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// palette answers what Ctrl+K offers: without words the places and actions, with words the rows that they find.
func palette(v *web.Visit) (*edge.Response, error) {
	words := searched(v.Request)
	if words == "" {
		ran, err := ranLately(v)
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, markup.Palette{Groups: []markup.PaletteGroup{places(v), creations(v), ran}})
	}
	found, corrected, err := v.Person.Search(words)
	if err != nil {
		return nil, err
	}
	rows := markup.PaletteGroup{Label: "Found"}
	if corrected != "" {
		rows.Corrected, rows.Label = true, "Found for “"+corrected+"”"
	}
	for _, row := range results(v, found[:min(len(found), paletteRows)], "") {
		rows.Items = append(rows.Items, markup.PaletteItem{Label: row.Title.Text, Href: row.Href, Icon: row.Icon, Note: row.Kind})
	}
	all := markup.PaletteItem{Label: "Search everything for “" + words + "”", Href: "/search?q=" + url.QueryEscape(words), Icon: "search"}
	return v.Show(http.StatusOK, markup.Palette{Groups: []markup.PaletteGroup{rows, {Label: "Search", Items: []markup.PaletteItem{all}}}})
}

// places are the pages that the person may open.
func places(v *web.Visit) markup.PaletteGroup {
	group := markup.PaletteGroup{Label: "Go to"}
	for _, area := range v.Navigation() {
		for _, item := range area.Items {
			group.Items = append(group.Items, markup.PaletteItem{
				Label: item.Label,
				Href:  item.Href,
				Icon:  item.Icon,
				Note:  area.Label,
				Key:   item.Key,
			})
		}
	}
	group.Items = append(group.Items, markup.PaletteItem{Label: "Manual", Href: "/docs", Icon: "book-open"})
	return group
}

// creations are the kinds that the person may make a row of.
func creations(v *web.Visit) markup.PaletteGroup {
	group := markup.PaletteGroup{Label: "Do"}
	for _, kind := range v.Site.Kernel.Kinds() {
		if spec := kind.Spec(); spec.Area != "" && v.MayCreate(spec.Name) {
			group.Items = append(group.Items, markup.PaletteItem{
				Label: "Create " + web.Lower(spec.Label()),
				Href:  "/" + spec.Path + "/new",
				Icon:  "plus",
				Note:  spec.Area,
				Words: "new add",
			})
		}
	}
	return group
}

// paletteExecutions is how many executions the palette offers.
const paletteExecutions = 5

// ranLately are the newest executions, which people look for by the workflow and by how it went.
func ranLately(v *web.Visit) (markup.PaletteGroup, error) {
	group, kind := markup.PaletteGroup{Label: "Latest executions"}, v.Site.Kind("execution")
	if !v.Person.May(kind.Spec(), resource.List) {
		return group, nil
	}
	found, err := kind.List(v.Person.Session, resource.Query{Limit: paletteExecutions})
	if err != nil {
		return group, err
	}
	known, err := widget.Referenced(v, kind, found.Rows, kind.Spec().Fields)
	if err != nil {
		return group, err
	}
	viewer := v.Viewer()
	for _, record := range found.Rows {
		e := record.(*flow.Execution)
		item := markup.PaletteItem{
			Label: kinds.Title(v, kind, record, known),
			Href:  "/" + kind.Spec().Path + "/" + e.ID,
			Icon:  kind.Spec().Icon,
			Words: "run execution",
			Note:  widget.ChoiceBadge(e.Status).Word + ", " + viewer.Relative(e.CreatedAt.Go()),
		}
		if e.Status == flow.Failed {
			item.Words += " failed retry again"
		}
		group.Items = append(group.Items, item)
	}
	return group, nil
}
