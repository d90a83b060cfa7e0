package throttle

import (
	"fmt"
	"testing"
	"time"
)

func newTestThrottle() (t *Throttle, clock *time.Time) {
	clock = new(time.Time)
	*clock = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return New(func() time.Time { return *clock }), clock
}

// passed counts how many of so many attempts at one moment are let through.
func passed(t *Throttle, most int, limits func(n int) []Limit) (count int) {
	for n := range most {
		if t.Try(limits(n)...) == nil {
			count++
		}
	}
	return count
}

func TestAGuessCountsForTheAccountAndTheNetwork(t *testing.T) {
	t.Parallel()
	const freeOfAccount, freeOfNetwork = 10, 100
	throttle, clock := newTestThrottle()
	from := func(address, email string) []Limit {
		network := Network(address)
		return []Limit{Few(network + " " + email), Shared("account "+email, freeOfAccount), Shared(network, freeOfNetwork)}
	}
	for name, try := range map[string]struct {
		limits func(n int) []Limit
		want   int
	}{
		"one account from one address":   {func(int) []Limit { return from("192.0.2.1", "a") }, freeAttempts},
		"one account from 200 addresses": {func(n int) []Limit { return from(fmt.Sprintf("198.51.100.%d", n), "b") }, freeOfAccount},
		"200 accounts from one /64": {func(n int) []Limit { return from(fmt.Sprintf("2001:db8:0:1::%x", n), fmt.Sprint("c", n)) },
			freeOfNetwork},
		"200 accounts from one mapped v4": {
			func(n int) []Limit { return from([]string{"192.0.2.9", "::ffff:192.0.2.9"}[n%2], fmt.Sprint("d", n)) }, freeOfNetwork},
		"200 accounts from 200 /64": {func(n int) []Limit { return from(fmt.Sprintf("2001:db8:1:%x::1", n), fmt.Sprint("e", n)) }, 200},
	} {
		if got := passed(throttle, 200, try.limits); got != try.want {
			t.Errorf("%s: %d of 200 are looked at, want %d", name, got, try.want)
		}
	}
	// A day of guesses at one account, one each second from another network, is a few hundred.
	count := 0
	for n := range 24 * 60 * 60 {
		*clock = clock.Add(time.Second)
		if throttle.Try(from(fmt.Sprintf("2001:db8:%x:%x::1", n>>16+2, n&0xffff), "f")...) == nil {
			count++
		}
	}
	if count > 350 {
		t.Errorf("a day of guesses at one account has %d", count)
	}
}

func TestARightAttemptGivesBackOnlyItself(t *testing.T) {
	t.Parallel()
	throttle, clock := newTestThrottle()
	one := []Limit{{"x", freeAttempts, true}}
	for range 1000 { // anyone who signs in again and again is never slowed
		if err := throttle.Try(one...); err != nil {
			t.Fatal(err)
		}
		throttle.Right(one...)
	}
	for range freeAttempts - 1 {
		if err := throttle.Try(one...); err != nil {
			t.Fatal(err)
		}
	}
	throttle.Try(one...)
	throttle.Right(one...)
	throttle.Try(one...)
	if throttle.Try(one...) == nil {
		t.Error("a right attempt takes the wrong ones away")
	}
	// An attempt that nobody looked at is taken back, and the wrong ones before it stay.
	for range freeAttempts - 1 {
		throttle.Try(Few("z"))
	}
	throttle.Try(Few("z"))
	throttle.Undo(Few("z"))
	if got := passed(throttle, 20, func(int) []Limit { return []Limit{Few("z")} }); got != 1 {
		t.Errorf("after one that nobody looked at %d are free", got)
	}
	// Who alone can be right begins anew.
	own := []Limit{Few("y")}
	for range freeAttempts - 1 {
		throttle.Try(own...)
	}
	throttle.Right(own...)
	if got := passed(throttle, 20, func(int) []Limit { return own }); got != freeAttempts {
		t.Errorf("after a right attempt %d are free", got)
	}
	// What was wrong long ago is forgotten.
	*clock = clock.Add(freeAttempts * forgottenEach)
	if got := passed(throttle, 20, func(int) []Limit { return one }); got != freeAttempts {
		t.Errorf("later %d are free", got)
	}
}

func TestAClockThatIsSetBackLengthensNoPause(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{time.Hour, 400 * 24 * time.Hour} {
		throttle, clock := newTestThrottle()
		right := *clock
		*clock = right.Add(ahead)
		guess := func(int) []Limit { return []Limit{Few("a")} }
		if got := passed(throttle, 20, guess); got != freeAttempts {
			t.Fatalf("%d of 20 are looked at", got)
		}
		*clock = right
		if got := passed(throttle, 20, guess); got != 0 {
			t.Errorf("a clock that was set back by %s looks at %d more", ahead, got)
		}
		*clock = right.Add(longestPause)
		if got := passed(throttle, 1, guess); got != 1 {
			t.Errorf("after a clock that was %s ahead nothing is looked at", ahead)
		}
		*clock = right.Add(2 * freeAttempts * forgottenEach)
		if got := passed(throttle, 20, guess); got != freeAttempts {
			t.Errorf("after a clock that was %s ahead %d of 20 are looked at", ahead, got)
		}
	}
}
