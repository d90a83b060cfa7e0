package feature

import (
	"net/http"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Flag is what the operator says about one feature, for one organization or for all that have no flag of their own.
type Flag struct {
	resource.InstanceRow
	Feature      Name           `z:"required,list,filter"`
	Organization string         `z:"max=50,list,search,help=Slug of the organization that it is about. Empty is every organization without a flag of its own."`
	Enabled      bool           `z:"list,filter,help=Whether they have it."`
	Reason       field.LongText `z:"max=500,list,help=Members read it where they miss the feature."`
	// OrganizationID stays where the slug changes.
	OrganizationID string `z:"internal,max=36"`
}

// Flags is the kind. Where there is no flag, the plan decides.
var Flags = resource.Kind[Flag]{
	Name:      "feature_flag",
	Path:      "admin/feature-flags",
	Area:      "Operator",
	Icon:      "package",
	Order:     "feature",
	Operators: true,
	Visible:   "1 = 1",
	Help:      "A flag gives a feature to organizations, or holds it back. Without one the plan decides.",
	Unique:    [][]string{{"feature", "organization_id"}},
	Check:     (*Flag).check,
}

// check finds the organization. That of a flag does not change: another one has a flag of its own.
func (f *Flag) check(c *resource.Change[Flag]) error {
	f.Organization = strings.ToLower(strings.TrimSpace(f.Organization))
	if c.Before != nil && (f.Organization != c.Before.Organization || f.Feature != c.Before.Feature) {
		return fault.New(fault.Conflict, "A flag stays with its feature and its organization. Make another one.")
	}
	if f.Organization == "" || c.Verb != resource.Create {
		return nil
	}
	system := c.Kernel().System(c.Context, "an operator names any organization")
	found, err := resource.Select[string](system, "SELECT id FROM {tenant} WHERE slug = ?", f.Organization)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.InvalidField("organization", "is the slug of no organization")
	}
	f.OrganizationID = found[0]
	return nil
}

// flags are those that concern one organization.
type flags struct{ all, own map[Name]Flag }

func flagsOf(s *resource.Session) (flags, error) {
	found, err := resource.Select[Flag](s, "SELECT * FROM {feature_flag} WHERE organization_id IN ('', ?)", s.Tenant())
	of := flags{map[Name]Flag{}, map[Name]Flag{}}
	for _, f := range found {
		if f.OrganizationID == "" {
			of.all[f.Feature] = f
		} else {
			of.own[f.Feature] = f
		}
	}
	return of, err
}

// decide asks the organization's own flag first, then that of all, then the plan.
func (of flags) decide(f Feature) Offer {
	if flag, ok := of.own[f.Name]; ok {
		return Offer{f, flag.Enabled, Reason{"override", flag.sentence("to this organization")}}
	}
	if flag, ok := of.all[f.Name]; ok {
		return Offer{f, flag.Enabled, Reason{"flag", flag.sentence("on this instance")}}
	}
	return Offer{f, true, Reason{"plan", "The plan Unlimited has it, which everybody has here."}}
}

func (f Flag) sentence(to string) string {
	text := "The operator does not offer it " + to + "."
	if f.Enabled {
		text = "The operator offers it " + to + "."
	}
	if f.Reason != "" {
		text += " " + strings.TrimSuffix(string(f.Reason), ".") + "."
	}
	return text
}

var operations = []operation.Operation{
	operation.Operate(http.MethodGet, "tenants/{id}/features", "tenant:read", "What the organization has of all that Zygo offers, and why",
		listOffers),
}

type offersIn struct {
	ID string
}

func listOffers(s *resource.Session, _ *offersIn) ([]Offer, error) { return Offers(s) }
