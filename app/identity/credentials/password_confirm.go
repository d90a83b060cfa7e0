package credentials

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
)

// ConfirmOwner is confirmPassword, where there is one; else a recent proof by another way stands in for it.
func (a *Service) ConfirmOwner(p *people.Person, field, password string) error {
	if err := a.sessions.AtHome(p); err != nil {
		return err
	}
	has, err := HasPassword(p.Personal(), p.User.ID)
	if err != nil {
		return err
	}
	if !has {
		return p.RequireRecent()
	}
	return a.confirmPassword(p, field, password)
}

// confirmPassword asks for the present password before something that would give the account away. Guesses are slowed.
func (a *Service) confirmPassword(p *people.Person, field, password string) error {
	key := throttle.Few("confirm " + p.User.ID)
	if err := a.settings.Guesses.Try(key); err != nil {
		return err
	}
	user, err := people.Users.Get(p.Personal(), p.User.ID)
	if err != nil {
		return err
	}
	matches, err := a.hasher.matches(p.Context, password, user.PasswordHash)
	if err != nil {
		return err
	}
	if !matches {
		return fault.InvalidField(field, "is not your present password")
	}
	a.settings.Guesses.Right(key)
	return nil
}
