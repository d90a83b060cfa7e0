package console

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/operators"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const adminOrganizationsPath = "/admin/organizations"

// organization shows one organization, or the certificate of a deleted one.
func organization(v *web.Visit) (*edge.Response, error) {
	page, _, err := kinds.Named(v, v.Site.Kind(operators.Organizations.Name))
	if fault.Is(err, fault.NotFound) {
		return certificate(v, v.Param("id"), err)
	}
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// certificate shows what was deleted of an organization that is no more.
func certificate(v *web.Visit, id string, missing error) (*edge.Response, error) {
	all, err := v.Site.Identity.Operators.Certificates(v.Person)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.TenantID != id {
			continue
		}
		table := &markup.Table{Caption: "Rows that were deleted", Columns: []markup.Column{{Label: "Table"}, {Label: "Rows"}}}
		for _, name := range slices.Sorted(maps.Keys(c.Rows)) {
			table.Rows = append(table.Rows, markup.Row{
				ID:    name,
				Label: name,
				Cells: []markup.Cell{markup.Text(name), markup.Text(fmt.Sprint(c.Rows[name]))},
			})
		}
		return v.Show(http.StatusOK, &markup.DetailPage{
			Shell:   v.Shell(c.Name),
			Crumbs:  []markup.Crumb{{Label: "Organizations", Href: adminOrganizationsPath}},
			Heading: c.Name,
			State:   markup.Badge{Tone: markup.Idle, Word: "Deleted"},
			Self:    v.Path,
			Main: []markup.Section{
				{
					Title: "Certificate of deletion",
					Facts: []markup.Fact{
						{Label: "Id", Value: markup.Text(c.TenantID)},
						{Label: "Slug", Value: markup.Text(c.Slug)},
						{Label: "Made", Value: markup.Time(c.CreatedAt.Go())},
						{Label: "Deleted", Value: markup.Time(c.DeletedAt.Go())},
					},
				},
				{Title: "Rows that were deleted", Table: table},
			},
		})
	}
	return nil, missing
}
