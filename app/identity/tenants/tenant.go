package tenants

import (
	"net/netip"
	"slices"

	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/resource"
)

// Tenant is an organization: the unit of isolation, billing and plan. The pages say "organization".
type Tenant struct {
	resource.InstanceRow
	Name         string             `z:"required,max=100,list,search"`
	Slug         string             `z:"required,max=50,min=2,list,unique,help=Lower-case words with hyphens; the name of your address before that of the instance. The one before leads here for a year."`
	TimeZone     string             `z:"max=64,short,help=For members whose account and browser name none, such as Europe/Vienna."`
	DefaultRole  string             `z:"max=36,required,default=viewer,dropdown=role,label=Role of new members,help=Given where nobody names another one."`
	JoinByDomain bool               `z:"help=Anyone who has an address at one of your verified domains joins by themselves, with the role of new members. Suspend whom you want to keep out."`
	SecondFactor SecondFactorPolicy `z:"default=optional,label=Second factor needed by,help=Members without one set it up before they reach anything else."`
	Idle         field.Duration     `z:"label=Sign out when idle for,short,help=Such as 30m. Empty is what the instance says; longer than that has no effect."`
	Absolute     field.Duration     `z:"label=Sign out after at most,short,help=Such as 12h."`
	Networks     field.Tags         `z:"max=20,label=Enter from,help=Networks or addresses from which members may enter, such as 203.0.113.0/24. Empty is everywhere."`
	DataRegion   string             `z:"readonly,max=50,help=Where the data is, as the operator names it."`
	SupportTier  string             `z:"readonly,max=50"`
	SuspendedAt  field.Time         `z:"readonly,help=Nobody enters since then."`
	SuspendedFor string             `z:"readonly,max=500"`
	DeleteAt     field.Time         `z:"readonly,label=Will be deleted,help=All that the organization has is deleted then."`
	Branding
}

// SecondFactorPolicy names the lowest role that needs a second factor.
type SecondFactorPolicy string

// Choices lists whom an organization can ask for a second factor.
func (SecondFactorPolicy) Choices() []field.Choice {
	return []field.Choice{
		{Value: "optional", Label: "Nobody"},
		{Value: "owner", Label: "Owners"},
		{Value: "admin", Label: "Owners and admins"},
		{Value: "editor", Label: "Owners, admins and editors"},
		{Value: "viewer", Label: "Everyone"},
	}
}

// Kind is the kind. A session sees the organization that it is in; its administrators change it.
var Kind = resource.Kind[Tenant]{
	InPerson: true,
	Name:     "tenant", Label: "organization", Icon: "building-2", Order: "name",
	Verbs:   []string{resource.List, resource.Get, resource.Update},
	Roles:   map[string]resource.Role{resource.Update: resource.Admin},
	Visible: "id = ?1",
	Check:   (*Tenant).check,
}

// shortestSession keeps an organization from signing everybody out between two presses of a button.
const shortestSession = field.Duration(5 * 60)

func (t *Tenant) check(c *resource.Change[Tenant]) error {
	if c.Before != nil && c.Before.SecondFactor != t.SecondFactor {
		// A session left open must not take away what the organization asks of everybody.
		if err := c.RequireRecent(); err != nil {
			return err
		}
	}
	before := ""
	if c.Before != nil {
		before = c.Before.Slug
	}
	if err := takeSlug(c.Across("slugs that were given up belong to the instance"), t.ID, before, t.Slug); err != nil {
		return err
	}
	if t.TimeZone != "" {
		if _, err := field.Zone(t.TimeZone); err != nil {
			return fault.InvalidField("time_zone", "%s", err)
		}
	}
	for name, limit := range map[string]field.Duration{"idle": t.Idle, "absolute": t.Absolute} {
		if limit != 0 && limit < shortestSession {
			return fault.InvalidField(name, "must be at least 5 minutes, or empty")
		}
	}
	if err := t.Branding.check(); err != nil {
		return err
	}
	if c.Before == nil {
		return nil
	}
	if t.HidePoweredBy && !c.Before.HidePoweredBy {
		if err := feature.Require(c.Session, feature.WhiteLabel); err != nil {
			return err
		}
	}
	if c.Before.DefaultRole != t.DefaultRole {
		if err := t.checkRole(c.Session); err != nil {
			return err
		}
	}
	if !slices.Equal(c.Before.Networks, t.Networks) {
		return t.checkNetworks(c.Session)
	}
	return nil
}

// checkRole keeps the role of new members to one that the actor may give.
func (t *Tenant) checkRole(s *resource.Session) error {
	lacks, err := s.Lacks(t.DefaultRole)
	if err == nil && lacks != "" {
		err = fault.InvalidField("default_role", "may do more than you (%s)", lacks)
	}
	return err
}

// checkNetworks brings networks to one form, and keeps anyone who sets them from locking themselves out.
func (t *Tenant) checkNetworks(s *resource.Session) error {
	if err := s.RequireRecent(); err != nil {
		return err
	}
	if err := Mask("networks", t.Networks); err != nil {
		return err
	}
	if !s.IsSystem() && !Admits(t.Networks, s.Origin.Address) {
		return fault.InvalidField("networks", "leave out your own address %s, so you would lock yourself out", s.Origin.Address)
	}
	return nil
}

// Mask brings the networks and addresses of a field to one form.
func Mask(name string, networks field.Tags) error {
	for i, text := range networks {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			address, wrong := netip.ParseAddr(text)
			if wrong != nil {
				return fault.InvalidField(name, "holds %q, which is no network such as 203.0.113.0/24", text)
			}
			network = netip.PrefixFrom(address, address.BitLen())
		}
		networks[i] = network.Masked().String()
	}
	return nil
}

// Admits tells whether an address is in one of the networks, or there are none.
func Admits(networks field.Tags, address string) bool {
	from, err := netip.ParseAddr(address)
	return len(networks) == 0 || err == nil && slices.ContainsFunc(networks, func(text string) bool {
		network, err := netip.ParsePrefix(text)
		return err == nil && network.Contains(from.Unmap())
	})
}
