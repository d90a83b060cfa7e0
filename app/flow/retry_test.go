package flow

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

func TestARetryRepeatsNothingThatWasDone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		onError string
		link    string
	}{
		"one that failed and went on":       {"continue", "call>after"},
		"one that failed by its own output": {"output", "call.error>after"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			nodes := byHand + stub.node("call", "first", `,"on_error":"`+test.onError+`"`) + "," + stub.node("after", "second", "") +
				"," + stub.node("last", "third", "")
			id := p.run(p.publish("{}", nodes, "start>call", test.link, "after>last"), "{}")
			for _, status := range []int{400, 200, 400} {
				stub.next(t).answer <- status
			}
			if done := p.end(id); done.Status != Failed || done.Error.Node != "last" {
				t.Fatalf("the execution is %s, %+v", done.Status, done.Error)
			}
			again, err := p.Retry(p.s, id, Again{})
			if err != nil {
				t.Fatal(err)
			}
			call := stub.next(t)
			call.answer <- 200
			if call.body != "third" {
				t.Errorf("the retry calls with %s", call.body)
			}
			if done := p.end(again); done.Status != Succeeded || len(stub.calls) != 0 {
				t.Errorf("the retry is %s, %+v, with %d calls more", done.Status, done.Error, len(stub.calls))
			}
			// From the start everything is done again, and a succeeded one has no node to go on from.
			anew, err := p.Retry(p.s, again, Again{From: FromStart})
			if err != nil {
				t.Fatal(err)
			}
			for _, status := range []int{400, 200, 200} {
				stub.next(t).answer <- status
			}
			p.end(anew)
			if _, err := p.Retry(p.s, anew, Again{}); !fault.Is(err, fault.Conflict) {
				t.Errorf("a succeeded execution goes on from its failed node: %v", err)
			}
		})
	}
}

func TestARetryGoesOnWithTheRepair(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+stub.node("call", "once", "")+","+stub.node("last", "wrong", ""), "start>call", "call>last")
	id := p.run(workflow, "{}")
	stub.next(t).answer <- 200
	stub.next(t).answer <- 400
	p.end(id)
	if _, err := Workflows.Update(p.s, workflow, 0, resource.Update, "updated", func(w *Workflow) error {
		w.Nodes = field.JSON("[" + byHand + stub.node("call", "once", "") + "," + stub.node("last", "right", "") + "]")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	kind, _ := p.kernel.Kind("workflow")
	if _, err := kind.Act(p.s, workflow, "publish", 0, nil); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		version RetryVersion
		body    string
	}{{"same", "wrong"}, {currentVersion, "right"}} {
		again, err := p.Retry(p.s, id, Again{From: FromFailed, Version: try.version})
		if err != nil {
			t.Fatal(err)
		}
		call := stub.next(t)
		call.answer <- 200
		if call.body != try.body {
			t.Errorf("with the %s version the call says %s", try.version, call.body)
		}
		p.end(again)
	}
}

func TestRetriesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}",
		byHand+`{"id":"stop","type":"set","config":{"assignments":[{"name":"a","type":"number","value":"{{ 'x' }}"}]}}`, "start>stop")
	id := p.run(workflow, "{}")
	p.end(id)
	fields, err := field.Declared(reflect.TypeFor[retryInput]())
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []resource.Input{{"from": resource.Text("begin")}, {"from": resource.Text("Start")},
		{"version": resource.Text("newest")},
		{"from": resource.Text("failed"), "version": resource.Text("latest")}} {
		if err := p.s.Fill(fields, reflect.ValueOf(&retryInput{}).Elem(), wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v gives %v", wrong, err)
		}
	}
	for _, right := range []Again{{}, {From: "failed"}, {From: "start"}, {Version: "current"}, {From: "failed", Version: "same"}} {
		again, err := p.retry(p.s, &retryInput{id, right})
		if err != nil {
			t.Errorf("%+v gives %v", right, err)
			continue
		}
		p.end(again.ID)
	}
	before := len(p.rows())
	kind, _ := p.kernel.Kind("workflow")
	if err := kind.Remove(p.s, workflow, 0); err != nil {
		t.Fatal(err)
	}
	for _, from := range []RetryFrom{FromFailed, FromStart} {
		for _, version := range []RetryVersion{"same", currentVersion} {
			if _, err := p.Retry(p.s, id, Again{From: from, Version: version}); !fault.Is(err, fault.Conflict) {
				t.Errorf("a deleted workflow runs again from %s: %v", from, err)
			}
		}
	}
	if after := len(p.rows()); after != before {
		t.Errorf("%d executions began", after-before)
	}
	if _, err := kind.Restore(p.s, workflow); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Retry(p.s, id, Again{From: FromStart}); err != nil {
		t.Errorf("a restored workflow: %s", fmt.Sprint(err))
	}
}

