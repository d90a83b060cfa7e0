package identity

import (
	"context"

	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// ResetFactors takes every second factor of a user who lost them, and ends their sessions.
func (a *Accounts) ResetFactors(ctx context.Context, email string) error {
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		users, err := resource.Select[string](s, "SELECT id FROM {user} WHERE email = ?", people.SoughtAddress(email))
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return fault.New(fault.NotFound, "There is no user %q.", email)
		}
		if err := credentials.EraseFactors(s, users[0]); err != nil {
			return err
		}
		if err := credentials.EndSessions(s, users[0], ""); err != nil {
			return err
		}
		return s.Record("user", "mfa_reset", users[0], resource.Success)
	})
}
