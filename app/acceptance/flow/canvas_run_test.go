package flow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestTheCanvasShowsARun(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	reached, release := make(chan struct{}), make(chan struct{})
	peer.Before = func(counterpart.Call) {
		reached <- struct{}{}
		<-release
	}
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	at := func(x, y int) map[string]any { return map[string]any{"position": map[string]int{"x": x, "y": y}} }
	workflow := c.Publish("Live", []any{
		instance.Node("start", "trigger.manual", nil, at(0, 0)), instance.Node("call", "http", map[string]any{"url": peer.URL}, at(288, 0)),
		instance.Node("boom", "code", map[string]any{"source": "throw new Error('boom')"}, at(576, 0)),
		instance.Node("after", "set", nil, at(864, 0)),
	}, instance.Chain("start", "call", "boom", "after"))
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 4)
	is := func(id, state string) {
		t.Helper()
		page.Wait(fmt.Sprintf(`document.querySelector("#node-%s").matches(".%s")`, id, state))
	}
	page.Press("Ctrl+Enter")
	<-reached
	is("start", "succeeded")
	is("call", "running")
	page.WaitText("of 4,")
	page.Click("button", "Stop")
	page.WaitText("The run was stopped.")
	page.Click("button", "Run the draft")
	<-reached
	release <- struct{}{}
	release <- struct{}{}
	is("boom", "failed")
	page.WaitText("“boom” failed: Error: boom (line 1)")
	is("after", "skipped")
	page.WaitText("1 item")
	page.ExpectAccessible("a failed run")
	page.ExpectContrast("a failed run")
	page.Click("button", "Open")
	page.Fill("Source", "return [{json: {id: 7, name: 'Ada'}}]")
	page.Wait(`document.querySelector("[data-shows=saved]").textContent !== "Saved"`)
	stored(c, page, workflow)
	page.Click("button", "Retry from here")
	is("after", "succeeded")
	if seen := len(peer.Seen()); seen != 2 {
		t.Errorf("the service was called %d times", seen)
	}
	page.Click("button", "Run this node")
	page.Wait(`document.querySelector("#node-boom").matches(".succeeded") && !document.querySelector("#node-after").matches(".ran")`)
	if seen := len(peer.Seen()); seen != 2 {
		t.Errorf("with one node alone, the service was called %d times", seen)
	}
	page.Click("button", "Run from here")
	is("after", "succeeded")
	page.Press("Escape")
	page.Press("ArrowRight", "Enter")
	page.Click("tab", "Input")
	page.WaitText("Ada")
	page.ExpectAccessible("the input of a node")
	page.Click("tab", "Settings")
	page.Fill("Fields 1, name optional", "greeting")
	page.Fill("Fields 1, value optional", "Hello {{ $json.name }}")
	page.WaitText("Gives: Hello Ada")
	page.Fill("Fields 1, value optional", "Dear ")
	page.Press("{", "{", "$", "j", "s", "o", "n", ".")
	page.Wait(`document.querySelectorAll(".completions > li").length === 2`)
	page.Screenshot("canvas-preview")
	page.ExpectAccessible("offers for an expression")
	page.Press("ArrowDown", "Enter")
	page.WaitText("Gives: Dear Ada")
	page.Click("tab", "Output")
	page.Click("button", "Pin this output")
	page.Wait(`document.querySelector("#node-after").matches(".pinned")`)
	if d := stored(c, page, workflow); len(d.Nodes) != 4 {
		t.Errorf("with the pin there is %+v", d)
	}
}

func TestAnExecutionHasOneSelection(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	_, run := instance.RunFailing(i.As("editor@acme"))
	page := i.Enter(t, "editor@acme")
	page.Open("/executions/" + run)
	cards(page, 3)
	browsertest.Evaluate[bool](page, `window.stays = true`)
	chosen := func(id, name string) {
		t.Helper()
		page.Wait(fmt.Sprintf(`document.querySelector(".card.selected")?.id === "node-%s"`, id))
		page.Wait(fmt.Sprintf(`document.querySelector(".steps [aria-current]").textContent.includes("%s")`, name))
	}
	chosen("call", "Call")
	page.ExpectAccessible("an execution")
	page.Click("group", "Go, Manual start, done")
	chosen("go", "Go")
	page.Press("ArrowRight", "ArrowRight")
	chosen("after", "After")
	page.Wait(`location.search === "?step=after"`)
	browsertest.Evaluate[bool](page, `document.querySelector(".steps a").click(), true`)
	chosen("go", "Go")
	page.WaitText("Pin its output")
	if !browsertest.Evaluate[bool](page, `window.stays`) {
		t.Error("choosing a node loads the page anew")
	}
}

