package flow

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

func TestWorkflowRunsItsNodes(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	workflow := c.Publish("Orders", []any{
		instance.Node("start", "trigger.manual", nil),
		instance.Node("total", "set", map[string]any{
			"assignments": []any{map[string]any{"name": "total", "type": "number", "value": "{{ $json.amount * $json.price }}"}}}),
		instance.Node("large", "if", map[string]any{
			"conditions": []any{map[string]any{"left": "{{ $json.total }}", "op": "greater", "right": 100}}}),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/orders/{{ $json.id }}", "body_type": "json",
			"body": map[string]any{"total": "{{ $json.total }}"}}),
		instance.Node("count", "code", map[string]any{
			"source": "console.log('counting'); return [{json: {count: items.length, first: $('total').first().json.id}}]"}),
		instance.Node("small", "set", map[string]any{
			"assignments": []any{map[string]any{"name": "small", "type": "boolean", "value": "true"}}}),
	}, []any{instance.Link("start", "main", "total"), instance.Link("total", "main", "large"), instance.Link("large", "true", "call"),
		instance.Link("call", "main", "count"), instance.Link("large", "false", "small")})
	e := c.Run(workflow, []any{map[string]any{"id": "a", "amount": 20, "price": 10}, map[string]any{"id": "b", "amount": 1, "price": 2}})
	if e.Status != "succeeded" {
		t.Fatalf("the execution is %s: %+v", e.Status, e.Error)
	}
	for _, id := range []string{"start", "total", "large", "call", "count", "small"} {
		if got := e.Step(id); got != "succeeded" {
			t.Errorf("node %s is %s", id, got)
		}
	}
	calls := peer.Seen()
	if len(calls) != 1 || calls[0].Path != "/orders/a" || calls[0].Body != `{"total":200}` || calls[0].Key == "" {
		t.Errorf("the peer saw %+v", calls)
	}
	for _, node := range e.Nodes {
		switch node.NodeID {
		case "small":
			if !strings.Contains(string(node.Output["main"]), `"id":"b"`) {
				t.Errorf("small put out %s", node.Output)
			}
		case "count":
			if !strings.Contains(string(node.Output["main"]), `"count":1`) ||
				!strings.Contains(string(node.Output["main"]), `"first":"a"`) || len(node.Logs) != 1 {
				t.Errorf("count put out %s and logged %v", node.Output, node.Logs)
			}
		}
	}
	if !slices.ContainsFunc(catalogue.Ledger(t, i.As("owner@acme")), func(other catalogue.Entry) bool {
		return other.Action == "execution.succeeded" && other.ResourceID == e.ID
	}) {
		t.Error("the ledger lacks the end of the execution")
	}
}

func TestFailuresAreRetriedAndRouted(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	peer.Before = func(counterpart.Call) {
		peer.Mu.Lock()
		defer peer.Mu.Unlock()
		peer.Status = 503
		if len(peer.Calls) >= 2 {
			peer.Status = 200
		}
	}
	fetch := map[string]any{"method": "POST", "url": peer.URL + "/flaky"}
	retried := c.Publish("Retried", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", fetch, map[string]any{"retry": map[string]any{"attempts": 3, "backoff": "fixed", "delay": 1}})},
		instance.Chain("start", "call"))
	if e := c.Run(retried, nil); e.Status != "succeeded" || e.Nodes[1].Attempts != 2 {
		t.Errorf("a call that fails once is %s after %+v", e.Status, e.Nodes)
	}
	keys := map[string]bool{}
	for _, seen := range peer.Seen() {
		keys[seen.Key] = true
	}
	if len(keys) != 1 {
		t.Errorf("the attempts have the keys %v; one effect has one", keys)
	}
	boom := map[string]any{"source": "throw new Error('boom')"}
	stopped := c.Publish("Stopped", []any{instance.Node("start", "trigger.manual", nil), instance.Node("boom", "code", boom),
		instance.Node("after", "set", nil)}, instance.Chain("start", "boom", "after"))
	e := c.Run(stopped, nil)
	if e.Status != "failed" || e.Error == nil || !strings.Contains(e.Error.Message, "boom") || e.Error.Node != "boom" ||
		e.Step("after") != "skipped" {
		t.Errorf("a failing code node: %+v", e)
	}
	routed := c.Publish("Routed", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("boom", "code", boom, map[string]any{"on_error": "output"}), instance.Node("after", "set", nil),
		instance.Node("caught", "set", nil)},
		[]any{instance.Link("start", "main", "boom"), instance.Link("boom", "main", "after"), instance.Link("boom", "error", "caught")})
	if e := c.Run(routed, nil); e.Status != "succeeded" || e.Step("caught") != "succeeded" || e.Step("after") != "skipped" {
		t.Errorf("an error output: %+v", e)
	}
	var again struct{ ID string }
	c.Must(c.Call("POST", "executions/"+e.ID+"/retry", nil), 200, &again)
	if second := c.Finished(again.ID); second.Status != "failed" || second.Step("start") != "succeeded" {
		t.Errorf("a retry from the failed node: %+v", second)
	}
}

