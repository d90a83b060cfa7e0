package identity

import (
	"testing"
	"time"

	"zygo/app/module"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// TestWhatExpiredIsForgotten: links are kept an hour longer than they work, because they are counted.
func TestWhatExpiredIsForgotten(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, outbox.Module, module.Module{Module: resource.Module{Name: "identity", Tables: tables}})
	accounts := NewAccounts(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), Settings{})
	now := kernel.Now()
	err := kernel.System().Write(func(s *resource.Session) error {
		for hash, until := range map[string]time.Duration{"old": -time.Second, "new": time.Second} {
			if err := s.Insert(challenges, &challenge{Hash: hash, ExpiresAt: now.Add(until)}); err != nil {
				return err
			}
			if err := s.Insert(accountTokens, &accountToken{Hash: hash, CreatedAt: now, ExpiresAt: now.Add(until - time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := accounts.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := resource.Select[string](kernel.System(),
		"SELECT hash FROM {challenge} UNION ALL SELECT hash FROM {account_token}")
	if err != nil || len(left) != 2 || left[0] != "new" || left[1] != "new" {
		t.Errorf("what is left is %v: %v", left, err)
	}
}
