// Package allowance bounds how often something may happen within a minute, for each of many who want it: a bucket that holds a
// minute's worth and fills evenly, so that a short burst passes and an endless loop is slowed to what everybody can have.
package allowance

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Buckets are those of all who want the same thing.
type Buckets struct {
	perMinute int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// New lets each take so many within a minute; 0 is no bound.
func New(perMinute int) *Buckets {
	return &Buckets{perMinute: perMinute, buckets: map[string]*rate.Limiter{}}
}

// mostBuckets bounds the memory; beyond it the buckets that are full are forgotten, which changes nothing for anybody.
const mostBuckets = 10_000

// Allowance is what somebody has left.
type Allowance struct {
	Allowed          bool
	Limit, Remaining int
	// Full is in how long the bucket holds everything again, Next in how long it holds one.
	Full, Next time.Duration
}

// PerMinute is the usual number, 0 for no bound.
func (b *Buckets) PerMinute() int { return b.perMinute }

// Bounded tells whether there is a bound at all.
func (b *Buckets) Bounded() bool { return b.perMinute > 0 }

// Take takes one out of somebody's bucket, where it holds one.
func (b *Buckets) Take(who string, now time.Time) Allowance { return b.TakeOf(who, b.perMinute, now) }

// TakeOf is Take for somebody who may have another number within a minute; 0 is no bound.
func (b *Buckets) TakeOf(who string, perMinute int, now time.Time) Allowance {
	if perMinute == 0 {
		return Allowance{Allowed: true}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket := b.buckets[who]
	if bucket == nil {
		if len(b.buckets) >= mostBuckets {
			b.forget(now)
		}
		bucket = rate.NewLimiter(0, perMinute)
		b.buckets[who] = bucket
	}
	if bucket.Burst() != perMinute || bucket.Limit() == 0 {
		bucket.SetLimitAt(now, rate.Limit(float64(perMinute)/60))
		bucket.SetBurstAt(now, perMinute)
	}
	a := Allowance{Allowed: bucket.AllowN(now, 1), Limit: perMinute}
	tokens := bucket.TokensAt(now)
	a.Remaining = max(0, int(tokens))
	fill := func(missing float64) time.Duration {
		return time.Duration(max(0, missing) / float64(bucket.Limit()) * float64(time.Second))
	}
	a.Full, a.Next = fill(float64(perMinute)-tokens), fill(1-tokens)
	return a
}

func (b *Buckets) forget(now time.Time) {
	for who, bucket := range b.buckets {
		if bucket.TokensAt(now) >= float64(bucket.Burst()) {
			delete(b.buckets, who)
		}
	}
}