func TestTheCanvasShowsATestCall(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Called", []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": "in", "auth": "none"}),
		instance.Node("shape", "set", nil, map[string]any{"position": map[string]int{"x": 288}})}, instance.Chain("hook", "shape"))
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 2)
	page.Press("ArrowRight")
	page.Click("button", "Listen for a test call")
	page.WaitText("The draft takes one call until")
	page.ExpectAccessible("a draft that listens")
	address := browsertest.Evaluate[string](page, `document.querySelector(".strips [data-copy]").dataset.copy`)
	stranger := &instance.Client{Instance: i}
	if answer := stranger.Call("POST", strings.TrimPrefix(address, i.URL), map[string]any{"order": "12-B"}); answer.Status >= 300 {
		t.Fatalf("the call to %s is answered by %d %s", address, answer.Status, answer.Body)
	}
	page.Wait(`document.querySelectorAll(".card.succeeded").length === 2`)
	page.WaitNoText("The draft takes one call until")
	page.Press("ArrowRight", "Enter")
	page.Click("tab", "Input")
	page.WaitText("12-B")
}

func TestAVersionIsDrawnWithItsChanges(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	at := func(x int) map[string]any { return map[string]any{"position": map[string]int{"x": x}} }
	workflow := c.Publish("Changed", []any{instance.Node("start", "trigger.manual", nil, at(0)), instance.Node("kept", "set", nil, at(288)),
		instance.Node("old", "pass", nil, at(576))}, instance.Chain("start", "kept", "old"))
	c.Must(c.Call("PATCH", "workflows/"+workflow, map[string]any{"nodes": []any{instance.Node("start", "trigger.manual", nil, at(0)),
		instance.Node("kept", "set", map[string]any{"keep": "none"}, at(288)), instance.Node("fresh", "pass", nil, at(576),
			map[string]any{"position": map[string]int{"x": 576, "y": 120}})}, "connections": instance.Chain("start", "kept", "fresh")}), 200, nil)
	c.Must(c.Call("POST", "workflows/"+workflow+"/publish", nil), 200, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/versions/2")
	cards(page, 4)
	page.Wait(`document.querySelector("#node-fresh").matches(".added") && document.querySelector("#node-old").matches(".removed")`)
	page.Wait(`document.querySelector("#node-kept").matches(".changed") && document.querySelectorAll(".wire.added, .wire.removed").length === 2`)
	page.ExpectAccessible("a version")
	page.ExpectContrast("a version")
	page.Screenshot("canvas-version")
}

// A run by hand begins with what somebody typed, took from a sample or pinned; what is no JSON is told where it stands.
func TestARunIsGivenAnInput(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	at := map[string]any{"position": map[string]int{"x": 288}}
	workflow := c.Publish("Given", []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": "in", "auth": "none"}),
		instance.Node("shape", "set", map[string]any{"assignments": []any{map[string]any{"name": "who", "value": "{{ $json.body.name }}"}}}, at)},
		instance.Chain("hook", "shape"))
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/" + workflow + "/edit")
	cards(page, 2)
	page.Press("i")
	page.Wait(`document.activeElement.id === "run-input-items" && document.activeElement.value.includes("Ada Lovelace")`)
	instance.LookTwice(page, "canvas-input")
	page.Fill("Items of “hook”", "{\n  \"body\": {\"name\" \"Bo\"}\n}")
	page.Press("Ctrl+Enter")
	page.WaitText("in line 2, at character 19, something else is expected")
	page.Fill("Items of “hook”", "[{}, 7]")
	page.WaitText("Entry 2 is no object")
	page.Press("Escape")
	page.Wait(`document.activeElement.matches(".board")`)
	page.Press("i")
	page.Wait(`document.activeElement.value === "[{}, 7]"`)
	page.Click("button", "A sample")
	page.Click("button", "What I typed")
	page.Wait(`document.querySelector("#run-input-items").value === "[{}, 7]"`)
	page.Fill("Items of “hook”", `{"body": {"name": "Bo", "id": 12345678901234567890}}`)
	page.Press("Ctrl+Enter")
	page.Wait(`document.querySelector("#node-shape").matches(".succeeded") && document.querySelector("#node-hook").matches(".pinned")`)
	var begun []struct{ ID string }
	c.Must(c.Call("GET", "executions?filter[workflow_id]="+workflow, nil), 200, &begun)
	var kept struct {
		Input []struct{ JSON json.RawMessage }
	}
	c.Must(c.Call("GET", "executions/"+begun[0].ID, nil), 200, &kept)
	if len(kept.Input) != 1 || string(kept.Input[0].JSON) != `{"body":{"name":"Bo","id":12345678901234567890}}` {
		t.Errorf("the run began with %s", kept.Input)
	}
	var offered []struct {
		Last struct{ Items []json.RawMessage }
	}
	c.Must(c.Call("GET", "workflows/"+workflow+"/inputs", nil), 200, &offered)
	if len(offered) != 1 || len(offered[0].Last.Items) != 1 {
		t.Errorf("the API offers %s", offered)
	}
	page.Press("ArrowRight")
	page.Click("button", "Give it an input")
	page.Fill("Items of “hook”", `{"body": {"name": "Cy"}}`)
	page.Click("checkbox", "Pin it to “hook”, so that the next runs of the draft begin with it too")
	page.Click("button", "Run")
	page.Wait(`document.querySelector(".canvas-page [data-do=stop]").hidden`)
	page.Press("ArrowRight", "Enter")
	page.Click("tab", "Output")
	page.WaitText("Cy")
	page.Press("Escape")
	page.Press("Ctrl+Enter") // the pin is as it was
	page.Press("Enter")
	page.Click("tab", "Output")
	page.WaitText("Bo")
}
