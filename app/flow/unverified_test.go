package flow

import (
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Who is no administrator may draw a workflow that takes every certificate, but neither publish nor try it. What an administrator
// published, others may switch on.
func TestOnlyAdministratorsSkipCertificates(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	kind, _ := p.kernel.Kind("workflow")
	editor := p.kernel.Member(t.Context(), p.s.Actor, p.s.Tenant(), rights.Of(rights.Editor), resource.Origin{})
	made, err := Workflows.Create(p.s, func(w *Workflow) error {
		w.Name = "Old"
		w.Nodes = field.JSON(`[{"id":"a","name":"a","type":"trigger.manual"},{"id":"b","name":"b","type":"http","config":{"url":"https://a.example","tls_verify":false}}]`)
		w.Connections = field.JSON(`[{"id":"c","from_node":"a","to_node":"b"}]`)
		return nil
	})
	must(t, err)
	_, err = kind.Act(editor, made.ID, "publish", 0, nil)
	if !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), skipCertificates) {
		t.Errorf("an editor publishes it: %v", err)
	}
	w, err := Workflows.Get(editor, made.ID)
	must(t, err)
	if _, err = testVersion(editor, w, ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an editor tries it: %v", err)
	}
	for _, step := range []struct {
		by   *resource.Session
		verb string
	}{{p.s, "publish"}, {editor, "disable"}, {editor, "enable"}} {
		if _, err = kind.Act(step.by, made.ID, step.verb, 0, nil); err != nil {
			t.Errorf("%s: %v", step.verb, err)
		}
	}
}
