package members

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// Leave ends the person's own place in an organization, without anybody's leave but the rule that it keeps an owner. Nobody
// takes them back from the trash: who comes again is taken in anew.
func (a *Service) Leave(p *people.Person, tenant string) error {
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

// LeaveOrganizations ends a user's memberships, unless an organization would be left without an owner.
func LeaveOrganizations(s *resource.Session, user string) error {
	type place struct {
		ID, TenantID, Name, Role string
		Owners, Members          int
	}
	places, err := resource.Select[place](s,
		`SELECT m.id, m.tenant_id, t.name, m.role, (SELECT count(*) FROM {membership} o WHERE o.tenant_id = m.tenant_id AND o.role = 'owner') AS owners,
		(SELECT count(*) FROM {membership} o WHERE o.tenant_id = m.tenant_id) AS members FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id WHERE m.user_id = ? ORDER BY t.name`,
		user)
	if err != nil {
		return err
	}
	for _, at := range places {
		switch {
		case at.Members == 1:
			return fault.New(fault.Conflict,
				"You are the only member of %s, which can't be left without anybody. Let the operator of this instance add another owner first.", at.Name)
		case at.Role == "owner" && at.Owners == 1:
			return fault.New(fault.Conflict,
				"You are the last owner of %s, which has other members. Make one of them an owner first, under Members.", at.Name)
		}
		if err := endMembership(s.In(at.TenantID), at.ID); err != nil {
			return err
		}
	}
	return nil
}
