package ui

import (
	"net/http"
	"slices"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// rolesPath is where the roles are.
const rolesPath = "/roles"

// role is the page of a role, with what it may do and where it stands among the others.
func (s *Site) role(v *visit) (*edge.Response, error) {
	kind := s.kind(access.Roles.Name)
	page, record, err := v.named(kind)
	if err != nil {
		return nil, err
	}
	role := record.(*access.Role)
	set, err := v.person.RightsOf("", role.ID)
	if err != nil {
		return nil, err
	}
	hierarchy, err := v.hierarchy(role.ID)
	if err != nil {
		return nil, err
	}
	page.Main = append(page.Main, Section{Title: "Hierarchy", Graph: hierarchy}, v.permissionTable(set.Set))
	if role.BuiltIn {
		page.Primary, page.Actions = nil, nil
	}
	mayCreate, _, err := v.mayMake(kind.Spec())
	if err != nil {
		return nil, err
	}
	if mayCreate {
		page.Actions = append([]Action{{Label: "Clone", Icon: "copy", Post: rolesPath + "/" + role.ID + "/clone"}}, page.Actions...)
	}
	return v.show(http.StatusOK, page)
}

// usual are the verbs of most kinds, in the order and with the words of people.
var usual = []struct{ verb, label string }{{"read", "See"}, {resource.Create, "Create"}, {resource.Update, "Change"}, {resource.Delete, "Delete"}}

// permissionTable shows what a role may do, a line for each kind.
func (v *visit) permissionTable(set rights.Set) Section {
	table := &Table{Caption: "Permissions", Columns: []Column{{Label: "On"}, {Label: "May"}}}
	var nothing []string
	for _, of := range v.permissionGroups() {
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
		table.Rows = append(table.Rows, Row{ID: of.name, Label: of.label, Cells: []Cell{Text(of.label), Text(inWords(may))}})
	}
	section := Section{Title: "Permissions"}
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
	return verbs[0] + lower(strings.TrimSuffix(", "+strings.Join(verbs[1:], ", "), ", "))
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
func (v *visit) permissionGroups() []permissionGroup {
	var groups []permissionGroup
	for _, p := range v.site.kernel.Permissions() {
		name, _, _ := strings.Cut(p.Name, ":")
		at := slices.IndexFunc(groups, func(g permissionGroup) bool { return g.name == name })
		if at < 0 {
			label := field.Label(field.Plural(name))
			if kind, ok := v.site.kernel.Kind(name); ok {
				label = kind.Spec().PluralLabel()
				if above := kind.Spec().Parent; above != nil {
					label = v.site.above(kind.Spec()).Spec().Label() + " " + lower(label)
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
func (s *Site) rolePermissions(v *visit) (*edge.Response, error) {
	page, err := v.matrix()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) matrix() (*FormPage, error) {
	kind := v.site.kind(access.Roles.Name)
	record, err := kind.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	if err := v.person.Require(kind.Spec(), "permissions", v.Param("id")); err != nil {
		return nil, err
	}
	role := record.(*access.Role)
	held, err := v.person.RightsOf("", role.ID)
	if err != nil {
		return nil, err
	}
	back := rolesPath + "/" + role.ID
	page := &FormPage{Shell: v.shell("Permissions of " + role.Name), Crumbs: []Crumb{{"Roles", rolesPath}, {role.Name, back}}, Heading: "Permissions of " + role.Name,
		Submit: "Save permissions", Action: back + "/permissions", Cancel: back, Changes: true}
	for _, of := range v.permissionGroups() {
		if last := len(page.Groups) - 1; last < 0 || page.Groups[last].Title != heading(of.category) {
			page.Groups = append(page.Groups, FieldGroup{Title: heading(of.category)})
		}
		boxes := FieldView{Kind: FieldChoices, Name: "permission", Label: of.label, Required: true}
		for _, p := range of.permissions {
			boxes.Options = append(boxes.Options, Option{Value: p.Name, Label: verbLabel(p), Chosen: held.Has(p)})
		}
		group := &page.Groups[len(page.Groups)-1]
		group.Rows = append(group.Rows, []FieldView{boxes})
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
func (s *Site) changePermissions(v *visit) (*edge.Response, error) {
	kind, id := s.kind(access.Roles.Name), v.Param("id")
	held, err := v.person.RightsOf("", id)
	if err != nil {
		return nil, err
	}
	var add, remove []string
	for _, p := range s.kernel.Permissions() {
		switch chosen := slices.Contains(v.form["permission"], p.Name); {
		case chosen && !held.Has(p):
			add = append(add, p.Name)
		case !chosen && held.Has(p):
			remove = append(remove, p.Name)
		}
	}
	_, err = kind.Act(v.person.Session, id, "permissions", 0, resource.Input{"add": resource.Text(strings.Join(add, ",")), "remove": resource.Text(strings.Join(remove, ","))})
	if err != nil {
		return nil, err
	}
	return edge.Redirect(rolesPath + "/" + id), nil
}

// cloneRole makes a role like another, and opens its form for a name.
func (s *Site) cloneRole(v *visit) (*edge.Response, error) {
	made, err := access.Clone(v.person.Session, v.Param("id"), "")
	if err != nil {
		return nil, err
	}
	return edge.Redirect(rolesPath + "/" + made.ID + "/edit"), nil
}

// hierarchy draws which role includes which, the one that includes nothing at the left.
func (v *visit) hierarchy(current string) (*Graph, error) {
	roles, err := resource.Select[access.Role](v.person.Session, "SELECT id, name, includes, built_in FROM {role} ORDER BY n LIMIT 200")
	if err != nil {
		return nil, err
	}
	graph := &Graph{Label: "Which role includes which"}
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
		graph.Nodes = append(graph.Nodes, GraphNode{ID: r.ID, Name: r.Name, Line: line, Icon: "shield", Href: rolesPath + "/" + r.ID, Current: r.ID == current, X: depth * 264, Y: rows[depth] * 96})
		rows[depth]++
		if r.Includes != "" {
			graph.Edges = append(graph.Edges, GraphEdge{From: string(r.Includes), To: r.ID})
		}
	}
	return graph, nil
}
