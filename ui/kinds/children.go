package kinds

import (
	"cmp"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// CountedRows is a number of rows: "1 asset", "1,204 assets".
func CountedRows(n int, spec *resource.Spec) string {
	if n == 1 {
		return "1 " + web.Lower(spec.Label())
	}
	return markup.Number(int64(n)) + " " + web.Lower(spec.PluralLabel())
}

// children adds what hangs on a row.
func children(v *web.Visit, page *markup.DetailPage, spec *resource.Spec, id string) error {
	for _, kind := range v.Site.Kernel.Kinds() {
		child := kind.Spec()
		if child.Parent == nil || child.Parent.To != spec.Name || !child.Has(resource.List) || !v.Person.May(child, resource.List) {
			continue
		}
		below, err := kind.Under(v.Person.Session, id)
		if err != nil {
			return err
		}
		found, err := below.List(v.Person.Session, resource.Query{Limit: childRows})
		if err != nil {
			return err
		}
		child = below.Spec()
		section := markup.Section{Title: child.PluralLabel()}
		mayAdd := child.Has(resource.Create) && v.Person.May(child, resource.Create)
		if mayAdd {
			section.Action = &markup.Action{Label: "Add " + web.Lower(child.Label()), Icon: "plus", Href: "/" + child.Path + "/new"}
		}
		switch told := child.Title == nil && child.Story != nil; {
		case len(found.Rows) == 0:
			section.Empty = "None yet. " + child.Help
		case told:
			if section.Story, err = story(v, below, found.Rows); err != nil {
				return err
			}
			section.All = &markup.Link{Label: "All " + Total(found.Total), Href: "/" + child.Path}
		default:
			l := Lister{Visit: v, Kind: below, Spec: child}
			columns := slices.DeleteFunc(columnsOf(child), func(f *field.Field) bool { return f.Standard })
			if section.Table, err = l.plainTable(found.Rows, columns); err != nil {
				return err
			}
			section.Table.Caption = section.Title
			section.All = &markup.Link{Label: "All " + Total(found.Total), Href: "/" + child.Path}
		}
		if mayAdd && child.Title == nil && child.Story != nil {
			section.Action.Label, section.Action.Icon = "More fields", ""
			section.Composer = &markup.Composer{
				Action: "/" + child.Path,
				Name:   child.Story.Name,
				Label:  "Add " + web.Lower(child.Label()),
				Draft:  child.Name + ":new:" + id,
				Page:   v.Path,
			}
		}
		page.Main = append(page.Main, section)
		page.Live += " " + child.Name
	}
	return nil
}

// childRows are shown on the page of the row that they hang on.
const childRows = 10

// story shows the whole texts of rows that are told by them, with who wrote each and when.
func story(v *web.Visit, kind resource.Resource, records []resource.Record) ([]markup.TimelineEntry, error) {
	spec := kind.Spec()
	at, _ := spec.Field("created_at")
	if first, ok := spec.Field(strings.TrimPrefix(spec.Order, "-")); ok && first.Type.Name() == "time" {
		at = first
	}
	known, err := widget.Referenced(v, kind, records, spec.Fields)
	if err != nil {
		return nil, err
	}
	entries := make([]markup.TimelineEntry, len(records))
	for i, record := range records {
		entry := &entries[i]
		*entry = markup.TimelineEntry{
			Icon:  spec.Icon,
			Actor: "Zygo",
			Note:  kind.Value(record, spec.Story),
			Href:  "/" + spec.Path + "/" + kind.ID(record),
		}
		entry.At = kind.Plain(record, at).(field.Time).Go()
		for _, f := range spec.Fields {
			if author := kind.Value(record, f); f.To == "user" && f.Readonly && author != "" {
				entry.Actor = cmp.Or(known[f.To][author], "Somebody who left")
			}
		}
	}
	return entries, nil
}