// A draft is tried before it is published: all of it or up to a node, from where an execution came, and with pinned items.
func TestDraftsAreTried(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+list(tag("a", 0), tag("b", 0)), "start>a", "a>b")
	id := p.run(workflow, `{"n":1}`)
	p.end(id)
	draft := func(nodes string) {
		w, err := Workflows.Get(p.s, workflow)
		must(t, err)
		_, err = Workflows.Update(p.s, workflow, w.Version, resource.Update, "updated", func(w *Workflow) error {
			w.Nodes = field.JSON("[" + byHand + nodes + "]")
			return nil
		})
		must(t, err)
	}
	order := func(o Order) string {
		o.Workflow = workflow
		id, err := p.ExecuteOnce(p.s, o)
		must(t, err)
		return jsonOf(t, p.end(id).Output)
	}
	again := func(a Again) string {
		id, err := p.Retry(p.s, id, a)
		must(t, err)
		return jsonOf(t, p.end(id).Output)
	}
	draft(list(tag("a", 0), strings.Replace(tag("b", 0), `b"}]`, `B"}]`, 1)))
	for sentence, pair := range map[string][2]string{
		"the published version runs as it was": {order(Order{}), `{"via":"ab"}`},
		"the draft as it is":                   {order(Order{Draft: true}), `{"via":"aB"}`},
		"and again":                            {order(Order{Draft: true, Input: []byte(`{"via":"x"}`)}), `{"via":"xaB"}`},
		"up to a node":                         {order(Order{Draft: true, To: "a"}), `{"via":"a"}`},
		"from a node of an execution":          {again(Again{Node: "b", Version: draftVersion}), `{"n":1,"via":"aB"}`},
		"from there to there":                  {again(Again{Node: "a", To: "a", Version: draftVersion}), `{"n":1,"via":"a"}`},
		"with another input":                   {again(Again{Input: []byte(`[{"n":2},{"n":3}]`)}), `{"n":2,"via":"ab"} {"n":3,"via":"ab"}`},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s and not %s", sentence, pair[0], pair[1])
		}
	}
	draft(list(strings.TrimSuffix(tag("a", 0), "}")+`,"pin":[{"via":"pinned"}]}`, tag("b", 0)))
	if got := order(Order{Draft: true}); got != `{"via":"pinnedb"}` {
		t.Errorf("with pinned items: %s", got)
	}
	kind, _ := p.kernel.Kind("workflow")
	if _, err := kind.Act(p.s, workflow, "publish", 0, nil); err != nil {
		t.Fatal(err)
	}
	if got := order(Order{}); got != `{"via":"ab"}` {
		t.Errorf("pinned items stand in a published version: %s", got)
	}
	if listed, err := listVersions(p.s, &versionsInput{ID: workflow}); err != nil || len(listed) != 2 {
		t.Errorf("there are %d versions, %v", len(listed), err)
	}
	if kept, err := resource.SelectOne[int](p.s, "SELECT count(*) FROM {workflow_trial}"); err != nil || kept != 5 {
		t.Errorf("%d drafts are kept, %v", kept, err) // whole, up to a, whole, up to a, with the pin
	}
	for name, wrong := range map[string]error{
		"a node that is not there": second(p.ExecuteOnce(p.s, Order{Workflow: workflow, Draft: true, To: "c"})),
		"input in the middle":      second(p.Retry(p.s, id, Again{Node: "a", Input: []byte(`{}`)})),
		"a part of a version":      second(p.Retry(p.s, id, Again{From: FromStart, To: "a"})),
	} {
		if !fault.Is(wrong, fault.Invalid) {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

func second[T any](_ T, err error) error { return err }
