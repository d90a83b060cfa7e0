package signin

import (
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// open makes a session for a user, and tells them of a device that is new.
func (a *Service) open(system *resource.Session, user people.User, origin resource.Origin) (string, *people.Person, error) {
	return a.sessions.Open(system, user, origin, func(s *resource.Session) error { return a.noteDevice(s, user, origin) })
}

// SignOut ends the person's session.
func (a *Service) SignOut(p *people.Person) error {
	return p.Personal().Write(func(s *resource.Session) error {
		if err := sessions.End(s, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "signed_out", p.User.ID, resource.Success)
	})
}

// openFor opens a session of a user who proved themselves completely.
func (a *Service) openFor(system *resource.Session, id string, origin resource.Origin) (string, *people.Person, error) {
	users, err := resource.Select[people.User](system, "SELECT * FROM {user} WHERE id = ? AND suspended_at IS NULL", id)
	if err == nil && len(users) == 0 {
		err = people.ErrSignIn()
	}
	if err != nil {
		return "", nil, err
	}
	return a.open(system, users[0], origin)
}
