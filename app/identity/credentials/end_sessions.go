package credentials

import (
	"slices"

	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// EndOtherSessions ends every session of the person but the one that asks.
func (a *Service) EndOtherSessions(p *people.Person) error {
	return p.Personal().Write(func(s *resource.Session) error {
		if err := EndSessions(s, p.User.ID, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "other_sessions_ended", p.User.ID, resource.Success)
	})
}

// EndSessions ends the sessions of a user but one, which may be empty, with their tokens, and forgets the devices and the
// sign-ins that wait: what follows from a new password, and from lost factors.
func EndSessions(s *resource.Session, user, kept string) error {
	ids, err := resource.Select[string](s, "SELECT id FROM {session} WHERE user_id = ?", user)
	if err != nil {
		return err
	}
	for _, id := range slices.DeleteFunc(ids, func(id string) bool { return id == kept }) {
		if err := sessions.End(s, id); err != nil {
			return err
		}
	}
	for _, table := range []*resource.Table{rememberedDevices, questions} {
		if _, err := s.Erase(table, resource.Pair{Column: "user_id", Value: user}); err != nil {
			return err
		}
	}
	return nil
}
