package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// drawn is a draft as the API has it.
type drawn struct {
	Version     int
	Nodes       []drawnNode
	Connections []struct {
		From   string `json:"from_node"`
		Output string `json:"from_output"`
		To     string `json:"to_node"`
	}
}

type drawnNode struct {
	ID, Type, Name string
	Disabled       bool
	Position       struct{ X, Y int }
	Config         map[string]any
}

// wires are the connections in words, sorted.
func (d drawn) wires() (all []string) {
	for _, c := range d.Connections {
		all = append(all, c.From+" "+c.Output+" "+c.To)
	}
	slices.Sort(all)
	return all
}

func emptyWorkflow(c *instance.Client, name string) string {
	var made struct{ ID string }
	c.Must(c.Call("POST", "workflows", map[string]any{"name": name}), 201, &made)
	return made.ID
}

// stored waits until the canvas says that it is saved, and gives what is.
func stored(c *instance.Client, page *browsertest.Page, workflow string) drawn {
	page.Wait(`document.querySelector("[data-shows=saved]").textContent === "Saved"`)
	var d drawn
	c.Must(c.Call("GET", "workflows/"+workflow, nil), 200, &d)
	return d
}

func cards(page *browsertest.Page, count int) {
	page.Wait(fmt.Sprintf(`document.querySelectorAll(".board .card").length === %d`, count))
}

// exampleWires are those of the workflow that people draw in these tests.
var exampleWires = []string{"approval approved email", "email main loop", "http main if", "if true approval", "loop loop http", "webhook main loop"}

// add chooses a node type in the open palette.
func add(page *browsertest.Page, words string, count int) {
	page.Fill("Add a node", words)
	page.Press("Enter")
	cards(page, count)
}

func TestAWorkflowIsDrawnWithTheMouse(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	c := i.As("editor@acme")
	workflow := emptyWorkflow(c, "Drawn")
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	page.Click("button", "Add first step Choose what starts this workflow, or press N.")
	add(page, "webhook", 1)
	for n, step := range []struct{ after, words string }{
		{"Webhook", "loop"}, {"Loop, loop", "http"}, {"HTTP request", "condition"}, {"Condition, true", "approval"},
		{"Approval, approved", "email"},
	} {
		page.Click("button", "Add a node after "+step.after)
		add(page, step.words, n+2)
	}
	page.Click("button", "Show everything")
	page.Drag(`[data-nodeid="email"].source`, `[data-nodeid="loop"].target`, 0, 0)
	page.Wait(`document.querySelectorAll(".board .wire").length === 6`)
	if d := stored(c, page, workflow); !slices.Equal(d.wires(), exampleWires) {
		t.Errorf("the draft has the connections %q", d.wires())
	}
	page.Drag(`[data-nodeid="if"][data-handleid="false"]`, `[data-nodeid="http"].target`, 0, 0)
	page.WaitText("That would make a circle that never ends.")
	page.Click("button", "Close")
	page.Drag(`[data-nodeid="if"][data-handleid="false"]`, "", 120, 160)
	add(page, "stop", 7)
	before := stored(c, page, workflow)
	if !slices.Contains(before.wires(), "if false stop") {
		t.Errorf("an edge that is dropped on nothing leaves %q", before.wires())
	}
	page.Drag(`#node-stop .words b`, "", 0, 80)
	page.Wait(`document.querySelector("[data-shows=saved]").textContent !== "Saved"`)
	after := stored(c, page, workflow)
	if was, is := before.Nodes[6].Position, after.Nodes[6].Position; is.Y <= was.Y {
		t.Errorf("a node that was dragged from %v is at %v", was, is)
	}
	page.Click("button", "Insert a node between Webhook and Loop")
	add(page, "set fields", 8)
	if d := stored(c, page, workflow); !slices.Contains(d.wires(), "webhook main set") || !slices.Contains(d.wires(), "set main loop") {
		t.Errorf("a node that is put on an edge leaves %q", d.wires())
	}
	page.Press("Delete")
	cards(page, 7)
	if d := stored(c, page, workflow); !slices.Contains(d.wires(), "webhook main loop") {
		t.Errorf("without the node on the edge there are %q", d.wires())
	}
}

