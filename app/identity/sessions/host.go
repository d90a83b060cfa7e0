package sessions

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// domainOf is a host where it is the domain of an organization, which can lead it to a server of its own and read what is
// sent there, and empty where it is the instance's own or one below it.
func (a *Service) domainOf(system *resource.Session, host string) (string, error) {
	name := tenants.HostName(host)
	if strings.HasSuffix("."+name, "."+a.tenants.Host()) {
		return "", nil
	}
	at, err := a.tenants.AtIn(system, host)
	if err != nil || at.ID == "" {
		return "", err
	}
	return name, nil
}

// isForeign tells whether a session counts for nothing at a host: it is in another organization than the host's, or was opened at a
// domain and is used anywhere else.
func isForeign(at tenants.Tenant, host, opened, tenant string) bool {
	return opened != "" && opened != tenants.HostName(host) || at.ID != tenant && (at.ID != "" || opened != "")
}

// AtHome refuses to change what signs a person in, or to take the account away, in a session of an organization's domain.
func (a *Service) AtHome(p *people.Person) error {
	if p.Domain == "" {
		return nil
	}
	return fault.New(fault.Conflict, "%s belongs to %s, and your account is yours. Change it at %s.", p.Domain, p.Tenant.Name,
		a.tenants.URL())
}

// MayChange is AtHome, and asks for a recent proof.
func (a *Service) MayChange(p *people.Person) error {
	if err := a.AtHome(p); err != nil && !p.Enrolling { // a factor that the organization asks for can be set up anywhere
		return err
	}
	return p.RequireRecent()
}

// stays refuses to leave the organization of a host within it, where the session would count as none.
func (a *Service) stays(p *people.Person, tenant string) error {
	at, err := a.tenants.At(p.Context, p.Origin.Host)
	if err == nil && at.ID != "" && at.ID != tenant {
		err = fault.New(fault.Conflict, "This address belongs to %s. Sign in at %s to be in another organization.", at.Name, a.tenants.URL())
	}
	return err
}

// entrance is the organization in which a sign-in opens its session: that of the host, for its members alone, or empty for
// the one that the user was in last.
func (a *Service) entrance(s *resource.Session, user, host string) (string, error) {
	at, err := a.tenants.At(s.Context, host)
	if err != nil || at.ID == "" {
		return "", err
	}
	members, err := resource.Select[int](s,
		`SELECT 1 FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id AND t.suspended_at IS NULL AND (t.delete_at IS NULL OR m.role = 'owner')
		WHERE m.user_id = ? AND m.tenant_id = ? AND m.status = 'active'`, user, at.ID)
	if err == nil && len(members) == 0 {
		err = fault.New(fault.Forbidden, "You are no active member of %s, whose address this is. Sign in at %s.", at.Name, a.tenants.URL())
	}
	return at.ID, err
}
