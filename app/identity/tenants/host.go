package tenants

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

// At is the organization that a host belongs to; its id is empty if there is none.
func (a *Service) At(ctx context.Context, host string) (Tenant, error) {
	return a.AtIn(a.Anonymous(ctx, resource.Origin{}), host)
}

// AtIn is At in a session that crosses organizations, which may be writing.
func (a *Service) AtIn(system *resource.Session, host string) (Tenant, error) {
	at, err := a.hostedAt(system, HostName(host))
	return at.now(system), err
}

// Named is the organization with an id, for a page of it that strangers see.
func (a *Service) Named(ctx context.Context, id string) (Tenant, error) {
	return resource.SelectOne[Tenant](a.Anonymous(ctx, resource.Origin{}).In(id), "SELECT * FROM {tenant} WHERE id = ?", id)
}

// longestHost is the longest name that the DNS has.
const longestHost = 253

// KnownAt is At for a request of somebody who is signed in: what it found is remembered.
func (a *Service) KnownAt(ctx context.Context, host string) (Tenant, error) {
	system, name := a.Anonymous(ctx, resource.Origin{}), HostName(host)
	if name == "" || name == a.Host() || len(name) > longestHost {
		return a.AtIn(system, host)
	}
	watched := []string{Kind.Name, Domains.Name, formerSlugs.Name}
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

func (a *Service) hostedAt(system *resource.Session, name string) (hosted, error) {
	own := a.Host()
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

// URL is that of the instance, without a slash at the end.
func (a *Service) URL() string { return a.settings.URL }

// Host is the name of the instance's own host.
func (a *Service) Host() string {
	base, err := url.Parse(a.settings.URL)
	if err != nil {
		return ""
	}
	return HostName(base.Host)
}

// MayCertify refuses a host that may have no certificate: with the fault NotFound where it is none of this instance, and with
// another where its organization is closed and has to do with the one that it has.
func (a *Service) MayCertify(ctx context.Context, host string) error {
	if HostName(host) == a.Host() {
		return nil
	}
	at, err := a.At(ctx, host)
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
func (a *Service) ProvedHosts(ctx context.Context) ([]string, error) {
	return resource.Select[string](a.Anonymous(ctx, resource.Origin{}),
		"SELECT name FROM {domain} WHERE state = 'verified' ORDER BY name")
}

// HostName is a host without its port, in its one form.
func HostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}
