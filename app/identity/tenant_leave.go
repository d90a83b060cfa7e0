package identity

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// LeaveTenant ends the person's own place in an organization, without anybody's leave but the rule that it keeps an owner. Nobody
// takes them back from the trash: who comes again is taken in anew.
func (a *Accounts) LeaveTenant(p *people.Person, tenant string) error {
	return p.Personal().Write(func(s *resource.Session) error {
		places, err := resource.Select[string](s, "SELECT id FROM {membership} WHERE user_id = ? AND tenant_id = ?", p.User.ID, tenant)
		if err != nil {
			return err
		}
		if len(places) == 0 {
			return fault.New(fault.NotFound, "This organization does not exist, or you are no member of it.")
		}
		return endMembership(s.In(tenant), places[0])
	})
}

// endMembership ends a place whose holder leaves by themselves, for good.
func endMembership(s *resource.Session, id string) error {
	kind, _ := s.Kernel().Kind(people.Memberships.Name)
	if _, err := people.Memberships.Update(s, id, 0, resource.Delete, "left", func(m *people.Membership) error {
		m.DeletedAt = s.Now
		return nil
	}); err != nil {
		return err
	}
	return kind.Purge(s, id)
}

// TenantMembership is an organization that the person belongs to, with what they are there.
type TenantMembership struct {
	TenantID string
	Name     string
	Role     string
	Status   string
	Since    field.Time
}

// MembershipsOf are the organizations that the person belongs to, those that keep them out too.
func (a *Accounts) MembershipsOf(p *people.Person) ([]TenantMembership, error) {
	return resource.Select[TenantMembership](p.Personal(),
		`SELECT m.tenant_id, t.name, r.name AS role, m.status, m.created_at AS since FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id
		JOIN {role} r ON r.id = m.role AND r.tenant_id = m.tenant_id WHERE m.user_id = ? ORDER BY t.name`, p.User.ID)
}
