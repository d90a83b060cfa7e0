package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"zygo/app/edge"
	"zygo/app/fault"
)

// rates bounds the requests of each person: a bucket that holds a minute's worth and fills evenly, so that a short burst
// passes and an endless loop is slowed to what the instance can give everybody.
type rates struct {
	perMinute int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// mostBuckets bounds the memory; beyond it the buckets that are full are forgotten, which changes nothing for anybody.
const mostBuckets = 10_000

// allowance is what a person has left.
type allowance struct {
	allowed          bool
	limit, remaining int
	// full is when the bucket holds everything again, next when it holds one request.
	full, next time.Duration
}

func (r *rates) take(person string, now time.Time) allowance {
	r.mu.Lock()
	defer r.mu.Unlock()
	bucket := r.buckets[person]
	if bucket == nil {
		if len(r.buckets) >= mostBuckets {
			r.forget(now)
		}
		bucket = rate.NewLimiter(rate.Limit(float64(r.perMinute)/60), r.perMinute)
		r.buckets[person] = bucket
	}
	a := allowance{allowed: bucket.AllowN(now, 1), limit: r.perMinute}
	tokens := bucket.TokensAt(now)
	a.remaining = max(0, int(tokens))
	fill := func(missing float64) time.Duration {
		return time.Duration(max(0, missing) / float64(bucket.Limit()) * float64(time.Second))
	}
	a.full, a.next = fill(float64(r.perMinute)-tokens), fill(1-tokens)
	return a
}

func (r *rates) forget(now time.Time) {
	for person, bucket := range r.buckets {
		if bucket.TokensAt(now) >= float64(r.perMinute) {
			delete(r.buckets, person)
		}
	}
}

// limited runs a handler within the person's allowance, and tells what is left of it.
func (a *API) limited(r *edge.Request, person string, handle edge.Handler) *edge.Response {
	if a.rates.perMinute == 0 {
		return handle(r)
	}
	left := a.rates.take(person, a.kernel.Now().Go())
	var response *edge.Response
	if left.allowed {
		response = handle(r)
	} else {
		response = a.Fail(r, &fault.Error{Code: fault.RateLimited, RetryAfter: left.next,
			Message: fmt.Sprintf("You sent more than %d requests within a minute. Wait %d seconds, then go on.", left.limit, seconds(left.next))})
	}
	if response != nil { // a socket has no answer
		tell(response.Header, left)
	}
	return response
}

func tell(header http.Header, left allowance) {
	header.Set("RateLimit-Limit", strconv.Itoa(left.limit))
	header.Set("RateLimit-Remaining", strconv.Itoa(left.remaining))
	header.Set("RateLimit-Reset", strconv.Itoa(seconds(left.full)))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
