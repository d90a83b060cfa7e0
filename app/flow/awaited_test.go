package flow

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// What an earlier attempt of a step called is over, and says nothing about the next attempt.
func TestACallThatFailedIsTriedAgain(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	must(t, p.Start())
	called := p.publish("{}", whenCalled+stub.node("x", "x", ""), "start>x")
	again := `,"retry":{"attempts":2,"delay":60,"backoff":"fixed"}}`
	caller := p.publish("{}", byHand+strings.TrimSuffix(calling("call", called, ""), "}")+again, "start>call")
	id := p.run(caller, "{}")
	stub.next(t).answer <- 400
	p.untilParked(id, p.clock.Now().Go().Add(time.Minute))
	p.pass(time.Minute)
	stub.next(t).answer <- 200
	if done := p.end(id); done.Status != Succeeded {
		t.Errorf("the caller ends with %s %+v", done.Status, done.Error)
	}
}

// The end of an execution ends what it waits for, and nothing else that it started.
func TestWhatNobodyWaitsForGoesOn(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	delay := at("x", 0, "delay", `{"amount":2,"unit":"days"}`)
	told := p.publish("{}", `{"id":"start","type":"trigger.error"},`+delay, "start>x")
	waits := p.publish("{}", whenCalled+delay, "start>x")
	fails := p.publish("{}", whenCalled+at("x", 0, "stop", `{"message":"no luck"}`), "start>x")
	caller := p.publish(`{"error_workflow":"`+told+`"}`,
		byHand+list(calling("apart", waits, `,"then":"go_on"`), calling("call", fails, "")), "start>apart", "apart>call")
	id := p.run(caller, "{}")
	if done := p.end(id); done.Status != Failed {
		t.Fatalf("the caller ends with %s", done.Status)
	}
	apart := slices.DeleteFunc(p.rows(), func(row Execution) bool { return string(row.WorkflowID) != told && string(row.WorkflowID) != waits })
	for _, row := range apart {
		p.untilParked(row.ID, p.clock.Now().Go().Add(48*time.Hour))
	}
	p.pass(48 * time.Hour)
	for _, row := range apart {
		if done := p.end(row.ID); done.Status != Succeeded {
			t.Errorf("the execution that %s began ends with %s", row.Trigger, done.Status)
		}
	}
	if len(apart) != 2 {
		t.Errorf("%d executions go on by themselves", len(apart))
	}
}
