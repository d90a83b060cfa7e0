// Package fair shares few places among many organizations, so that none takes them all: whatever those do that came first,
// the next one finds a place. Start reading at MayTake; Places is a pool of places that goes by it.
package fair

import (
	"context"
	"slices"
	"sync"
)

// eagerness is how many places one may hold for each that it leaves free, besides the last.
const eagerness = 4

// MayTake tells whether somebody who holds some places may take one more of those that are free. Who holds none takes any.
// The others leave the more free, the more they hold: of 64 places one alone takes 51, two take 28 each, and so on. It is the
// dynamic threshold by which switches share their memory (Choudhury and Hahne, 1998).
func MayTake(held, free int) bool {
	return free > 0 && (held == 0 || held < eagerness*(free-1))
}

// Places are a fixed number of places. It may be used by several goroutines.
type Places struct {
	mu      sync.Mutex
	free    int
	held    map[string]int
	waiting []*waiter
}

type waiter struct {
	who   string
	ready chan struct{}
}

// NewPlaces makes so many places.
func NewPlaces(count int) *Places { return &Places{free: count, held: map[string]int{}} }

// Take waits for a place until ctx ends. Anyone who holds the fewest is next. The place is given back by release, once.
func (p *Places) Take(ctx context.Context, who string) (release func(), err error) {
	w := &waiter{who, make(chan struct{})}
	p.mu.Lock()
	p.waiting = append(p.waiting, w)
	p.give()
	p.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		if i := slices.Index(p.waiting, w); i >= 0 {
			p.waiting = slices.Delete(p.waiting, i, i+1)
		} else {
			p.put(who)
		}
		return nil, ctx.Err()
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.put(who)
	}, nil
}

func (p *Places) put(who string) {
	p.free++
	if p.held[who]--; p.held[who] == 0 {
		delete(p.held, who)
	}
	p.give()
}

// give hands out what is free.
func (p *Places) give() {
	for p.free > 0 {
		next := -1
		for i, w := range p.waiting {
			if MayTake(p.held[w.who], p.free) && (next < 0 || p.held[w.who] < p.held[p.waiting[next].who]) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		w := p.waiting[next]
		p.waiting = slices.Delete(p.waiting, next, next+1)
		p.free--
		p.held[w.who]++
		close(w.ready)
	}
}
