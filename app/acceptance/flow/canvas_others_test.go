package flow

import (
	"fmt"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// Who has the editor open is seen by the others until they leave, and what they do shows by itself.
func TestEditorsSeeEachOther(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Together", []any{instance.Node("start", "trigger.manual", nil)}, nil)
	for who, status := range map[string]int{"viewer@acme": 403, "editor@umbrella": 404} {
		if answer := i.As(who).Call("GET", "workflows/"+workflow+"/editors/stream", nil); answer.Status != status {
			t.Errorf("%s is answered by %d", who, answer.Status)
		}
	}
	first, second := i.Enter(t, "editor@acme"), i.Enter(t, "owner@acme")
	first.Open("/workflows/" + workflow + "/edit")
	cards(first, 1)
	second.Open("/workflows/" + workflow + "/edit")
	first.Wait(`document.querySelector(".others")?.textContent.includes("Ada Acme")`)
	second.Wait(`document.querySelector(".others")?.textContent.includes("editor of acme")`)
	instance.LookTwice(first, "canvas-others")
	second.Press("n")
	add(second, "set fields", 2)
	cards(first, 2)
	second.Open("/workflows")
	first.Wait(`!document.querySelector(".others")`)
}

// Of a large workflow only what is seen is drawn, from the first moment on.
func TestOfALargeWorkflowWhatIsSeenIsDrawn(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Large", []any{instance.Node("n0", "trigger.manual", nil)}, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 1)
	browsertest.Evaluate[bool](page, `(() => {
		window.drawn = 0
		new MutationObserver(changes => {
			for (const {addedNodes} of changes) for (const one of addedNodes) if (one.querySelector?.(".card") || one.matches?.(".card")) window.drawn++
		}).observe(document.querySelector(".board"), {childList: true, subtree: true})
		return true
	})()`)
	nodes, links := []any{instance.Node("n0", "trigger.manual", nil)}, []any{}
	for n := 1; n < 500; n++ {
		at := map[string]any{"position": map[string]int{"x": n / 10 * 288, "y": n % 10 * 120}}
		nodes = append(nodes, instance.Node(fmt.Sprint("n", n), "pass", nil, at))
		links = append(links, instance.Link(fmt.Sprint("n", n/2), "main", fmt.Sprint("n", n)))
	}
	c.Must(c.Call("PATCH", "workflows/"+workflow, map[string]any{"nodes": nodes, "connections": links}), 200, nil)
	page.Wait(`document.querySelectorAll(".board .card").length > 10`)
	page.Wait(`document.querySelectorAll(".react-flow__minimap-node").length === 500`)
	if drawn := browsertest.Evaluate[int](page, `window.drawn`); drawn > 150 {
		t.Errorf("%d cards were drawn of 500", drawn)
	}
}
