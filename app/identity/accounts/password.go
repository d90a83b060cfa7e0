package accounts

import (
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// ChangePassword sets a new password for somebody who knows the current one, or the first one of somebody who had none. It ends
// the person's other sessions and gives this one's new token.
func (a *Service) ChangePassword(p *people.Person, present, password string) (token string, err error) {
	if err := a.credentials.ConfirmOwner(p, "current_password", present); err != nil {
		return "", err
	}
	hash, err := a.credentials.PasswordHash(p.Context, "password", password, p.User.Name, string(p.User.Email))
	if err != nil {
		return "", err
	}
	kept := p.SessionID
	token, renew := a.sessions.Renewal(p)
	return token, p.Personal().Write(func(s *resource.Session) error {
		if err := SpendLinks(s, p.User.ID, ToReset); err != nil {
			return err
		}
		if err := a.SetPassword(s, p.User.ID, "password_changed", hash, kept); err != nil {
			return err
		}
		return renew(s)
	})
}

// SetPassword changes a password, ends the user's sessions but one, and tells the user.
func (a *Service) SetPassword(s *resource.Session, user, event, hash, kept string) error {
	changed, err := people.Users.Update(s, user, 0, event, event, func(u *people.User) error {
		u.PasswordHash = hash
		if event == "password_reset" {
			u.Unverified = false
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := credentials.EndSessions(s, user, kept); err != nil {
		return err
	}
	return a.tenants.Mail(s, a.passwordLetter(*changed))
}
