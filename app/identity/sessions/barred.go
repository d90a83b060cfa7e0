package sessions

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// bar says why the person of a session is kept out of the organization that it is in, nil where they are not.
func (r recognized) bar(origin resource.Origin) error {
	kept := func(reason, format string, args ...any) error {
		return fault.New(fault.Forbidden, format, args...).With(people.Bar{Tenant: r.TenantID, Reason: reason})
	}
	switch {
	case r.SuspendedAt != 0:
		return kept("tenant_suspended", "%s is suspended by the operator of this instance: %s", *r.TenantName, r.SuspendedFor)
	case *r.Status != string(people.Active):
		return kept("member_suspended", "You are suspended in %s. Ask one of its administrators.", *r.TenantName)
	case r.DeleteAt != 0 && *r.Role != people.OwnerRole:
		return kept("tenant_deleted", "%s is being deleted. Until %s its owners can take it back.", *r.TenantName,
			r.DeleteAt.Go().UTC().Format("2 January 2006, 15:04 UTC"))
	case !tenants.Admits(r.Networks, origin.Address):
		return kept("network", "%s can be entered from its own networks only, and your address is %s.", *r.TenantName, origin.Address)
	}
	return nil
}
