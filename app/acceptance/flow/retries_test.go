package flow

import (
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

func TestSelectedExecutionsAreRunAgain(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	peer.Status = 400
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	workflow := c.Publish("Orders", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL})}, instance.Chain("start", "call"))
	first, second := c.Run(workflow, nil), c.Run(workflow, nil)
	if first.Status != "failed" || second.Status != "failed" {
		t.Fatalf("they are %s and %s", first.Status, second.Status)
	}
	peer.Mu.Lock()
	peer.Status = 200
	peer.Mu.Unlock()
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/executions")
	page.Wait(`document.querySelectorAll("main table[data-rows] tbody input[type=checkbox]").length == 2`)
	page.Wait(`(document.querySelectorAll("main table[data-rows] tbody input[type=checkbox]").forEach(box => box.click()), true)`)
	page.Click("button", "Retry with the same version")
	page.WaitPath("/executions")
	page.WaitText("(run again)")
	for _, id := range []string{first.ID, second.ID} {
		var row struct {
			RetriedBy string `json:"retried_by"`
		}
		c.Must(c.Call("GET", "executions/"+id, nil), 200, &row)
		if again := c.Finished(row.RetriedBy); again.Status != "succeeded" {
			t.Errorf("the retry of %s is %s", id, again.Status)
		}
	}
	var answer struct{ Executions []struct{ ID string } }
	c.Must(c.Call("POST", "executions/bulk-retry", map[string]any{"workflow_id": workflow}), 200, &answer)
	if len(answer.Executions) != 0 {
		t.Errorf("what was run again runs once more: %+v", answer)
	}
	if refused := i.As("viewer@acme").Call("POST", "executions/bulk-retry", map[string]any{}); refused.Status != 403 {
		t.Errorf("a viewer is answered %d", refused.Status)
	}
}
