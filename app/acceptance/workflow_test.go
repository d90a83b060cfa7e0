package acceptance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// peer is an HTTP server that a workflow calls. It records each call by its idempotency key.
type peer struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
	// before runs before a call is answered.
	before func(call)
	status int
}

type call struct{ key, body, path string }

func newPeer(t testing.TB) *peer {
	p := &peer{status: 200}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c := call{r.Header.Get("Idempotency-Key"), string(body), r.URL.Path}
		p.mu.Lock()
		p.calls = append(p.calls, c)
		before := p.before
		p.mu.Unlock()
		if before != nil {
			before(c)
		}
		p.mu.Lock()
		status := p.status
		p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"seen":%q}`, c.path)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *peer) allow() string { return "outgoing.allow=" + strings.TrimPrefix(p.URL, "http://") }

func (p *peer) seen() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// n makes a node, and link a connection, for graphs in tests.
func n(id, kind string, config map[string]any, envelope ...map[string]any) map[string]any {
	node := map[string]any{"id": id, "type": kind}
	if config != nil {
		node["config"] = config
	}
	for _, e := range envelope {
		for k, v := range e {
			node[k] = v
		}
	}
	return node
}

func link(from, output, to string) map[string]any {
	return map[string]any{"id": from + output + to, "from_node": from, "from_output": output, "to_node": to, "to_input": "main"}
}

func chain(ids ...string) []any {
	var all []any
	for i := 1; i < len(ids); i++ {
		all = append(all, link(ids[i-1], "main", ids[i]))
	}
	return all
}

// publish makes a workflow and publishes it.
func (c *client) publish(name string, nodes, connections []any) string {
	c.i.t.Helper()
	if connections == nil {
		connections = []any{}
	}
	var w struct{ ID string }
	c.must(c.call("POST", "workflows", map[string]any{"name": name, "nodes": nodes, "connections": connections}), 201, &w)
	c.must(c.call("POST", "workflows/"+w.ID+"/publish", nil), 200, nil)
	return w.ID
}

// execution is what the API says of one.
type execution struct {
	ID, Status string
	Output     json.RawMessage
	Error      *struct{ Code, Message, Node string }
	Nodes      []struct {
		NodeID   string `json:"node_id"`
		Status   string
		Attempts int
		Input    json.RawMessage
		Output   map[string]json.RawMessage
		Error    *struct{ Code, Message string }
		Logs     []string
	}
}

func (e execution) step(id string) string {
	for _, node := range e.Nodes {
		if node.NodeID == id {
			return node.Status
		}
	}
	return "missing"
}

func (c *client) execution(id string) execution {
	c.i.t.Helper()
	var e execution
	c.must(c.call("GET", "executions/"+id, nil), 200, &e)
	return e
}

// finished waits for the end of an execution by its stream.
func (c *client) finished(id string) execution {
	c.i.t.Helper()
	return c.until(id, "execution.finished")
}

// until reads the stream of an execution until an event of a type.
func (c *client) until(id, kind string) execution {
	c.i.t.Helper()
	request, err := http.NewRequest("GET", c.i.url+"/api/v1/executions/"+id+"/stream", nil)
	if err != nil {
		c.i.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := transport.Do(request)
	if err != nil {
		c.i.t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"type":"`+kind+`"`) {
			return c.execution(id)
		}
	}
	c.i.t.Fatalf("the stream of %s ended without %s", id, kind)
	return execution{}
}

// run executes a workflow and waits for its end.
func (c *client) run(workflow string, input any) execution {
	c.i.t.Helper()
	var e execution
	c.must(c.call("POST", "workflows/"+workflow+"/execute", map[string]any{"input": input, "wait": 30}), 200, &e)
	return e
}

