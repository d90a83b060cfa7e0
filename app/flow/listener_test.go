package flow

import (
	"encoding/json"
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/fault"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
)

func onEvent(config string) string {
	return `{"id":"start","type":"trigger.event","config":` + config + `}`
}

// secretNamed makes a row of which the ledger tells.
func (p *plant) secretNamed(name string) {
	p.t.Helper()
	_, err := platform.Secrets.Create(p.s, func(s *platform.Secret) error {
		s.Name, s.Value = name, "x"
		return nil
	})
	must(p.t, err)
}

// ofWorkflow waits until a workflow has so many finished executions.
func (p *plant) ofWorkflow(id string, count int) []Execution {
	p.t.Helper()
	late := time.After(kerneltest.Patience)
	for {
		changed := p.kernel.Changed()
		rows, err := resource.Select[Execution](p.s,
			"SELECT * FROM {execution} WHERE workflow_id = ? AND status IN ('succeeded', 'failed') ORDER BY n", id)
		must(p.t, err)
		if len(rows) >= count {
			return rows
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("%d executions of %d in time", len(rows), count)
		}
	}
}

func TestEventsStartWorkflows(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.secretNamed("BEFORE")
	all := p.publish("{}", onEvent(`{"events":["secret.*","secret.created"]}`)) // both fit, and it starts once
	some := p.publish("{}", onEvent(
		`{"events":["secret.created"],"conditions":[{"left":"{{ $json.object.name }}","op":"starts_with","right":"WANTED"}]}`))
	must(t, p.Start())
	p.secretNamed("OTHER")
	p.secretNamed("WANTED_1")
	wanted := p.ofWorkflow(some, 1)
	var items []struct {
		JSON struct {
			Event, Kind string
			Actor       struct{ Kind, Name string }
			Object      struct{ Name string }
		}
	}
	must(t, json.Unmarshal(wanted[0].Output, &items))
	got := items[0].JSON
	if got.Event != "secret.created" || got.Kind != "secret" || got.Actor.Name != "Ada" || got.Object.Name != "WANTED_1" {
		t.Errorf("the workflow gets %s", wanted[0].Output)
	}
	p.ofWorkflow(all, 2)
	// Another process starts nothing twice, and misses nothing.
	p.Stop()
	p.secretNamed("WANTED_2")
	p.restart()
	if rows := p.ofWorkflow(all, 3); len(p.ofWorkflow(some, 2)) != 2 || len(rows) != 3 {
		t.Errorf("after a restart there are %d executions", len(rows))
	}
}

// A trigger that can't be started holds up no other. One with a script in its conditions runs it in its execution.
func TestEventsPassBrokenTriggers(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	broken := p.publish("{}", onEvent(`{"events":["secret.created"]}`))
	must(t, p.s.Write(func(s *resource.Session) error {
		_, err := s.Change(listeners, []resource.Pair{{Column: "version", Value: 99}}, []resource.Pair{{Column: "workflow_id", Value: broken}})
		return err
	}))
	scripted := p.publish("{}", onEvent(
		`{"events":["secret.created"],"conditions":[{"left":"{{ (() => $json.object.name)() }}","op":"equals","right":"WANTED"}]}`))
	must(t, p.Start())
	p.secretNamed("OTHER")
	p.secretNamed("WANTED")
	p.clock.WaitLog("its version can't be read any more")
	rows := p.ofWorkflow(scripted, 2)
	if string(rows[0].Output) != "[]" || string(rows[1].Output) == "[]" {
		t.Errorf("the conditions let pass %s and %s", rows[0].Output, rows[1].Output)
	}
}

