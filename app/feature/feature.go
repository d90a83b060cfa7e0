// Package feature is what an organization has of all that Zygo offers. Every instance offers everything to everybody; flags
// let its operator hold a feature back, from all organizations or from some. What is held back can't be made anew: what is
// there stays, and can be read, exported and deleted.
package feature

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
)

// Name is one of the features.
type Name string

// The features.
const (
	CustomRoles   Name = "custom_roles"
	CustomDomains Name = "custom_domains"
	WhiteLabel    Name = "white_label"
)

// Feature is a feature with its words for people.
type Feature struct {
	Name  Name   `json:"name"`
	Title string `json:"title"`
	Help  string `json:"help"`
}

var features = []Feature{
	{CustomRoles, "Custom roles", "Roles of your own besides owner, admin, editor and viewer."},
	{CustomDomains, "Custom domains", "Addresses of your own at which the organization is found."},
	{WhiteLabel, "White label", "Pages for strangers and mails that don't name Zygo."},
}

// Choices lists the features.
func (Name) Choices() []field.Choice {
	all := make([]field.Choice, len(features))
	for i, f := range features {
		all[i] = field.Choice{Value: string(f.Name), Label: f.Title}
	}
	return all
}

// Module lists what the package brings.
var Module = module.Module{
	Module:     resource.Module{Name: "feature", Kinds: []resource.Declaration{&Flags}, Gate: gate},
	Needs:      []string{"tenant"},
	Operations: operations,
}

// Offer is whether an organization has a feature, and what decided it.
type Offer struct {
	Feature
	Enabled bool   `json:"enabled"`
	Reason  Reason `json:"reason"`
}

// Reason is what decided about a feature.
type Reason struct {
	// Source is plan, flag for what the operator said of every organization, or override for what they said of this one.
	Source string `json:"source"`
	// Text is a sentence for people.
	Text string `json:"text"`
}

// Offers lists every feature with whether the session's organization has it.
func Offers(s *resource.Session) ([]Offer, error) {
	flags, err := resource.Cached(s, "features", []string{Flags.Name}, flagsOf)
	if err != nil {
		return nil, err
	}
	all := make([]Offer, len(features))
	for i, f := range features {
		all[i] = flags.decide(f)
	}
	return all, nil
}

// Of tells whether the session's organization has a feature.
func Of(s *resource.Session, name Name) (Offer, error) {
	all, err := Offers(s)
	for _, offer := range all {
		if offer.Name == name {
			return offer, nil
		}
	}
	return Offer{}, err
}

// Require refuses what needs a feature that the session's organization does not have.
func Require(s *resource.Session, name Name) error {
	if s.IsSystem() {
		return nil
	}
	offer, err := Of(s, name)
	if err == nil && !offer.Enabled {
		err = fault.New(fault.FeatureRestrict, "%s: %s", offer.Title, offer.Reason.Text).With(map[string]string{
			"feature": string(name),
			"reason":  offer.Reason.Source,
		})
	}
	return err
}

func gate(s *resource.Session, name string) error { return Require(s, Name(name)) }
