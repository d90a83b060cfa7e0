package flow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func TestInterruptedSteps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		repeat node.Repeat
		calls  int
		status Status
		code   string
	}{
		"an effect that has a key": {node.SafeWithKey, 2, Succeeded, ""},
		"one that may never be":    {node.Never, 1, Failed, "INTERRUPTED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			workflow := p.publish("{}", byHand+stub.node("call", "x", ""), "start>call")
			prepared, err := p.program(p.s.Tenant(), workflow, 1)
			if err != nil {
				t.Fatal(err)
			}
			kind := *prepared.units["call"].kind
			kind.Repeat = test.repeat
			compiled := *prepared.units["call"].compiled
			compiled.Type = &kind
			prepared.units["call"].kind, prepared.units["call"].compiled = &kind, &compiled

			id := p.run(workflow, "{}")
			first := stub.next(t)
			second := p.restart() // as after a crash in the middle of the call
			if test.calls == 2 {
				again := stub.next(t)
				if again.key != first.key {
					t.Errorf("the call is repeated with the key %s, after %s", again.key, first.key)
				}
				again.answer <- 200
			}
			done := p.end(id)
			if done.Status != test.status || test.code != "" && (done.Error == nil || done.Error.Code != test.code) {
				t.Errorf("the execution is %s, %+v", done.Status, done.Error)
			}
			// The first engine comes back from its call and finds that the execution is no longer its own.
			first.answer <- 500
			p.runner.Stop(t.Context())
			after := p.view(id)
			if after.Status != test.status || len(after.Nodes) != len(done.Nodes) || after.Nodes[1].Status != done.Nodes[1].Status {
				t.Errorf("an older taker changed the execution to %+v", after)
			}
			if row := p.rows()[0]; row.Epoch != 2 {
				t.Errorf("the epoch is %d", row.Epoch)
			}
			if len(stub.calls) != 0 {
				t.Errorf("%d calls more than expected", len(stub.calls))
			}
			second.Stop()
		})
	}
}

