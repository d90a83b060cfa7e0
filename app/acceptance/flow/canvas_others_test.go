package flow

import (
	"testing"

	"zygo/app/acceptance/instance"
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
