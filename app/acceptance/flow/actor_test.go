package flow

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// An execution that acts for somebody asks before each effect whether they may still act.
func TestAnExecutionStopsWithWhoeverStartedIt(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	operator, editor := i.As("owner@acme"), i.As("editor@acme")
	workflow := editor.Publish("Two calls", []any{
		instance.Node("start", "trigger.manual", nil),
		instance.Node("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}),
		instance.Node("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"}),
	}, []any{instance.Link("start", "main", "first"), instance.Link("first", "main", "second")})
	membership, path := operator.Members()["editor"].ID, "users/"+editor.UserID()
	for name, of := range map[string][2]func(){
		"suspended": {func() { operator.Must(operator.Call("POST", path+"/suspend", nil), 200, nil) },
			func() { operator.Must(operator.Call("POST", path+"/activate", nil), 200, nil) }},
		"suspended in the organization": {
			func() { operator.Must(operator.Call("POST", "memberships/"+membership+"/suspend", nil), 200, nil) },
			func() { operator.Must(operator.Call("POST", "memberships/"+membership+"/activate", nil), 200, nil) }},
		"made a viewer": {func() {
			operator.Must(operator.Call("PATCH", "memberships/"+membership, map[string]string{"role": "viewer"}), 200, nil)
		}, func() {
			operator.Must(operator.Call("PATCH", "memberships/"+membership, map[string]string{"role": "editor"}), 200, nil)
		}},
	} {
		peer.Mu.Lock()
		peer.Calls = nil
		peer.Before = func(counterpart.Call) { of[0]() } // while the first call is under way
		peer.Mu.Unlock()
		var started struct{ ID string }
		editor = i.As("editor@acme")
		editor.Must(editor.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &started)
		e := operator.Finished(started.ID)
		calls := peer.Seen()
		if len(calls) != 1 || e.Status != "failed" || e.Error == nil || e.Error.Code != "ACTOR_GONE" ||
			!strings.Contains(e.Error.Message, "may not act here any more") {
			t.Errorf("%s: the execution is %s with %+v after %d calls", name, e.Status, e.Error, len(calls))
		}
		of[1]()
	}
	peer.Mu.Lock()
	peer.Before = nil
	peer.Mu.Unlock()
	if e := i.As("editor@acme").Run(workflow, nil); e.Status != "succeeded" {
		t.Errorf("with the role again it is %s: %+v", e.Status, e.Error)
	}
}

// Anyone who watches an execution stops seeing it when their account is closed, while it goes on.
func TestTheStreamOfAnExecutionEndsWithItsReader(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	operator, viewer := i.As("owner@acme"), i.As("viewer@acme")
	workflow := operator.Publish("A slow call", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/slow"})}, []any{
		instance.Link("start", "main", "call")})
	called, goOn := make(chan struct{}), make(chan struct{})
	peer.Before = func(counterpart.Call) {
		close(called)
		<-goOn
	}
	var started struct{ ID string }
	operator.Must(operator.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &started)
	<-called
	path := "executions/" + started.ID + "/stream"
	stream := viewer.Stream(path)
	ctx, cancel := context.WithTimeout(t.Context(), instance.Patience)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(i.URL, "http")+instance.Address(path), &websocket.DialOptions{
		HTTPHeader: http.Header{"Authorization": {"Bearer " + viewer.Token}}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	closed := make(chan int, 1)
	go func() {
		began := time.Now()
		for {
			if _, _, err := socket.Read(ctx); err != nil {
				closed <- int(time.Since(began) / (5 * time.Second))
				return
			}
		}
	}()
	operator.Must(operator.Call("POST", "users/"+viewer.UserID()+"/suspend", nil), 200, nil)
	instance.ExpectEnd(t, stream)
	instance.ExpectEnd(t, closed)
	close(goOn)
	if e := operator.Finished(started.ID); e.Status != "succeeded" {
		t.Errorf("the execution is %s: %+v", e.Status, e.Error)
	}
}
