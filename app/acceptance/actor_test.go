package acceptance

import (
	"strings"
	"testing"
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
