package flow

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestADraftIsTriedByACall(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	owner.Must(owner.Call("POST", "secrets", map[string]any{"name": "KEY", "value": "a-secret-of-more-than-24-bytes"}), 201, nil)
	var w struct{ ID string }
	owner.Must(owner.Call("POST", "workflows", map[string]any{"name": "New", "connections": []any{}, "nodes": []any{
		instance.Node("hook", "trigger.webhook", map[string]any{"path": "new", "auth": "header", "secret": "KEY", "respond": "at_end"})}}), 201, &w)
	stranger := &instance.Client{Instance: i}
	const address = "/hooks-test/acme/new"
	if got := stranger.Call("POST", address, `{"a":1}`); got.Status != 404 || !strings.Contains(string(got.Body), "No draft listens") {
		t.Errorf("before anybody listens it answers %d %s", got.Status, got.Body)
	}
	for _, other := range []string{"viewer@acme", "owner@umbrella"} {
		if got := i.As(other).Call("POST", "workflows/"+w.ID+"/listen", nil); got.Status != 403 && got.Status != 404 {
			t.Errorf("%s is answered %d", other, got.Status)
		}
	}
	var at []struct{ Path string }
	owner.Must(owner.Call("POST", "workflows/"+w.ID+"/listen", nil), 200, &at)
	if len(at) != 1 || !strings.HasSuffix(at[0].Path, "/new") {
		t.Fatalf("it listens at %v", at)
	}
	if page := string(owner.Call("GET", "/workflows/"+w.ID, nil).Body); !strings.Contains(page, at[0].Path) {
		t.Error("the page doesn't show where the draft listens")
	}
	if got := stranger.Call("POST", address, `{"a":1}`); got.Status != 401 {
		t.Errorf("a call without the secret answers %d", got.Status)
	}
	call := func() instance.Reply {
		return stranger.Call("POST", at[0].Path, `{"a":1}`, "X-Api-Key", "a-secret-of-more-than-24-bytes")
	}
	if got := call(); got.Status != 200 || !strings.Contains(string(got.Body), `"body":{"a":1}`) {
		t.Errorf("the call answers %d %s", got.Status, got.Body)
	}
	if got := call(); got.Status != 404 {
		t.Errorf("a second call answers %d", got.Status)
	}
	if got := stranger.Call("POST", "/hooks/acme/new", `{}`); got.Status != 404 {
		t.Errorf("the address of the draft that was never published answers %d", got.Status)
	}
}
