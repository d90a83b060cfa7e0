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
		if left := answer.Header.Get("RateLimit-Remaining"); left != strconv.Itoa(9-n) || answer.Header.Get("RateLimit-Limit") != "10" || answer.Header.Get("RateLimit-Reset") == "" {
			t.Errorf("request %d says %s left: %v", n, left, answer.Header)
		}
	}
	refused := editor.Call("GET", "assets", nil)
	wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
	if refused.Status != 429 || refused.Code() != "RATE_LIMITED" || err != nil || wait < 1 || wait > 6 || refused.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("the request too many answers %d, %v: %s", refused.Status, refused.Header, refused.Body)
	}
	viewer.Must(viewer.Call("GET", "assets", nil), 200, nil)
}
