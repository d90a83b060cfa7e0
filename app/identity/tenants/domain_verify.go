package tenants

import (
	"context"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

const (
	// checkPending and checkVerified are how often a domain is looked at again; one whose record went missing as a pending one.
	checkPending  = 24 * time.Hour
	checkVerified = 7 * 24 * time.Hour
	// pendingLife is how long a domain that was never proved is looked at by itself.
	pendingLife = 30 * 24 * time.Hour
	// missingLife is how long a proven domain may lack its record, so that an accident of a day costs nobody their address.
	missingLife = 3 * 24 * time.Hour
	// checkedAtOnce bounds one round of CheckDomains.
	checkedAtOnce = 100
	longestFound  = 2000
)

// Verify looks a domain's record up for an actor who presses the button.
func (a *Service) Verify(s *resource.Session, id string) (*Domain, error) {
	domain, err := Domains.Get(s, id)
	if err != nil {
		return nil, err
	}
	if err := Domains.Require(s, "verify"); err != nil {
		return nil, err
	}
	if err := a.settings.Mails.Try(throttle.Few("domain " + id)); err != nil { // each costs somebody else's name server a question
		return nil, err
	}
	return a.checkDomain(OfInstance(s), s.Tenant(), *domain)
}

// checkDomain looks the record up and keeps what was found. No answer changes nothing: it says nothing of the domain.
func (a *Service) checkDomain(system *resource.Session, tenant string, domain Domain) (*Domain, error) {
	found, err := a.settings.LookupTXT(system.Context, domain.ChallengeName())
	if err != nil {
		return nil, err
	}
	var checked *Domain
	err = system.Write(func(s *resource.Session) error {
		proved := slices.Contains(found, domain.Challenge)
		if proved {
			owners, err := resource.Select[int](s, "SELECT 1 FROM {domain} WHERE name = ? AND state = 'verified' AND tenant_id <> ?",
				domain.Name, tenant)
			if err != nil {
				return err
			}
			if len(owners) > 0 {
				return fault.New(fault.Conflict,
					"Another organization of this instance has proved %s. It has to give the domain up first.", domain.Name)
			}
		}
		checked, err = Domains.Update(s.In(tenant), domain.ID, 0, "verify", "checked", func(d *Domain) error {
			d.note(proved, found, s.Now)
			return nil
		})
		return err
	})
	if err == nil && checked.MissedAt == 0 && checked.State == DomainVerified && a.settings.Proved != nil {
		a.settings.Proved(checked.Name)
	}
	return checked, err
}

// note changes the state by what a look-up found.
func (d *Domain) note(proved bool, found []string, now field.Time) {
	text := strings.ToValidUTF8(strings.Join(found, "\n"), "�")
	d.Found, d.CheckedAt = field.LongText(string([]rune(text)[:min(len([]rune(text)), longestFound)])), now
	switch {
	case proved && d.State == DomainVerified:
		d.MissedAt = 0
	case proved:
		d.State, d.VerifiedAt, d.MissedAt = DomainVerified, now, 0
	case d.State != DomainVerified:
		d.State = DomainFailed
	case d.MissedAt == 0:
		d.MissedAt = now
	case now.Sub(d.MissedAt) >= missingLife:
		d.State, d.VerifiedAt, d.MissedAt = DomainFailed, 0, 0
	}
}

// CheckDomains looks again at the domains whose turn it is.
func (a *Service) CheckDomains(ctx context.Context) error {
	system := a.Anonymous(ctx, resource.Origin{})
	now := system.Now
	due, err := resource.Select[Domain](system,
		`SELECT * FROM {domain} WHERE (state <> 'verified' AND created_at > ? AND coalesce(checked_at, 0) <= ?)
		OR (state = 'verified' AND (checked_at <= ? OR missed_at IS NOT NULL AND checked_at <= ?)) ORDER BY checked_at LIMIT ?`,
		now.Add(-pendingLife), now.Add(-checkPending), now.Add(-checkVerified), now.Add(-checkPending), checkedAtOnce)
	if err != nil {
		return err
	}
	for _, domain := range due {
		if _, err := a.checkDomain(system, domain.TenantID, domain); err != nil && ctx.Err() == nil {
			a.kernel.Log().Warn("a domain was not checked", "domain", domain.ID, "error", err)
		}
	}
	return ctx.Err()
}
