package ui

import (
	"fmt"
	"net/http"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

const adminOrganizationsPath = "/admin/organizations"

func (s *Site) organizationRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, adminOrganizationsPath, "", s.organizationList),
		page(get, adminOrganizationsPath+"/{id}", "", s.organization),
		page(get, adminOrganizationsPath+"/{id}/suspend", "", s.askSuspension),
		page(post, adminOrganizationsPath+"/{id}/suspend", "", s.suspendOrganization),
		page(post, adminOrganizationsPath+"/{id}/activate", "", s.activateOrganization),
		page(get, "/tenants/{id}", "tenant:read", s.tenant),
		page(get, deletionPath, "tenant:own", s.deletion),
		page(post, deletionPath, "tenant:own", s.deleteTenant),
		page(post, deletionPath+"/take-back", "tenant:own", s.restoreTenant),
	}
}

// organizationState is how an organization stands, in a word.
func organizationState(o identity.Organization) Badge {
	switch {
	case o.SuspendedAt != 0:
		return Badge{Bad, "Suspended"}
	case o.DeleteAt != 0:
		return Badge{Warn, "Being deleted"}
	}
	return Badge{Good, "Active"}
}

// worded is a text, or nothing where it is empty.
func worded(text string) Cell {
	if text == "" {
		return nil
	}
	return Text(text)
}

// organizationList lists the organizations of the instance, for its operators, with what was deleted.
func (s *Site) organizationList(v *visit) (*edge.Response, error) {
	before, err := v.cursorOf()
	if err != nil {
		return nil, err
	}
	search := v.Query.Get("search")
	found, err := s.accounts.Organizations(v.person, search, before, listRows+1)
	if err != nil {
		return nil, err
	}
	page := &ListPage{Shell: v.shell("Organizations"), Heading: "Organizations", Path: adminOrganizationsPath, Self: v.Path + queryText(v.Query), Search: search, SearchHint: "Name or slug",
		Empty: Empty{Icon: "building-2", Title: "No such organization", Text: "No name or slug holds these letters.", Actions: []Action{{Label: "All organizations", Href: adminOrganizationsPath}}}}
	found = byKey(page, v, found, before, func(o identity.Organization) int64 { return o.N })
	page.Table = &Table{Caption: "Organizations", Columns: []Column{{Label: "Name"}, {Label: "State", State: true}, {Label: "Slug"}, {Label: "Members"}, {Label: "Owners", Leaves: 1}, {Label: "Made", Leaves: 2}}}
	for _, o := range found {
		page.Table.Rows = append(page.Table.Rows, Row{ID: o.ID, Label: o.Name, Href: adminOrganizationsPath + "/" + o.ID,
			Cells: []Cell{Text(o.Name), organizationState(o), Text(o.Slug), Text(strconv.Itoa(o.Members)), Text(o.Owners), Time(o.CreatedAt.Go())}})
	}
	return v.show(http.StatusOK, page)
}

// organization shows one organization with what an operator can do about it, or the certificate of a deleted one.
func (s *Site) organization(v *visit) (*edge.Response, error) {
	id := v.Param("id")
	o, err := s.accounts.Organization(v.person, id)
	if fault.Is(err, fault.NotFound) {
		return s.certificate(v, id, err)
	}
	if err != nil {
		return nil, err
	}
	path := adminOrganizationsPath + "/" + id
	page := &DetailPage{Shell: v.shell(o.Name), Crumbs: []Crumb{{"Organizations", adminOrganizationsPath}}, Heading: o.Name, State: organizationState(o), Self: v.Path,
		Main: []Section{{Title: "Facts", Facts: []Fact{{"Slug", Text(o.Slug)}, {"Members", Text(strconv.Itoa(o.Members))}, {"Owners", Text(o.Owners)}, {"Made", Time(o.CreatedAt.Go())},
			{"Suspended", when(o.SuspendedAt)}, {"Reason", worded(o.SuspendedFor)}, {"Will be deleted", when(o.DeleteAt)}, {"Data region", worded(o.DataRegion)}, {"Support tier", worded(o.SupportTier)}}}}}
	if o.SuspendedAt != 0 {
		page.Primary = &Action{Label: "Activate", Icon: "unlock", Post: path + "/activate"}
	} else {
		page.Primary = &Action{Label: "Suspend", Icon: "ban", Href: path + "/suspend", Danger: true}
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
		for _, name := range sortedKeys(c.Rows) {
			table.Rows = append(table.Rows, Row{ID: name, Label: name, Cells: []Cell{Text(name), Text(fmt.Sprint(c.Rows[name]))}})
		}
		return v.show(http.StatusOK, &DetailPage{Shell: v.shell(c.Name), Crumbs: []Crumb{{"Organizations", adminOrganizationsPath}}, Heading: c.Name, State: Badge{Idle, "Deleted"}, Self: v.Path,
			Main: []Section{{Title: "Certificate of deletion", Facts: []Fact{{"Id", Text(c.TenantID)}, {"Slug", Text(c.Slug)}, {"Made", Time(c.CreatedAt.Go())}, {"Deleted", Time(c.DeletedAt.Go())}}}, {Title: "Rows that were deleted", Table: table}}})
	}
	return nil, missing
}

func (v *visit) suspensionForm(o identity.Organization, reason string) *FormPage {
	path := adminOrganizationsPath + "/" + o.ID
	page := v.accountForm(path+"/suspend", "Suspend "+o.Name, "Suspend organization",
		FieldView{Kind: FieldText, Name: "reason", Label: "Reason", Value: reason, Required: true, First: true, MaxLength: 500, Help: "Its members read it. They are out at once, webhooks are refused, and executions end before their next effect."})
	page.Crumbs, page.Tabs, page.Danger, page.Cancel = []Crumb{{"Organizations", adminOrganizationsPath}, {o.Name, path}}, nil, true, path
	return page
}

func (s *Site) askSuspension(v *visit) (*edge.Response, error) {
	o, err := s.accounts.Organization(v.person, v.Param("id"))
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, v.suspensionForm(o, ""))
}

func (s *Site) suspendOrganization(v *visit) (*edge.Response, error) {
	o, err := s.accounts.Organization(v.person, v.Param("id"))
	if err != nil {
		return nil, err
	}
	reason := v.form.Get("reason")
	if err := s.accounts.SuspendOrganization(v.person, o.ID, reason); err != nil {
		return v.done(v.suspensionForm(o, reason), "", err)
	}
	return edge.Redirect(adminOrganizationsPath + "/" + o.ID), nil
}

func (s *Site) activateOrganization(v *visit) (*edge.Response, error) {
	if err := s.accounts.ActivateOrganization(v.person, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(adminOrganizationsPath + "/" + v.Param("id")), nil
}
