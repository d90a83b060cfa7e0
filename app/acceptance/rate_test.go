package acceptance

import (
	"strconv"
	"testing"
)

func TestAPersonIsSlowedAndTheOthersAreNot(t *testing.T) {
	t.Parallel()
	i := start(t, "server.requests_per_minute=10")
	editor, viewer := i.as("editor@acme"), i.as("viewer@acme")
	for n := range 10 {
		answer := editor.call("GET", "assets", nil)
		editor.must(answer, 200, nil)
		if left := answer.header.Get("RateLimit-Remaining"); left != strconv.Itoa(9-n) || answer.header.Get("RateLimit-Limit") != "10" || answer.header.Get("RateLimit-Reset") == "" {
			t.Errorf("request %d says %s left: %v", n, left, answer.header)
		}
	}
	refused := editor.call("GET", "assets", nil)
	wait, err := strconv.Atoi(refused.header.Get("Retry-After"))
	if refused.status != 429 || refused.code() != "RATE_LIMITED" || err != nil || wait < 1 || wait > 6 || refused.header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("the request too many answers %d, %v: %s", refused.status, refused.header, refused.body)
	}
	viewer.must(viewer.call("GET", "assets", nil), 200, nil)
}
