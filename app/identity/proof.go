package identity

import (
	"zygo/app/fault"
	"zygo/app/resource"
)

// Prove lets a person show again who they are, by password or by a code, and gives the session's new token: its id is
// another at each rise in rights.
func (a *Accounts) Prove(p *Person, password, code string) (string, error) {
	system := a.own(p)
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

// renewal gives the session another id and token, within a write: what was handed out before names nothing any more.
func (a *Accounts) renewal(p *Person) (token string, renew func(s *resource.Session) error) {
	token, before, after := newToken(), p.SessionID, resource.NewID()
	return token, func(s *resource.Session) error {
		if _, err := s.Erase(refreshTokens, resource.Pair{Column: "session_id", Value: before}); err != nil {
			return err
		}
		count, err := s.Change(sessions, []resource.Pair{{Column: "id", Value: after}, {Column: "hash", Value: hashToken(token)}, {Column: "proved_at", Value: s.Now}},
			[]resource.Pair{{Column: "id", Value: before}})
		if err != nil {
			return err
		}
		if count == 0 {
			return errSignIn()
		}
		p.SessionID, p.ProvedAt = after, s.Now
		return s.Record("user", "proved", p.User.ID, resource.Success)
	}
}
