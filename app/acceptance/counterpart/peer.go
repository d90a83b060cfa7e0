// Package counterpart has the servers that Zygo talks to in tests: a mail server, a name server and a service over HTTP. Each
// listens on loopback and ends with its test.
package counterpart

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Peer is an HTTP server that a workflow calls. It records each call by its idempotency key.
type Peer struct {
	*httptest.Server
	Mu    sync.Mutex
	Calls []Call
	// before runs before a call is answered.
	Before func(Call)
	Status int
}

// Call is a request that came: its idempotency key, body and path.
type Call struct{ Key, Body, Path string }

// NewPeer serves until the test ends.
func NewPeer(t testing.TB) *Peer {
	p := &Peer{Status: 200}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c := Call{r.Header.Get("Idempotency-Key"), string(body), r.URL.Path}
		p.Mu.Lock()
		p.Calls = append(p.Calls, c)
		before := p.Before
		p.Mu.Unlock()
		if before != nil {
			before(c)
		}
		p.Mu.Lock()
		status := p.Status
		p.Mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"seen":%q}`, c.Path)
	}))
	t.Cleanup(p.Close)
	return p
}

// Allow is the setting by which an instance may call the peer.
func (p *Peer) Allow() string { return "outgoing.allow=" + strings.TrimPrefix(p.URL, "http://") }

// Seen are the calls until now.
func (p *Peer) Seen() []Call {
	p.Mu.Lock()
	defer p.Mu.Unlock()
	return slices.Clone(p.Calls)
}
