package identity

import (
	"context"
	"net"
	"net/url"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// A host can belong to an organization: one of its verified domains, or its slug before the instance's own host. There a
// stranger sees its name, a sign-in opens a session in it, and a session in any other organization counts as none. The host
// never moves a session: which organization it is in is the person's choice.

// TenantAt is the organization that a host belongs to; its id is empty if there is none.
func (a *Accounts) TenantAt(ctx context.Context, host string) (Tenant, error) {
	return a.tenantAt(a.anonymousSession(ctx, resource.Origin{}), host)
}

// tenantAt is TenantAt in a session that crosses organizations, which may be writing.
func (a *Accounts) tenantAt(system *resource.Session, host string) (Tenant, error) {
	at, err := a.hostedAt(system, hostName(host))
	return at.now(system), err
}

// longestHost is the longest name that the DNS has.
const longestHost = 253

// knownAt is TenantAt for a request of somebody who is signed in: what it found is remembered.
func (a *Accounts) knownAt(ctx context.Context, host string) (Tenant, error) {
	system, name := a.anonymousSession(ctx, resource.Origin{}), hostName(host)
	if name == "" || name == a.ownHost() || len(name) > longestHost {
		return a.tenantAt(system, host)
	}
	watched := []string{Tenants.Name, Domains.Name, formerSlugs.Name}
	at, err := resource.Cached(system, "host "+name, watched, func(s *resource.Session) (hosted, error) { return a.hostedAt(s, name) })
	return at.now(system), err
}

// hosted is the organization that a host leads to, for a time where its slug was given up.
type hosted struct {
	Tenant
	Until field.Time
}

func (h hosted) now(s *resource.Session) Tenant {
	if h.Until != 0 && h.Until <= s.Now {
		return Tenant{}
	}
	return h.Tenant
}

func (a *Accounts) hostedAt(system *resource.Session, name string) (hosted, error) {
	own := a.ownHost()
	if name == "" || name == own {
		return hosted{}, nil
	}
	var found []hosted
	var err error
	if slug, below := strings.CutSuffix(name, "."+own); below {
		found, err = resource.Select[hosted](system, `SELECT t.*, 0 AS until FROM {tenant} t WHERE slug = ?
			UNION ALL SELECT t.*, f.until FROM {tenant} t JOIN {former_slug} f ON f.organization = t.id WHERE f.slug = ? LIMIT 1`, slug,
			slug)
	} else {
		found, err = resource.Select[hosted](system, `SELECT t.*, 0 AS until FROM {tenant} t JOIN {domain} d ON d.tenant_id = t.id
			WHERE d.name = ? AND d.state = 'verified'`, name)
	}
	if err != nil || len(found) == 0 {
		return hosted{}, err
	}
	return found[0], nil
}

// address is that of the instance, without a slash at the end.
func (a *Accounts) address() string { return a.settings.URL }

// ownHost is the name of the instance's own host.
func (a *Accounts) ownHost() string {
	base, err := url.Parse(a.settings.URL)
	if err != nil {
		return ""
	}
	return hostName(base.Host)
}

// MayCertify refuses a host that may have no certificate: with the fault NotFound where it is none of this instance, and with
// another where its organization is closed and has to do with the one that it has.
func (a *Accounts) MayCertify(ctx context.Context, host string) error {
	if hostName(host) == a.ownHost() {
		return nil
	}
	at, err := a.TenantAt(ctx, host)
	switch {
	case err != nil:
		return err
	case at.ID == "":
		return fault.New(fault.NotFound, "%s is no host of this instance.", host)
	case at.SuspendedAt != 0 || at.DeleteAt != 0:
		return fault.New(fault.Forbidden, "The organization of %s is closed.", host)
	}
	return nil
}

// ProvedHosts are the verified domains of all organizations.
func (a *Accounts) ProvedHosts(ctx context.Context) ([]string, error) {
	return resource.Select[string](a.anonymousSession(ctx, resource.Origin{}),
		"SELECT name FROM {domain} WHERE state = 'verified' ORDER BY name")
}

// hostName is a host without its port, in its one form.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// domainOf is a host where it is the domain of an organization, which can lead it to a server of its own and read what is
// sent there, and empty where it is the instance's own or one below it.
func (a *Accounts) domainOf(system *resource.Session, host string) (string, error) {
	name := hostName(host)
	if strings.HasSuffix("."+name, "."+a.ownHost()) {
		return "", nil
	}
	at, err := a.tenantAt(system, host)
	if err != nil || at.ID == "" {
		return "", err
	}
	return name, nil
}

// isForeign tells whether a session counts for nothing at a host: it is in another organization than the host's, or was opened at a
// domain and is used anywhere else.
func isForeign(at Tenant, host, opened, tenant string) bool {
	return opened != "" && opened != hostName(host) || at.ID != tenant && (at.ID != "" || opened != "")
}

// AtHome refuses to change what signs a person in, or to take the account away, in a session of an organization's domain.
func (a *Accounts) AtHome(p *Person) error {
	if p.Domain == "" {
		return nil
	}
	return fault.New(fault.Conflict, "%s belongs to %s, and your account is yours. Change it at %s.", p.Domain, p.Tenant.Name,
		a.address())
}

// mayChange is AtHome, and asks for a recent proof.
func (a *Accounts) mayChange(p *Person) error {
	if err := a.AtHome(p); err != nil && !p.Enrolling { // a factor that the organization asks for can be set up anywhere
		return err
	}
	return p.RequireRecent()
}

// stays refuses to leave the organization of a host within it, where the session would count as none.
func (a *Accounts) stays(p *Person, tenant string) error {
	at, err := a.TenantAt(p.Context, p.Origin.Host)
	if err == nil && at.ID != "" && at.ID != tenant {
		err = fault.New(fault.Conflict, "This address belongs to %s. Sign in at %s to be in another organization.", at.Name, a.address())
	}
	return err
}

// entrance is the organization in which a sign-in opens its session: that of the host, for its members alone, or empty for
// the one that the user was in last.
func (a *Accounts) entrance(s *resource.Session, user, host string) (string, error) {
	at, err := a.TenantAt(s.Context, host)
	if err != nil || at.ID == "" {
		return "", err
	}
	members, err := resource.Select[int](s,
		`SELECT 1 FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id AND t.suspended_at IS NULL AND (t.delete_at IS NULL OR m.role = 'owner')
		WHERE m.user_id = ? AND m.tenant_id = ? AND m.status = 'active'`, user, at.ID)
	if err == nil && len(members) == 0 {
		err = fault.New(fault.Forbidden, "You are no active member of %s, whose address this is. Sign in at %s.", at.Name, a.address())
	}
	return at.ID, err
}
