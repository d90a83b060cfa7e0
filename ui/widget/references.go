package widget

import (
	"cmp"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

var severalReferences = Widget{
	Input:    markup.FieldText,
	Unsorted: true,
	Suffix:   "s",
	Cell: func(s Shown, value any) markup.Cell {
		return references(s.Visit, s.Field.To, value.(field.Refs), s.Known)
	},
	Offered: offerSeveral,
	Read:    readMany,
}

// References are links to several rows.
type References []markup.Cell

func (c References) Write(m *markup.Writer, viewer markup.Viewer) {
	for i, one := range c {
		if i > 0 {
			m.Raw(", ")
		}
		one.Write(m, viewer)
	}
}

// shownReferences are named in one cell; the form names all.
const shownReferences = 10

// references are the titles of other rows.
func references(v *web.Visit, to string, ids []string, known Titles) markup.Cell {
	if len(ids) == 0 {
		return nil
	}
	var all References
	for _, id := range ids[:min(len(ids), shownReferences)] {
		all = append(all, reference(v, to, id, known))
	}
	if more := len(ids) - shownReferences; more > 0 {
		all = append(all, markup.Text("and "+markup.Number(int64(more))+" more"))
	}
	return all
}

// titleWords are the titles of rows where they are known, else their ids.
func titleWords(known map[string]string, ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id
		if title, ok := known[id]; ok {
			words[i] = title
		}
	}
	return Shorten(strings.Join(words, ", "), 200)
}

// offerSeveral offers rows to choose from: all of them where they are few, else those that a search finds.
func offerSeveral(v *web.Visit, f *field.Field, view *markup.FieldView) error {
	chosen := field.Refs{}
	if value := f.New(); f.Type.FromText(f, view.Value, value) == nil {
		chosen = f.Refers(value)
	}
	view.Help = cmp.Or(view.Help, "Ids of "+strings.ReplaceAll(f.To, "_", " ")+" rows with commas between them.")
	kind, ok := v.Site.Kernel.Kind(f.To)
	if !ok || !v.Person.May(kind.Spec(), resource.List) {
		return nil
	}
	view.Help = f.Help
	query := resource.Query{Limit: resource.MostRows}
	if kind.Spec().Title != nil {
		query.SortBy = kind.Spec().Title.Name
	}
	page, err := kind.List(v.Person.Session, query)
	if err != nil {
		return err
	}
	known, err := v.Person.TitlesOf(f.To, chosen)
	if err != nil {
		return err
	}
	view.Kind, view.Placeholder = markup.FieldMany, "Type a name"
	offered := map[string]bool{}
	for _, id := range chosen {
		offered[id] = true
		view.Options = append(view.Options, markup.Option{Value: id, Label: cmp.Or(known[id], "Deleted or hidden"), Chosen: true})
	}
	if page.Total > resource.MostRows {
		view.Lookup = "/" + kind.Spec().Path + "/lookup"
		return nil
	}
	for _, record := range page.Rows {
		if id := kind.ID(record); !offered[id] {
			view.Options = append(view.Options, markup.Option{Value: id, Label: kind.Title(record)})
		}
	}
	return nil
}
