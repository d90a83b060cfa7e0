package flow

import (
	"fmt"
	"net/url"
	"testing"

	"zygo/app/acceptance/instance"
)

// A list is worked through in rounds, and the page shows each run of a node, of very many the first and the last.
func TestRoundsAreShownOneByOne(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	back := instance.Link("double", "main", "both")
	back["to_input"] = "1"
	workflow := c.Publish("Rounds", []any{
		instance.Node("start", "trigger.manual", nil),
		instance.Node("each", "loop", map[string]any{"size": 2}),
		instance.Node("double", "set", map[string]any{"keep": "none", "assignments": []any{
			map[string]any{"name": "n", "type": "number", "value": "{{ $json.n * 2 }}"}}}),
		instance.Node("both", "merge", nil),
	}, []any{instance.Link("start", "main", "each"), instance.Link("each", "loop", "double"), back, instance.Link("both", "main", "each")})
	var items []any
	for n := range 200 {
		items = append(items, map[string]any{"n": n})
	}
	e := c.Run(workflow, items)
	if e.Status != "succeeded" || len(e.Nodes) != 1+100*3+1 {
		t.Fatalf("the execution is %s after %d steps: %+v", e.Status, len(e.Nodes), e.Error)
	}
	page := i.Enter(t, "editor@acme")
	page.Open("/executions/" + e.ID)
	page.WaitText("102 more steps") // 302 without the first 50 and the last 150
	page.Open("/executions/" + e.ID + "?" + url.Values{"step": {"double"}, "run": {"3"}}.Encode())
	page.WaitText("4 of 100")
	page.WaitText(fmt.Sprintf(`"n": %d`, 2*7)) // the second item of the fourth round
	page.ExpectAccessible("a round")
}
