package flow

import (
	"encoding/json"
	"testing"

	"zygo/app/fault"
	"zygo/app/value"
)

// What is offered for a trigger has the shape of what the trigger puts out, and the last execution's is the trigger's own.
func TestEachTriggerOffersAnInput(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	nodes := byHand + list(`{"id":"hook","type":"trigger.webhook","config":{"path":"orders/{id}","method":["PUT"]}}`,
		`{"id":"form","type":"trigger.form","config":{"path":"f","title":"F","fields":[{"name":"size","type":"dropdown","options":["S","M"]},`+
			`{"name":"mail","type":"email"},{"name":"many","type":"checkbox","options":["a","b"]},{"name":"yes","type":"checkbox"}]}}`,
		`{"id":"time","type":"trigger.schedule","config":{"mode":"every","every":1,"unit":"days"}}`,
		`{"id":"event","type":"trigger.event","config":{"events":["workflow.*"]}}`,
		`{"id":"called","type":"trigger.workflow","config":{"fields":[{"name":"n","type":"number","required":true}]}}`,
		`{"id":"error","type":"trigger.error"}`,
		`{"id":"mail","type":"trigger.mail","config":{"host":"h"}}`) // lacks what it needs
	w, err := Import(p.s, &Portable{Name: "Offers", Nodes: []byte("[" + nodes + "]")})
	must(t, err)
	offered := func() map[string]Opening {
		t.Helper()
		all, err := p.openings(p.s, &byID{w.ID})
		must(t, err)
		byNode := map[string]Opening{}
		for _, one := range all {
			byNode[one.NodeID] = one
		}
		return byNode
	}
	all := offered()
	for id, paths := range map[string]map[string]string{
		"start":  {},
		"hook":   {"method": "PUT", "path": "orders/id", "params.id": "id", "body.name": "Ada Lovelace", "query.page": "1"},
		"form":   {"size": "S", "mail": "ada@example.com", "many[0]": "a", "yes": "true"},
		"time":   {"due_at": "2026-03-02T12:00:00.000Z", "timestamp": "2026-03-01T12:00:00.000Z"},
		"event":  {"event": "workflow.created", "kind": "workflow", "object.name": "Offers"},
		"called": {"n": "1"},
		"error":  {"workflow.name": "Another workflow", "execution.mode": "manual"},
		"mail":   {"subject": "A question", "from.address": "ada@example.com"},
	} {
		sample, err := value.Parse(all[id].Sample, value.Limits{})
		must(t, err)
		for path, want := range paths {
			at, err := value.ParsePath(path)
			must(t, err)
			if got := sample.At(0).Find(at).Text(); got != want {
				t.Errorf("%s has the %s %q in its sample and not %q", id, path, got, want)
			}
		}
		if all[id].Last != nil {
			t.Errorf("%s offers an execution before there was one", id)
		}
	}
	workflow := p.publish("{}", byHand+list(tag("a", 0)), "start>a")
	p.end(p.run(workflow, `[{"n":1},{"n":2}]`))
	last, err := p.openings(p.s, &byID{workflow})
	must(t, err)
	if len(last) != 1 || last[0].Last == nil || string(last[0].Last.Items) != `[{"n":1},{"n":2}]` {
		t.Errorf("of the last execution is offered %+v", last)
	}
}

// A run by hand begins with what it is given, else with what is pinned to the trigger of the draft.
func TestARunBeginsWhereAndWithWhatItIsTold(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	nodes := byHand + list(`{"id":"second","type":"trigger.manual","pin":[{"via":"pin "}]}`, tag("a", 0), tag("b", 0))
	workflow := p.publish("{}", nodes, "start>a", "second>b")
	run := func(o Order) string {
		t.Helper()
		o.Workflow = workflow
		id, err := p.ExecuteOnce(p.s, o)
		must(t, err)
		return jsonOf(t, p.end(id).Output)
	}
	for sentence, pair := range map[string][2]string{
		"where nobody says":                {run(Order{Draft: true}), `{"via":"a"}`},
		"from the other, with its pin":     {run(Order{Draft: true, Trigger: "second"}), `{"via":"pin b"}`},
		"with an input instead of the pin": {run(Order{Draft: true, Trigger: "second", Input: json.RawMessage(`{"via":"given "}`)}), `{"via":"given b"}`},
		"published, without the pin":       {run(Order{Trigger: "second"}), `{"via":"b"}`},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s and not %s", sentence, pair[0], pair[1])
		}
	}
	for _, wrong := range []Order{{Draft: true, Trigger: "a"}, {Trigger: "nobody"}, {Draft: true, Trigger: "second", To: "a"}} {
		wrong.Workflow = workflow
		if _, err := p.ExecuteOnce(p.s, wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}
