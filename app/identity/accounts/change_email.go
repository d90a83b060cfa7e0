package accounts

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// ChangeEmail begins the change of a person's address: links go to the present and to the new one, and both are needed. That
// the new one has an account already is told to its owner alone.
func (a *Service) ChangeEmail(p *people.Person, email, password string) error {
	email, err := people.AddressOf("email", email)
	if err != nil {
		return err
	}
	if email == string(p.User.Email) {
		return fault.InvalidField("email", "is your address already")
	}
	if err := a.credentials.ConfirmOwner(p, "password", password); err != nil {
		return err
	}
	if err := a.SlowMails(p.Origin); err != nil {
		return err
	}
	leave, take := tokens.New(), tokens.New()
	return p.Personal().Write(func(s *resource.Session) error {
		if err := SpendLinks(s, p.User.ID, ToLeaveEmail, ToTakeEmail); err != nil {
			return err
		}
		until := s.Now.Add(VerifyLife)
		if _, err := IssueLink(s, leave, ToLeaveEmail, p.User.ID, email, VerifyLife); err != nil {
			return err
		}
		if _, err := IssueLink(s, take, ToTakeEmail, p.User.ID, email, VerifyLife); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.leaveLetter(p.User, email, leave, until)); err != nil {
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
		if err := a.tenants.Mail(s, letter); err != nil {
			return err
		}
		return s.Record("user", "email_change_requested", p.User.ID, resource.Success)
	})
}

// ConfirmEmail takes one of the two links of a change of address, and makes the change with the second. It tells whether
// the other link is still to come. The link at the new address works only in a session of the account, because its reader may be
// somebody else, whose address the account would get. The person is nil if nobody is signed in.
func (a *Service) ConfirmEmail(ctx context.Context, token string, by *people.Person, origin resource.Origin) (waits bool, err error) {
	system := a.tenants.Anonymous(ctx, origin)
	err = system.Write(func(s *resource.Session) error {
		row, err := ValidLink(s, token, ToLeaveEmail, ToTakeEmail)
		if err != nil {
			return err
		}
		if row.Purpose == ToTakeEmail && (by == nil || by.User.ID != row.UserID) {
			return fault.New(fault.Unauthenticated,
				"Sign in to the account that gets this address, and follow the link again. If you did not ask for that, do nothing.")
		}
		if _, err := s.Change(links, []resource.Pair{
			{Column: "used_at", Value: s.Now},
		}, []resource.Pair{{Column: "hash", Value: row.Hash}}); err != nil {
			return err
		}
		used, err := resource.SelectOne[int](s,
			"SELECT count(DISTINCT purpose) FROM {account_token} WHERE user_id = ? AND purpose IN (?, ?) AND value = ? AND used_at IS NOT NULL", row.UserID, ToLeaveEmail, ToTakeEmail, row.Value)
		if waits = used < 2; err != nil {
			return err
		}
		if waits {
			return s.Record("user", "email_change_confirmed", row.UserID, resource.Success)
		}
		if err := SpendLinks(s, row.UserID, ToLeaveEmail, ToTakeEmail, ToReset); err != nil {
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

// SlowMails slows down an address from which many mails are asked for.
func (a *Service) SlowMails(origin resource.Origin) error {
	return a.settings.Mails.Try(throttle.Few(throttle.Network(origin.Address)))
}
