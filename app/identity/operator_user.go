package identity

import (
	"context"
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// SessionsOf lists the open sessions of a user for the operator.
func (a *Accounts) SessionsOf(ctx context.Context, email string) ([]sessions.OpenSession, error) {
	system := people.Operator(a.kernel, ctx)
	user, err := namedUser(system, email)
	if err != nil {
		return nil, err
	}
	return a.Sessions.ListOf(system, user.ID)
}

// Disable closes an account: its sessions end at once, and nobody enters it until it is enabled again.
func (a *Accounts) Disable(ctx context.Context, email string) error {
	return a.operateNamed(ctx, email, a.close)
}

// Enable opens a disabled account again.
func (a *Accounts) Enable(ctx context.Context, email string) error {
	return a.operateNamed(ctx, email, a.reopen)
}

// Promote makes a user an operator of the instance.
func (a *Accounts) Promote(ctx context.Context, email string) error {
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

func (a *Accounts) operateNamed(ctx context.Context, email string, change func(s *resource.Session, user people.User) error) error {
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