func TestAWorkflowIsDrawnWithTheKeyboard(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	c := i.As("editor@acme")
	workflow := emptyWorkflow(c, "Typed")
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	for n, words := range []string{"webhook", "loop", "http", "condition", "approval", "email"} {
		page.Press("n")
		page.Wait(`document.activeElement.matches(".node-palette input")`)
		page.Press(words, "Enter")
		cards(page, n+1)
	}
	page.Press("c")
	page.Wait(`document.activeElement.matches(".node-palette input")`)
	page.Press("loop", "Enter")
	page.Wait(`document.querySelectorAll(".board .wire").length === 6`)
	if d := stored(c, page, workflow); !slices.Equal(d.wires(), exampleWires) {
		t.Errorf("the draft has the connections %q", d.wires())
	}
	isSelected := func(id string) {
		t.Helper()
		page.Wait(fmt.Sprintf(`document.querySelector(".card.selected")?.id === "node-%s"`, id))
	}
	isSelected("email")
	page.Press("ArrowLeft", "ArrowLeft", "ArrowLeft")
	isSelected("http")
	page.Press("Enter")
	page.Wait(`document.activeElement.name === "nodes.0.name"`)
	page.Fill("Name", "Fetch the order")
	page.Press("Tab", "Tab")
	page.Fill("Address", "https://orders.test/{{ $json.id }}")
	page.Press("Escape")
	page.Wait(`document.activeElement.matches(".board")`)
	page.Wait(`document.querySelector("#node-http .line").textContent.includes("orders.test")`)
	page.Press("d")
	d := stored(c, page, workflow)
	if n := d.Nodes[2]; n.Name != "Fetch the order" || n.Config["url"] != "https://orders.test/{{ $json.id }}" || !n.Disabled {
		t.Errorf("after typing the node is %+v", n)
	}
	page.Press("ArrowLeft", "c")
	page.Wait(`document.activeElement.matches(".node-palette input")`)
	browsertest.Evaluate[bool](page, `(select => {
		select.value = "loop"
		return select.dispatchEvent(new Event("change", {bubbles: true}))
	})(document.querySelector(".palette-from select"))`)
	page.Press("fetch", "Enter")
	page.Wait(`document.querySelectorAll(".board .wire").length === 5`)
	page.Press("Ctrl+z")
	page.Wait(`document.querySelectorAll(".board .wire").length === 6`)
	page.Press("ArrowRight", "?")
	page.WaitText("Connect to another node")
	page.Press("Escape")
	page.Wait(`!document.querySelector("dialog[open]") && document.activeElement.matches(".board")`)
	page.Press("ArrowRight", "Delete")
	cards(page, 5)
	if d := stored(c, page, workflow); !slices.Contains(d.wires(), "http main approval") {
		t.Errorf("after the condition is deleted there are %q", d.wires())
	}
}

func TestEveryStepIsUndoneAndRedone(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := emptyWorkflow(c, "Undone")
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	for n, words := range []string{"webhook", "set fields", "email"} {
		page.Press("n")
		add(page, words, n+1)
	}
	page.Press("Shift+ArrowDown", "d", "ArrowLeft", "Enter")
	page.Fill("Name", "Shape it")
	page.Press("Escape")
	page.Wait(`document.querySelector("#node-set b").textContent === "Shape it"`)
	page.Press("Ctrl+d")
	cards(page, 4)
	page.Press("Delete")
	cards(page, 3)
	last := stored(c, page, workflow)
	for range 8 {
		page.Press("Ctrl+z")
	}
	cards(page, 0)
	page.WaitText("Add first step")
	if d := stored(c, page, workflow); len(d.Nodes)+len(d.Connections) != 0 {
		t.Errorf("when all is undone there is %+v", d)
	}
	for range 8 {
		page.Press("Ctrl+Shift+z")
	}
	cards(page, 3)
	again := stored(c, page, workflow)
	again.Version = last.Version
	if fmt.Sprint(again) != fmt.Sprint(last) {
		t.Errorf("when all is redone there is\n%+v, and was\n%+v", again, last)
	}
}

func TestAConflictOverwritesNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Shared", []any{instance.Node("start", "trigger.manual", nil)}, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 1)
	first := map[string]any{"nodes": []any{instance.Node("start", "trigger.manual", nil), instance.Node("early", "set", nil)}}
	c.Must(c.Call("PATCH", "workflows/"+workflow, first), 200, nil)
	page.Wait(`document.querySelector("#node-early")`) // who has nothing to lose sees what others do
	page.Press("Ctrl+z")
	cards(page, 1)
	stored(c, page, workflow)
	theirs := map[string]any{"nodes": []any{instance.Node("start", "trigger.manual", nil), instance.Node("theirs", "set", nil)}}
	conflict := func() drawn {
		// What the page sends waits, so that theirs comes first.
		browsertest.Evaluate[bool](page, `(() => {
			const send = window.fetch
			const gate = new Promise(resolve => { window.letGo = () => { window.fetch = send; resolve(); return true } })
			window.fetch = (...about) => gate.then(() => send(...about))
			return true
		})()`)
		page.Press("ArrowRight", "n")
		page.Fill("Add a node", "email")
		page.Press("Enter")
		page.Wait(`document.querySelector("#node-email")`)
		c.Must(c.Call("PATCH", "workflows/"+workflow, theirs), 200, nil)
		browsertest.Evaluate[bool](page, `window.letGo()`)
		page.WaitText("Somebody else changed this workflow while you did.")
		page.WaitText("Only here: theirs")
		page.WaitText("Only here: Send e-mail")
		var d drawn
		c.Must(c.Call("GET", "workflows/"+workflow, nil), 200, &d)
		if len(d.Nodes) != 2 || d.Nodes[1].ID != "theirs" {
			t.Errorf("while nobody has chosen, %+v is stored", d)
		}
		return d
	}
	conflict()
	page.ExpectAccessible("a conflict")
	page.ExpectContrast("a conflict")
	page.Screenshot("canvas-conflict")
	page.Click("button", "Take theirs")
	page.Wait(`document.querySelector("#node-theirs")`)
	page.WaitNoText("Somebody else changed")
	page.Press("Ctrl+z")
	page.Wait(`document.querySelector("#node-email")`)
	if d := stored(c, page, workflow); len(d.Nodes) != 2 || d.Nodes[1].ID != "email" {
		t.Errorf("a step back from theirs stores %+v", d)
	}
	page.Press("Ctrl+z")
	page.Wait(`document.querySelectorAll(".board .card").length === 1`)
	stored(c, page, workflow)
	conflict()
	page.Click("button", "Keep mine and store it")
	page.WaitNoText("Somebody else changed")
	if d := stored(c, page, workflow); len(d.Nodes) != 2 || d.Nodes[1].ID != "email" {
		t.Errorf("mine is kept, and %+v is stored", d)
	}
}

// The canvas is the heaviest page; no other one loads a part of it.
func TestTheCanvasIsLight(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := emptyWorkflow(c, "Weighed")
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	page.Press("n")
	page.Wait(`document.querySelector(".node-palette")?.open`)
	page.ExpectAccessible("the palette")
	page.ExpectContrast("the palette")
	add(page, "http request", 1)
	page.Press("Enter")
	page.Wait(`document.querySelector(".node-form")`)
	page.ExpectAccessible("the panel")
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.ExpectContrast("the panel in the dark")
	stored(c, page, workflow)
	page.Forget()
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 1)
	if weight := page.Weight(); weight.Bytes > 180<<10 || weight.Requests > 12 {
		t.Errorf("the canvas takes %d requests and %d bytes", weight.Requests, weight.Bytes)
	} else {
		t.Logf("the canvas takes %d requests and %d bytes", weight.Requests, weight.Bytes)
	}
	for _, path := range []string{"/workflows", "/workflows/" + workflow, "/workflows/" + workflow + "/edit?form=", "/dashboard"} {
		page.Open(path)
		loaded := browsertest.Evaluate[[]string](page, `performance.getEntriesByType("resource").map(one => one.name)`)
		if text, _ := json.Marshal(loaded); strings.Contains(string(text), "canvas") {
			t.Errorf("%s loads %s", path, text)
		}
	}
}

