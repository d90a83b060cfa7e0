package accounts

import (
	"testing"
	"time"

	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// Links are kept an hour longer than they work, because they are counted.
func TestALinkThatEndedIsForgotten(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, module.Module{Module: resource.Module{Name: "identity", Tables: []*resource.Table{links}}})
	if err := kernel.System().Write(func(s *resource.Session) error {
		for hash, until := range map[string]time.Duration{"old": -time.Second, "new": time.Second} {
			if err := s.Insert(links, &Link{Hash: hash, CreatedAt: s.Now, ExpiresAt: s.Now.Add(until - time.Hour)}); err != nil {
				return err
			}
		}
		return Forget(s, 10)
	}); err != nil {
		t.Fatal(err)
	}
	left, err := resource.Select[string](kernel.System(), "SELECT hash FROM {account_token}")
	if err != nil || len(left) != 1 || left[0] != "new" {
		t.Errorf("what is left is %v: %v", left, err)
	}
}
