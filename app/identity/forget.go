package identity

import (
	"context"
	"errors"
	"time"

	"zygo/app/resource"
	"zygo/jobs"
)

// Jobs is the periodic work of the accounts. The given function removes the files of an organization that is erased.
func (a *Accounts) Jobs(files func(ctx context.Context, tenant string) (int64, error)) []jobs.Work {
	return []jobs.Work{
		jobs.Hourly("forget-accounts", a.Forget),
		jobs.Hourly("end-invitations", a.EndInvitations),
		jobs.Hourly("rotate-keys", a.RotateSigningKeys),
		jobs.Hourly("check-domains", a.CheckDomains),
		jobs.Hourly("erase-organizations", func(ctx context.Context) error { return a.EraseTenants(ctx, files) }),
	}
}

// Forget erases challenges, remembered devices, refresh tokens and links that nothing can use any more, and codes that count no more.
func (a *Accounts) Forget(ctx context.Context) error {
	return a.kernel.System(ctx, "what expired belongs to no tenant").Write(func(s *resource.Session) error {
		return errors.Join(forgetFactors(s), forgetLinks(s), forgetTokens(s))
	})
}

// forgottenAtOnce bounds how much of one table is forgotten in a write.
const forgottenAtOnce = 1000

// prune forgets the rows whose column is a time that is over for so long.
func prune(s *resource.Session, t *resource.Table, column string, life time.Duration) error {
	return s.Prune(t, column, int64(s.Now.Add(-life)), forgottenAtOnce)
}

// forgetFactors erases questions and devices that have ended, and codes that count no more.
func forgetFactors(s *resource.Session) error {
	return errors.Join(prune(s, challenges, "expires_at", 0), prune(s, rememberedDevices, "expires_at", 0),
		prune(s, phoneCodes, "created_at", phoneCodeKept))
}

// forgetLinks erases the links that have ended. They are kept an hour longer than they work, because they are counted.
func forgetLinks(s *resource.Session) error { return prune(s, accountTokens, "expires_at", time.Hour) }

// forgetTokens erases refresh tokens whose session has ended.
func forgetTokens(s *resource.Session) error {
	refresh, err := resource.Select[string](s,
		"SELECT r.hash FROM {refresh_token} r WHERE NOT EXISTS (SELECT 1 FROM {session} s WHERE s.id = r.session_id) LIMIT ?",
		forgottenAtOnce)
	if err != nil {
		return err
	}
	for _, hash := range refresh {
		if _, err := s.Erase(refreshTokens, resource.Pair{Column: "hash", Value: hash}); err != nil {
			return err
		}
	}
	return nil
}
