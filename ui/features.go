package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/identity"
	"zygo/app/resource"
)

const featuresPath = "/settings/organization/features"

// features is the page that says what the organization has of all that Zygo offers, and why.
func (s *Site) features(v *visit) (*edge.Response, error) {
	if err := v.person.Require(s.kind(identity.Tenants.Name).Spec(), resource.Get, v.person.Tenant.ID); err != nil {
		return nil, err
	}
	offers, err := feature.Offers(v.person.Session)
	if err != nil {
		return nil, err
	}
	table := &Table{Caption: "Features", Columns: []Column{{Label: "Feature"}, {Label: "State", State: true}, {Label: "What it is", Wraps: true}, {Label: "Why", Wraps: true}}}
	for _, offer := range offers {
		state := Badge{Good, "Included"}
		if !offer.Enabled {
			state = Badge{Idle, "Not included"}
		}
		table.Rows = append(table.Rows, Row{ID: string(offer.Name), Label: offer.Title, Cells: []Cell{Text(offer.Title), state, Text(offer.Help), Text(offer.Reason.Text)}})
	}
	page := &DetailPage{Shell: v.shell("Features"), Crumbs: []Crumb{{"Settings", settingsPath}}, Heading: "Features", Self: featuresPath, Main: []Section{{Title: "What " + v.person.Tenant.Name + " has", Table: table}}}
	if flags := s.kind(feature.Flags.Name).Spec(); v.person.May(flags, resource.List) {
		page.Actions = []Action{{Label: "Feature flags", Icon: flags.Icon, Href: "/" + flags.Path}}
	}
	return v.show(http.StatusOK, page)
}

// mayMake tells whether the person may make rows of a kind and their organization has what these need; if only that is
// missing, a strip says so.
func (v *visit) mayMake(spec *resource.Spec) (bool, *Strip, error) {
	if !v.person.May(spec, resource.Create) {
		return false, nil, nil
	}
	if spec.Feature == "" {
		return true, nil, nil
	}
	offer, err := feature.Of(v.person.Session, feature.Name(spec.Feature))
	if err != nil || offer.Enabled {
		return err == nil, nil, err
	}
	return false, withheld(offer), nil
}

func withheld(offer feature.Offer) *Strip {
	return &Strip{Tone: Info, Text: "Your organization does not have " + lower(offer.Title) + ".", Remedy: offer.Reason.Text, Actions: []Action{{Label: "What it has", Href: featuresPath}}}
}

// featuresLink leads from the refusal of a feature to what the organization has.
func featuresLink(_ *visit, refused *fault.Error) (Action, bool) {
	return Action{Label: "What your organization has", Icon: "package", Href: featuresPath}, refused.Code == fault.FeatureRestrict
}
