package safety

import (
	"strconv"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestAPersonIsSlowedAndTheOthersAreNot(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "server.requests_per_minute=10")
	editor, viewer := i.As("editor@acme"), i.As("viewer@acme")
	for n := range 10 {
		answer := editor.Call("GET", "assets", nil)
		editor.Must(answer, 200, nil)
		left := answer.Header.Get("RateLimit-Remaining")
		if left != strconv.Itoa(9-n) || answer.Header.Get("RateLimit-Limit") != "10" || answer.Header.Get("RateLimit-Reset") == "" {
			t.Errorf("request %d says %s left: %v", n, left, answer.Header)
		}
	}
	refused := editor.Call("GET", "assets", nil)
	wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
	if refused.Status != 429 || refused.Code() != "RATE_LIMITED" || err != nil || wait < 1 || wait > 6 ||
		refused.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("the request too many answers %d, %v: %s", refused.Status, refused.Header, refused.Body)
	}
	viewer.Must(viewer.Call("GET", "assets", nil), 200, nil)
}

// TestAWebhookIsCalledSoOften: one that is called without end leaves the others what they may have.
func TestAWebhookIsCalledSoOften(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "engine.hook_calls_per_minute=10")
	owner, theirs, caller := i.As("owner@acme"), i.As("owner@umbrella"), &instance.Client{Instance: i}
	mine, other := owner.PublishHook("acme"), theirs.PublishHook("umbrella")
	owner.Publish("Guarded", []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": "guarded", "auth": "none"}),
		instance.Node("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": "1"}}})},
		instance.Chain("hook", "mark"))
	const calls = 80 // more than the organization has for all of its webhooks
	count := func(address string) (taken int) {
		for range calls {
			switch r := caller.Call("POST", address, map[string]any{}); r.Status {
			case 202:
				taken++
			case 429:
				if r.Header.Get("Retry-After") == "" || r.Code() != "RATE_LIMITED" {
					t.Errorf("a call too many answers %v %s", r.Header, r.Body)
				}
			default:
				t.Errorf("%s answers %d %s", address, r.Status, r.Body)
			}
		}
		return taken
	}
	for _, address := range []string{mine, other, "/hooks/acme/guarded"} {
		// The first takes nothing from the next, however often it is called; and the bucket fills while the test runs.
		if taken := count(address); taken < 10 || taken > calls/2 {
			t.Errorf("%s takes %d of %d calls at a bound of 10", address, taken, calls)
		}
	}
}
