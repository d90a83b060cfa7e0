package flow

import (
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

func TestAChatIsNotified(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.StartBinary(t, peer.Allow())
	owner := i.As("owner@acme")
	address := peer.URL + "/services/T0/B0/hidden"
	owner.Must(owner.Call("POST", "secrets", map[string]string{"name": "CHAT", "value": address}), 201, nil)
	c := i.As("editor@acme")
	workflow := c.Publish("Tell", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("tell", "notify", map[string]any{"service": "slack", "address": "{{ $secrets.CHAT }}", "title": "Order {{ $json.id }}",
			"text": "**{{ $json.id }}** is paid", "colour": "green"})}, instance.Chain("start", "tell"))
	e := c.Run(workflow, map[string]any{"id": "7"})
	calls := peer.Seen()
	if e.Status != "succeeded" || len(calls) != 1 || calls[0].Path != "/services/T0/B0/hidden" ||
		!strings.Contains(calls[0].Body, `"text":"*7* is paid"`) || !strings.Contains(calls[0].Body, `"title":"Order 7"`) {
		t.Errorf("the execution is %s: %+v, and the chat was told %+v", e.Status, e.Error, calls)
	}
	peer.Mu.Lock()
	peer.Status = 403
	peer.Mu.Unlock()
	if e = c.Run(workflow, nil); e.Status != "failed" || !strings.Contains(e.Error.Message, "403") {
		t.Errorf("a refusal makes it %s: %+v", e.Status, e.Error)
	}
	if shown := string(c.Call("GET", "executions/"+e.ID, nil).Body); strings.Contains(shown, "hidden") {
		t.Errorf("the execution shows the address: %s", shown)
	}
}
