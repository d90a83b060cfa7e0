package kinds

import (
	"zygo/app/feature"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// MayMake tells whether the person may make rows of a kind and their organization has what these need; if only that is
// missing, a strip says so.
func MayMake(v *web.Visit, spec *resource.Spec) (bool, *markup.Strip, error) {
	if !v.Person.May(spec, resource.Create) {
		return false, nil, nil
	}
	if spec.Feature == "" {
		return true, nil, nil
	}
	offer, err := feature.Of(v.Person.Session, feature.Name(spec.Feature))
	if err != nil || offer.Enabled {
		return err == nil, nil, err
	}
	return false, Withheld(offer), nil
}

// Withheld says that an organization lacks a feature.
func Withheld(offer feature.Offer) *markup.Strip {
	return &markup.Strip{
		Tone:    markup.Info,
		Text:    "Your organization does not have " + web.Lower(offer.Title) + ".",
		Remedy:  offer.Reason.Text,
		Actions: []markup.Action{{Label: "What it has", Href: web.FeaturesPath}},
	}
}
