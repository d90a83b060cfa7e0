package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/ops"
	"zygo/app/resource"
)

// asset is the page of an asset, with what depends on it.
func (s *Site) asset(v *visit) (*edge.Response, error) {
	return v.withImpact(s.kind(ops.Assets.Name), func(record resource.Record) (string, []string) {
		return "What depends on it", []string{record.(*ops.Asset).ID}
	})
}

// incident is the page of an incident, with what depends on the assets that it concerns.
func (s *Site) incident(v *visit) (*edge.Response, error) {
	return v.withImpact(s.kind(ops.Incidents.Name), func(record resource.Record) (string, []string) {
		return "Assets that may suffer", record.(*ops.Incident).Assets
	})
}

func (v *visit) withImpact(kind resource.Resource, of func(record resource.Record) (title string, assets []string)) (*edge.Response, error) {
	page, record, err := v.named(kind)
	if err != nil {
		return nil, err
	}
	title, assets := of(record)
	if len(assets) > 0 && v.person.May(v.site.kind(ops.Assets.Name).Spec(), resource.List) {
		impact, err := ops.ImpactOf(v.person.Session, assets...)
		if err != nil {
			return nil, err
		}
		if len(impact.Assets) > 0 {
			page.Main = append(page.Main, v.impactSection(title, impact))
		}
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) impactSection(title string, impact ops.Impact) Section {
	spec := v.site.kind(ops.Assets.Name).Spec()
	choice := func(name, value string) Cell {
		f, _ := spec.Field(name)
		return v.choiceCell(f, value, false)
	}
	table := &Table{Caption: title, Columns: []Column{{Label: "Name"}, {Label: "Steps away", Right: true}, {Label: "Environment", Leaves: 1}, {Label: "Criticality"}, {Label: "Open incidents", Right: true}}}
	for _, a := range impact.Assets {
		table.Rows = append(table.Rows, Row{ID: a.ID, Label: a.Name, Href: "/" + spec.Path + "/" + a.ID, Cells: []Cell{Text(a.Name), Count(a.Distance),
			choice("environment", string(a.Environment)), choice("criticality", string(a.Criticality)), Count(a.OpenIncidents)}})
	}
	section := Section{Title: title, Table: table}
	if !impact.Complete {
		section.Empty = "More depend on it than are shown."
	}
	return section
}
