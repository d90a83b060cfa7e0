package kinds

import (
	"net/url"
	"slices"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const (
	// relatedRows is how many rows of another kind a page shows.
	relatedRows = 5
	// relatedColumns fit beside the facts of the page, with the one that they are sorted by.
	relatedColumns = 3
)

// related adds the rows of other kinds that refer to this one, with a list for each field that does.
func related(v *web.Visit, page *markup.DetailPage, spec *resource.Spec, id string) error {
	for _, kind := range v.Site.Kernel.Kinds() {
		other := kind.Spec()
		if other.Area == "" || !other.Has(resource.List) || !v.Person.May(other, resource.List) {
			continue
		}
		shown := false
		for _, f := range other.Fields {
			if f.To != spec.Name || !f.Filter || f.Internal {
				continue
			}
			section, err := relatedSection(v, kind, f, spec, id)
			if err != nil {
				return err
			}
			if section != nil {
				page.Main = append(page.Main, *section)
				shown = true
			}
		}
		if shown && other.Name != spec.Name {
			page.Live += " " + other.Name
		}
	}
	return nil
}

// relatedSection is the newest rows of a kind that name the row in a field; nil if there are none and none can be made.
func relatedSection(v *web.Visit, kind resource.Resource, f *field.Field, spec *resource.Spec, id string) (*markup.Section, error) {
	other := kind.Spec()
	filters := []resource.Filter{{Field: f.Name, Operator: "eq", Values: []string{id}}}
	found, err := kind.List(v.Person.Session, resource.Query{Filters: filters, SortBy: "created_at", Descending: true, Limit: relatedRows})
	if err != nil {
		return nil, err
	}
	section := &markup.Section{Title: other.PluralLabel()}
	if f.Inverse != "" {
		section.Title = f.Inverse
	} else if f.Name != spec.Name && f.Name != spec.Plural && f.Name != spec.Name+"_id" {
		section.Title += ": " + web.Lower(f.Label)
	}
	if v.MayCreate(other.Name) && f.Writable() {
		section.Action = &markup.Action{
			Label: "Create " + web.Lower(other.Label()),
			Icon:  "plus",
			Href:  "/" + other.Path + "/new?" + f.Name + "=" + url.QueryEscape(id),
		}
	}
	if len(found.Rows) == 0 {
		if section.Action == nil || other.Name == spec.Name {
			return nil, nil
		}
		section.Empty = "None yet."
		return section, nil
	}
	l := Lister{Visit: v, Kind: kind, Spec: other, Fixed: filters}
	columns := slices.DeleteFunc(columnsOf(other), func(column *field.Field) bool { return column == f })
	columns = columns[:min(len(columns), relatedColumns)]
	if created, ok := other.Field("created_at"); ok {
		columns = append(columns, created)
	}
	if section.Table, err = l.plainTable(found.Rows, columns); err != nil {
		return nil, err
	}
	section.Table.Caption = section.Title
	section.All = &markup.Link{Label: "All " + Total(found.Total), Href: "/" + other.Path + FilterText(filters)}
	return section, nil
}
