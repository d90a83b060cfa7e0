package flow

import (
	"strings"
	"testing"
)

// A switch leads where its rules say, also when its execution is read again, and a connection from elsewhere is told.
func TestANodeNamesItsOutputs(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	const sort = `{"id":"sort","type":"switch","config":{"rules":[{"output":"low","left":"{{ $json.n }}","op":"less","right":3}],"fallback":"fallback"}},
		{"id":"low","type":"set","config":{"assignments":[{"name":"is","value":"low"}]}},{"id":"rest","type":"set","config":{"assignments":[{"name":"is","value":"rest"}]}}`
	done := p.end(p.run(p.publish("{}", byHand+sort, "start>sort", "sort.low>low", "sort.fallback>rest"), `[{"n":1},{"n":5}]`))
	low, rest := string(done.Nodes[2].Output), string(done.Nodes[3].Output)
	if !strings.Contains(low, `{"n":1,"is":"low"}`) || !strings.Contains(rest, `{"n":5,"is":"rest"}`) {
		t.Errorf("the outputs lead to %s and %s", low, rest)
	}
	g := Graph{Nodes: []Node{{ID: "start", Type: "trigger.manual", TypeVersion: 1, Name: "start"},
		{ID: "sort", Type: "switch", TypeVersion: 1, Name: "sort", Config: []byte(`{"rules":[{"output":"low","op":"exists"}]}`)},
		{ID: "after", Type: "set", TypeVersion: 1, Name: "after"}},
		Connections: []Connection{{FromNode: "start", ToNode: "sort"}, {FromNode: "sort", FromOutput: "high", ToNode: "after"}}}
	if _, problems := compile(&g); len(problems) == 0 || problems[0].Message != `has no output "high"` {
		t.Errorf("a connection from nowhere: %v", problems)
	}
}
