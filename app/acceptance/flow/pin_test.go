package flow

import (
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// What a node put out once stands for its output when the draft is tried, without another call.
func TestOutputsArePinned(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	workflow := c.Publish("Orders", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL})}, instance.Chain("start", "call"))
	first := c.Run(workflow, nil)
	if first.Status != "succeeded" {
		t.Fatalf("it is %s", first.Status)
	}
	page := i.Enter(t, "editor@acme")
	page.Open("/executions/" + first.ID + "?step=call&run=0")
	page.Click("button", "Pin its output")
	page.WaitPath("/workflows/" + workflow + "/edit")
	again := c.Execute(workflow, map[string]any{"draft": true})
	if again.Status != "succeeded" || string(again.Output) != string(first.Output) {
		t.Errorf("with the pinned output it ends with %s and %s", again.Status, again.Output)
	}
	peer.Mu.Lock()
	defer peer.Mu.Unlock()
	if len(peer.Calls) != 1 {
		t.Errorf("the service was called %d times", len(peer.Calls))
	}
}
