package jobs

import (
	"context"
	"time"
)

// longestSleep bounds one sleep, so that a clock that jumps is noticed.
const longestSleep = time.Minute

// Alarm rings when the next due time comes. The due times stand in the database; Set only says that an earlier one may
// have come in.
type Alarm struct{ set chan struct{} }

// NewAlarm makes an alarm.
func NewAlarm() *Alarm { return &Alarm{make(chan struct{}, 1)} }

// Set makes the alarm look at the due times again.
func (a *Alarm) Set() {
	select {
	case a.set <- struct{}{}:
	default:
	}
}

// Run calls ring at once, then whenever the time comes that ring answered, or Set was called. A zero time sleeps until
// then. It returns when the context ends.
func (a *Alarm) Run(ctx context.Context, now func() time.Time, ring func(ctx context.Context) time.Time) {
	for ctx.Err() == nil {
		sleep := longestSleep
		if next := ring(ctx); !next.IsZero() {
			sleep = min(max(next.Sub(now()), 0), longestSleep)
		}
		timer := time.NewTimer(sleep)
		select {
		case <-timer.C:
		case <-a.set:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Watch sets the alarm after each change, but not more often than once in a pause, until the context ends.
func (a *Alarm) Watch(ctx context.Context, changed func() <-chan struct{}, pause time.Duration) {
	for next := changed(); ctx.Err() == nil; {
		select {
		case <-next:
		case <-ctx.Done():
			return
		}
		next = changed() // what changes in the pause is seen after it
		a.Set()
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}
