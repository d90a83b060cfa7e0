package sessions

import (
	"context"
	"slices"
	"time"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
	"zygo/app/rights"
)

// recognized is all that a request needs to know of its session, read in one query.
type recognized struct {
	ID, UserID, TenantID, FormToken string
	Host                            string
	SeenAt, CreatedAt, ProvedAt     field.Time
	UserName, Email                 string
	Language, TimeZone              string
	Operator, HasAvatar             bool
	Role, Status, TenantName, Slug  *string
	SecondFactor                    *string
	// WithoutCode says that the organization asks for a factor, while neither an app nor a phone gives the person codes.
	WithoutCode    bool
	Idle, Absolute field.Duration
	Networks       field.Tags
	// PasskeyHosts are where the person has passkeys.
	PasskeyHosts             field.Tags
	SuspendedAt, DeleteAt    field.Time
	SuspendedFor, TenantZone string
}

const recognizing = `SELECT s.id, s.user_id, s.tenant_id, s.form_token, s.host, s.seen_at, s.created_at, s.proved_at,
	u.name AS user_name, u.email, u.language, u.time_zone, u.operator, EXISTS (SELECT 1 FROM {avatar} a WHERE a.user_id = u.id) AS has_avatar,
	m.role, m.status, t.name AS tenant_name, t.slug, t.second_factor, coalesce(t.idle, 0) AS idle, coalesce(t.absolute, 0) AS absolute,
	coalesce(t.networks, '[]') AS networks, t.suspended_at, t.delete_at, coalesce(t.suspended_for, '') AS suspended_for,
	coalesce(t.time_zone, '') AS tenant_zone, (SELECT list_of(k.host) FROM {passkey} k WHERE k.user_id = u.id) AS passkey_hosts,
	coalesce(t.second_factor, 'optional') <> 'optional'
	AND NOT EXISTS (SELECT 1 FROM {totp} f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM {phone} h WHERE h.user_id = u.id AND h.factor_at IS NOT NULL) AS without_code
	FROM {session} s JOIN {user} u ON u.id = s.user_id AND u.suspended_at IS NULL
	LEFT JOIN {membership} m ON m.user_id = u.id AND m.tenant_id = s.tenant_id LEFT JOIN {tenant} t ON t.id = m.tenant_id`

// Recognize finds the person behind a browser's token. An unknown, ended or expired one is a fault Unauthenticated.
func (a *Service) Recognize(ctx context.Context, token string, origin resource.Origin) (*people.Person, error) {
	system, hash := a.kernel.System(ctx, "a token names its session before anything else is known"), tokens.Hash(token)
	row, err := resource.Remembered(system, "session "+hash, func() (recognized, []resource.Watch, error) {
		return one(resource.Select[recognized](system, recognizing+" WHERE s.hash = ?", hash))
	})
	if err != nil {
		return nil, err
	}
	return a.person(ctx, row, origin)
}

// one is the session that was found, with what decides it: a change of any of that ends what is remembered of it.
func one(found []recognized, err error) (recognized, []resource.Watch, error) {
	if err == nil && len(found) == 0 {
		err = people.ErrSignIn()
	}
	if err != nil {
		return recognized{}, nil, err
	}
	row := found[0]
	decisive := []resource.Watch{{Name: sessions.Name, Subject: row.ID}, {Name: people.Users.Name, Subject: row.UserID}}
	for _, table := range []string{"totp", "phone", "passkey", "avatar"} {
		decisive = append(decisive, resource.Watch{Name: table, Subject: row.UserID})
	}
	if row.TenantID != "" {
		for _, kind := range []string{people.Memberships.Name, tenants.Kind.Name} {
			decisive = append(decisive, resource.Watch{Name: kind, Subject: row.TenantID})
		}
	}
	return row, decisive, nil
}

// ended tells whether a session is over by itself: by the limits of the instance, or by shorter ones of the organization
// that it is in, 0 for none.
func (a *Service) ended(now, seen, created field.Time, idle, absolute field.Duration) bool {
	within := func(limit time.Duration, shorter field.Duration) time.Duration {
		if shorter == 0 {
			return limit
		}
		return min(limit, shorter.Go())
	}
	return now.Sub(seen) > within(a.settings.Idle, idle) || now.Sub(created) > within(a.settings.Absolute, absolute)
}

