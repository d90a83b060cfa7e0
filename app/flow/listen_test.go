package flow

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// testHook makes a workflow whose draft differs from what is published, and gives its id.
func (p *plant) testHook() string {
	p.t.Helper()
	id := p.publish("{}", `{"id":"hook","type":"trigger.webhook","config":{"path":"in/{id}"}},`+
		`{"id":"set","type":"set","config":{"assignments":[{"name":"from","value":"published"}]}}`, "hook>set")
	if _, err := Workflows.Update(p.s, id, 0, resource.Update, "updated", func(w *Workflow) error {
		w.Nodes = field.JSON(strings.Replace(string(w.Nodes), "published", "draft", 1))
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
	return id
}

func (p *plant) call(test bool, path string) (Answer, error) {
	return p.Receive(context.Background(), Delivery{Tenant: "acme", Path: path, Method: "POST", Header: http.Header{}, Test: test})
}

// A draft takes one call, of whom comes first, and none after two minutes.
func TestADraftTakesOneCall(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	id := p.testHook()
	none := func(when string) {
		t.Helper()
		if _, err := p.call(true, "in/7"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", when, err)
		}
	}
	none("before anybody listens")
	if at, err := p.Listen(p.s, id); err != nil || len(at) != 1 || at[0].NodeID != "hook" {
		t.Fatalf("it listens at %v, %v", at, err)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var taken []string
	for range 8 {
		wait.Go(func() {
			if answer, err := p.call(true, "in/7"); err == nil {
				mu.Lock()
				taken = append(taken, answer.ExecutionID)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if len(taken) != 1 {
		t.Fatalf("of eight calls %d are taken", len(taken))
	}
	if v := p.end(taken[0]); v.WorkflowVersion >= 0 || v.Trigger != "webhook" || string(v.Output) == "" {
		t.Errorf("it runs the version %d by %s", v.WorkflowVersion, v.Trigger)
	}
	none("after the call")
	if live, err := p.call(false, "in/7"); err != nil || p.end(live.ExecutionID).WorkflowVersion != 1 {
		t.Errorf("the published workflow answers %v", err)
	}
	if _, err := p.Listen(p.s, id); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(testLife + time.Second)
	none("after two minutes")
	if at, err := p.Listening(p.s, id); err != nil || len(at) != 0 {
		t.Errorf("after two minutes it listens at %v, %v", at, err)
	}
}
