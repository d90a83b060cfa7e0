package flow

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// An empty list leads nowhere, as in n8n, and the step says so; a node that always puts out an item leads on.
func TestAnEmptyListIsTold(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[]"))
	}))
	t.Cleanup(service.Close)
	p := newPlant(t, strings.TrimPrefix(service.URL, "http://"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	ask := `{"id":"ask","type":"http","config":{"url":"` + service.URL +
		`"}%},{"id":"after","type":"set","config":{"assignments":[{"name":"x","value":1}]}}`
	for _, c := range []struct{ envelope, after, output, answer, log string }{
		{``, "skipped", `{"main":[]}`, `[]`, nothingMore},
		{`,"always_output":true`, "succeeded", `{"main":[{"json":{},"from":{"node":"start","output":"main","index":0}}]}`,
			`[{"json":{"x":1}}]`, ""},
	} {
		done := p.end(p.run(p.publish("{}", byHand+strings.Replace(ask, "%", c.envelope, 1), "start>ask", "ask>after"), `[{}]`))
		asked, after := &done.Nodes[1], &done.Nodes[2]
		if done.Status != Succeeded || asked.Status != "succeeded" || after.Status != c.after || string(asked.Output) != c.output ||
			strings.Join(asked.Logs, "") != c.log {
			t.Errorf("%s: %s, %s with %s and %q, then %s", c.envelope, done.Status, asked.Status, asked.Output, asked.Logs, after.Status)
		}
		if !strings.HasPrefix(string(done.Output), strings.TrimSuffix(c.answer, "}]")) {
			t.Errorf("%s: the execution gives %s", c.envelope, done.Output)
		}
	}
}

// A node that runs once sees the first item alone, however many there are, and leads on with what it made of it.
func TestANodeRunsOnce(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	const nodes = `{"id":"once","type":"set","execute_once":true,"config":{"assignments":[{"name":"seen","value":"{{ $input.all().length }}"}]}},
		{"id":"after","type":"set","config":{"assignments":[{"name":"first","value":"{{ $('start').item.json.n }}"}]}}`
	done := p.end(p.run(p.publish("{}", byHand+nodes, "start>once", "once>after"), `[{"n":1},{"n":2}]`))
	want := `[{"json":{"n":1,"seen":1,"first":1}`
	if !strings.HasPrefix(string(done.Output), want) || strings.Count(string(done.Output), `"json"`) != 1 {
		t.Errorf("it gives %s", done.Output)
	}
}
