package tenants

import (
	"net/netip"
	"regexp"
	"strings"

	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/identity/tokens"
	"zygo/app/mailbox"
	"zygo/app/resource"
)

// Domain is a domain that an organization says is its own. A text record in its DNS proves it, and as long as it is there, the
// organization is found by the domain.
type Domain struct {
	resource.Row
	Name       string         `z:"required,max=253,list,search,unique,label=Domain,help=Such as zygo.example.com. It leads to this instance when its DNS does."`
	State      DomainState    `z:"readonly,default=pending,list,filter"`
	Challenge  string         `z:"readonly,max=100,label=Expected record"`
	Found      field.LongText `z:"readonly,max=2000,label=Found records"`
	CheckedAt  field.Time     `z:"readonly,list"`
	VerifiedAt field.Time     `z:"readonly,list"`
	// MissedAt is since when a proven domain lacks its record.
	MissedAt field.Time `z:"readonly,label=Missing since"`
}

// DomainState is whether a domain is proved.
type DomainState string

// The states of a domain.
const (
	DomainPending  DomainState = "pending"
	DomainVerified DomainState = "verified"
	DomainFailed   DomainState = "failed"
)

// Choices lists the states.
func (DomainState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "pending", Label: "Unverified", Tone: "amber"},
		{Value: "verified", Label: "Verified", Tone: "green"},
		{Value: "failed", Label: "Failed", Tone: "red"},
	}
}

// Domains is the kind. Anyone who proves a domain first has it; anybody may say that it is theirs.
var Domains = resource.Kind[Domain]{
	InPerson: true, Name: "domain",
	Area:    "Organization",
	Icon:    "globe",
	Order:   "name",
	State:   "state",
	Feature: string(feature.CustomDomains),
	Verbs: []string{
		resource.List, resource.Get, resource.Create, resource.Delete},
	Help:  "A domain at which your organization has its own address. A record in its DNS proves that it is yours.",
	Roles: map[string]resource.Role{resource.Create: resource.Admin, resource.Delete: resource.Admin, "verify": resource.Admin},
	Check: (*Domain).check,
	Indexes: []resource.Index{
		{Columns: []string{"name"}, Where: "state = 'verified' AND deleted_at IS NULL", Unique: true, Across: true},
		{Columns: []string{"state"}},
	},
}

// mostDomains bounds what one organization makes this instance look up.
const mostDomains = 50

var domainForm = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// check brings a domain to its one form. One that is taken away or back has to be proved anew.
func (d *Domain) check(c *resource.Change[Domain]) error {
	switch c.Verb {
	case resource.Delete, resource.Restore:
		d.State, d.VerifiedAt, d.MissedAt = DomainPending, 0, 0
		return nil
	case resource.Create:
	default:
		return nil
	}
	name, err := mailbox.Domain(strings.TrimSuffix(strings.TrimSpace(d.Name), "."))
	if _, number := netip.ParseAddr(name); err != nil || number == nil || !domainForm.MatchString(name) {
		return fault.InvalidField("name", "must be a domain such as zygo.example.com")
	}
	d.Name = name
	d.Challenge = "zygo-domain-verification=" + tokens.New()
	count, err := resource.SelectOne[int](c.Session, "SELECT count(*) FROM {domain}")
	if err == nil && count >= mostDomains {
		err = fault.New(fault.Conflict, "An organization has %d domains at most. Delete one first.", mostDomains)
	}
	return err
}

// ChallengeName is where the record of a domain stands.
func (d *Domain) ChallengeName() string { return "_zygo-challenge." + d.Name }