func TestWorkflowRunsItsNodes(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	c := i.as("editor@acme")
	workflow := c.publish("Orders", []any{
		n("start", "trigger.manual", nil),
		n("total", "set", map[string]any{"assignments": []any{map[string]any{"name": "total", "type": "number", "value": "{{ $json.amount * $json.price }}"}}}),
		n("large", "if", map[string]any{"conditions": []any{map[string]any{"left": "{{ $json.total }}", "op": "greater", "right": 100}}}),
		n("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/orders/{{ $json.id }}", "body_type": "json", "body": map[string]any{"total": "{{ $json.total }}"}}),
		n("count", "code", map[string]any{"source": "console.log('counting'); return [{json: {count: items.length, first: $('total').first().json.id}}]"}),
		n("small", "set", map[string]any{"assignments": []any{map[string]any{"name": "small", "type": "boolean", "value": "true"}}}),
	}, []any{link("start", "main", "total"), link("total", "main", "large"), link("large", "true", "call"), link("call", "main", "count"), link("large", "false", "small")})
	e := c.run(workflow, []any{map[string]any{"id": "a", "amount": 20, "price": 10}, map[string]any{"id": "b", "amount": 1, "price": 2}})
	if e.Status != "succeeded" {
		t.Fatalf("the execution is %s: %+v", e.Status, e.Error)
	}
	for _, id := range []string{"start", "total", "large", "call", "count", "small"} {
		if got := e.step(id); got != "succeeded" {
			t.Errorf("node %s is %s", id, got)
		}
	}
	calls := peer.seen()
	if len(calls) != 1 || calls[0].path != "/orders/a" || calls[0].body != `{"total":200}` || calls[0].key == "" {
		t.Errorf("the peer saw %+v", calls)
	}
	for _, node := range e.Nodes {
		switch node.NodeID {
		case "small":
			if !strings.Contains(string(node.Output["main"]), `"id":"b"`) {
				t.Errorf("small put out %s", node.Output)
			}
		case "count":
			if !strings.Contains(string(node.Output["main"]), `"count":1`) || !strings.Contains(string(node.Output["main"]), `"first":"a"`) || len(node.Logs) != 1 {
				t.Errorf("count put out %s and logged %v", node.Output, node.Logs)
			}
		}
	}
	if !slices.ContainsFunc(ledger(t, i.as("owner@acme")), func(other entry) bool { return other.Action == "execution.succeeded" && other.ResourceID == e.ID }) {
		t.Error("the ledger lacks the end of the execution")
	}
}

func TestFailuresAreRetriedAndRouted(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	c := i.as("editor@acme")
	peer.before = func(call) {
		peer.mu.Lock()
		defer peer.mu.Unlock()
		peer.status = 503
		if len(peer.calls) >= 2 {
			peer.status = 200
		}
	}
	fetch := map[string]any{"method": "POST", "url": peer.URL + "/flaky"}
	retried := c.publish("Retried", []any{n("start", "trigger.manual", nil), n("call", "http", fetch, map[string]any{"retry": map[string]any{"attempts": 3, "backoff": "fixed", "delay": 1}})}, chain("start", "call"))
	if e := c.run(retried, nil); e.Status != "succeeded" || e.Nodes[1].Attempts != 2 {
		t.Errorf("a call that fails once is %s after %+v", e.Status, e.Nodes)
	}
	keys := map[string]bool{}
	for _, seen := range peer.seen() {
		keys[seen.key] = true
	}
	if len(keys) != 1 {
		t.Errorf("the attempts have the keys %v; one effect has one", keys)
	}
	boom := map[string]any{"source": "throw new Error('boom')"}
	stopped := c.publish("Stopped", []any{n("start", "trigger.manual", nil), n("boom", "code", boom), n("after", "set", nil)}, chain("start", "boom", "after"))
	e := c.run(stopped, nil)
	if e.Status != "failed" || e.Error == nil || !strings.Contains(e.Error.Message, "boom") || e.Error.Node != "boom" || e.step("after") != "skipped" {
		t.Errorf("a failing code node: %+v", e)
	}
	routed := c.publish("Routed", []any{n("start", "trigger.manual", nil), n("boom", "code", boom, map[string]any{"on_error": "output"}), n("after", "set", nil), n("caught", "set", nil)},
		[]any{link("start", "main", "boom"), link("boom", "main", "after"), link("boom", "error", "caught")})
	if e := c.run(routed, nil); e.Status != "succeeded" || e.step("caught") != "succeeded" || e.step("after") != "skipped" {
		t.Errorf("an error output: %+v", e)
	}
	var again struct{ ID string }
	c.must(c.call("POST", "executions/"+e.ID+"/retry", nil), 200, &again)
	if second := c.finished(again.ID); second.Status != "failed" || second.step("start") != "succeeded" {
		t.Errorf("a retry from the failed node: %+v", second)
	}
}

