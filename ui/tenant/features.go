package tenant

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// features is the page that says what the organization has of all that Zygo offers, and why.
func features(v *web.Visit) (*edge.Response, error) {
	if err := v.Person.Require(v.Site.Kind(tenants.Kind.Name).Spec(), resource.Get, v.Person.Tenant.ID); err != nil {
		return nil, err
	}
	offers, err := feature.Offers(v.Person.Session)
	if err != nil {
		return nil, err
	}
	table := &markup.Table{
		Caption: "Features",
		Columns: []markup.Column{
			{Label: "Feature"},
			{Label: "State", State: true},
			{Label: "What it is", Wraps: true},
			{Label: "Why", Wraps: true},
		},
	}
	for _, offer := range offers {
		state := markup.Badge{Tone: markup.Good, Word: "Included"}
		if !offer.Enabled {
			state = markup.Badge{Tone: markup.Idle, Word: "Not included"}
		}
		table.Rows = append(table.Rows, markup.Row{
			ID:    string(offer.Name),
			Label: offer.Title,
			Cells: []markup.Cell{markup.Text(offer.Title), state, markup.Text(offer.Help), markup.Text(offer.Reason.Text)},
		})
	}
	page := &markup.DetailPage{
		Shell:   v.Shell("Features"),
		Crumbs:  []markup.Crumb{{Label: "Settings", Href: web.SettingsPath}},
		Heading: "Features",
		Self:    web.FeaturesPath,
		Main:    []markup.Section{{Title: "What " + v.Person.Tenant.Name + " has", Table: table}},
	}
	if flags := v.Site.Kind(feature.Flags.Name).Spec(); v.Person.May(flags, resource.List) {
		page.Actions = []markup.Action{{Label: "Feature flags", Icon: flags.Icon, Href: "/" + flags.Path}}
	}
	return v.Show(http.StatusOK, page)
}

// FeaturesLink leads from the refusal of a feature to what the organization has.
func FeaturesLink(_ *web.Visit, refused *fault.Error) (markup.Action, bool) {
	return markup.Action{
		Label: "What your organization has",
		Icon:  "package",
		Href:  web.FeaturesPath,
	}, refused.Code == fault.FeatureRestrict
}
