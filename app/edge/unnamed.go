package edge

import (
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/identity/throttle"
)

// unnamed tells the operator of requests that a proxy seems to pass on which no setting names: all people behind it count as
// one address, so that the failures of one slow down everybody.
type unnamed struct {
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	told map[string]time.Time
}

const (
	// tellEach is after how long a peer is named again.
	tellEach = time.Hour
	// mostTold bounds the peers that are named within that time: anybody can send these headers.
	mostTold = 20
)

// forwards are the headers by which proxies tell where a request came from.
var forwards = []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"}

func newUnnamed(log *slog.Logger, now func() time.Time) *unnamed {
	return &unnamed{log: log, now: now, told: map[string]time.Time{}}
}

// look tells whether a request, whose peer is no trusted proxy, seems to be passed on from elsewhere, and logs the peer.
func (u *unnamed) look(peer netip.Addr, header http.Header) bool {
	for _, name := range forwards {
		if header.Get(name) == "" {
			continue
		}
		if u.isNew(throttle.Network(peer.String())) {
			u.log.Warn("A request came through a proxy that server.trusted_proxies does not name, so its header is not believed: "+
				"everybody behind it counts as one address in limits and in the log. If it is your proxy, add its address to server.trusted_proxies.",
				"peer", peer.String(), "header", name)
		}
		return true
	}
	return false
}

// Slowed is a refusal by a limit, with the likely cause for people behind a proxy that no setting names: others share the limit.
func (r *Request) Slowed(err error) error {
	slowed, ok := fault.As(err)
	if !ok || slowed.Code != fault.RateLimited || !r.passedOn {
		return err
	}
	said := *slowed
	said.Message += " If this instance is behind a proxy, all its people share one address until the operator names the proxy in server.trusted_proxies."
	return &said
}

// isNew tells whether a peer was not named within the last hour, and notes it.
func (u *unnamed) isNew(peer string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	for known, at := range u.told {
		if now.Sub(at) >= tellEach || now.Before(at) {
			delete(u.told, known)
		}
	}
	if _, known := u.told[peer]; known || len(u.told) >= mostTold {
		return false
	}
	u.told[peer] = now
	return true
}
