package flow

import (
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
)

func TestManyAreRunAgainOnceAndEachIsTold(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+stub.node("call", "x", ""), "start>call")
	var failed []string
	for _, status := range []int{400, 200, 400} {
		id := p.run(workflow, "{}")
		stub.next(t).answer <- status
		if p.end(id).Status == Failed {
			failed = append(failed, id)
		}
	}
	other := p.publish("{}", byHand+stub.node("call", "y", ""), "start>call")
	spared := p.run(other, "{}")
	stub.next(t).answer <- 400
	p.end(spared)
	answer, err := p.bulkRetry(p.s, &RetryMany{WorkflowID: field.Ref(workflow)})
	if err != nil || len(answer.Executions) != 2 || answer.Failed != 0 || answer.More || answer.Executions[0].ID != failed[0] {
		t.Fatalf("the filter gives %+v, %v", answer, err)
	}
	for range answer.Executions { // which of them calls first is open
		call := stub.next(t)
		call.answer <- 200
		if call.body != "x" {
			t.Errorf("the other workflow is called with %s", call.body)
		}
	}
	for _, one := range answer.Executions {
		if done := p.end(one.ExecutionID); done.Status != Succeeded || *done.RetryOf != one.ID {
			t.Errorf("the retry is %+v", done)
		}
	}
	if answer, err = p.bulkRetry(p.s, &RetryMany{WorkflowID: field.Ref(workflow)}); err != nil || len(answer.Executions) != 0 {
		t.Errorf("a repeated call gives %+v, %v", answer, err)
	}
	lastYear := timeOf(p.s.Now.Go().AddDate(-1, 0, 0))
	if answer, err = p.bulkRetry(p.s, &RetryMany{CreatedBefore: lastYear}); err != nil || len(answer.Executions) != 0 {
		t.Errorf("what failed in the last year gives %+v, %v", answer, err)
	}
	if answer, err = p.bulkRetry(p.s, &RetryMany{IDs: []string{"01900000-0000-7000-8000-000000000000", spared}}); err != nil ||
		answer.Failed != 1 || answer.Executions[0].Error.Code != string(fault.NotFound) || !answer.Executions[1].Success {
		t.Fatalf("with one that is not there %+v, %v", answer, err)
	}
	stub.next(t).answer <- 200
	p.end(answer.Executions[1].ExecutionID)
	for name, wrong := range map[string]RetryMany{
		"what still runs": {Status: Running},
		"a node":          {IDs: failed, From: FromNode},
		"the draft":       {IDs: failed, Version: draftVersion},
		"too many":        {IDs: make([]string, mostRetries+1)},
	} {
		if _, err := p.bulkRetry(p.s, &wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}