func TestWaitsAndCancels(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	c := i.As("editor@acme")
	wait := func(seconds float64) string {
		return c.Publish(fmt.Sprint("Wait ", seconds), []any{instance.Node("start", "trigger.manual", nil),
			instance.Node("wait", "delay", map[string]any{"amount": seconds, "unit": "seconds"}), instance.Node("after", "set", nil)},
			instance.Chain("start", "wait", "after"))
	}
	if e := c.Run(wait(1), nil); e.Status != "succeeded" || e.Step("after") != "succeeded" {
		t.Errorf("a wait of a second: %+v", e)
	}
	var long struct{ ID string }
	c.Must(c.Call("POST", "workflows/"+wait(3600)+"/execute", map[string]any{}), 202, &long)
	if e := c.Until(long.ID, "execution.waiting"); e.Status != "waiting" || e.Step("wait") != "waiting" || e.Step("after") != "pending" {
		t.Errorf("a wait of an hour: %+v", e)
	}
	c.Must(c.Call("POST", "executions/"+long.ID+"/cancel", nil), 200, nil)
	if e := c.Finished(long.ID); e.Status != "cancelled" {
		t.Errorf("a cancelled wait is %s", e.Status)
	}
	reached := make(chan struct{})
	release := make(chan struct{})
	defer close(release)
	var once sync.Once
	peer.Before = func(counterpart.Call) { once.Do(func() { close(reached) }); <-release }
	slow := c.Publish("Slow", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"url": peer.URL})}, instance.Chain("start", "call"))
	var running struct{ ID string }
	c.Must(c.Call("POST", "workflows/"+slow+"/execute", map[string]any{}), 202, &running)
	<-reached
	c.Must(c.Call("POST", "executions/"+running.ID+"/cancel", nil), 200, nil)
	if e := c.Finished(running.ID); e.Status != "cancelled" {
		t.Errorf("a cancelled call is %s", e.Status)
	}
	if answer := c.Call("POST", "executions/"+running.ID+"/cancel", nil); answer.Status != 409 {
		t.Errorf("cancelling twice answers %d", answer.Status)
	}
}

func TestExecutionGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.StartBinary(t, peer.Allow())
	c := i.As("editor@acme")
	reached := make(chan counterpart.Call, 10)
	gate := make(chan struct{}, 10)
	peer.Before = func(seen counterpart.Call) {
		reached <- seen
		<-gate
	}
	workflow := c.Publish("Two calls", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}),
		instance.Node("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"})},
		instance.Chain("start", "first", "second"))
	var e instance.Execution
	c.Must(c.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &e)
	first := <-reached
	gate <- struct{}{}
	interrupted := <-reached // the second call is under way
	i.Kill()
	gate <- struct{}{}
	i.Serve()
	again := <-reached
	gate <- struct{}{}
	if again.Path != "/second" || again.Key != interrupted.Key {
		t.Errorf("after the kill the call %+v goes out again as %+v", interrupted, again)
	}
	if done := c.Finished(e.ID); done.Status != "succeeded" {
		t.Errorf("after the kill the execution is %+v", done)
	}
	firsts := 0
	for _, seen := range peer.Seen() {
		if seen.Key == first.Key {
			firsts++
		}
	}
	if firsts != 1 {
		t.Errorf("the first call went out %d times; its result was recorded", firsts)
	}
}

