package ui

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

const adminOrganizationsPath = "/admin/organizations"

// organization shows one organization, or the certificate of a deleted one.
func (s *Site) organization(v *visit) (*edge.Response, error) {
	page, _, err := v.named(s.kind(identity.AllTenants.Name))
	if fault.Is(err, fault.NotFound) {
		return s.certificate(v, v.Param("id"), err)
	}
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

// certificate shows what was deleted of an organization that is no more.
func (s *Site) certificate(v *visit, id string, missing error) (*edge.Response, error) {
	all, err := s.accounts.Certificates(v.person)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.TenantID != id {
			continue
		}
		table := &Table{Caption: "Rows that were deleted", Columns: []Column{{Label: "Table"}, {Label: "Rows"}}}
		for _, name := range slices.Sorted(maps.Keys(c.Rows)) {
			table.Rows = append(table.Rows, Row{ID: name, Label: name, Cells: []Cell{Text(name), Text(fmt.Sprint(c.Rows[name]))}})
		}
		return v.show(http.StatusOK, &DetailPage{Shell: v.shell(c.Name), Crumbs: []Crumb{{"Organizations", adminOrganizationsPath}}, Heading: c.Name, State: Badge{Idle, "Deleted"}, Self: v.Path,
			Main: []Section{{Title: "Certificate of deletion", Facts: []Fact{{"Id", Text(c.TenantID)}, {"Slug", Text(c.Slug)}, {"Made", Time(c.CreatedAt.Go())}, {"Deleted", Time(c.DeletedAt.Go())}}}, {Title: "Rows that were deleted", Table: table}}})
	}
	return nil, missing
}
