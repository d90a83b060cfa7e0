package credentials

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// Prove lets a person show again who they are, by password or by a code, and gives the session's new token: its id is
// another at each rise in rights.
func (a *Service) Prove(p *people.Person, password, code string) (string, error) {
	system := p.Personal()
	if code != "" {
		token, proved := a.sessions.Renewal(p)
		right, err := a.CheckCode(system, p.User.ID, code, func(s *resource.Session) error { return proved(s) })
		if err == nil && !right {
			err = fault.InvalidField("code", "is wrong, or was used before; wait for the next one")
		}
		return token, err
	}
	if err := a.confirmPassword(p, "password", password); err != nil {
		return "", err
	}
	token, proved := a.sessions.Renewal(p)
	return token, system.Write(proved)
}
