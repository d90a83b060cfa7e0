package safety

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

const (
	callers = 50
	// revokedWithin is how long after the revoking call returned a call may still succeed.
	revokedWithin = time.Second
)

// revocation takes something away from the editor of Acme, and gives it back for the next round.
type revocation struct {
	name string
	// calls is what the clients do: method, path and body.
	method, path string
	body         any
	revoke       func()
	restore      func()
}

// TestRevocationWorksAtTheNextRequest lets many clients call while the rights that they call with are taken away. A call that
// began after the revoking one returned may succeed for a second at most. TEST_REVOCATIONS says how often.
func TestRevocationWorksAtTheNextRequest(t *testing.T) {
	t.Parallel()
	rounds := 1
	if text := os.Getenv("TEST_REVOCATIONS"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		rounds = (number + 3) / 4
	}
	i := instance.StartBinary(t, "server.connections_per_address=200")
	operator := i.As("owner@acme")
	id := i.As("editor@acme").UserID()
	membership := operator.Members()["editor"].ID
	path := "users/" + id
	words := []string{instance.Password, instance.OtherPassword}
	signIn := func() *instance.Client {
		c := &instance.Client{Instance: i}
		var in instance.Tokens
		c.Must(c.SignIn("editor@acme.test", words[0]), 200, &in)
		c.Token = in.AccessToken
		return c
	}
	var latest time.Duration
	for range rounds {
		for _, of := range []revocation{
			{"suspended", "GET", "assets", nil, func() { operator.Must(operator.Call("POST", path+"/suspend", nil), 200, nil) },
				func() { operator.Must(operator.Call("POST", path+"/activate", nil), 200, nil) }},
			{"signed out everywhere", "GET", "users/me", nil, func() {
				c := signIn()
				c.Must(c.Call("POST", "users/me/change-password", map[string]string{"current_password": words[0], "password": words[1]}),
					200, nil)
				words[0], words[1] = words[1], words[0]
			}, func() {}},
			{"made a viewer", "POST", "incidents", map[string]string{"title": "Gateway"}, func() {
				operator.Must(operator.Call("PATCH", "memberships/"+membership, map[string]string{"role": "viewer"}), 200, nil)
			},
				func() {
					operator.Must(operator.Call("PATCH", "memberships/"+membership, map[string]string{"role": "editor"}), 200, nil)
				}},
			{"removed from the organization", "GET", "assets", nil,
				func() { operator.Must(operator.Call("DELETE", "memberships/"+membership, nil), 200, nil) },
				func() { operator.Must(operator.Call("POST", "memberships/"+membership+"/restore", nil), 200, nil) }},
		} {
			late, err := revokedUnderLoad(signIn, of)
			if err != nil {
				t.Errorf("%s: %v", of.name, err)
			}
			latest = max(latest, late)
			of.restore()
		}
	}
	// The control: where nothing is taken away, the test has to notice.
	if _, err := revokedUnderLoad(signIn, revocation{"nothing", "GET", "assets", nil, func() {}, func() {}}); err == nil ||
		!strings.Contains(err.Error(), "after the revocation answers 200") {
		t.Errorf("a revocation that does nothing gives %v", err)
	}
	t.Logf("the last call that succeeded began %s after a revocation", latest)
}

// revokedUnderLoad gives how long after the revocation the last successful call began, 0 where none did.
func revokedUnderLoad(signIn func() *instance.Client, of revocation) (time.Duration, error) {
	var clients []*instance.Client
	for range 5 {
		clients = append(clients, signIn())
	}
	var revoked atomic.Int64 // the clock when the revoking call had returned
	began := time.Now()
	calling, failed := make(chan struct{}, callers), make(chan error, callers)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var latest time.Duration
	for n := range callers {
		c := clients[n%len(clients)]
		wait.Add(1)
		go func() {
			defer wait.Done()
			said := false
			for {
				at := time.Since(began)
				r, err := c.Try(of.method, of.path, of.body)
				if err != nil {
					failed <- err
					return
				}
				if r.Status != 200 && r.Status != 201 {
					if revoked.Load() == 0 && !said {
						failed <- fmt.Errorf("before the revocation a call answers %d: %s", r.Status, r.Body)
					}
					return
				}
				if !said {
					said = true
					calling <- struct{}{}
				}
				if since := at - time.Duration(revoked.Load()); revoked.Load() != 0 && since > 0 {
					mu.Lock()
					latest = max(latest, since)
					mu.Unlock()
					if since > revokedWithin {
						failed <- fmt.Errorf("a call that began %s after the revocation answers %d", since, r.Status)
						return
					}
				}
			}
		}()
	}
	for range callers {
		select {
		case <-calling:
		case err := <-failed:
			of.revoke()
			return 0, err
		}
	}
	of.revoke()
	revoked.Store(int64(time.Since(began)))
	wait.Wait()
	select {
	case err := <-failed:
		return latest, err
	default:
		return latest, nil
	}
}
