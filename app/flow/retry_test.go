package flow

import (
	"fmt"
	"reflect"
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
			again, err := p.Retry(p.s, id, FromFailed, false)
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
			anew, err := p.Retry(p.s, again, FromStart, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, status := range []int{400, 200, 200} {
				stub.next(t).answer <- status
			}
			p.end(anew)
			if _, err := p.Retry(p.s, anew, FromFailed, false); !fault.Is(err, fault.Conflict) {
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
		current bool
		body    string
	}{{false, "wrong"}, {true, "right"}} {
		again, err := p.Retry(p.s, id, FromFailed, try.current)
		if err != nil {
			t.Fatal(err)
		}
		call := stub.next(t)
		call.answer <- 200
		if call.body != try.body {
			t.Errorf("with the current version %v the call says %s", try.current, call.body)
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
	for _, right := range []retryInput{{}, {From: "failed"}, {From: "start"}, {Version: "current"}, {From: "failed", Version: "same"}} {
		right.ID = id
		again, err := p.retry(p.s, &right)
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
		for _, current := range []bool{false, true} {
			if _, err := p.Retry(p.s, id, from, current); !fault.Is(err, fault.Conflict) {
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
	if _, err := p.Retry(p.s, id, FromStart, false); err != nil {
		t.Errorf("a restored workflow: %s", fmt.Sprint(err))
	}
}
