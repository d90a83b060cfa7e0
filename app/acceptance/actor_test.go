package acceptance

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// An execution that acts for somebody asks before each effect whether they may still act.
func TestAnExecutionStopsWithWhoeverStartedIt(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	operator, editor := i.as("owner@acme"), i.as("editor@acme")
	workflow := editor.publish("Two calls", []any{
		n("start", "trigger.manual", nil),
		n("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}),
		n("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"}),
	}, []any{link("start", "main", "first"), link("first", "main", "second")})
	membership, path := operator.members()["editor"].ID, "users/"+editor.id()
	for name, of := range map[string][2]func(){
		"suspended": {func() { operator.must(operator.call("POST", path+"/suspend", nil), 200, nil) }, func() { operator.must(operator.call("POST", path+"/activate", nil), 200, nil) }},
		"suspended in the organization": {func() { operator.must(operator.call("POST", "memberships/"+membership+"/suspend", nil), 200, nil) },
			func() { operator.must(operator.call("POST", "memberships/"+membership+"/activate", nil), 200, nil) }},
		"made a viewer": {func() {
			operator.must(operator.call("PATCH", "memberships/"+membership, map[string]string{"role": "viewer"}), 200, nil)
		}, func() {
			operator.must(operator.call("PATCH", "memberships/"+membership, map[string]string{"role": "editor"}), 200, nil)
		}},
	} {
		peer.mu.Lock()
		peer.calls = nil
		peer.before = func(call) { of[0]() } // while the first call is under way
		peer.mu.Unlock()
		var started struct{ ID string }
		editor = i.as("editor@acme")
		editor.must(editor.call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &started)
		e := operator.finished(started.ID)
		if calls := peer.seen(); len(calls) != 1 || e.Status != "failed" || e.Error == nil || e.Error.Code != "ACTOR_GONE" || !strings.Contains(e.Error.Message, "may not act here any more") {
			t.Errorf("%s: the execution is %s with %+v after %d calls", name, e.Status, e.Error, len(calls))
		}
		of[1]()
	}
	peer.mu.Lock()
	peer.before = nil
	peer.mu.Unlock()
	if e := i.as("editor@acme").run(workflow, nil); e.Status != "succeeded" {
		t.Errorf("with the role again it is %s: %+v", e.Status, e.Error)
	}
}

// Whoever watches an execution stops seeing it when their account is closed, while it goes on.
func TestTheStreamOfAnExecutionEndsWithItsReader(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	operator, viewer := i.as("owner@acme"), i.as("viewer@acme")
	workflow := operator.publish("A slow call", []any{n("start", "trigger.manual", nil), n("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/slow"})}, []any{link("start", "main", "call")})
	called, goOn := make(chan struct{}), make(chan struct{})
	peer.before = func(call) {
		close(called)
		<-goOn
	}
	var started struct{ ID string }
	operator.must(operator.call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &started)
	<-called
	path := "executions/" + started.ID + "/stream"
	stream := viewer.stream(path)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(i.url, "http")+address(path), &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + viewer.token}}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for {
			if _, _, err := socket.Read(ctx); err != nil {
				return
			}
		}
	}()
	operator.must(operator.call("POST", "users/"+viewer.id()+"/suspend", nil), 200, nil)
	endsWithin(t, stream, time.Second)
	endsWithin(t, closed, time.Second)
	close(goOn)
	if e := operator.finished(started.ID); e.Status != "succeeded" {
		t.Errorf("the execution is %s: %+v", e.Status, e.Error)
	}
}
