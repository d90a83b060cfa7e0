package operators

import (
	"context"
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// SessionsOf lists the open sessions of a user for the operator.
func (a *Service) SessionsOf(ctx context.Context, email string) ([]sessions.OpenSession, error) {
	system := people.Operator(a.kernel, ctx)
	user, err := namedUser(system, email)
	if err != nil {
		return nil, err
	}
	return a.sessions.ListOf(system, user.ID)
}

// Disable closes an account: its sessions end at once, and nobody enters it until it is enabled again.
func (a *Service) Disable(ctx context.Context, email string) error {
	return a.operateNamed(ctx, email, a.close)
}

// Enable opens a disabled account again.
func (a *Service) Enable(ctx context.Context, email string) error {
	return a.operateNamed(ctx, email, a.reopen)
}

// Promote makes a user an operator of the instance.
func (a *Service) Promote(ctx context.Context, email string) error {
	return a.operateNamed(ctx, email, func(s *resource.Session, user people.User) error {
		if user.Operator {
			return fault.New(fault.Conflict, "%s is an operator already.", user.Email)
		}
		_, err := people.Users.Update(s, user.ID, 0, "promote", "promoted", func(u *people.User) error {
			u.Operator = true
			return nil
		})
		return err
	})
}

func (a *Service) operateNamed(ctx context.Context, email string, change func(s *resource.Session, user people.User) error) error {
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		user, err := namedUser(s, email)
		if err != nil {
			return err
		}
		return change(s, user)
	})
}

// namedUser finds the user with an address, or says that there is none.
func namedUser(s *resource.Session, email string) (people.User, error) {
	user, err := people.UserAt(s, email)
	if err == nil && user.ID == "" {
		err = fault.New(fault.NotFound, "There is no user %q.", strings.TrimSpace(email))
	}
	return user, err
}

// ResetFactors takes every second factor of a user who lost them, and ends their sessions.
func (a *Service) ResetFactors(ctx context.Context, email string) error {
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

// ConnectedAccountsOf lists the linked accounts of a user for the operator.
func (a *Service) ConnectedAccountsOf(ctx context.Context, email string) ([]credentials.ConnectedAccount, error) {
	system := people.Operator(a.kernel, ctx)
	user, err := namedUser(system, email)
	if err != nil {
		return nil, err
	}
	return credentials.ConnectedOf(system, user.ID)
}

// UnlinkByOperator takes a linked account away from a user and ends their sessions. It may be their last way in: a forgotten
// password can be set by mail also where there never was one.
func (a *Service) UnlinkByOperator(ctx context.Context, email, provider string) error {
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		user, err := namedUser(s, email)
		if err != nil {
			return err
		}
		if err := a.credentials.Disconnect(s, user, provider, "unlinked_by_operator"); err != nil {
			return err
		}
		return credentials.EndSessions(s, user.ID, "")
	})
}
