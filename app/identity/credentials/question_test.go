package credentials

import (
	"testing"
	"time"

	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func TestAQuestionThatEndedIsForgotten(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, module.Module{Module: resource.Module{Name: "identity", Tables: Tables}})
	if err := kernel.System().Write(func(s *resource.Session) error {
		for hash, until := range map[string]time.Duration{"old": -time.Second, "new": time.Second} {
			if err := s.Insert(questions, &Question{Hash: hash, ExpiresAt: s.Now.Add(until)}); err != nil {
				return err
			}
		}
		return Forget(s, 10)
	}); err != nil {
		t.Fatal(err)
	}
	left, err := resource.Select[string](kernel.System(), "SELECT hash FROM {challenge}")
	if err != nil || len(left) != 1 || left[0] != "new" {
		t.Errorf("what is left is %v: %v", left, err)
	}
}
