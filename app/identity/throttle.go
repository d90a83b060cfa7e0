package identity

import (
	"sync"
	"time"

	"zygo/app/fault"
)

// throttle slows down failed sign-ins by address, and by address together with account: a stranger who guesses slows
// down himself, and never locks the owner of an account out.
type throttle struct {
	mu      sync.Mutex
	entries map[string]*attempts
	now     func() time.Time
}

type attempts struct {
	failures int
	until    time.Time
}

const (
	// freeAttempts are not slowed; each further failure doubles the pause up to longestPause.
	freeAttempts = 5
	longestPause = 5 * time.Minute
	// mostThrottled bounds the memory; beyond it those that wait no longer are dropped first.
	mostThrottled = 50_000
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{entries: map[string]*attempts{}, now: now}
}

// check refuses an attempt whose pause is not over.
func (t *throttle) check(keys ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refusal(keys)
}

// try is check, and counts the attempt as failed at once, so that a thousand at the same time are a thousand. Whoever
// succeeds says so.
func (t *throttle) try(keys ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refusal(keys); err != nil {
		return err
	}
	t.count(keys)
	return nil
}

func (t *throttle) refusal(keys []string) error {
	for _, key := range keys {
		if a := t.entries[key]; a != nil && t.now().Before(a.until) {
			return &fault.Error{Code: fault.RateLimited, Message: "Too many attempts from here. Wait a little before the next one.", RetryAfter: a.until.Sub(t.now())}
		}
	}
	return nil
}

func (t *throttle) failed(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count(keys)
}

func (t *throttle) count(keys []string) {
	if len(t.entries) >= mostThrottled {
		t.drop()
	}
	for _, key := range keys {
		a := t.entries[key]
		if a == nil {
			a = &attempts{}
			t.entries[key] = a
		}
		a.failures++
		if over := a.failures - freeAttempts; over >= 0 {
			a.until = t.now().Add(min(time.Second<<min(over, 16), longestPause))
		}
	}
}

func (t *throttle) succeeded(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range keys {
		delete(t.entries, key)
	}
}

func (t *throttle) drop() {
	for key, a := range t.entries {
		if t.now().After(a.until) {
			delete(t.entries, key)
		}
	}
	for key := range t.entries {
		if len(t.entries) < mostThrottled {
			return
		}
		delete(t.entries, key)
	}
}
