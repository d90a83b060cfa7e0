package identity

import (
	"context"

	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// ForgotPassword mails a link to set a new password, where somebody has the address. What it does and how long it takes
// says nothing about that: an unknown address costs the same write.
func (a *Accounts) ForgotPassword(ctx context.Context, email string, origin resource.Origin) error {
	return a.mailLink(ctx, email, origin, toReset, func(s *resource.Session, user people.User, token string) error {
		if user.SuspendedAt != 0 {
			return nil
		}
		if err := a.Tenants.Mail(s, a.resetLetter(user, token, s.Now.Add(resetLife))); err != nil {
			return err
		}
		return s.Record("user", "password_reset_requested", user.ID, resource.Success)
	})
}

// mailLink makes a token for anyone who has an address, and lets put mail it.
func (a *Accounts) mailLink(ctx context.Context, email string, origin resource.Origin, purpose string,
	put func(s *resource.Session, user people.User, token string) error) error {
	if err := a.asked(origin); err != nil {
		return err
	}
	token := tokens.New()
	system := a.Tenants.Anonymous(ctx, origin)
	return system.Write(func(s *resource.Session) error {
		user, err := people.UserAt(s, email)
		if err != nil {
			return err
		}
		life := verifyLife
		if purpose == toReset {
			life = resetLife
		}
		mayMail, err := issue(s, token, purpose, user.ID, "", life)
		if err != nil || !mayMail {
			return err
		}
		return put(s, user, token)
	})
}

// asked slows down an address from which many mails are asked for.
func (a *Accounts) asked(origin resource.Origin) error {
	return a.mails.Try(throttle.Few(throttle.Network(origin.Address)))
}

// CheckReset tells whose password a token sets, and refuses one that sets none any more.
func (a *Accounts) CheckReset(ctx context.Context, token string) (people.User, error) {
	system := a.Tenants.Anonymous(ctx, resource.Origin{})
	row, err := validToken(system, token, toReset)
	if err != nil {
		return people.User{}, err
	}
	user, err := people.Users.Get(system, row.UserID)
	if err != nil {
		return people.User{}, err
	}
	return *user, nil
}

// ResetByToken sets a new password by a mailed token, and ends every session. Anyone who has the mail has the address, so
// that it counts as verified from then on. The answer makes the browser a known one, which lets its owner in while others guess.
func (a *Accounts) ResetByToken(ctx context.Context, token, password string, origin resource.Origin) (known string, err error) {
	system := a.Tenants.Anonymous(ctx, origin)
	row, err := validToken(system, token, toReset)
	if err != nil {
		return "", err
	}
	user, err := people.Users.Get(system, row.UserID)
	if err != nil {
		return "", err
	}
	hash, err := a.Credentials.PasswordHash(ctx, "password", password, user.Name, string(user.Email))
	if err != nil {
		return "", err
	}
	return a.Sessions.BrowserToken(system, user.ID), system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		if _, err := validToken(s, token, toReset); err != nil {
			return err
		}
		if err := spend(s, user.ID, toReset, toVerify, toLeaveEmail, toTakeEmail); err != nil {
			return err
		}
		return a.setPassword(s, user.ID, "password_reset", hash, "")
	})
}

// setPassword changes a password, ends the user's sessions but one, and tells the user.
func (a *Accounts) setPassword(s *resource.Session, user, event, hash, kept string) error {
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
	return a.Tenants.Mail(s, a.passwordLetter(*changed))
}
