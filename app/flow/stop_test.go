package flow

import (
	"strings"
	"testing"
)

// A stop ends every branch, notes are for people, and a node may be connected to neither.
func TestAStopEndsTheExecution(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	const nodes = `{"id":"note","type":"note","config":{"text":"{{ Nobody"}},{"id":"stop","type":"stop","position":{"x":0,"y":0},"config":%},
		{"id":"join","type":"pass","position":{"x":0,"y":80}}`
	for _, c := range []struct {
		config, code, message, join string
		status                      Status
	}{
		{`{"as":"success"}`, "", "", "skipped", Succeeded},
		{`{"message":"No order {{ $json.n }}.","code":"NO_ORDER"}`, "NO_ORDER", "No order 7.", "skipped", Failed},
		{`{"as":"success"},"disabled":true`, "", "", "succeeded", Succeeded},
		{`{"message":"No."},"on_error":"continue"`, "", "", "succeeded", Succeeded},
	} {
		done := p.end(p.run(p.publish("{}", byHand+strings.Replace(nodes, "%", c.config, 1), "start>stop", "start>join"), `[{"n":7}]`))
		if done.Status != c.status || len(done.Nodes) != 3 || done.Nodes[2].Status != c.join ||
			!strings.Contains(string(done.Output), `"n":7`) && c.status == Succeeded {
			t.Errorf("%s: the execution is %s with %s, and the other branch %+v", c.config, done.Status, done.Output, done.Nodes)
		}
		if c.code != "" && (done.Error == nil || done.Error.Code != c.code || done.Error.Message != c.message ||
			done.Error.Node != "stop") {
			t.Errorf("%s: it fails with %+v", c.config, done.Error)
		}
	}
	g := Graph{Nodes: []Node{{ID: "start", Type: "trigger.manual", TypeVersion: 1, Name: "start"},
		{ID: "note", Type: "note", TypeVersion: 1, Name: "note"}},
		Connections: []Connection{{FromNode: "start", ToNode: "note"}}}
	_, problems := compile(&g)
	if len(problems) != 1 || problems[0].Node != "note" || !strings.Contains(problems[0].Message, "nothing leads to") {
		t.Errorf("a connection to a note: %v", problems)
	}
}