func TestWaitsAndCancels(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	c := i.as("editor@acme")
	wait := func(seconds float64) string {
		return c.publish(fmt.Sprint("Wait ", seconds), []any{n("start", "trigger.manual", nil), n("wait", "delay", map[string]any{"amount": seconds, "unit": "seconds"}), n("after", "set", nil)}, chain("start", "wait", "after"))
	}
	if e := c.run(wait(1), nil); e.Status != "succeeded" || e.step("after") != "succeeded" {
		t.Errorf("a wait of a second: %+v", e)
	}
	var long struct{ ID string }
	c.must(c.call("POST", "workflows/"+wait(3600)+"/execute", map[string]any{}), 202, &long)
	if e := c.until(long.ID, "execution.waiting"); e.Status != "waiting" || e.step("wait") != "waiting" || e.step("after") != "pending" {
		t.Errorf("a wait of an hour: %+v", e)
	}
	c.must(c.call("POST", "executions/"+long.ID+"/cancel", nil), 200, nil)
	if e := c.finished(long.ID); e.Status != "cancelled" {
		t.Errorf("a cancelled wait is %s", e.Status)
	}
	reached := make(chan struct{})
	release := make(chan struct{})
	defer close(release)
	var once sync.Once
	peer.before = func(call) { once.Do(func() { close(reached) }); <-release }
	slow := c.publish("Slow", []any{n("start", "trigger.manual", nil), n("call", "http", map[string]any{"url": peer.URL})}, chain("start", "call"))
	var running struct{ ID string }
	c.must(c.call("POST", "workflows/"+slow+"/execute", map[string]any{}), 202, &running)
	<-reached
	c.must(c.call("POST", "executions/"+running.ID+"/cancel", nil), 200, nil)
	if e := c.finished(running.ID); e.Status != "cancelled" {
		t.Errorf("a cancelled call is %s", e.Status)
	}
	if answer := c.call("POST", "executions/"+running.ID+"/cancel", nil); answer.status != 409 {
		t.Errorf("cancelling twice answers %d", answer.status)
	}
}

func TestExecutionGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	c := i.as("editor@acme")
	reached := make(chan call, 10)
	gate := make(chan struct{}, 10)
	peer.before = func(seen call) {
		reached <- seen
		<-gate
	}
	workflow := c.publish("Two calls", []any{n("start", "trigger.manual", nil),
		n("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}), n("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"})}, chain("start", "first", "second"))
	var e execution
	c.must(c.call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &e)
	first := <-reached
	gate <- struct{}{}
	interrupted := <-reached // the second call is under way
	i.kill()
	gate <- struct{}{}
	i.serve()
	again := <-reached
	gate <- struct{}{}
	if again.path != "/second" || again.key != interrupted.key {
		t.Errorf("after the kill the call %+v goes out again as %+v", interrupted, again)
	}
	if done := c.finished(e.ID); done.Status != "succeeded" {
		t.Errorf("after the kill the execution is %+v", done)
	}
	firsts := 0
	for _, seen := range peer.seen() {
		if seen.key == first.key {
			firsts++
		}
	}
	if firsts != 1 {
		t.Errorf("the first call went out %d times; its result was recorded", firsts)
	}
}

func TestStreamOverWebSocketIsTheSame(t *testing.T) {
	t.Parallel()
	i := start(t)
	c, other := i.as("editor@acme"), i.as("owner@umbrella")
	e := c.run(c.publish("Short", []any{n("start", "trigger.manual", nil), n("after", "set", nil)}, chain("start", "after")), nil)
	address := "ws" + strings.TrimPrefix(i.url, "http") + "/api/v1/executions/" + e.ID + "/stream"
	dial := func(who *client, header ...string) (*websocket.Conn, *http.Response, error) {
		h := http.Header{"Authorization": {"Bearer " + who.token}}
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
	if want := []string{"execution.started", "node.started", "node.finished", "node.started", "node.finished", "execution.finished"}; !slices.Equal(types, want) {
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
	peer := newPeer(t)
	i := start(t) // nothing is allowed
	c := i.as("editor@acme")
	_, port, err := net.SplitHostPort(strings.TrimPrefix(peer.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{peer.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://2130706433:" + port + "/", "file:///etc/passwd", "gopher://127.0.0.1/"} {
		workflow := c.publish("To "+url, []any{n("start", "trigger.manual", nil), n("call", "http", map[string]any{"url": "{{ '" + url + "' }}"})}, chain("start", "call"))
		if e := c.run(workflow, nil); e.Status != "failed" {
			t.Errorf("a call to %s is %s", url, e.Status)
		}
	}
	if calls := peer.seen(); len(calls) != 0 {
		t.Errorf("the guard let through %+v", calls)
	}
}

func TestHostileCodeHarmsNothing(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	health := &client{i: i}
	var wait sync.WaitGroup
	for name, source := range map[string]string{
		"an endless loop": "while (true) {}", "a caught loop": "for (;;) { try { while (true) {} } catch (e) {} }", "memory": "const a = []; for (;;) a.push(new Array(1e6).fill(1))",
		"a long string": "return [{json: {x: 'x'.repeat(2**30)}}]", "recursion": "const f = () => f(); f()", "a regex": "/^(a+)+$/.test('a'.repeat(40) + '!')", "output": "return [{json: {x: 'x'.repeat(40 << 20)}}]",
		"the process": "process.exit(1)", "a require": "require('fs')", "the constructor": "return [{json: {x: this.constructor.constructor('return process')().env}}]",
	} {
		workflow := c.publish(name, []any{n("start", "trigger.manual", nil), n("code", "code", map[string]any{"source": source, "timeout": 1})}, chain("start", "code"))
		wait.Go(func() {
			answer, err := c.try("POST", "workflows/"+workflow+"/execute", map[string]any{"wait": 40})
			if err != nil || answer.status != 200 || !strings.Contains(string(answer.body), `"status":"failed"`) {
				t.Errorf("%s answers %d %.300s %v", name, answer.status, answer.body, err)
			}
		})
	}
	deadline := time.Now().Add(2 * time.Second)
	for time.Now().Before(deadline) {
		if answer, err := health.try("GET", "/health", nil); err != nil || answer.status != 200 {
			t.Fatalf("beside hostile code the health check answers %d, %v", answer.status, err)
		}
	}
	wait.Wait()
}

func TestBadGraphsAreRefused(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	for name, test := range map[string]struct {
		nodes, connections []any
		at                 int // the status of the create; 201 means that publishing refuses
	}{
		"no trigger":         {[]any{n("a", "set", nil)}, nil, 201},
		"a circle":           {[]any{n("s", "trigger.manual", nil), n("a", "set", nil), n("b", "set", nil)}, []any{link("s", "main", "a"), link("a", "main", "b"), link("b", "main", "a")}, 201},
		"an island":          {[]any{n("s", "trigger.manual", nil), n("a", "set", nil)}, nil, 201},
		"a bad expression":   {[]any{n("s", "trigger.manual", nil), n("a", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": "{{ $json. "}}})}, chain("s", "a"), 201},
		"an unknown field":   {[]any{n("s", "trigger.manual", nil), n("a", "http", map[string]any{"url": "https://example.com", "no_such": 1})}, chain("s", "a"), 201},
		"a missing field":    {[]any{n("s", "trigger.manual", nil), n("a", "http", nil)}, chain("s", "a"), 201},
		"an unknown output":  {[]any{n("s", "trigger.manual", nil), n("a", "set", nil)}, []any{link("s", "nowhere", "a")}, 201},
		"an unknown type":    {[]any{n("a", "no.such", nil)}, nil, 422},
		"an id twice":        {[]any{n("a", "set", nil), n("a", "set", nil)}, nil, 422},
		"a link to nothing":  {[]any{n("s", "trigger.manual", nil)}, []any{link("s", "main", "x")}, 422},
		"nodes of a text":    {[]any{"x"}, nil, 422},
		"a field of no node": {[]any{map[string]any{"id": "a", "type": "set", "colour": "red"}}, nil, 422},
	} {
		if test.connections == nil {
			test.connections = []any{}
		}
		var w struct{ ID string }
		answer := c.call("POST", "workflows", map[string]any{"name": name, "nodes": test.nodes, "connections": test.connections})
		if answer.status != test.at {
			t.Errorf("%s: the draft answers %d %s", name, answer.status, answer.body)
			continue
		}
		if test.at != 201 {
			continue
		}
		c.must(answer, 201, &w)
		if answer := c.call("POST", "workflows/"+w.ID+"/publish", nil); answer.status != 422 || answer.code() != "INVALID" {
			t.Errorf("%s: publishing answers %d %s", name, answer.status, answer.body)
		}
	}
	c.publish("Takes the path", []any{n("h", "trigger.webhook", map[string]any{"path": "taken"})}, nil)
	var second struct{ ID string }
	c.must(c.call("POST", "workflows", map[string]any{"name": "Too late", "nodes": []any{n("h", "trigger.webhook", map[string]any{"path": "taken"})}}), 201, &second)
	if answer := c.call("POST", "workflows/"+second.ID+"/publish", nil); answer.status != 422 || !strings.Contains(string(answer.body), "path") {
		t.Errorf("a taken path answers %d %s", answer.status, answer.body)
	}
}

func TestValidationReadsTheScripts(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	for source, valid := range map[string]bool{"return items": true, "return items(": false} {
		var w struct{ ID string }
		c.must(c.call("POST", "workflows", map[string]any{"name": source, "nodes": []any{n("s", "trigger.manual", nil), n("code", "code", map[string]any{"source": source})}, "connections": chain("s", "code")}), 201, &w)
		var checked struct{ Valid bool }
		c.must(c.call("POST", "workflows/"+w.ID+"/validate", nil), 200, &checked)
		if checked.Valid != valid {
			t.Errorf("%q is valid: %t", source, checked.Valid)
		}
	}
}
