package identity

import (
	"context"

	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// ConnectedAccountsOf lists the linked accounts of a user for the operator.
func (a *Accounts) ConnectedAccountsOf(ctx context.Context, email string) ([]credentials.ConnectedAccount, error) {
	system := people.Operator(a.kernel, ctx)
	user, err := namedUser(system, email)
	if err != nil {
		return nil, err
	}
	return credentials.ConnectedOf(system, user.ID)
}

// UnlinkByOperator takes a linked account away from a user and ends their sessions. It may be their last way in: a forgotten
// password can be set by mail also where there never was one.
func (a *Accounts) UnlinkByOperator(ctx context.Context, email, provider string) error {
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		user, err := namedUser(s, email)
		if err != nil {
			return err
		}
		if err := a.Credentials.Disconnect(s, user, provider, "unlinked_by_operator"); err != nil {
			return err
		}
		return credentials.EndSessions(s, user.ID, "")
	})
}
