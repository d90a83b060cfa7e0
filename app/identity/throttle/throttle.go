// Package throttle slows down guesses, and whatever else strangers could do without end.
package throttle

import (
	"net/netip"
	"sync"
	"time"

	"zygo/app/fault"
)

// Throttle slows down guesses, each by several limits: of the account that is guessed, of the network that the guess comes from.
// A guess counts before it is looked at, so that a thousand at the same time are a thousand, and what was counted is forgotten
// slowly. One that is right ends the limit of anyone who alone can be right, and of a shared one it is only given back.
type Throttle struct {
	mu      sync.Mutex
	entries map[string]*attempts
	now     func() time.Time
}

// Limit is what slows a guess down: so many for a key are free.
type Limit struct {
	key    string
	free   int
	shared bool
}

// Few is the limit of most attempts.
func Few(key string) Limit { return Limit{key: key, free: freeAttempts} }

// Shared is the limit of attempts that many people make under one key.
func Shared(key string, free int) Limit { return Limit{key: key, free: free, shared: true} }

type attempts struct {
	count int
	// counted is when the count last changed, apart from what was forgotten since, until when the next attempt waits.
	counted, until time.Time
}

const (
	// freeAttempts are not slowed; each further one doubles the pause up to longestPause.
	freeAttempts = 5
	longestPause = 5 * time.Minute
	// forgottenEach is after how long one attempt is forgotten.
	forgottenEach = 5 * time.Minute
	// mostThrottled bounds the memory; beyond it those that wait no longer are dropped first.
	mostThrottled = 50_000
)

// MostAhead is how far apart the moments of requests can be that are written one after the other. What was counted later than
// that after now was counted by a clock that was ahead.
const MostAhead = time.Minute

// New slows down by the clock that now reads.
func New(now func() time.Time) *Throttle {
	return &Throttle{entries: map[string]*attempts{}, now: now}
}

// Try counts an attempt, and refuses one whose pause is not over.
func (t *Throttle) Try(limits ...Limit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	var wait time.Duration
	for _, l := range limits {
		if a := t.entries[l.key]; a != nil {
			a.setBack(now)
			wait = max(wait, a.until.Sub(now))
		}
	}
	if wait > 0 {
		return &fault.Error{Code: fault.RateLimited, Message: "Too many attempts. Wait a little before the next one.", RetryAfter: wait}
	}
	if len(t.entries) >= mostThrottled {
		t.drop(now)
	}
	for _, l := range limits {
		a := t.entries[l.key]
		if a == nil {
			a = &attempts{counted: now}
			t.entries[l.key] = a
		}
		a.forget(now)
		a.count++
		if over := a.count - l.free; over >= 0 {
			a.until = now.Add(min(time.Second<<min(over, 16), longestPause))
		}
	}
	return nil
}

// setBack moves what was counted by a clock that has been set back since. What the clock was ahead would be added to every
// pause otherwise.
func (a *attempts) setBack(now time.Time) {
	if now.Before(a.counted) {
		a.counted, a.until = now, now.Add(a.until.Sub(a.counted))
	}
}

// forget takes off what is too long ago.
func (a *attempts) forget(now time.Time) {
	gone := int(now.Sub(a.counted) / forgottenEach)
	a.count = max(0, a.count-gone)
	if a.counted = a.counted.Add(time.Duration(gone) * forgottenEach); a.count == 0 {
		a.counted = now
	}
}

// Right ends what a right guess ends.
func (t *Throttle) Right(limits ...Limit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range limits {
		if !l.shared {
			delete(t.entries, l.key)
		}
	}
	t.giveBack(limits)
}

// Undo takes an attempt back that nobody looked at.
func (t *Throttle) Undo(limits ...Limit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.giveBack(limits)
}

func (t *Throttle) giveBack(limits []Limit) {
	for _, l := range limits {
		if a := t.entries[l.key]; a != nil {
			if a.count = max(0, a.count-1); a.count < l.free {
				a.until = time.Time{}
			}
		}
	}
}

func (t *Throttle) drop(now time.Time) {
	for key, a := range t.entries {
		if now.After(a.until) {
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

// Network is what one customer of a provider has: an IPv4 address, or the /64 of an IPv6 address (RFC 6177).
func Network(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if at = at.Unmap(); at.Is6() {
		if prefix, err := at.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return at.String()
}
