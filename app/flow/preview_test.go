package flow

import (
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/platform"
)

// A look at an expression gives what the node would get, also for a node that the execution did not reach, and never a secret.
func TestExpressionsAreLookedAt(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if _, err := platform.Secrets.Create(p.s, func(s *platform.Secret) error {
		s.Name, s.Value = "KEY", "hidden"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := platform.Variables.Create(p.s, func(v *platform.Variable) error {
		v.Name, v.Value = "REGION", "eu"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	set := `{"id":"set","name":"Set","type":"set","config":{"assignments":[{"name":"total","type":"number","value":"{{ $json.n * 2 }}"}]}}`
	after := `{"id":"after","name":"After","type":"set","config":{}}`
	workflow := p.publish("{}", byHand+set+","+after, "start>set", "set>after")
	id := p.run(workflow, `[{"n":4},{"n":5}]`)
	p.end(id)
	look := func(order PreviewOrder) []Preview {
		t.Helper()
		order.Workflow, order.Execution = workflow, id
		found, err := p.Preview(p.s, order)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	texts := []string{"{{ $json.n }}", "{{ $json.total }}", "Sum: {{ $('Set').item.json.total }}", "{{ [1, 2].map(x => x * $json.n) }}", "{{ $json.",
		"{{ $secrets.KEY }}", "{{ $json.missing }}", "{{ $vars.REGION }}"}
	for _, order := range []PreviewOrder{{Node: "after", Texts: texts}, {Node: "new", Before: "set", Output: "main", Texts: texts}} {
		got := look(order)
		for i, want := range []string{"4", "8", "Sum: 8", "4,8", "", "", "", "eu"} {
			if text := got[i].Value.Text(); text != want && !(got[i].Value.IsMissing() && want == "") {
				t.Errorf("%s at %q gives %q, %q; want %q", texts[i], order.Node, text, got[i].Error, want)
			}
		}
		if got[4].Error == "" || !strings.Contains(got[5].Error, "secret") || got[6].Error != "" {
			t.Errorf("a broken text, a secret and a missing field say %q, %q, %q", got[4].Error, got[5].Error, got[6].Error)
		}
	}
	if got := look(PreviewOrder{Node: "set", Texts: []string{"{{ $json.total }}"}}); !got[0].Value.IsMissing() {
		t.Errorf("before the node, its own field is %s", got[0].Value.Text())
	}
	if _, err := p.Preview(p.s, PreviewOrder{Workflow: workflow, Execution: id, Node: "new", Texts: texts}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a node that nothing leads to: %v", err)
	}
	if _, err := p.Preview(p.s, PreviewOrder{Workflow: "another", Execution: id, Node: "set", Texts: texts}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the execution of another workflow: %v", err)
	}
}
