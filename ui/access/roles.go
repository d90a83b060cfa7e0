package access

import (
	"net/http"
	"slices"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// rolesPath is where the roles are.
const rolesPath = "/roles"

// role is the page of a role, with what it may do and where it stands among the others.
func role(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(access.Roles.Name)
	page, record, err := kinds.Named(v, kind)
	if err != nil {
		return nil, err
	}
	role := record.(*access.Role)
	set, err := v.Person.RightsOf("", role.ID)
	if err != nil {
		return nil, err
	}
	hierarchy, err := hierarchy(v, role.ID)
	if err != nil {
		return nil, err
	}
	page.Main = append(page.Main, markup.Section{Title: "Hierarchy", Graph: hierarchy}, permissionTable(v, set.Set))
	if role.BuiltIn {
		page.Primary, page.Actions = nil, nil
	}
	mayCreate, _, err := kinds.MayMake(v, kind.Spec())
	if err != nil {
		return nil, err
	}
	if mayCreate {
		page.Actions = append([]markup.Action{{Label: "Clone", Icon: "copy", Post: rolesPath + "/" + role.ID + "/clone"}}, page.Actions...)
	}
	return v.Show(http.StatusOK, page)
}

// usual are the verbs of most kinds, in the order and with the words of people.
var usual = []struct{ verb, label string }{
	{"read", "See"},
	{resource.Create, "Create"},
	{resource.Update, "Change"},
	{resource.Delete, "Delete"},
}

// permissionTable shows what a role may do, a line for each kind.
func permissionTable(v *web.Visit, set rights.Set) markup.Section {
	table := &markup.Table{Caption: "Permissions", Columns: []markup.Column{{Label: "On"}, {Label: "May"}}}
	var nothing []string
	for _, of := range permissionGroups(v) {
		var may []string
		for _, p := range of.permissions {
			if set.Has(p) {
				may = append(may, verbLabel(p))
			}
		}
		if may == nil {
			nothing = append(nothing, of.label)
			continue
		}
		table.Rows = append(table.Rows, markup.Row{
			ID:    of.name,
			Label: of.label,
			Cells: []markup.Cell{markup.Text(of.label), markup.Text(inWords(may))},
		})
	}
	section := markup.Section{Title: "Permissions"}
	if table.Rows != nil {
		section.Table = table
	}
	if nothing != nil {
		section.Text = "No permission on: " + strings.Join(nothing, ", ") + "."
	}
	return section
}

// inWords lists verbs as a sentence does: "See, change, delete".
func inWords(verbs []string) string {
	return verbs[0] + web.Lower(strings.TrimSuffix(", "+strings.Join(verbs[1:], ", "), ", "))
}

// verbLabel is what a permission allows, in a word.
func verbLabel(p rights.Permission) string {
	if at := place(p); at < len(usual) {
		return usual[at].label
	}
	return field.Label(verbOf(p))
}

func verbOf(p rights.Permission) string {
	_, verb, _ := strings.Cut(p.Name, ":")
	return verb
}

// permissionGroup are the permissions of one kind.
type permissionGroup struct {
	name, label, category string
	permissions           []rights.Permission
}

// permissionGroups are all permissions, by kind, in the order of the navigation.
func permissionGroups(v *web.Visit) []permissionGroup {
	var groups []permissionGroup
	for _, p := range v.Site.Kernel.Permissions() {
		name, _, _ := strings.Cut(p.Name, ":")
		at := slices.IndexFunc(groups, func(g permissionGroup) bool { return g.name == name })
		if at < 0 {
			label := field.Label(field.Plural(name))
			if kind, ok := v.Site.Kernel.Kind(name); ok {
				label = kind.Spec().PluralLabel()
				if above := kind.Spec().Parent; above != nil {
					label = kinds.Above(v.Site, kind.Spec()).Spec().Label() + " " + web.Lower(label)
				}
			}
			groups, at = append(groups, permissionGroup{name: name, label: label, category: p.Category}), len(groups)
		}
		groups[at].permissions = append(groups[at].permissions, p)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.permissions, byPlace)
	}
	slices.SortStableFunc(groups, func(a, b permissionGroup) int { return strings.Compare(a.category, b.category) })
	return groups
}

func byPlace(a, b rights.Permission) int { return place(a) - place(b) }

func place(p rights.Permission) int {
	at := slices.IndexFunc(usual, func(u struct{ verb, label string }) bool { return u.verb == verbOf(p) })
	if at < 0 {
		return len(usual)
	}
	return at
}