// The canvas of an execution and its list of steps choose together, without a new page.
// What is copied is JSON, so that it goes from one workflow to another; and what n8n's editor copies can be pasted too.
func TestNodesAreCopiedAndPasted(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Copied", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("shape", "set", nil, map[string]any{"position": map[string]int{"x": 288}})}, instance.Chain("start", "shape"))
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 2)
	page.Press("Ctrl+a")
	page.Wait(`document.querySelectorAll(".card.selected").length === 2`)
	copied := browsertest.Evaluate[string](page, `(() => {
		const data = new DataTransfer()
		document.body.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}))
		return data.getData("text/plain")
	})()`)
	var parts drawn
	if err := json.Unmarshal([]byte(copied), &parts); err != nil || len(parts.Nodes) != 2 || len(parts.Connections) != 1 {
		t.Fatalf("the clipboard holds %s", copied)
	}
	paste := func(text string) {
		encoded, _ := json.Marshal(text)
		browsertest.Evaluate[bool](page, fmt.Sprintf(`(() => {
			const data = new DataTransfer()
			data.setData("text/plain", %s)
			return document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))
		})()`, encoded))
	}
	paste(copied)
	cards(page, 4)
	if d := stored(c, page, workflow); !slices.Equal(d.wires(), []string{"start main shape", "start_2 main shape_2"}) {
		t.Errorf("after pasting there are %q", d.wires())
	}
	paste(`{"nodes": [
		{"id": "1", "name": "When clicking", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "position": [0, 0], "parameters": {}},
		{"id": "2", "name": "Ask", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2, "position": [200, 0],
			"parameters": {"url": "https://example.com/n8n"}}],
		"connections": {"When clicking": {"main": [[{"node": "Ask", "type": "main", "index": 0}]]}}}`)
	cards(page, 6)
	page.WaitText("example.com/n8n")
	if d := stored(c, page, workflow); len(d.Connections) != 3 {
		t.Errorf("after pasting from n8n there are %q", d.wires())
	}
	paste(`{"nodes": "nothing"}`)
	page.WaitText("This can't be pasted")
	page.Press("Ctrl+a", "t")
	page.Press("Delete")
	cards(page, 0)
	page.Press("Ctrl+z")
	cards(page, 6)
}

// On a phone the outline is the way through the nodes.
func TestTheCanvasOnAPhone(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Small", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("shape", "set", nil, map[string]any{"position": map[string]int{"x": 288}})}, instance.Chain("start", "shape"))
	page := i.Enter(t, "editor@acme")
	page.Size(390, 844)
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 2)
	page.Screenshot("canvas-phone")
	page.Click("button", "shape 0 fields")
	page.Fill("Name", "Shape it")
	page.Wait(`document.querySelector("#node-shape b").textContent === "Shape it"`)
	page.ExpectAccessible("the panel on a phone")
	page.Screenshot("canvas-phone-panel")
	if pixels, culprits := page.Sideways(); pixels > 0 || len(culprits) > 0 {
		t.Errorf("the page is %d pixels too wide: %q", pixels, culprits)
	}
	if small := page.SmallTargets(); len(small) > 0 {
		t.Errorf("under 44 pixels: %q", small)
	}
	page.Click("button", "Close the panel")
	page.Click("button", "Run")
	page.Wait(`document.querySelectorAll(".outline-state.good").length === 2`)
	page.ExpectAccessible("a run on a phone")
	page.Screenshot("canvas-phone-run")
	if pixels, culprits := page.Sideways(); pixels > 0 || len(culprits) > 0 {
		t.Errorf("the page is %d pixels too wide: %q", pixels, culprits)
	}
	if d := stored(c, page, workflow); d.Nodes[1].Name != "Shape it" {
		t.Errorf("after editing on a phone there is %+v", d)
	}
}

// A draft that listens shows what its one call does.
// What is wrong stands at its field and on its node, also where the draft can't be stored with it.
func TestErrorsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	callee := c.Publish("Callee", []any{instance.Node("start", "trigger.workflow", nil)}, nil)
	workflow := emptyWorkflow(c, "Wrong")
	c.Must(c.Call("PATCH", "workflows/"+workflow, map[string]any{"nodes": []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "workflow", nil, map[string]any{"position": map[string]int{"x": 288}})},
		"connections": instance.Chain("start", "call")}), 200, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit#node-call")
	page.Wait(`document.querySelector(".node-form .error")`)
	page.WaitText("1 problem")
	page.Fill("Name", "start")
	page.WaitText("Name is that of another node")
	page.Fill("Name", "Call it")
	page.WaitNoText("Name is that of another node")
	page.Click("disclosure", "Notes, errors and retries")
	page.Fill("Attempts optional", "99")
	page.WaitText("The draft is not saved.")
	page.Wait(`document.querySelector("[name='nodes.0.retry.attempts']").getAttribute("aria-invalid") === "true"`)
	page.Wait(`document.querySelector("#node-call").matches(".wrong")`)
	page.ExpectAccessible("a draft that can't be stored")
	page.Fill("Attempts optional", "3")
	page.WaitNoText("The draft is not saved.")
	instance.Choose(page, "nodes.0.config.workflow", callee)
	page.Wait(`!document.querySelector(".node-form .error")`)
	page.WaitNoText("1 problem")
	if d := stored(c, page, workflow); d.Nodes[1].Name != "Call it" || d.Nodes[1].Config["workflow"] == nil {
		t.Errorf("at the end there is %+v", d.Nodes[1])
	}
}

// The page of a version draws what it adds, changes and removes.
