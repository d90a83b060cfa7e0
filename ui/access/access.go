package access

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
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// settingsPage leads to the kinds that people look for under their settings.
func settingsPage(v *web.Visit) (*edge.Response, error) {
	if v.Param("page") == "organization" && v.Param("id") == "" && v.Person.Tenant.ID != "" {
		return edge.Redirect(v.TenantPath()), nil
	}
	kind, ok := map[string]string{
		"team":       "membership",
		"teams":      "team",
		"workspaces": "workspace",
		"roles":      "role",
		"grants":     "grant",
		"secrets":    "secret",
	}[v.Param("page")]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no such page.")
	}
	to := "/" + v.Site.Kind(kind).Spec().Path
	if id := v.Param("id"); id != "" {
		to += "/" + id
	}
	return edge.Redirect(to), nil
}

// AskFor leads from a refusal to the request for what was lacking.
func AskFor(v *web.Visit, refused *fault.Error) (markup.Action, bool) {
	lacking, ok := refused.Details.(map[string]string)
	if !ok || refused.Code != fault.Forbidden || lacking["permission"] == "" ||
		!v.Person.May(v.Site.Kind(access.Requests.Name).Spec(), resource.Create) {
		return markup.Action{}, false
	}
	return markup.Action{
		Label: "Ask for it",
		Icon:  "inbox",
		Href: "/" + v.Site.Kind(access.Requests.Name).Spec().Path + "/new?" + url.Values{
			"permission":  {lacking["permission"]},
			"resource_id": {lacking["resource_id"]},
		}.Encode(),
	}, true
}

// accessPage is the page that says who may do what with a row, and why.
func accessPage(v *web.Visit) (*edge.Response, error) {
	kind, ok := v.Site.Kernel.Kind(v.Param("kind"))
	if !ok || !kind.Spec().Shared {
		return nil, fault.New(fault.NotFound, "There is no such page.")
	}
	members := v.Site.Kind("membership").Spec()
	if err := v.Person.Require(members, resource.List, ""); err != nil {
		return nil, err
	}
	record, err := kind.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	spec, id, title := kind.Spec(), kind.ID(record), kind.Title(record)
	here := web.AccessPath + "/" + spec.Name + "/" + id
	page := &markup.DetailPage{
		Shell:   v.Shell("Who may do what with " + title),
		Heading: "Who may do what with " + title,
		Self:    here + web.QueryText(v.Query),
		Crumbs:  []markup.Crumb{{Label: spec.PluralLabel(), Href: "/" + spec.Path}, {Label: title, Href: "/" + spec.Path + "/" + id}},
	}
	if user, permission := v.Query.Get("user"), v.Query.Get("permission"); user != "" {
		section, err := explained(v, user, permission, id)
		if err != nil {
			return nil, err
		}
		page.Top = append(page.Top, section)
	}
	table, err := accessTable(v, kind, record, here)
	if err != nil {
		return nil, err
	}
	page.Main = []markup.Section{{Title: "Members", Table: table}}
	if grants := v.Site.Kind(access.Grants.Name); v.Person.May(grants.Spec(), resource.Create) {
		page.Primary = &markup.Action{
			Label: "Grant a permission",
			Icon:  "key-round",
			Href: "/" + grants.Spec().Path + "/new?" + url.Values{
				"resource_id": {id},
				"permission":  {resource.Permission(spec.Name, resource.Update)},
			}.Encode(),
		}
	}
	return v.Show(http.StatusOK, page)
}

// accessTable has a line for each member, with a link to the reasons of each answer.
func accessTable(v *web.Visit, kind resource.Resource, record resource.Record, here string) (*markup.Table, error) {
	spec, id, workspace := kind.Spec(), kind.ID(record), kind.Workspace(record)
	type member struct{ ID, Name, Role, RoleName string }
	members, err := resource.Select[member](v.Person.Session,
		`SELECT u.id, u.name, m.role, r.name AS role_name FROM {membership} m JOIN {user} u ON u.id = m.user_id
		JOIN {role} r ON r.id = m.role ORDER BY u.name LIMIT ?`, web.MostMembers)
	if err != nil {
		return nil, err
	}
	table := &markup.Table{
		Caption: "Members and what they may do",
		Columns: []markup.Column{{Label: "Member"}, {Label: "Role", State: true}, {Label: "May"}},
	}
	for _, m := range members {
		held, err := v.Person.RightsOf(m.ID, m.Role)
		if err != nil {
			return nil, err
		}
		var may []string
		for _, p := range permissionsOf(spec) {
			allowed, _ := held.Explain(p, id, workspace, v.Person.Now.Go())
			if allowed && verbOf(p) != resource.Create && verbOf(p) != resource.Import {
				may = append(may, verbLabel(p))
			}
		}
		table.Rows = append(table.Rows, markup.Row{
			ID:    m.ID,
			Label: m.Name,
			Cells: []markup.Cell{markup.Text(m.Name), markup.Text(m.RoleName), markup.Text(inWords(may))},
			Href:  here + "?" + url.Values{"user": {m.ID}, "permission": {resource.Permission(spec.Name, resource.Update)}}.Encode(),
		})
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
func explained(v *web.Visit, user, permission, id string) (markup.Section, error) {
	e, err := access.Explain(v.Person.Session, user, permission, id)
	if err != nil {
		return markup.Section{}, err
	}
	section := markup.Section{Title: "Why " + e.User + " may"}
	if !e.Allowed {
		section.Title += " not"
	}
	section.Title += " " + web.Lower(widget.PermissionWords(v, []string{e.Permission})[0])
	for _, reason := range e.Reasons {
		answer := "No. "
		if reason.Allows {
			answer = "Yes. "
		}
		section.Facts = append(section.Facts, markup.Fact{Label: field.Label(reason.Source), Value: markup.Text(answer + reason.Text)})
	}
	return section, nil
}
