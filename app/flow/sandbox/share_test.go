package sandbox_test

import (
	"context"
	"testing"

	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
)

// Scripts that never end take no sandbox from another organization.
func TestEndlessScriptsDelayNoOtherOrganization(t *testing.T) {
	t.Parallel()
	p := pool(t, 2)
	endless, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	const scripts = 5
	for range scripts {
		go func() {
			_, err := p.Run(endless, sandbox.Program{Time: patience, Source: "while (true) {}", Mode: sandbox.All,
				Environment: &expression.Environment{Owner: "a"}})
			ended <- err
		}()
	}
	for range 3 {
		program := sandbox.Program{Time: patience, Source: "1", Environment: &expression.Environment{Owner: "b"}}
		if _, err := p.Run(t.Context(), program); err != nil {
			t.Errorf("another organization's script: %v", err)
		}
	}
	stop()
	for range scripts {
		if err := <-ended; err == nil {
			t.Error("an endless script ended")
		}
	}
}
