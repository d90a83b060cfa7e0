package ui

import (
	"net/http"
	"net/url"
	"slices"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// accessPath leads to who may do what with a row: /access/asset/ID.
const accessPath = "/access"

// settingsPage leads to the kinds that people look for under their settings.
func (s *Site) settingsPage(v *visit) (*edge.Response, error) {
	if v.Param("page") == "organization" && v.Param("id") == "" && v.person.Tenant.ID != "" {
		return edge.Redirect(v.tenantPath()), nil
	}
	kind, ok := map[string]string{"team": "membership", "teams": "team", "workspaces": "workspace", "roles": "role", "grants": "grant", "secrets": "secret"}[v.Param("page")]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no such page.")
	}
	to := "/" + s.kind(kind).Spec().Path
	if id := v.Param("id"); id != "" {
		to += "/" + id
	}
	return edge.Redirect(to), nil
}

// askFor leads from a refusal to the request for what was lacking.
func askFor(v *visit, refused *fault.Error) (Action, bool) {
	lacking, ok := refused.Details.(map[string]string)
	if !ok || refused.Code != fault.Forbidden || lacking["permission"] == "" || !v.person.May(v.site.kind(access.Requests.Name).Spec(), resource.Create) {
		return Action{}, false
	}
	return Action{Label: "Ask for it", Icon: "inbox", Href: "/" + v.site.kind(access.Requests.Name).Spec().Path + "/new?" + url.Values{"permission": {lacking["permission"]}, "resource_id": {lacking["resource_id"]}}.Encode()}, true
}

// access is the page that says who may do what with a row, and why.
func (s *Site) access(v *visit) (*edge.Response, error) {
	kind, ok := s.kernel.Kind(v.Param("kind"))
	if !ok || !kind.Spec().Shared {
		return nil, fault.New(fault.NotFound, "There is no such page.")
	}
	members := s.kind("membership").Spec()
	if err := v.person.Require(members, resource.List, ""); err != nil {
		return nil, err
	}
	record, err := kind.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	spec, id, title := kind.Spec(), kind.ID(record), kind.Title(record)
	here := accessPath + "/" + spec.Name + "/" + id
	page := &DetailPage{Shell: v.shell("Who may do what with " + title), Heading: "Who may do what with " + title, Self: here + queryText(v.Query),
		Crumbs: []Crumb{{spec.PluralLabel(), "/" + spec.Path}, {title, "/" + spec.Path + "/" + id}}}
	if user, permission := v.Query.Get("user"), v.Query.Get("permission"); user != "" {
		section, err := v.explained(user, permission, id)
		if err != nil {
			return nil, err
		}
		page.Top = append(page.Top, section)
	}
	table, err := v.accessTable(kind, record, here)
	if err != nil {
		return nil, err
	}
	page.Main = []Section{{Title: "Members", Table: table}}
	if grants := s.kind(access.Grants.Name); v.person.May(grants.Spec(), resource.Create) {
		page.Primary = &Action{Label: "Grant a permission", Icon: "key-round", Href: "/" + grants.Spec().Path + "/new?" + url.Values{"resource_id": {id}, "permission": {resource.Permission(spec.Name, resource.Update)}}.Encode()}
	}
	return v.show(http.StatusOK, page)
}

// mostMembers bounds the members on the page.
const mostMembers = 200

// accessTable has a line for each member, with a link to the reasons of each answer.
func (v *visit) accessTable(kind resource.Resource, record resource.Record, here string) (*Table, error) {
	spec, id, workspace := kind.Spec(), kind.ID(record), kind.Workspace(record)
	type member struct{ ID, Name, Role, RoleName string }
	members, err := resource.Select[member](v.person.Session, `SELECT u.id, u.name, m.role, r.name AS role_name FROM {membership} m JOIN {user} u ON u.id = m.user_id
		JOIN {role} r ON r.id = m.role ORDER BY u.name LIMIT ?`, mostMembers)
	if err != nil {
		return nil, err
	}
	table := &Table{Caption: "Members and what they may do", Columns: []Column{{Label: "Member"}, {Label: "Role", State: true}, {Label: "May"}}}
	for _, m := range members {
		held, err := v.person.RightsOf(m.ID, m.Role)
		if err != nil {
			return nil, err
		}
		var may []string
		for _, p := range permissionsOf(spec) {
			if allowed, _ := held.Explain(p, id, workspace, v.person.Now.Go()); allowed && verbOf(p) != resource.Create && verbOf(p) != resource.Import {
				may = append(may, verbLabel(p))
			}
		}
		table.Rows = append(table.Rows, Row{ID: m.ID, Label: m.Name, Cells: []Cell{Text(m.Name), Text(m.RoleName), Text(inWords(may))},
			Href: here + "?" + url.Values{"user": {m.ID}, "permission": {resource.Permission(spec.Name, resource.Update)}}.Encode()})
	}
	return table, nil
}

// permissionsOf are the permissions on rows of a kind.
func permissionsOf(spec *resource.Spec) []rights.Permission {
	all := spec.Permissions()
	slices.SortFunc(all, byPlace)
	return all
}

// explained is the answer for one member and one permission, with what it looked at.
func (v *visit) explained(user, permission, id string) (Section, error) {
	e, err := access.Explain(v.person.Session, user, permission, id)
	if err != nil {
		return Section{}, err
	}
	section := Section{Title: "Why " + e.User + " may"}
	if !e.Allowed {
		section.Title += " not"
	}
	section.Title += " " + lower(v.permissionWords([]string{e.Permission})[0])
	for _, reason := range e.Reasons {
		answer := "No. "
		if reason.Allows {
			answer = "Yes. "
		}
		section.Facts = append(section.Facts, Fact{field.Label(reason.Source), Text(answer + reason.Text)})
	}
	return section, nil
}