func TestStreamOverWebSocketIsTheSame(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, other := i.As("editor@acme"), i.As("owner@umbrella")
	e := c.Run(c.Publish("Short", []any{instance.Node("start", "trigger.manual", nil), instance.Node("after", "set", nil)},
		instance.Chain("start", "after")),
		nil)
	address := "ws" + strings.TrimPrefix(i.URL, "http") + "/api/v1/executions/" + e.ID + "/stream"
	dial := func(who *instance.Client, header ...string) (*websocket.Conn, *http.Response, error) {
		h := http.Header{"Authorization": {"Bearer " + who.Token}}
		for j := 0; j+1 < len(header); j += 2 {
			h.Set(header[j], header[j+1])
		}
		return websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPHeader: h})
	}
	conn, _, err := dial(c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	var types []string
	for len(types) == 0 || types[len(types)-1] != "execution.finished" {
		_, text, err := conn.Read(t.Context())
		if err != nil {
			t.Fatalf("after %v: %v", types, err)
		}
		var event struct {
			Seq  int
			Type string
		}
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		types = append(types, event.Type)
	}
	want := []string{"execution.started", "node.started", "node.finished", "node.started", "node.finished", "execution.finished"}
	if !slices.Equal(types, want) {
		t.Errorf("the stream is %v, want %v", types, want)
	}
	for name, header := range map[string][]string{"another site": {"Origin", "https://evil.test"}, "nobody": {"Authorization", ""}} {
		if conn, _, err := dial(c, header...); err == nil {
			conn.CloseNow()
			t.Errorf("%s opens the stream", name)
		}
	}
	if conn, answer, err := dial(other); err == nil || answer.StatusCode != 404 {
		conn.CloseNow()
		t.Errorf("another organization opens the stream: %v", answer.Status)
	}
}

func TestPrivateAddressesAreOutOfReach(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t) // nothing is allowed
	c := i.As("editor@acme")
	_, port, err := net.SplitHostPort(strings.TrimPrefix(peer.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{peer.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://2130706433:" + port + "/", "file:///etc/passwd",
		"gopher://127.0.0.1/"} {
		workflow := c.Publish("To "+url, []any{instance.Node("start", "trigger.manual", nil),
			instance.Node("call", "http", map[string]any{"url": "{{ '" + url + "' }}"})}, instance.Chain("start", "call"))
		if e := c.Run(workflow, nil); e.Status != "failed" {
			t.Errorf("a call to %s is %s", url, e.Status)
		}
	}
	if calls := peer.Seen(); len(calls) != 0 {
		t.Errorf("the guard let through %+v", calls)
	}
}

func TestHostileCodeHarmsNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	health := &instance.Client{Instance: i}
	runs := map[string]string{}
	for name, source := range map[string]string{
		"an endless loop": "while (true) {}", "a caught loop": "for (;;) { try { while (true) {} } catch (e) {} }",
		"memory":        "const a = []; for (;;) a.push(new Array(1e6).fill(1))",
		"a long string": "return [{json: {x: 'x'.repeat(2**30)}}]", "recursion": "const f = () => f(); f()",
		"a regex": "/^(a+)+$/.test('a'.repeat(40) + '!')", "output": "return [{json: {x: 'x'.repeat(40 << 20)}}]",
		"the process": "process.exit(1)", "a require": "require('fs')",
		"the constructor": "return [{json: {x: this.constructor.constructor('return process')().env}}]",
	} {
		workflow := c.Publish(name, []any{instance.Node("start", "trigger.manual", nil),
			instance.Node("code", "code", map[string]any{"source": source, "timeout": 1})}, instance.Chain("start", "code"))
		var run struct{ ID string }
		c.Must(c.Call("POST", "workflows/"+workflow+"/execute", nil), 202, &run)
		runs[name] = run.ID
	}
	deadline := time.Now().Add(2 * time.Second)
	for time.Now().Before(deadline) {
		if answer, err := health.Try("GET", "/health", nil); err != nil || answer.Status != 200 {
			t.Fatalf("beside hostile code the health check answers %d, %v", answer.Status, err)
		}
	}
	for name, run := range runs {
		if e := c.Finished(run); e.Status != "failed" {
			t.Errorf("%s ends as %s", name, e.Status)
		}
	}
}

