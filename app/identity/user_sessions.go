package identity

import (
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// OpenSession is a session as its user sees it.
type OpenSession struct {
	ID string `json:"id"`
	// Device is what the user agent is in words.
	Device     string     `json:"device"`
	Address    string     `json:"ip"`
	CreatedAt  field.Time `json:"created_at"`
	LastSeenAt field.Time `json:"last_seen_at"`
	// Current is the session that asks.
	Current bool `json:"current"`
}

// Sessions lists the sessions of the person that have not ended, the newest first.
func (a *Accounts) Sessions(p *people.Person) ([]OpenSession, error) {
	open, err := a.sessionsOf(p.Personal(), p.User.ID)
	for i := range open {
		open[i].Current = open[i].ID == p.SessionID
	}
	return open, err
}

func (a *Accounts) sessionsOf(system *resource.Session, user string) ([]OpenSession, error) {
	rows, err := resource.Select[session](system,
		"SELECT * FROM {session} WHERE user_id = ? AND seen_at > ? AND created_at > ? ORDER BY seen_at DESC, n DESC LIMIT 500",
		user, system.Now.Add(-a.settings.Idle), system.Now.Add(-a.settings.Absolute))
	open := make([]OpenSession, len(rows))
	for i, row := range rows {
		open[i] = OpenSession{
			ID:         row.ID,
			Device:     DeviceName(row.UserAgent),
			Address:    row.Address,
			CreatedAt:  row.CreatedAt,
			LastSeenAt: row.SeenAt,
		}
	}
	return open, err
}

// EndSession ends one session of the person.
func (a *Accounts) EndSession(p *people.Person, id string) error {
	return p.Personal().Write(func(s *resource.Session) error {
		open, err := resource.Select[int](s, "SELECT 1 FROM {session} WHERE id = ? AND user_id = ?", id, p.User.ID)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return fault.New(fault.NotFound, "This session has ended already, or is not yours.")
		}
		if err := endSession(s, id); err != nil {
			return err
		}
		return s.Record("user", "session_ended", p.User.ID, resource.Success)
	})
}

// EndOtherSessions ends every session of the person but the one that asks.
func (a *Accounts) EndOtherSessions(p *people.Person) error {
	return p.Personal().Write(func(s *resource.Session) error {
		if err := endSessions(s, p.User.ID, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "other_sessions_ended", p.User.ID, resource.Success)
	})
}

// endSessions ends the sessions of a user but one, which may be empty, with their tokens, and forgets the devices and the
// sign-ins that wait: what follows from a new password, and from lost factors.
func endSessions(s *resource.Session, user, kept string) error {
	ids, err := resource.Select[string](s, "SELECT id FROM {session} WHERE user_id = ?", user)
	if err != nil {
		return err
	}
	for _, id := range slices.DeleteFunc(ids, func(id string) bool { return id == kept }) {
		if err := endSession(s, id); err != nil {
			return err
		}
	}
	for _, table := range []*resource.Table{rememberedDevices, challenges} {
		if _, err := s.Erase(table, resource.Pair{Column: "user_id", Value: user}); err != nil {
			return err
		}
	}
	return nil
}
