package identity

import (
	"context"
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// ProfileChange is what a person sets of their own account; what is nil stays.
type ProfileChange struct {
	Name     *string
	Language *string
	TimeZone *string
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)

// ChangeProfile sets what is given. An empty time zone follows the browser.
func (a *Accounts) ChangeProfile(p *people.Person, in ProfileChange) error {
	if in.Name != nil {
		*in.Name = field.Line(*in.Name)
		if err := people.CheckName("name", *in.Name, 1); err != nil {
			return err
		}
	}
	if in.Language != nil && *in.Language != "" && !languageForm.MatchString(*in.Language) {
		return fault.InvalidField("language", "must be a language such as en or de-AT")
	}
	if in.TimeZone != nil && *in.TimeZone != "" {
		if _, err := field.Zone(*in.TimeZone); err != nil {
			return fault.InvalidField("time_zone", "%s", err)
		}
	}
	changed, err := people.Users.Update(p.Personal(), p.User.ID, 0, "change_profile", "profile_changed", func(u *people.User) error {
		for _, one := range []struct{ to, from *string }{{&u.Name, in.Name}, {&u.Language, in.Language}, {&u.TimeZone, in.TimeZone}} {
			if one.from != nil {
				*one.to = *one.from
			}
		}
		return nil
	})
	if err == nil {
		p.User = *changed
	}
	return err
}

// ChangePassword sets a new password for somebody who knows the current one, or the first one of somebody who had none. It ends
// the person's other sessions and gives this one's new token.
func (a *Accounts) ChangePassword(p *people.Person, present, password string) (token string, err error) {
	if err := a.Credentials.ConfirmOwner(p, "current_password", present); err != nil {
		return "", err
	}
	hash, err := a.Credentials.PasswordHash(p.Context, "password", password, p.User.Name, string(p.User.Email))
	if err != nil {
		return "", err
	}
	kept := p.SessionID
	token, renew := a.Sessions.Renewal(p)
	return token, p.Personal().Write(func(s *resource.Session) error {
		if err := spend(s, p.User.ID, toReset); err != nil {
			return err
		}
		if err := a.setPassword(s, p.User.ID, "password_changed", hash, kept); err != nil {
			return err
		}
		return renew(s)
	})
}

// ChangeEmail begins the change of a person's address: links go to the present and to the new one, and both are needed. That
// the new one has an account already is told to its owner alone.
func (a *Accounts) ChangeEmail(p *people.Person, email, password string) error {
	email, err := people.AddressOf("email", email)
	if err != nil {
		return err
	}
	if email == string(p.User.Email) {
		return fault.InvalidField("email", "is your address already")
	}
	if err := a.Credentials.ConfirmOwner(p, "password", password); err != nil {
		return err
	}
	if err := a.asked(p.Origin); err != nil {
		return err
	}
	leave, take := tokens.New(), tokens.New()
	return p.Personal().Write(func(s *resource.Session) error {
		if err := spend(s, p.User.ID, toLeaveEmail, toTakeEmail); err != nil {
			return err
		}
		until := s.Now.Add(verifyLife)
		if _, err := issue(s, leave, toLeaveEmail, p.User.ID, email, verifyLife); err != nil {
			return err
		}
		if _, err := issue(s, take, toTakeEmail, p.User.ID, email, verifyLife); err != nil {
			return err
		}
		if err := a.Tenants.Mail(s, a.leaveLetter(p.User, email, leave, until)); err != nil {
			return err
		}
		letter := a.takeLetter(p.User, email, take, until)
		owner, err := people.UserAt(s, email)
		if err != nil {
			return err
		}
		if owner.ID != "" {
			letter = a.takenLetter(owner)
		}
		if err := a.Tenants.Mail(s, letter); err != nil {
			return err
		}
		return s.Record("user", "email_change_requested", p.User.ID, resource.Success)
	})
}

// ConfirmEmail takes one of the two links of a change of address, and makes the change with the second. It tells whether
// the other link is still to come. The link at the new address works only in a session of the account, because its reader may be
// somebody else, whose address the account would get. The person is nil if nobody is signed in.
func (a *Accounts) ConfirmEmail(ctx context.Context, token string, by *people.Person, origin resource.Origin) (waits bool, err error) {
	system := a.Tenants.Anonymous(ctx, origin)
	err = system.Write(func(s *resource.Session) error {
		row, err := validToken(s, token, toLeaveEmail, toTakeEmail)
		if err != nil {
			return err
		}
		if row.Purpose == toTakeEmail && (by == nil || by.User.ID != row.UserID) {
			return fault.New(fault.Unauthenticated,
				"Sign in to the account that gets this address, and follow the link again. If you did not ask for that, do nothing.")
		}
		if _, err := s.Change(accountTokens, []resource.Pair{
			{Column: "used_at", Value: s.Now},
		}, []resource.Pair{{Column: "hash", Value: row.Hash}}); err != nil {
			return err
		}
		used, err := resource.SelectOne[int](s,
			"SELECT count(DISTINCT purpose) FROM {account_token} WHERE user_id = ? AND purpose IN (?, ?) AND value = ? AND used_at IS NOT NULL", row.UserID, toLeaveEmail, toTakeEmail, row.Value)
		if waits = used < 2; err != nil {
			return err
		}
		if waits {
			return s.Record("user", "email_change_confirmed", row.UserID, resource.Success)
		}
		if err := spend(s, row.UserID, toLeaveEmail, toTakeEmail, toReset); err != nil {
			return err
		}
		_, err = people.Users.Update(s, row.UserID, 0, "change_email", "email_changed", func(u *people.User) error {
			u.Email, u.Unverified = field.Email(row.Value), false
			return nil
		})
		return err
	})
	return waits, err
}
