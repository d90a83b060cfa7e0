package signin

import (
	"context"

	"zygo/app/identity/accounts"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// ForgotPassword mails a link to set a new password, where somebody has the address. What it does and how long it takes
// says nothing about that: an unknown address costs the same write.
func (a *Service) ForgotPassword(ctx context.Context, email string, origin resource.Origin) error {
	return a.mailLink(ctx, email, origin, accounts.ToReset, func(s *resource.Session, user people.User, token string) error {
		if user.SuspendedAt != 0 {
			return nil
		}
		if err := a.tenants.Mail(s, a.resetLetter(user, token, s.Now.Add(accounts.ResetLife))); err != nil {
			return err
		}
		return s.Record("user", "password_reset_requested", user.ID, resource.Success)
	})
}

// mailLink makes a token for anyone who has an address, and lets put mail it.
func (a *Service) mailLink(ctx context.Context, email string, origin resource.Origin, purpose string,
	put func(s *resource.Session, user people.User, token string) error) error {
	if err := a.accounts.SlowMails(origin); err != nil {
		return err
	}
	token := tokens.New()
	system := a.tenants.Anonymous(ctx, origin)
	return system.Write(func(s *resource.Session) error {
		user, err := people.UserAt(s, email)
		if err != nil {
			return err
		}
		life := accounts.VerifyLife
		if purpose == accounts.ToReset {
			life = accounts.ResetLife
		}
		mayMail, err := accounts.IssueLink(s, token, purpose, user.ID, "", life)
		if err != nil || !mayMail {
			return err
		}
		return put(s, user, token)
	})
}

// CheckReset tells whose password a token sets, and refuses one that sets none any more.
func (a *Service) CheckReset(ctx context.Context, token string) (people.User, error) {
	system := a.tenants.Anonymous(ctx, resource.Origin{})
	row, err := accounts.ValidLink(system, token, accounts.ToReset)
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
func (a *Service) ResetByToken(ctx context.Context, token, password string, origin resource.Origin) (known string, err error) {
	system := a.tenants.Anonymous(ctx, origin)
	row, err := accounts.ValidLink(system, token, accounts.ToReset)
	if err != nil {
		return "", err
	}
	user, err := people.Users.Get(system, row.UserID)
	if err != nil {
		return "", err
	}
	hash, err := a.credentials.PasswordHash(ctx, "password", password, user.Name, string(user.Email))
	if err != nil {
		return "", err
	}
	return a.sessions.BrowserToken(system, user.ID), system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		if _, err := accounts.ValidLink(s, token, accounts.ToReset); err != nil {
			return err
		}
		if err := accounts.SpendLinks(s, user.ID, accounts.ToReset, accounts.ToVerify, accounts.ToLeaveEmail, accounts.ToTakeEmail); err != nil {
			return err
		}
		return a.accounts.SetPassword(s, user.ID, "password_reset", hash, "")
	})
}
