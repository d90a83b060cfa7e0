package flow

import (
	"encoding/json"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// redraw stores another draft.
func (p *plant) redraw(workflow, nodes string) {
	p.t.Helper()
	if _, err := Workflows.Update(p.s, workflow, 0, resource.Update, "updated", func(w *Workflow) error {
		w.Nodes = field.JSON("[" + nodes + "]")
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *plant) republish(workflow, note string) {
	p.t.Helper()
	kind, _ := p.kernel.Kind("workflow")
	if _, err := kind.Act(p.s, workflow, "publish", 0, resource.Input{"note": resource.Text(note)}); err != nil {
		p.t.Fatal(err)
	}
}

func TestVersionsSayWhoChangedHowMuch(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", byHand+`{"id":"a","type":"set"}`, "start>a")
	p.redraw(workflow, byHand+`{"id":"a","type":"set"},{"id":"b","type":"note"}`)
	p.republish(workflow, "Adds b")
	if _, err := testVersion(p.s, p.workflow(workflow), ""); err != nil {
		t.Fatal(err)
	}
	found, err := Versions(p.s, workflow, 0)
	if err != nil || len(found) != 2 || found[0].Version != 2 || found[0].Note != "Adds b" || found[0].Changes != 1 ||
		found[1].Author != "Ada" || found[1].Changes != 3 {
		t.Fatalf("the versions are %+v, %v", found, err)
	}
	if older, err := Versions(p.s, workflow, 2); err != nil || len(older) != 1 || older[0].Version != 1 {
		t.Errorf("below the second are %+v, %v", older, err)
	}
	for _, number := range []int{-1, 0, 3} {
		if _, err := FindVersion(p.s, workflow, number); !fault.Is(err, fault.NotFound) {
			t.Errorf("version %d gives %v", number, err)
		}
	}
}

func (p *plant) workflow(id string) *Workflow {
	p.t.Helper()
	w, err := Workflows.Get(p.s, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

func TestADifferenceNamesEachValue(t *testing.T) {
	t.Parallel()
	read := func(nodes, connections, settings string) *Graph {
		g, err := parseGraph(field.JSON(nodes), field.JSON(connections), field.JSON(settings))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	before := read(`[{"id":"start","type":"trigger.manual"},{"id":"call","type":"http","name":"Call",
		"config":{"url":"https://a.test","headers":[{"name":"A","value":"1"}],"method":"GET"}},{"id":"gone","type":"set"}]`,
		`[{"id":"1","from_node":"start","from_output":"main","to_node":"call","to_input":"main"}]`, `{"timeout":60}`)
	after := read(`[{"id":"call","type":"http","name":"Call it","position":{"x":9,"y":9},"retry":{"attempts":3},
		"config":{"method":"GET","headers":[{"value":"1","name":"A"}],"url":"https://b.test"}},
		{"id":"start","type":"trigger.manual"},{"id":"new","type":"set"}]`,
		`[{"id":"another","from_node":"start","from_output":"main","to_node":"call","to_input":"main"},
		{"id":"2","from_node":"call","from_output":"main","to_node":"new","to_input":"main"}]`, `{"timeout":90}`)
	got, err := json.Marshal(Compare(before, after))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"from":"","to":"","nodes":[` +
		`{"node_id":"call","name":"Call it","type":"http","type_version":1,"change":"changed","fields":[` +
		`{"field":"config.url","old":"https://a.test","new":"https://b.test"},{"field":"name","old":"Call","new":"Call it"},` +
		`{"field":"retry.attempts","old":null,"new":3}]},` +
		`{"node_id":"new","name":"new","type":"set","type_version":1,"change":"added","fields":[]},` +
		`{"node_id":"gone","name":"gone","type":"set","type_version":1,"change":"removed","fields":[]}],` +
		`"connections":[{"from_node":"call","from_output":"main","to_node":"new","to_input":"main","change":"added"}],` +
		`"settings":[{"field":"timeout","old":60,"new":90}]}`
	if string(got) != want {
		t.Errorf("the difference is\n%s, not\n%s", got, want)
	}
	if same := Compare(after, after); same.Count() != 0 {
		t.Errorf("a graph differs from itself by %+v", same)
	}
}

func TestAVersionIsRestoredOverNothingUnseen(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	first := byHand + `{"id":"a","type":"set"}`
	workflow := p.publish("{}", first, "start>a")
	p.redraw(workflow, first+`,{"id":"b","type":"note"}`)
	p.republish(workflow, "")
	seen := p.workflow(workflow).Version
	p.redraw(workflow, first+`,{"id":"c","type":"note"}`)
	if _, err := RestoreVersion(p.s, workflow, 1, seen, true); !fault.Is(err, fault.Stale) {
		t.Errorf("a draft that was not seen is replaced: %v", err)
	}
	if _, err := RestoreVersion(p.s, workflow, 1, 0, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("unpublished changes are replaced without a word: %v", err)
	}
	w, err := RestoreVersion(p.s, workflow, 2, 0, true)
	if err != nil || w.DraftVersion != 0 || !strings.Contains(string(w.Nodes), `"b"`) {
		t.Fatalf("the version that runs is restored as %+v, %v", w, err)
	}
	if w, err = RestoreVersion(p.s, workflow, 1, w.Version, false); err != nil || w.DraftVersion != 1 || string(w.Nodes) != "["+first+"]" {
		t.Errorf("the first version is restored as %+v, %v", w, err)
	}
	if _, err := RestoreVersion(p.s, workflow, -1, 0, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a draft that was tried is a version: %v", err)
	}
}
