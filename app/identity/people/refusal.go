package people

import (
	"zygo/app/fault"
)

// Bar is the detail of the refusal of somebody who is kept out of an organization.
type Bar struct {
	Tenant string `json:"tenant_id"`
	Reason string `json:"reason"`
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