// What happens in a workspace reaches workflows outside it if who published them may read all, or if their settings say so.
func TestWorkspacesAreHeardByRight(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	finance, err := access.Workspaces.Create(p.s, func(w *access.Workspace) error { w.Name = "Finance"; return nil })
	must(t, err)
	kind, _ := p.kernel.Kind("workflow")
	editor := p.kernel.Member(t.Context(), p.s.Actor, p.s.Tenant(), rights.Of(rights.Editor), resource.Origin{})
	heard := func(trigger, settings string, by *resource.Session) string {
		id := p.publish(settings, trigger)
		for _, action := range []string{"disable", "enable"} {
			_, err := kind.Act(by, id, action, 0, nil)
			must(t, err)
		}
		return id
	}
	ofAll := `{"id":"start","type":"trigger.error","config":{"all":true}}`
	ofNamed := `{"id":"start","type":"trigger.error"}`
	failing := func(settings string) string {
		id := p.publish(settings, byHand+at("bad", 0, "stop", `{"message":"no luck"}`), "start>bad")
		_, err := kind.Update(p.s, id, 0, resource.Input{"workspace_id": resource.Text(finance.ID)})
		must(t, err)
		return id
	}
	closed, open := heard(ofNamed, "{}", p.s), heard(ofNamed, `{"callers":"organization"}`, p.s)
	byEditor, byOwner := heard(ofAll, "{}", editor), heard(ofAll, "{}", p.s)
	onEnd := onEvent(`{"events":["execution.failed"]}`)
	endByEditor, endByOwner := heard(onEnd, "{}", editor), heard(onEnd, "{}", p.s)
	for _, settings := range []string{"{}", `{"error_workflow":"` + closed + `"}`, `{"error_workflow":"` + open + `"}`} {
		p.end(p.run(failing(settings), "{}"))
	}
	p.ofWorkflow(endByOwner, 3)
	started := map[string]int{}
	for _, row := range p.rows() {
		started[string(row.WorkflowID)]++
	}
	for name, test := range map[string]struct {
		workflow string
		want     int
	}{
		"named, of another workspace":     {closed, 0},
		"named, and open for all":         {open, 1},
		"of all, by an editor":            {byEditor, 0},
		"of all, by an owner":             {byOwner, 1},
		"of the ledger, by an editor":     {endByEditor, 0},
		"of the ledger, published by Ada": {endByOwner, 3},
	} {
		if started[test.workflow] != test.want {
			t.Errorf("%s: it starts %d times and not %d", name, started[test.workflow], test.want)
		}
	}
}

// What follows from what a workflow does ends.
func TestEventsDoNotGoRound(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	ping := p.publish("{}", onEvent(`{"events":["execution.succeeded"]}`))
	pong := p.publish("{}", onEvent(`{"events":["execution.succeeded"]}`))
	p.end(p.run(p.publish("{}", byHand+tag("x", 0), "start>x"), "{}"))
	p.clock.WaitLog("an event starts no workflow")
	for _, workflow := range []string{ping, pong} {
		for _, row := range p.ofWorkflow(workflow, 1) {
			if row.Depth > deepestCall {
				t.Errorf("an execution is %d deep", row.Depth)
			}
		}
	}
}

func TestWhoMayListen(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	actor := resource.Actor{Kind: "user", ID: "editor"}
	editor := p.kernel.Member(t.Context(), actor, p.s.Tenant(), rights.Of(rights.Editor), resource.Origin{})
	kind, _ := p.kernel.Kind("workflow")
	for pattern, want := range map[string]bool{"workflow.published": true, "execution.*": true, "*": false, "session.began": false} {
		w, err := Import(p.s, &Portable{Name: "Listens", Settings: []byte("{}"),
			Nodes: []byte("[" + onEvent(`{"events":["`+pattern+`"]}`) + "]"), Connections: []byte("[]")})
		must(t, err)
		if _, err := kind.Act(editor, w.ID, "publish", 0, nil); (err == nil) != want || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("an editor who listens to %s: %v", pattern, err)
		}
		if _, err := kind.Act(p.s, w.ID, "publish", 0, nil); err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("an owner who listens to %s: %v", pattern, err)
		}
	}
}

// An error workflow of all hears of those workflows that name none.
func TestOneErrorWorkflowForAll(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	all := p.publish("{}", `{"id":"start","type":"trigger.error","config":{"all":true}}`)
	own := p.publish("{}", `{"id":"start","type":"trigger.error"}`)
	bad := at("bad", 0, "stop", `{"message":"no luck"}`)
	first := p.publish("{}", byHand+bad, "start>bad")
	second := p.publish(`{"error_workflow":"`+own+`"}`, byHand+bad, "start>bad")
	p.end(p.run(first, "{}"))
	p.end(p.run(second, "{}"))
	if heard := p.ofWorkflow(all, 1); len(p.ofWorkflow(own, 1)) != 1 || len(heard) != 1 {
		t.Errorf("it hears of %d failures", len(heard))
	}
}
