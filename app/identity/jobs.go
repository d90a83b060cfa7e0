package identity

import (
	"context"
	"errors"

	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/keys"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
	"zygo/jobs"
)

// Jobs is the periodic work of the accounts. The given function removes the files of an organization that is erased.
func (a *Services) Jobs(files func(ctx context.Context, tenant string) (int64, error)) []jobs.Work {
	return []jobs.Work{
		jobs.Hourly("forget-accounts", a.Forget),
		jobs.Hourly("end-invitations", a.Members.EndInvitations),
		jobs.Hourly("rotate-keys", a.Sessions.RotateSigningKeys),
		jobs.Hourly("check-domains", a.Tenants.CheckDomains),
		jobs.Hourly("erase-organizations", func(ctx context.Context) error { return a.Members.EraseTenants(ctx, files) }),
	}
}

// forgottenAtOnce bounds how much of one table is forgotten in a write.
const forgottenAtOnce = 1000

// Forget erases what nothing can use any more: questions, remembered devices, refresh tokens, links, and codes that count no more.
func (a *Services) Forget(ctx context.Context) error {
	return a.kernel.System(ctx, "what expired belongs to no tenant").Write(func(s *resource.Session) error {
		return errors.Join(credentials.Forget(s, forgottenAtOnce), accounts.Forget(s, forgottenAtOnce), sessions.Forget(s, forgottenAtOnce),
			keys.Forget(s, forgottenAtOnce))
	})
}
