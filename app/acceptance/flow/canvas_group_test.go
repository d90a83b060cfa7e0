package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// place is where a node of a draft stands.
func place(d drawn, id string) struct{ X, Y int } {
	at := slices.IndexFunc(d.Nodes, func(n drawnNode) bool { return n.ID == id })
	if at < 0 {
		return struct{ X, Y int }{-1, -1}
	}
	return d.Nodes[at].Position
}

// A group is a frame that takes along what lies in it, by key and by pointer, and leaves it when it goes.
func TestNodesAreGrouped(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	at := func(x int) map[string]any { return map[string]any{"position": map[string]int{"x": x}} }
	workflow := c.Publish("Grouped", []any{instance.Node("start", "trigger.manual", nil), instance.Node("one", "set", nil, at(288)),
		instance.Node("two", "set", nil, at(576)), instance.Node("out", "set", nil, at(1152))}, instance.Chain("start", "one", "two", "out"))
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 4)
	page.Press("ArrowRight", "ArrowRight", "Ctrl+ArrowRight")
	page.Wait(`document.querySelectorAll(".card.selected").length === 2`)
	page.Press("Ctrl+g")
	page.Wait(`document.querySelector(".frame.selected")`)
	page.Press("Enter")
	page.Wait(`document.activeElement.name === "nodes.0.name"`)
	page.Fill("Name", "Shaping")
	page.Press("Escape")
	page.WaitText("Shaping")
	page.Click("button", "Colour: blue")
	page.Wait(`document.querySelector(".frame.colour-2")`)
	width := func() float64 {
		for _, n := range stored(c, page, workflow).Nodes {
			if n.ID == "group" {
				return n.Config["width"].(float64)
			}
		}
		return 0
	}
	was := width()
	page.Drag(".corner", "", 80, 40)
	page.Wait(`document.querySelector("[data-shows=saved]").textContent !== "Saved"`)
	if is := width(); is <= was {
		t.Errorf("a group that was drawn larger is %v wide and was %v", is, was)
	}
	page.Press("Ctrl+z")
	instance.LookTwice(page, "canvas-group")
	before := stored(c, page, workflow)
	browsertest.Evaluate[bool](page, `document.querySelector(".board").focus(), true`)
	page.Press("Shift+ArrowDown", "Shift+ArrowDown")
	page.Drag(`.frame-title`, "", 40, 80)
	moved := stored(c, page, workflow)
	for _, id := range []string{"group", "one", "two"} {
		was, is := place(before, id), place(moved, id)
		if is.X <= was.X || is.Y <= was.Y+16 || is.Y-was.Y != place(moved, "group").Y-place(before, "group").Y {
			t.Errorf("%s was at %v and is at %v, with the group from %v to %v", id, was, is, place(before, "group"), place(moved, "group"))
		}
	}
	if place(before, "out") != place(moved, "out") {
		t.Error("what lies outside moves too")
	}
	page.Press("Ctrl+d")
	cards(page, 6)
	if d := stored(c, page, workflow); !slices.Contains(d.wires(), "one_2 main two_2") || place(d, "group_2").X < 0 {
		t.Errorf("a duplicated group leaves %q and %+v", d.wires(), d.Nodes)
	}
	page.Press("Ctrl+z")
	cards(page, 4)
	page.Click("group", "one, Set fields")
	page.Press("Escape", "n")
	page.Fill("Add a node", "set fields")
	page.Press("Enter")
	cards(page, 5)
	d := stored(c, page, workflow)
	inside := func(id string) bool {
		frame := place(d, "group")
		at := slices.IndexFunc(d.Nodes, func(n drawnNode) bool { return n.ID == "group" })
		return place(d, id).X > frame.X && float64(place(d, id).X+208) < float64(frame.X)+d.Nodes[at].Config["width"].(float64)
	}
	if !inside("set") || !inside("two") || inside("out") {
		t.Errorf("a node that is added in a group stands outside: %+v", d.Nodes)
	}
	page.Click("button", "Zoom out")
	choose := func() {
		browsertest.Evaluate[bool](page, `document.querySelector(".frame-title").click(), true`)
		page.Wait(`document.querySelector(".frame.selected")`)
		page.Press("Escape")
	}
	choose()
	page.Press("Ctrl+g", "t") // a group of the group, which goes round it in any order
	page.Wait(`document.querySelectorAll(".frame").length === 2`)
	if d := stored(c, page, workflow); place(d, "group_2").X >= place(d, "group").X || place(d, "group_2").Y >= place(d, "group").Y {
		t.Errorf("the outer group begins at %v and the inner one at %v", place(d, "group_2"), place(d, "group"))
	}
	page.Press("Ctrl+z", "Ctrl+z")
	page.Wait(`document.querySelectorAll(".frame").length === 1`)
	choose()
	page.Click("button", "Ungroup")
	page.Wait(fmt.Sprintf(`!document.querySelector(".frame") && document.querySelectorAll(".card.selected").length === %d`, 3))
	cards(page, 5)
	page.Press("Ctrl+z")
	page.Wait(`document.querySelector(".frame")`)
	stored(c, page, workflow)
	// It goes wherever the draft goes, and nothing but its title and colour is a change.
	c.Must(c.Call("POST", "workflows/"+workflow+"/publish", nil), 200, nil)
	page.Drag(`.frame-title`, "", 0, 24)
	stored(c, page, workflow)
	var differs struct{ Nodes []json.RawMessage }
	c.Must(c.Call("GET", "workflows/"+workflow+"/diff?from=2&to=draft", nil), 200, &differs)
	if len(differs.Nodes) != 0 {
		t.Errorf("a group that moved differs in %s", differs.Nodes)
	}
	var exported map[string]any
	c.Must(c.Call("GET", "workflows/"+workflow+"/export", nil), 200, &exported)
	var made struct{ ID string }
	c.Must(c.Call("POST", "workflows/import", exported), 201, &made)
	var again drawn
	c.Must(c.Call("GET", "workflows/"+made.ID, nil), 200, &again)
	if place(again, "group").X < 0 {
		t.Error("the group is lost on the way out and in")
	}
	page.Open("/workflows/" + workflow + "/versions/2")
	page.Wait(`document.querySelector(".frame.added")`)
	page.Screenshot("canvas-group-version")
}
