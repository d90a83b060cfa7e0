package identity

import "zygo/app/fault"

// Bar is the detail of the refusal of somebody who is kept out of an organization.
type Bar struct {
	Tenant string `json:"tenant_id"`
	Reason string `json:"reason"`
}

// bar says why the person of a session is kept out of the organization that it is in, nil where they are not.
func (r recognized) bar() error {
	kept := func(reason, format string, args ...any) error {
		return fault.New(fault.Forbidden, format, args...).With(Bar{r.TenantID, reason})
	}
	if *r.Status != string(Active) {
		return kept("member_suspended", "You are suspended in %s. Ask one of its administrators.", *r.TenantName)
	}
	return nil
}