// person is who a session belongs to, now and where the request came to: what depends on either is never remembered.
func (a *Service) person(ctx context.Context, row recognized, origin resource.Origin) (*people.Person, error) {
	now := a.kernel.Now()
	if a.ended(now, row.SeenAt, row.CreatedAt, row.Idle, row.Absolute) {
		return nil, people.ErrSignIn()
	}
	at, err := a.tenants.KnownAt(ctx, origin.Host)
	if err != nil {
		return nil, err
	}
	// What an organization's domain may have read is worth nothing beyond it, and an operator's rights least of all.
	row.Operator = row.Operator && row.Host == ""
	p := row.account()
	var held *rights.Rights
	tenant := ""
	if row.Role != nil && row.TenantName != nil {
		p.Barred = row.bar(origin)
	}
	if row.Role != nil && row.TenantName != nil && p.Barred == nil {
		tenant = row.TenantID
		member, err := a.MemberIn(ctx, p.User.Actor(), tenant, *row.Role, origin)
		if err != nil {
			return nil, err
		}
		held = member.Rights
		p.Tenant = tenants.Tenant{
			InstanceRow: resource.InstanceRow{ID: tenant},
			Name:        *row.TenantName,
			Slug:        *row.Slug,
			TimeZone:    row.TenantZone,
			DeleteAt:    row.DeleteAt,
		}
		if row.WithoutCode && held.Base >= rights.RoleNamed(*row.SecondFactor) {
			// Each host wants a factor that works there. Somebody who came here another way sets one up, and is not let in without.
			p.Enrolling = !slices.Contains(row.PasskeyHosts, a.tenants.PasskeyHostOf(at, origin.Host).Name)
		}
	}
	if isForeign(at, origin.Host, row.Host, tenant) {
		return nil, people.ErrSignIn()
	}
	p.Session = a.kernel.Member(ctx, p.User.Actor(), tenant, held, origin)
	p.Session.Operator, p.Session.ReauthenticatedAt = row.Operator, row.ProvedAt
	if now.Sub(row.SeenAt) <= seenEvery {
		return p, nil
	}
	return p, a.kernel.System(ctx, "a session belongs to no tenant").Write(func(s *resource.Session) error {
		seen, session := []resource.Pair{{Column: "seen_at", Value: now}}, []resource.Pair{{Column: "id", Value: row.ID}}
		if _, err := s.Change(sessions, seen, session); err != nil {
			return err
		}
		return markSeen(s, row.UserID)
	})
}

// account is the person without what an organization gives them.
func (row *recognized) account() *people.Person {
	return &people.Person{
		SessionID: row.ID,
		FormToken: row.FormToken,
		HasAvatar: row.HasAvatar,
		Domain:    row.Host,
		User: people.User{
			InstanceRow: resource.InstanceRow{ID: row.UserID},
			Name:        row.UserName,
			Email:       field.Email(row.Email),
			Language:    row.Language,
			TimeZone:    row.TimeZone,
			Operator:    row.Operator,
		},
	}
}

// markSeen keeps on the account when its person was here last, because sessions end and go. It is no change that anybody made,
// so it has no entry in the ledger.
func markSeen(s *resource.Session, user string) error {
	users, _ := s.Kernel().Kind(people.Users.Name)
	seen, account := []resource.Pair{{Column: "last_seen_at", Value: s.Now}}, []resource.Pair{{Column: "id", Value: user}}
	_, err := s.Change(users.Table(), seen, account)
	return err
}

// MemberIn is the session of somebody with a role in an organization, which the caller has established.
func (a *Service) MemberIn(ctx context.Context, actor resource.Actor, tenant, role string,
	origin resource.Origin) (*resource.Session, error) {
	held, err := a.kernel.Member(ctx, actor, tenant, nil, origin).RightsOf(actor.ID, role)
	if err != nil {
		return nil, err
	}
	return a.kernel.Member(ctx, actor, tenant, held, origin), nil
}
