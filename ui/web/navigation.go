package web

import (
	"slices"
	"strings"
	"unicode"

	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// The areas of what is set up once. Kinds name them as their area; the page of the settings shows each with a sentence, and the
// sidebar only the one where somebody is, so that it stays short for those who work in the other areas all day.
const (
	organizationArea = "Organization"
	operatorArea     = "Operator"
)

var settingsAreas = []struct{ name, help string }{
	{organizationArea, "What the organization is called, how it looks, where it is found, and who belongs to it."},
	{"Access", "Who may do what, and where."},
	{"Data", "What forms offer and what workflows use."},
	{operatorArea, "This instance: its people, its organizations, and what it gives them."},
}

// settingsArea is the place of an area among those of the settings, negative for the others.
func settingsArea(name string) int {
	return slices.IndexFunc(settingsAreas, func(area struct{ name, help string }) bool { return area.name == name })
}

// Navigation lists what the person may open: the kinds with an area, in the order of their declaration, and the settings last.
func (v *Visit) Navigation() []markup.NavGroup {
	keys := map[string]bool{}
	item := func(label, href, icon string) markup.NavItem {
		return markup.NavItem{
			Label:   label,
			Href:    href,
			Icon:    icon,
			Key:     freeKey(label, keys),
			Current: v.Path == href || strings.HasPrefix(v.Path, href+"/"),
		}
	}
	groups := []markup.NavGroup{{Items: []markup.NavItem{item("Home", "/dashboard", "house")}}}
	settings := make([]markup.NavGroup, len(settingsAreas))
	for i, area := range settingsAreas {
		settings[i] = markup.NavGroup{Label: area.name, Help: area.help}
	}
	for _, kind := range v.Site.Kernel.Kinds() {
		spec := kind.Spec()
		if spec.Area == "" || !spec.Has(resource.List) || !v.Person.May(spec, resource.List) {
			continue
		}
		place := item(spec.PluralLabel(), "/"+spec.Path, spec.Icon)
		if at := settingsArea(spec.Area); at >= 0 {
			settings[at].Items = append(settings[at].Items, place)
			continue
		}
		at := slices.IndexFunc(groups, func(g markup.NavGroup) bool { return g.Label == spec.Area })
		if at < 0 {
			at = len(groups)
			groups = append(groups, markup.NavGroup{Label: spec.Area})
		}
		groups[at].Items = append(groups[at].Items, place)
	}
	// Kinds choose their letters first, because people know them.
	own := &settings[settingsArea(organizationArea)]
	own.Items = append(v.organizationItems(item), own.Items...)
	return append(groups, v.folded(item("Settings", SettingsPath, "settings"), settings)...)
}

// organizationItems are the pages about the organization as a whole.
func (v *Visit) organizationItems(item func(label, href, icon string) markup.NavItem) []markup.NavItem {
	spec := v.Site.Kind(tenants.Kind.Name).Spec()
	if v.Person.Tenant.ID == "" || !v.Person.May(spec, resource.Get) {
		return nil
	}
	items := []markup.NavItem{item("General", v.TenantPath(), "building-2")}
	if v.Person.May(spec, resource.Update) {
		items = append(items, item("Branding", BrandingPath, "image"))
	}
	return append(items, item("Features", FeaturesPath, "package"))
}

// folded puts the groups of the settings behind their one entry, and unfolds the one where the person is.
func (v *Visit) folded(entry markup.NavItem, settings []markup.NavGroup) []markup.NavGroup {
	groups := []markup.NavGroup{{}}
	for _, group := range settings {
		within := slices.ContainsFunc(group.Items, func(i markup.NavItem) bool { return i.Current })
		entry.Current = entry.Current && !within
		if group.Settings, group.Folded = true, !within; group.Items != nil {
			groups = append(groups, group)
		}
	}
	groups[0].Items = []markup.NavItem{entry}
	return groups
}

// freeKey is the first letter of the label that no other place has, so that g and a letter go there.
func freeKey(label string, taken map[string]bool) string {
	for _, letter := range strings.ToLower(label) {
		key := string(letter)
		if unicode.IsLower(letter) && !taken[key] {
			taken[key] = true
			return key
		}
	}
	return ""
}

// TenantPath is the page of the current organization.
func (v *Visit) TenantPath() string {
	return "/" + v.Site.Kind(tenants.Kind.Name).Spec().Path + "/" + v.Person.Tenant.ID
}