func TestWriteOfAnOlderTakerFails(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", strings.TrimSuffix(byHand, ","))
	prepared, err := p.program(p.s.Tenant(), workflow, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.newRun(prepared, Start{Trigger: "manual", NodeID: "start"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.flush(nil); err != nil {
		t.Fatal(err)
	}
	if err := r.flush(nil); err != nil {
		t.Errorf("the taker itself can't write: %v", err)
	}
	older := r.row
	if err := p.resume([]Execution{older}, false); err != nil {
		t.Fatal(err)
	}
	if err := r.flush(nil); err == nil {
		t.Error("an older taker wrote")
	}
	p.end(r.row.ID)
	if err := p.resume([]Execution{older}, false); err != nil || p.rows()[0].Status != Succeeded {
		t.Errorf("an older claim took the execution up: %v", err)
	}
}

// Anyone who may not read an execution does not follow it either, also while it runs.
func TestFollowingAsksAsReadingDoes(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	id := p.run(p.publish("{}", byHand+stub.node("call", "x", ""), "start>call"), "{}")
	call := stub.next(t)
	if events, _, err := p.Follow(p.s, id, 0); err != nil || len(events) == 0 {
		t.Errorf("the owner sees %v, %v", events, err)
	}
	stranger := p.kernel.Member(t.Context(), resource.Actor{Kind: "user", ID: "stranger"}, p.s.Tenant(), nil, resource.Origin{})
	if events, _, err := p.Follow(stranger, id, 0); err == nil {
		t.Errorf("somebody without rights sees %v", events)
	}
	call.answer <- 200
	p.end(id)
	if events, _, err := p.Follow(stranger, id, 0); err == nil {
		t.Errorf("somebody without rights sees afterwards %v", events)
	}
}

func TestLongRetriesPark(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+stub.node("call", "x", `,"retry":{"attempts":3,"backoff":"fixed","delay":10}`), "start>call")
	id := p.run(workflow, "{}")
	first := stub.next(t)
	first.answer <- 503
	p.until(id, "execution.waiting")
	if v := p.view(id); v.Status != Waiting || v.WakeAt.Go() != kerneltest.Start.Add(10*time.Second) || v.Nodes[1].Error == nil ||
		v.Nodes[1].Error.Code != "HTTP_STATUS" {
		t.Errorf("after a failure the execution is %s until %s, %+v", v.Status, v.WakeAt, v.Nodes)
	}
	if row := p.rows()[0]; row.ErrorCode != "HTTP_STATUS" || row.ErrorNode != "call" || !strings.Contains(row.ErrorMessage, "503") {
		t.Errorf("a list can't tell that it waits for another attempt: %+v", row)
	}
	p.pass(9 * time.Second)
	p.pass(time.Second)
	second := stub.next(t)
	second.answer <- 200
	if v := p.end(id); v.Status != Succeeded || v.Nodes[1].Attempts != 2 || v.Error != nil || second.key != first.key {
		t.Errorf("after the wait the execution is %s, %+v", v.Status, v.Nodes)
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := p.run(p.publish(`{"timeout":1}`, byHand+stub.node("call", "x", ""), "start>call"), "{}")
	if v := p.end(hangs); v.Status != Failed || v.Error.Code != "TIMEOUT" {
		t.Errorf("a hanging call ends as %s, %+v", v.Status, v.Error)
	}
	const nap = byHand + `{"id":"nap","type":"delay","config":{"amount":2,"unit":"hours"}},{"id":"after","type":"set"}`
	short := p.run(p.publish(`{"timeout":3600}`, nap, "start>nap", "nap>after"), "{}")
	long := p.run(p.publish(`{}`, nap, "start>nap", "nap>after"), "{}")
	p.until(short, "execution.waiting")
	p.until(long, "execution.waiting")
	p.pass(2 * time.Hour)
	if v := p.end(short); v.Status != Failed || v.Error.Code != "TIMEOUT" {
		t.Errorf("a wait beyond the workflow's timeout ends as %s", v.Status)
	}
	if v := p.end(long); v.Status != Succeeded {
		t.Errorf("a wait without a timeout ends as %s, %+v", v.Status, v.Error)
	}
}

// The second and third of four items go through a condition and a script that turns them around; the call behind them asks
// what each was made from. After a restart it must ask for the same.
func TestLineageSurvivesARestart(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	workflow := p.publish("{}", byHand+
		`{"id":"odd","type":"if","config":{"conditions":[{"left":"{{ $json.id }}","op":"greater","right":1}]}},
		{"id":"turn","type":"code","config":{"source":"return [items[2], items[0]]"}},
		{"id":"mark","type":"set","config":{"keep":"none","assignments":[{"name":"was","value":"{{ $('start').item.json.name }}"},{"name":"passed","value":"{{ $('odd').item.json.id }}"},{"name":"turned","value":"{{ $('turn').item.json.id }}"}]}},`+
		stub.node("call", "{{ $json.was }} {{ $json.passed }} {{ $json.turned }} {{ $('start').item.json.id }}", ""),
		"start>odd", "odd.true>turn", "turn>mark", "mark>call")
	id := p.run(workflow, `[{"id":1,"name":"one"},{"id":2,"name":"two"},{"id":3,"name":"three"},{"id":4,"name":"four"}]`)
	first := stub.next(t)
	if want := "four 4 4 4"; first.body != want {
		t.Errorf("the first call says %q, want %q", first.body, want)
	}
	p.restart()
	again := stub.next(t)
	if again.body != first.body || again.key != first.key {
		t.Errorf("after the restart the call is %+v, before it %+v", again, first)
	}
	again.answer <- 200
	last := stub.next(t)
	if want := "two 2 2 2"; last.body != want {
		t.Errorf("the second call says %q, want %q", last.body, want)
	}
	last.answer <- 200
	if v := p.end(id); v.Status != Succeeded {
		t.Errorf("the execution is %s, %+v", v.Status, v.Error)
	}
}

func TestUnchangedOutputsAreNotStoredAgain(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	id := p.run(p.publish("{}",
		byHand+`{"id":"all","type":"if","config":{"conditions":[{"left":"{{ $json.id }}","op":"greater","right":0}]}},{"id":"mark","type":"set","config":{"assignments":[{"name":"x","value":"1"}]}}`,
		"start>all", "all.true>mark"), `[{"id":1},{"id":2}]`)
	if v := p.end(id); v.Status != Succeeded || !strings.Contains(string(v.Nodes[1].Output), `"id":2`) {
		t.Errorf("the condition put out %+v", v.Nodes)
	}
	recorded, err := resource.Select[Step](p.s, "SELECT * FROM {step} ORDER BY seq")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`{"main":"="}`, `{"true":"=","false":[]}`,
		`{"main":[{"json":{"id":1,"x":"1"}},{"json":{"id":2,"x":"1"}}]}`} {
		if got := string(recorded[i].Outputs); got != want {
			t.Errorf("step %d is stored as %s, want %s", i, got, want)
		}
	}
}

func TestDeliveriesAtOneTimeHaveOneEffect(t *testing.T) {
	t.Parallel()
	for _, respond := range []string{"at_once", "at_end"} {
		for name, id := range map[string]func(i int) string{"one id": func(int) string { return "d" },
			"an id each": func(i int) string { return fmt.Sprint(i) }} {
			t.Run(respond+" "+name, func(t *testing.T) {
				t.Parallel()
				stub := newStub(t)
				p := newPlant(t, stub.allow())
				p.publish("{}",
					`{"id":"hook","type":"trigger.webhook","config":{"path":"in","respond":"`+respond+`","dedupe":"X-Id"}},`+
						stub.node("call", "x", ""), "hook>call")
				answers := make([]Answer, 8)
				var wait sync.WaitGroup
				for i := range answers {
					wait.Go(func() {
						var err error
						answers[i], err = p.Receive(t.Context(), Delivery{Tenant: "acme", Path: "in", Method: "POST",
							Header: http.Header{"X-Id": {id(i)}}})
						if err != nil {
							t.Errorf("a delivery: %v", err)
						}
					})
				}
				want := map[string]int{"one id": 1, "an id each": len(answers)}[name]
				for range want {
					stub.next(t).answer <- 200
				}
				wait.Wait()
				executions := map[string]bool{}
				for _, a := range answers {
					executions[a.ExecutionID] = true
				}
				for execution := range executions {
					p.end(execution)
				}
				if len(executions) != want || len(p.rows()) != want || len(stub.calls) != 0 {
					t.Errorf("%d executions answered, %d are stored, %d calls too many; want %d", len(executions), len(p.rows()),
						len(stub.calls), want)
				}
			})
		}
	}
}

func TestWhatWaitsForItsTurnIsQueued(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	workflow := p.publish(`{"concurrency":1}`, byHand+stub.node("call", "x", ""), "start>call")
	first := p.run(workflow, "{}")
	call := stub.next(t)
	second := p.run(workflow, "{}")
	if runs, waits := p.view(first).Status, p.view(second).Status; runs != Running || waits != Queued {
		t.Errorf("the first is %s and the second %s", runs, waits)
	}
	call.answer <- 200
	stub.next(t).answer <- 200
	p.end(first)
	p.end(second)
}

func TestBusyWorkflowRefuses(t *testing.T) {
	t.Parallel()
	for _, respond := range []string{"at_once", "at_end"} {
		t.Run(respond, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			workflow := p.publish(`{"concurrency":1,"on_busy":"refuse"}`,
				byHand+`{"id":"hook","type":"trigger.webhook","config":{"path":"in","respond":"`+respond+`"}},`+stub.node("call", "x", ""),
				"hook>call", "start>call")
			deliver := func() (Answer, error) {
				return p.Receive(t.Context(), Delivery{Tenant: "acme", Path: "in", Method: "POST", Header: http.Header{}})
			}
			var wait sync.WaitGroup
			wait.Go(func() {
				if _, err := deliver(); err != nil {
					t.Errorf("the first delivery: %v", err)
				}
			})
			busy := stub.next(t)
			if _, err := deliver(); !fault.Is(err, fault.RateLimited) {
				t.Errorf("a delivery to a busy workflow gets %v", err)
			}
			if _, err := p.Execute(p.s, workflow, nil); !fault.Is(err, fault.RateLimited) {
				t.Errorf("a start by hand of a busy workflow gets %v", err)
			}
			busy.answer <- 200
			wait.Wait()
			rows := p.rows()
			if len(rows) != 1 {
				t.Fatalf("%d executions are stored; what is refused must leave none", len(rows))
			}
			p.end(rows[0].ID)
			p.runner.Stop(t.Context()) // the worker is free before its goroutine ends
			if len(p.queue.present) != 0 {
				t.Errorf("%d executions count as present in the end", len(p.queue.present))
			}
		})
	}
}

// An execution that waited in the queue is shown as running while its first node runs, although that has no effect yet.
func TestARunningScriptIsShownAsRunning(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish(`{"concurrency":1}`,
		byHand+`{"id":"which","type":"if","config":{"conditions":[{"left":"{{ $json.n }}","op":"equals","right":1}]}},`+
			stub.node("call", "x", "")+`,{"id":"long","type":"code","config":{"timeout":60,"source":"while (true) {}"}}`, "start>which",
		"which.true>call", "which.false>long")
	first := p.run(workflow, `{"n":1}`)
	call := stub.next(t)
	second := p.run(workflow, `{"n":2}`)
	if waits := p.view(second); waits.Status != Queued {
		t.Errorf("it is %s", waits.Status)
	}
	call.answer <- 200
	p.end(first)
	for late := time.Now().Add(kerneltest.Patience); p.view(second).Status != Running; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("it is %s", p.view(second).Status)
		}
	}
	if p.view(second).StartedAt == 0 {
		t.Error("it has no start")
	}
	if err := p.Cancel(p.s, second); err != nil {
		t.Fatal(err)
	}
	p.end(second)
}

func TestInputsAreObjects(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", byHand+`{"id":"s","type":"set","config":{"assignments":[{"name":"x","value":"y"}]}}`, "start>s")
	for input, want := range map[string]string{`5`: "must be an object", `"x"`: "must be an object", `[1,2]`: "its entry 1 is a number",
		`[{},"x"]`: "its entry 2 is a string", `[[]]`: "its entry 1", `{`: "valid JSON"} {
		if _, err := p.Execute(p.s, workflow, json.RawMessage(input)); !fault.Is(err, fault.Invalid) ||
			!strings.Contains(fmt.Sprint(err, fault.Public(err)), want) {
			t.Errorf("%s: %v, want %s", input, err, want)
		}
	}
	for _, input := range []string{"", "null", "[]", "{}", `[{"a":1},{}]`} {
		if _, err := p.Execute(p.s, workflow, json.RawMessage(input)); err != nil {
			t.Errorf("%s: %v", input, err)
		}
	}
}
