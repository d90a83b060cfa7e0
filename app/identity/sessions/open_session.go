package sessions

import (
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

// List lists the sessions of the person that have not ended, the newest first.
func (a *Service) List(p *people.Person) ([]OpenSession, error) {
	open, err := a.ListOf(p.Personal(), p.User.ID)
	for i := range open {
		open[i].Current = open[i].ID == p.SessionID
	}
	return open, err
}

// ListOf lists the sessions of a user that have not ended, the newest first.
func (a *Service) ListOf(system *resource.Session, user string) ([]OpenSession, error) {
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

// EndOne ends one session of the person.
func (a *Service) EndOne(p *people.Person, id string) error {
	return p.Personal().Write(func(s *resource.Session) error {
		open, err := resource.Select[int](s, "SELECT 1 FROM {session} WHERE id = ? AND user_id = ?", id, p.User.ID)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return fault.New(fault.NotFound, "This session has ended already, or is not yours.")
		}
		if err := End(s, id); err != nil {
			return err
		}
		return s.Record("user", "session_ended", p.User.ID, resource.Success)
	})
}
