package identity

import (
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Tenant is an organization: the unit of isolation, billing and plan. The pages say "organization".
type Tenant struct {
	resource.InstanceRow
	Name         string             `z:"required,max=100,list,search"`
	Slug         string             `z:"required,max=50,min=2,list,unique,help=Lower-case words with hyphens; the address of webhooks begins with it."`
	Logo         field.Image        `z:"help=Stands beside the name; a square one fits best."`
	Accent       field.Colour       `z:"short,help=The colour of the organization."`
	SecondFactor SecondFactorPolicy `z:"default=optional,label=Second factor needed by,help=Members without one set it up before they reach anything else."`
}

// SecondFactorPolicy names the lowest role that needs a second factor.
type SecondFactorPolicy string

// Choices lists whom an organization can ask for a second factor.
func (SecondFactorPolicy) Choices() []field.Choice {
	return []field.Choice{{Value: "optional", Label: "Nobody"}, {Value: "owner", Label: "Owners"}, {Value: "admin", Label: "Owners and admins"},
		{Value: "editor", Label: "Owners, admins and editors"}, {Value: "viewer", Label: "Everyone"}}
}

// Tenants is the kind. A session sees the organization that it is in; its administrators change it.
var Tenants = resource.Kind[Tenant]{
	Name: "tenant", Label: "organization", Icon: "building-2", Order: "name", Verbs: []string{resource.List, resource.Get, resource.Update},
	Roles:   map[string]resource.Role{resource.Update: resource.Admin},
	Visible: "id = ?1",
	Check:   (*Tenant).check,
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (t *Tenant) check(c *resource.Change[Tenant]) error {
	if c.Before != nil && c.Before.SecondFactor != t.SecondFactor {
		// A session left open must not take away what the organization asks of everybody.
		if err := c.RequireRecent(); err != nil {
			return err
		}
	}
	if !slugForm.MatchString(t.Slug) {
		return fault.InvalidField("slug", "must be lower-case letters and digits, with single hyphens between words")
	}
	return nil
}
