package members

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

// An organization can take in anyone who has an address at a domain that it proved. What counts is that somebody reads the mail of
// that address now: an account may have been made by an invitation whose link went another way. So the confirmation of a
// sign-up takes them in at once, and everybody else gets an invitation by mail.

// ByDomain finds the organization that takes in an address by its domain; its id is empty if there is none, or where the
// user was a member already, removed or not.
func ByDomain(s *resource.Session, email, user string) (tenants.Tenant, error) {
	_, domain, _ := strings.Cut(email, "@")
	found, err := resource.Select[tenants.Tenant](s,
		`SELECT t.* FROM {domain} d JOIN {tenant} t ON t.id = d.tenant_id AND t.join_by_domain AND t.suspended_at IS NULL AND t.delete_at IS NULL
		WHERE d.name = ? AND d.state = 'verified' AND NOT EXISTS (SELECT 1 FROM {membership+trash} m WHERE m.tenant_id = t.id AND m.user_id = ?)`,
		domain, user)
	if err != nil || len(found) == 0 {
		return tenants.Tenant{}, err
	}
	return found[0], nil
}

// Joinable is the organization that the person can join by the domain of their address; its id is empty if there is none.
func (a *Service) Joinable(p *people.Person) (tenants.Tenant, error) {
	return ByDomain(p.Personal(), string(p.User.Email), p.User.ID)
}

// AskToJoin mails the person an invitation into the organization that takes them in by their domain.
func (a *Service) AskToJoin(p *people.Person, tenant string) error {
	at, err := a.Joinable(p)
	if err != nil {
		return err
	}
	if at.ID == "" || at.ID != tenant {
		return fault.New(fault.NotFound, "This organization does not exist, or it does not take you in by your address.")
	}
	if err := a.settings.Mails.Try(throttle.Few("invitation " + string(p.User.Email))); err != nil {
		return err
	}
	// The organization invites, and not the person, who is nobody there yet.
	organization := p.Personal().As(resource.Actor{Kind: "system", Name: "join by domain"}, p.Origin)
	return organization.Write(func(s *resource.Session) error {
		in := s.In(tenant)
		invited, letter, err := a.invite(in, string(p.User.Email), false, false, Inviting{Role: at.DefaultRole})
		if err != nil {
			return err
		}
		if letter == nil {
			return fault.New(fault.Conflict, "An invitation is on its way to %s already. Look into your mails.", invited.Email)
		}
		if err := a.tenants.Mail(s, *letter); err != nil {
			return err
		}
		return underHourly(in)
	})
}

// JoinByDomain makes a user who just proved their address a member of the organization that takes in its domain.
func JoinByDomain(s *resource.Session, user *people.User) error {
	at, err := ByDomain(s, string(user.Email), user.ID)
	if err != nil || at.ID == "" {
		return err
	}
	_, err = people.Memberships.Create(s.In(at.ID), func(m *people.Membership) error {
		m.UserID, m.Role = field.Ref(user.ID), field.Ref(at.DefaultRole)
		return nil
	})
	return err
}
