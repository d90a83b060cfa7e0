package identity

import (
	"context"

	"zygo/app/resource"
)

// forgottenAtOnce bounds one write of Forget.
const forgottenAtOnce = 1000

// Forget erases challenges, remembered devices and refresh tokens that nothing can use any more, and codes that count no more.
func (a *Accounts) Forget(ctx context.Context) error {
	return a.kernel.System(ctx, "what expired belongs to no tenant").Write(func(s *resource.Session) error {
		type expired struct{ Source, Hash string }
		found, err := resource.Select[expired](s, `SELECT 'challenge' AS source, hash FROM {challenge} WHERE expires_at <= ?1
			UNION ALL SELECT 'device', hash FROM {remembered_device} WHERE expires_at <= ?1
			UNION ALL SELECT 'refresh', r.hash FROM {refresh_token} r WHERE NOT EXISTS (SELECT 1 FROM {session} s WHERE s.id = r.session_id) LIMIT ?2`, s.Now, forgottenAtOnce)
		if err != nil {
			return err
		}
		from := map[string]*resource.Table{"challenge": challenges, "device": rememberedDevices, "refresh": refreshTokens}
		for _, row := range found {
			if _, err := s.Erase(from[row.Source], resource.Pair{Column: "hash", Value: row.Hash}); err != nil {
				return err
			}
		}
		codes, err := resource.Select[int64](s, "SELECT n FROM {phone_code} WHERE created_at < ? ORDER BY created_at LIMIT ?", s.Now.Add(-phoneCodeKept), forgottenAtOnce)
		if err != nil {
			return err
		}
		for _, n := range codes {
			if _, err := s.Erase(phoneCodes, resource.Pair{Column: "n", Value: n}); err != nil {
				return err
			}
		}
		return nil
	})
}
