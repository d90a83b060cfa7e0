package flow

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// recordsOf works with records as an execution of a workflow does that Ada published.
func (p *plant) recordsOf(publisher string) records {
	return records{&run{
		engine:  p.Engine,
		program: &program{tenant: p.s.Tenant(), publisher: publisher, workflowName: "Import"},
		row:     Execution{ID: resource.NewID(), TenantID: p.s.Tenant()},
		built:   p.budget.execution(p.s.Tenant()),
	}}
}

// A step that is repeated after a crash finds what it did.
func TestARepeatedStepCreatesNoSecondRecord(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	d := p.recordsOf(p.s.Actor.ID)
	create := &node.Record{Kind: "workflow", Operation: "create", Values: []node.RecordValue{{Name: "name", Value: value.String("Once")}}}
	var ids []string
	for range 2 {
		made, _, err := d.Do(t.Context(), create, "key:0")
		must(t, err)
		ids = append(ids, made[0].Get("id").Text())
	}
	if ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("the same step made the records %v", ids)
	}
	entries, err := p.s.AsInstance("the test reads the ledger").Since(0, 100)
	must(t, err)
	last := entries[len(entries)-1]
	if last.Action != "workflow.created" || last.ActorKind != "execution" || last.ActorName != "Import" || last.OnBehalfOf != p.s.Actor.ID {
		t.Errorf("the ledger says %s by %s %s for %s", last.Action, last.ActorKind, last.ActorName, last.OnBehalfOf)
	}
}

// A list longer than a page is read in pages, and tells when it holds more than was asked for.
func TestRecordsAreReadInPages(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	for i := range 120 {
		_, err := Workflows.Create(p.s, func(w *Workflow) error {
			w.Name = fmt.Sprintf("Flow %03d", i)
			return nil
		})
		must(t, err)
	}
	d := p.recordsOf(p.s.Actor.ID)
	for most, want := range map[int]bool{110: true, 120: false, 200: false} {
		found, more, err := d.Do(t.Context(), &node.Record{Kind: "workflow", Operation: "list", Order: "name", Most: most}, "")
		must(t, err)
		if first := found[0].Get("name").Text(); len(found) != min(most, 120) || more != want || first != "Flow 000" {
			t.Errorf("of %d asked for came %d, the first %s, more %t", most, len(found), first, more)
		}
	}
}

func TestWhatRecordsRefuse(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	text := func(name, text string) []node.RecordValue {
		return []node.RecordValue{{Name: "name", Value: value.String(text)}}
	}
	for name, c := range map[string]struct {
		publisher string
		request   node.Record
		want      string
	}{
		"nobody":            {"", node.Record{Kind: "workflow", Operation: "list"}, "Publish it again"},
		"no kind":           {"me", node.Record{Kind: "wish", Operation: "list"}, "no kind of record"},
		"no such operation": {"me", node.Record{Kind: "execution", Operation: "delete", ID: "x"}, "can't be done with an execution"},
		"no such action":    {"me", node.Record{Kind: "workflow", Operation: "act", ID: "x", Action: "sing"}, "nothing that can be done"},
		"no such record":    {"me", node.Record{Kind: "workflow", Operation: "get", ID: resource.NewID()}, "does not exist"},
		"no such field":     {"me", node.Record{Kind: "workflow", Operation: "create", Values: []node.RecordValue{{Name: "colour"}}}, "colour"},
		"a value too long":  {"me", node.Record{Kind: "workflow", Operation: "create", Values: text("name", strings.Repeat("x", 201))}, "name"},
		"an unknown filter": {"me", node.Record{Kind: "workflow", Operation: "list", Most: 1,
			Filters: []node.RecordFilter{{Field: "colour", Operator: "eq"}}}, "colour"},
	} {
		if c.publisher == "me" {
			c.publisher = p.s.Actor.ID
		}
		if _, _, err := p.recordsOf(c.publisher).Do(t.Context(), &c.request, "key"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
