package ops

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/ops"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// asset is the page of an asset, with what depends on it.
func asset(v *web.Visit) (*edge.Response, error) {
	return withImpact(v, v.Site.Kind(ops.Assets.Name), func(record resource.Record) (string, []string) {
		return "What depends on it", []string{record.(*ops.Asset).ID}
	})
}

// incident is the page of an incident, with what depends on the assets that it concerns.
func incident(v *web.Visit) (*edge.Response, error) {
	return withImpact(v, v.Site.Kind(ops.Incidents.Name), func(record resource.Record) (string, []string) {
		return "Assets that may suffer", record.(*ops.Incident).Assets
	})
}

func withImpact(v *web.Visit, kind resource.Resource,
	of func(record resource.Record) (title string, assets []string)) (*edge.Response, error) {
	page, record, err := kinds.Named(v, kind)
	if err != nil {
		return nil, err
	}
	title, assets := of(record)
	if len(assets) > 0 && v.Person.May(v.Site.Kind(ops.Assets.Name).Spec(), resource.List) {
		impact, err := ops.ImpactOf(v.Person.Session, assets...)
		if err != nil {
			return nil, err
		}
		if len(impact.Assets) > 0 {
			page.Main = append(page.Main, impactSection(v, title, impact))
		}
	}
	return v.Show(http.StatusOK, page)
}

func impactSection(v *web.Visit, title string, impact ops.Impact) markup.Section {
	spec := v.Site.Kind(ops.Assets.Name).Spec()
	choice := func(name, value string) markup.Cell {
		f, _ := spec.Field(name)
		return widget.ChoiceCell(v, f, value, false)
	}
	table := &markup.Table{
		Caption: title,
		Columns: []markup.Column{
			{Label: "Name"},
			{Label: "Steps away", Right: true},
			{Label: "Environment", Leaves: 1},
			{Label: "Criticality"},
			{Label: "Open incidents", Right: true},
		},
	}
	for _, a := range impact.Assets {
		table.Rows = append(table.Rows, markup.Row{
			ID:    a.ID,
			Label: a.Name,
			Href:  "/" + spec.Path + "/" + a.ID,
			Cells: []markup.Cell{markup.Text(a.Name), markup.Count(a.Distance),
				choice("environment", string(a.Environment)), choice("criticality", string(a.Criticality)), markup.Count(a.OpenIncidents)},
		})
	}
	section := markup.Section{Title: title, Table: table}
	if !impact.Complete {
		section.Empty = "More depend on it than are shown."
	}
	return section
}
