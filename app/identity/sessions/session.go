package sessions

import (
	"time"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// session is a signed-in browser or client. Only the hash of its token is stored. What a request needs of it is remembered until a
// commit changes any of that, so that ending it holds at once.
type session struct {
	N         int64
	ID        string
	Hash      string
	UserID    string
	TenantID  string
	FormToken string
	Address   string
	UserAgent string
	CreatedAt field.Time
	SeenAt    field.Time
	// ProvedAt is when the person last showed who they are, by password or factor.
	ProvedAt field.Time
	// Host is the domain of an organization at which it was opened, and the only one where it is good; empty for the instance's.
	Host string
}

var sessions = sessionTable()

func sessionTable() *resource.Table {
	t := resource.NewTable[session]("session")
	t.Visible = resource.Nothing
	t.Subject = "id"
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}}
	return t
}

// seenEvery limits the writes of "last seen" to one in this time.
const seenEvery = 5 * time.Minute

// Open makes a session for a user in the organization that they were in last, and does along in the same write.
func (a *Service) Open(system *resource.Session, user people.User, origin resource.Origin,
	along func(s *resource.Session) error) (string, *people.Person, error) {
	token := tokens.New()
	row := session{ID: resource.NewID(), Hash: tokens.Hash(token), UserID: user.ID, FormToken: tokens.New(), Address: origin.Address,
		UserAgent: origin.UserAgent[:min(len(origin.UserAgent), 500)], CreatedAt: system.Now, SeenAt: system.Now, ProvedAt: system.Now}
	entered, err := a.entrance(system, user.ID, origin.Host)
	if err != nil {
		return "", nil, err
	}
	if row.Host, err = a.domainOf(system, origin.Host); err != nil {
		return "", nil, err
	}
	err = system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		tenants, err := resource.Select[string](s,
			`SELECT m.tenant_id FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id AND t.suspended_at IS NULL AND (t.delete_at IS NULL OR m.role = 'owner') LEFT JOIN {session} o ON o.user_id = m.user_id AND o.tenant_id = m.tenant_id
			WHERE m.user_id = ? AND m.status = 'active' ORDER BY m.tenant_id = ? DESC, o.seen_at DESC, m.n LIMIT 1`, user.ID, entered)
		if err != nil {
			return err
		}
		row.N, row.TenantID = 0, ""
		if len(tenants) > 0 {
			row.TenantID = tenants[0]
		}
		if err := s.Insert(sessions, &row); err != nil {
			return err
		}
		if err := markSeen(s, user.ID); err != nil {
			return err
		}
		if err := along(s); err != nil {
			return err
		}
		return s.Record("user", "signed_in", user.ID, resource.Success)
	})
	if err != nil {
		return "", nil, err
	}
	person, err := a.Recognize(system.Context, token, origin)
	return token, person, err
}

// Forget erases refresh tokens whose session has ended.
func Forget(s *resource.Session, most int) error {
	refresh, err := resource.Select[string](s,
		"SELECT r.hash FROM {refresh_token} r WHERE NOT EXISTS (SELECT 1 FROM {session} s WHERE s.id = r.session_id) LIMIT ?", most)
	if err != nil {
		return err
	}
	for _, hash := range refresh {
		if _, err := s.Erase(refreshTokens, resource.Pair{Column: "hash", Value: hash}); err != nil {
			return err
		}
	}
	return nil
}

// Renewal gives the session another id and token for somebody who showed who they are, within a write.
func (a *Service) Renewal(p *people.Person) (token string, renew func(s *resource.Session) error) {
	token, before, after := tokens.New(), p.SessionID, resource.NewID()
	return token, func(s *resource.Session) error {
		if err := Renew(s, before, after, token, resource.Pair{Column: "proved_at", Value: s.Now}); err != nil {
			return err
		}
		p.SessionID, p.ReauthenticatedAt = after, s.Now
		return s.Record("user", "proved", p.User.ID, resource.Success)
	}
}

// Renew gives a session another id and token, and the values: what was handed out before names nothing any more.
func Renew(s *resource.Session, before, after, token string, values ...resource.Pair) error {
	if _, err := s.Erase(refreshTokens, resource.Pair{Column: "session_id", Value: before}); err != nil {
		return err
	}
	values = append(values, resource.Pair{Column: "id", Value: after}, resource.Pair{Column: "hash", Value: tokens.Hash(token)})
	count, err := s.Change(sessions, values, []resource.Pair{{Column: "id", Value: before}})
	if err == nil && count == 0 {
		err = people.ErrSignIn()
	}
	return err
}

// End ends a session with its tokens.
func End(s *resource.Session, id string) error {
	if _, err := s.Erase(refreshTokens, resource.Pair{Column: "session_id", Value: id}); err != nil {
		return err
	}
	_, err := s.Erase(sessions, resource.Pair{Column: "id", Value: id})
	return err
}

// LeaveTenant takes all sessions out of an organization. They go on without one.
func LeaveTenant(s *resource.Session, tenant string) error {
	_, err := s.Change(sessions, []resource.Pair{{Column: "tenant_id", Value: ""}}, []resource.Pair{{Column: "tenant_id", Value: tenant}})
	return err
}
