package ui

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/resource"
)

const settingsPath = "/settings"

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

// navigation lists what the person may open: the kinds with an area, in the order of their declaration, and the settings last.
func (v *visit) navigation() []NavGroup {
	keys := map[string]bool{}
	item := func(label, href, icon string) NavItem {
		return NavItem{Label: label, Href: href, Icon: icon, Key: freeKey(label, keys), Current: v.Path == href || strings.HasPrefix(v.Path, href+"/")}
	}
	groups := []NavGroup{{Items: []NavItem{item("Home", "/dashboard", "house")}}}
	settings := make([]NavGroup, len(settingsAreas))
	for i, area := range settingsAreas {
		settings[i] = NavGroup{Label: area.name, Help: area.help}
	}
	for _, kind := range v.site.kernel.Kinds() {
		spec := kind.Spec()
		if spec.Area == "" || !spec.Has(resource.List) || !v.person.May(spec, resource.List) {
			continue
		}
		place := item(spec.PluralLabel(), "/"+spec.Path, spec.Icon)
		if at := settingsArea(spec.Area); at >= 0 {
			settings[at].Items = append(settings[at].Items, place)
			continue
		}
		at := slices.IndexFunc(groups, func(g NavGroup) bool { return g.Label == spec.Area })
		if at < 0 {
			at = len(groups)
			groups = append(groups, NavGroup{Label: spec.Area})
		}
		groups[at].Items = append(groups[at].Items, place)
	}
	// Kinds choose their letters first, because people know them.
	own := &settings[settingsArea(organizationArea)]
	own.Items = append(v.organizationItems(item), own.Items...)
	return append(groups, v.folded(item("Settings", settingsPath, "settings"), settings)...)
}

// organizationItems are the pages about the organization as a whole.
func (v *visit) organizationItems(item func(label, href, icon string) NavItem) []NavItem {
	spec := v.site.kind(identity.Tenants.Name).Spec()
	if v.person.Tenant.ID == "" || !v.person.May(spec, resource.Get) {
		return nil
	}
	items := []NavItem{item("General", v.tenantPath(), "building-2")}
	if v.person.May(spec, resource.Update) {
		items = append(items, item("Branding", brandingPath, "image"))
	}
	return append(items, item("Features", featuresPath, "package"))
}

// folded puts the groups of the settings behind their one entry, and unfolds the one where the person is.
func (v *visit) folded(entry NavItem, settings []NavGroup) []NavGroup {
	groups := []NavGroup{{}}
	for _, group := range settings {
		within := slices.ContainsFunc(group.Items, func(i NavItem) bool { return i.Current })
		entry.Current = entry.Current && !within
		if group.Settings, group.Folded = true, !within; group.Items != nil {
			groups = append(groups, group)
		}
	}
	groups[0].Items = []NavItem{entry}
	return groups
}

// SettingsPage leads to everything that is set up once.
type SettingsPage struct{ Shell Shell }

func (SettingsPage) name() string { return "settings" }

// Account leads to the pages of the person's own account.
func (SettingsPage) Account() []Tab { return accountTabs }

func (s *Site) settings(v *visit) (*edge.Response, error) {
	return v.show(http.StatusOK, SettingsPage{v.shell("Settings")})
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
