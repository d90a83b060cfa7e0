package flow

import (
	"encoding/json"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestVersionsAreComparedAndRestored(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	named := func(name string) []any {
		return []any{instance.Node("start", "trigger.manual", nil), instance.Node("greet", "set", map[string]any{
			"assignments": []any{map[string]any{"name": name, "value": "hello"}}})}
	}
	workflow := c.Publish("Greeting", named("first"), instance.Chain("start", "greet"))
	path := "workflows/" + workflow
	read := func(path string) string {
		answer := c.Call("GET", path, nil)
		if answer.Status != 200 {
			t.Errorf("%s answers %d %s", path, answer.Status, answer.Body)
		}
		return string(answer.Body)
	}
	change := func(name string) {
		nodes, _ := json.Marshal(named(name))
		c.Expect(200, "PATCH", path, map[string]any{"nodes": json.RawMessage(nodes)})
	}
	change("second")
	c.Expect(200, "POST", path+"/publish", map[string]string{"note": "Greets otherwise"})
	if list := read(path + "/versions"); !strings.Contains(list, `"note":"Greets otherwise","changes":1`) {
		t.Errorf("the versions are %s", list)
	}
	change("third")
	for query, want := range map[string]string{"from=1&to=2": `"second"`, "from=2&to=draft": `"third"`, "from=0&to=1": `"added"`} {
		if got := read(path + "/diff?" + query); !strings.Contains(got, want) {
			t.Errorf("%s differs by %s", query, got)
		}
	}
	c.Expect(404, "GET", path+"/diff?from=1&to=7", nil)
	c.Expect(422, "GET", path+"/diff?from=-1&to=draft", nil)
	c.Expect(409, "POST", path+"/versions/1/restore", nil)

	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow)
	page.Click("link", "Version 2")
	page.WaitText("Greets otherwise")
	page.Click("link", "Version 1")
	page.WaitText("Compare with")
	page.Click("link", "Draft")
	page.WaitText("Changes from version 1 to draft")
	page.Click("button", "Make it the draft")
	page.WaitText("They are lost.")
	page.Click("button", "Replace the draft")
	page.WaitPath("/workflows/" + workflow)
	if draft := read(path); !strings.Contains(draft, `"first"`) {
		t.Errorf("the draft is %s", draft)
	}
	shown := browsertest.Evaluate[string](page, "document.querySelector('main').textContent")
	if !strings.Contains(shown, "ahead of version 2") {
		t.Errorf("the page says %s", shown)
	}
}
