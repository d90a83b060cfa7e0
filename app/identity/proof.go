package identity

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Prove lets a person show again who they are, by password or by a code, and gives the session's new token: its id is
// another at each rise in rights.
func (a *Accounts) Prove(p *people.Person, password, code string) (string, error) {
	system := p.Personal()
	if code != "" {
		token, proved := a.renewal(p)
		right, err := a.checkCode(system, p.User.ID, code, func(s *resource.Session) error { return proved(s) })
		if err == nil && !right {
			err = fault.InvalidField("code", "is wrong, or was used before; wait for the next one")
		}
		return token, err
	}
	if err := a.confirmPassword(p, "password", password); err != nil {
		return "", err
	}
	token, proved := a.renewal(p)
	return token, system.Write(proved)
}

// renewal gives the session another id and token for somebody who showed who they are, within a write.
func (a *Accounts) renewal(p *people.Person) (token string, renew func(s *resource.Session) error) {
	token, before, after := tokens.New(), p.SessionID, resource.NewID()
	return token, func(s *resource.Session) error {
		if err := renewSession(s, before, after, token, resource.Pair{Column: "proved_at", Value: s.Now}); err != nil {
			return err
		}
		p.SessionID, p.ReauthenticatedAt = after, s.Now
		return s.Record("user", "proved", p.User.ID, resource.Success)
	}
}

// renewSession gives a session another id and token, and the values: what was handed out before names nothing any more.
func renewSession(s *resource.Session, before, after, token string, values ...resource.Pair) error {
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