// rolePermissions is the matrix of a role: a box for each permission.
func rolePermissions(v *web.Visit) (*edge.Response, error) {
	page, err := matrix(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func matrix(v *web.Visit) (*markup.FormPage, error) {
	kind := v.Site.Kind(access.Roles.Name)
	record, err := kind.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	if err := v.Person.Require(kind.Spec(), "permissions", v.Param("id")); err != nil {
		return nil, err
	}
	role := record.(*access.Role)
	held, err := v.Person.RightsOf("", role.ID)
	if err != nil {
		return nil, err
	}
	back := rolesPath + "/" + role.ID
	page := &markup.FormPage{
		Shell:   v.Shell("Permissions of " + role.Name),
		Crumbs:  []markup.Crumb{{Label: "Roles", Href: rolesPath}, {Label: role.Name, Href: back}},
		Heading: "Permissions of " + role.Name,
		Submit:  "Save permissions",
		Action:  back + "/permissions",
		Cancel:  back,
		Changes: true,
	}
	for _, of := range permissionGroups(v) {
		if last := len(page.Groups) - 1; last < 0 || page.Groups[last].Title != heading(of.category) {
			page.Groups = append(page.Groups, markup.FieldGroup{Title: heading(of.category), Matrix: true})
		}
		boxes := markup.FieldView{Kind: markup.FieldChoices, Name: "permission", Label: of.label, Required: true}
		for _, p := range of.permissions {
			boxes.Options = append(boxes.Options, markup.Option{Value: p.Name, Label: verbLabel(p), Chosen: held.Has(p)})
		}
		group := &page.Groups[len(page.Groups)-1]
		group.Rows = append(group.Rows, []markup.FieldView{boxes})
	}
	return page, nil
}

// heading names a category; what belongs to no area of the navigation belongs to all.
func heading(category string) string {
	if category == "" {
		return "Everywhere"
	}
	return category
}

// changePermissions stores the boxes of the matrix as what is added to the role and what is taken away.
func changePermissions(v *web.Visit) (*edge.Response, error) {
	kind, id := v.Site.Kind(access.Roles.Name), v.Param("id")
	held, err := v.Person.RightsOf("", id)
	if err != nil {
		return nil, err
	}
	var add, remove []string
	for _, p := range v.Site.Kernel.Permissions() {
		switch chosen := slices.Contains(v.Form["permission"], p.Name); {
		case chosen && !held.Has(p):
			add = append(add, p.Name)
		case !chosen && held.Has(p):
			remove = append(remove, p.Name)
		}
	}
	_, err = kind.Act(v.Person.Session, id, "permissions", 0, resource.Input{
		"add":    resource.Text(strings.Join(add, ",")),
		"remove": resource.Text(strings.Join(remove, ",")),
	})
	if err != nil {
		return nil, err
	}
	return edge.Redirect(rolesPath + "/" + id), nil
}

// cloneRole makes a role like another, and opens its form for a name.
func cloneRole(v *web.Visit) (*edge.Response, error) {
	made, err := access.Clone(v.Person.Session, v.Param("id"), "")
	if err != nil {
		return nil, err
	}
	return edge.Redirect(rolesPath + "/" + made.ID + "/edit"), nil
}

// hierarchy draws which role includes which, the one that includes nothing at the left.
func hierarchy(v *web.Visit, current string) (*markup.Graph, error) {
	roles, err := resource.Select[access.Role](v.Person.Session, "SELECT id, name, includes, built_in FROM {role} ORDER BY n LIMIT 200")
	if err != nil {
		return nil, err
	}
	graph := &markup.Graph{Label: "Which role includes which"}
	below := map[string]string{}
	for _, r := range roles {
		below[r.ID] = string(r.Includes)
	}
	rows := map[int]int{}
	for _, r := range roles {
		depth := 0
		for up := below[r.ID]; up != "" && depth < len(roles); up = below[up] {
			depth++
		}
		line := "A role of the organization"
		if r.BuiltIn {
			line = "Built in"
		}
		graph.Nodes = append(graph.Nodes, markup.GraphNode{
			ID:      r.ID,
			Name:    r.Name,
			Line:    line,
			Icon:    "shield",
			Href:    rolesPath + "/" + r.ID,
			Current: r.ID == current,
			X:       depth * 264,
			Y:       rows[depth] * 96,
		})
		rows[depth]++
		if r.Includes != "" {
			graph.Edges = append(graph.Edges, markup.GraphEdge{From: string(r.Includes), To: r.ID})
		}
	}
	return graph, nil
}