func TestBadGraphsAreRefused(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	for name, test := range map[string]struct {
		nodes, connections []any
		at                 int // the status of the create; 201 means that publishing refuses
	}{
		"no trigger": {[]any{instance.Node("a", "set", nil)}, nil, 201},
		"a circle": {
			[]any{instance.Node("s", "trigger.manual", nil), instance.Node("a", "set", nil), instance.Node("b", "set", nil)},
			[]any{instance.Link("s", "main", "a"), instance.Link("a", "main", "b"), instance.Link("b", "main", "a")}, 201},
		"an island": {[]any{instance.Node("s", "trigger.manual", nil), instance.Node("a", "set", nil)}, nil, 201},
		"a bad expression": {
			[]any{instance.Node("s", "trigger.manual", nil),
				instance.Node("a", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": "{{ $json. "}}})},
			instance.Chain("s", "a"), 201},
		"an unknown field": {
			[]any{instance.Node("s", "trigger.manual", nil),
				instance.Node("a", "http", map[string]any{"url": "https://example.com", "no_such": 1})}, instance.Chain("s", "a"), 201},
		"a missing field": {[]any{instance.Node("s", "trigger.manual", nil), instance.Node("a", "http", nil)}, instance.Chain("s", "a"),
			201},
		"an unknown output": {[]any{instance.Node("s", "trigger.manual", nil), instance.Node("a", "set", nil)},
			[]any{instance.Link("s", "nowhere", "a")}, 201},
		"an unknown type":    {[]any{instance.Node("a", "no.such", nil)}, nil, 422},
		"an id twice":        {[]any{instance.Node("a", "set", nil), instance.Node("a", "set", nil)}, nil, 422},
		"a link to nothing":  {[]any{instance.Node("s", "trigger.manual", nil)}, []any{instance.Link("s", "main", "x")}, 422},
		"nodes of a text":    {[]any{"x"}, nil, 422},
		"a field of no node": {[]any{map[string]any{"id": "a", "type": "set", "colour": "red"}}, nil, 422},
	} {
		if test.connections == nil {
			test.connections = []any{}
		}
		var w struct{ ID string }
		answer := c.Call("POST", "workflows", map[string]any{"name": name, "nodes": test.nodes, "connections": test.connections})
		if answer.Status != test.at {
			t.Errorf("%s: the draft answers %d %s", name, answer.Status, answer.Body)
			continue
		}
		if test.at != 201 {
			continue
		}
		c.Must(answer, 201, &w)
		if answer := c.Call("POST", "workflows/"+w.ID+"/publish", nil); answer.Status != 422 || answer.Code() != "INVALID" {
			t.Errorf("%s: publishing answers %d %s", name, answer.Status, answer.Body)
		}
	}
	c.Publish("Takes the path", []any{instance.Node("h", "trigger.webhook", map[string]any{"path": "taken"})}, nil)
	var second struct{ ID string }
	c.Must(c.Call("POST", "workflows", map[string]any{"name": "Too late",
		"nodes": []any{instance.Node("h", "trigger.webhook", map[string]any{"path": "taken"})}}), 201, &second)
	if answer := c.Call("POST", "workflows/"+second.ID+"/publish", nil); answer.Status != 422 ||
		!strings.Contains(string(answer.Body), "path") {
		t.Errorf("a taken path answers %d %s", answer.Status, answer.Body)
	}
}

func TestValidationReadsTheScripts(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	for source, valid := range map[string]bool{"return items": true, "return items(": false} {
		var w struct{ ID string }
		c.Must(c.Call("POST", "workflows", map[string]any{"name": source,
			"nodes": []any{instance.Node("s", "trigger.manual", nil),
				instance.Node("code", "code", map[string]any{"source": source})},
			"connections": instance.Chain("s", "code")}), 201, &w)
		var checked struct{ Valid bool }
		c.Must(c.Call("POST", "workflows/"+w.ID+"/validate", nil), 200, &checked)
		if checked.Valid != valid {
			t.Errorf("%q is valid: %t", source, checked.Valid)
		}
	}
}

// TestAMissingSecretIsOneClickAway leads from what keeps a workflow from being published to the form that mends it.
func TestAMissingSecretIsOneClickAway(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	id := c.Create("workflows", map[string]any{"name": "Needs a secret", "nodes": []any{instance.Node("go", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"url": "https://example.com", "auth": "bearer", "token": "{{ $secrets.MAIL_KEY }}"})},
		"connections": instance.Chain("go", "call")})
	page := i.Enter(t, "owner@acme")
	page.Open("/workflows/" + id)
	page.Click("link", "call: Needs the secret MAIL_KEY, which does not exist; create it.")
	page.WaitPath("/secrets/new")
	page.Wait(`document.getElementsByName("name")[0].value === "MAIL_KEY"`)
}
