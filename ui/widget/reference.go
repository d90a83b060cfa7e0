package widget

import (
	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

var oneReference = Widget{
	Input:    markup.FieldText,
	Unsorted: true,
	Suffix:   "_id",
	Cell: func(s Shown, value any) markup.Cell {
		return reference(s.Visit, s.Field.To, string(value.(field.Ref)), s.Known)
	},
	Offered: offerRows,
}

// reference is the title of another row, with a link where there is a page for it.
func reference(v *web.Visit, to, id string, known Titles) markup.Cell {
	if id == "" {
		return nil
	}
	kind, ok := v.Site.Kernel.Kind(to)
	title, seen := known[to][id]
	switch {
	case !ok || !seen && kind.Spec().Title != nil:
		return markup.Text("Deleted or hidden")
	case !seen:
		title = id
	}
	if !kind.Spec().Has(resource.Get) || !v.Person.May(kind.Spec(), resource.Get) {
		return markup.Text(title)
	}
	link := markup.Reference{Label: title, Href: "/" + kind.Spec().Path + "/" + id}
	if to != access.Workspaces.Name {
		return link
	}
	colours, err := access.Colours(v.Person.Session)
	if err != nil {
		return link
	}
	return markup.Coloured{Reference: link, Tone: Tones[string(colours[id])]}
}

// offerRows offers the rows to choose from: all of them in a list, or a field that finds them where they are many.
func offerRows(v *web.Visit, f *field.Field, view *markup.FieldView) error {
	kind, ok := v.Site.Kernel.Kind(f.To)
	if !ok || !v.Person.May(kind.Spec(), resource.List) {
		view.Kind, view.Help = markup.FieldText, "The id of the "+f.To+"."
		return nil
	}
	spec := kind.Spec()
	query := resource.Query{Limit: resource.MostRows}
	if spec.Title != nil {
		query.SortBy = spec.Title.Name
	}
	page, err := kind.List(v.Person.Session, query)
	if err != nil {
		return err
	}
	found := false
	view.Kind = markup.FieldSelect
	view.Options = []markup.Option{{Label: "–", Chosen: view.Value == ""}}
	for _, record := range page.Rows {
		id := kind.ID(record)
		found = found || id == view.Value
		view.Options = append(view.Options, markup.Option{Value: id, Label: kind.Title(record), Chosen: id == view.Value})
	}
	if page.Total <= resource.MostRows && (found || view.Value == "") {
		return nil
	}
	known, err := v.Person.TitlesOf(f.To, []string{view.Value})
	if err != nil {
		return err
	}
	if page.Total <= resource.MostRows {
		// What was chosen may be in the trash by now; it stays until somebody chooses another.
		view.Options = append(view.Options, markup.Option{Value: view.Value, Label: "Deleted or hidden", Chosen: true})
		return nil
	}
	view.Kind, view.Options, view.Placeholder = markup.FieldLookup, nil, "Type a name"
	view.Lookup, view.Chosen = "/"+spec.Path+"/lookup", known[view.Value]
	return nil
}
