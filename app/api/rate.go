package api

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"zygo/app/allowance"
	"zygo/app/edge"
	"zygo/app/fault"
)

// limited runs a handler within the allowance of a person, a key or a network, and tells what is left of it. PerMinute is that of a
// key, 0 for the usual one.
func (a *API) limited(r *edge.Request, who string, perMinute int, handle edge.Handler) *edge.Response {
	if perMinute == 0 && !a.rates.Bounded() {
		return handle(r)
	}
	left := a.rates.TakeOf(who, cmp.Or(perMinute, a.rates.PerMinute()), a.kernel.Now().Go())
	var response *edge.Response
	if left.Allowed {
		response = handle(r)
	} else {
		response = a.Fail(r, &fault.Error{Code: fault.RateLimited, RetryAfter: left.Next,
			Message: fmt.Sprintf("You sent more than %d requests within a minute. Wait %d seconds, then go on.", left.Limit,
				seconds(left.Next))})
	}
	if response != nil { // a socket has no answer
		tell(response.Header, left)
	}
	return response
}

func tell(header http.Header, left allowance.Allowance) {
	header.Set("RateLimit-Limit", strconv.Itoa(left.Limit))
	header.Set("RateLimit-Remaining", strconv.Itoa(left.Remaining))
	header.Set("RateLimit-Reset", strconv.Itoa(seconds(left.Full)))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
