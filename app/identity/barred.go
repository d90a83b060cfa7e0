package identity

import (
	"zygo/app/fault"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// Bar is the detail of the refusal of somebody who is kept out of an organization.
type Bar struct {
	Tenant string `json:"tenant_id"`
	Reason string `json:"reason"`
}

// bar says why the person of a session is kept out of the organization that it is in, nil where they are not.
func (r recognized) bar(origin resource.Origin) error {
	kept := func(reason, format string, args ...any) error {
		return fault.New(fault.Forbidden, format, args...).With(Bar{r.TenantID, reason})
	}
	switch {
	case r.SuspendedAt != 0:
		return kept("tenant_suspended", "%s is suspended by the operator of this instance: %s", *r.TenantName, r.SuspendedFor)
	case *r.Status != string(Active):
		return kept("member_suspended", "You are suspended in %s. Ask one of its administrators.", *r.TenantName)
	case r.DeleteAt != 0 && *r.Role != ownerRole:
		return kept("tenant_deleted", "%s is being deleted. Until %s its owners can take it back.", *r.TenantName,
			r.DeleteAt.Go().UTC().Format("2 January 2006, 15:04 UTC"))
	case !tenants.Admits(r.Networks, origin.Address):
		return kept("network", "%s can be entered from its own networks only, and your address is %s.", *r.TenantName, origin.Address)
	}
	return nil
}

// Enrol is the detail of the refusal of somebody who has to set up a second factor first.
type Enrol struct {
	Enrol bool `json:"enrol"`
}

// Refusal says why the person may do nothing but find their way in: their organization keeps them out, or asks for a second
// factor first. It is nil for everybody else.
func (p *Person) Refusal() error {
	switch {
	case p.Barred != nil:
		return p.Barred
	case p.Enrolling:
		return fault.New(fault.MFARequired, "%s asks for a second factor. Set one up to go on.", p.Tenant.Name).With(Enrol{true})
	}
	return nil
}
