package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/resource"
)

const day = 24 * time.Hour

func TestExecutionsAreKeptAsLongAsTheirWorkflowSays(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.retention = Retention{Days: 10, FailedDays: 20}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	count := func(workflow string) (n int) {
		t.Helper()
		n, err := resource.SelectOne[int](p.s, "SELECT count(*) FROM {execution} WHERE workflow_id = ?", workflow)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	set := byHand + `{"id":"a","type":"set"}`
	usual, longer := p.publish("{}", set, "start>a"), p.publish(`{"keep_days":30}`, set, "start>a")
	shorter, few := p.publish(`{"keep_days":2}`, set, "start>a"), p.publish(`{"keep_most":2}`, set, "start>a")
	failing := p.publish("{}", byHand+`{"id":"a","type":"stop","config":{"as":"error","message":"No"}}`, "start>a")
	waiting := p.publish("{}", byHand+`{"id":"a","type":"delay","config":{"amount":100,"unit":"days"}}`, "start>a")
	all := []string{usual, longer, shorter, few, failing}
	for _, workflow := range all {
		for range 3 {
			p.end(p.run(workflow, "{}"))
		}
	}
	p.until(p.run(waiting, "{}"), "execution.waiting")
	for _, step := range []struct {
		pass time.Duration
		want string
	}{
		{0, "[3 3 3 3 3]"},
		{2 * time.Hour, "[3 3 3 2 3]"},
		{2 * day, "[3 3 0 2 3]"},
		{9 * day, "[0 3 0 0 3]"},
		{10 * day, "[0 3 0 0 0]"},
		{20 * day, "[0 0 0 0 0]"},
	} {
		p.clock.Advance(step.pass)
		if err := p.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, workflow := range all {
			got = append(got, count(workflow))
		}
		if fmt.Sprint(got) != step.want {
			t.Errorf("after %s more there are %v, not %s", step.pass, got, step.want)
		}
	}
	if count(waiting) != 1 {
		t.Error("an execution that waits is pruned")
	}
	system := p.clock.System()
	if kept, err := resource.SelectOne[int](system,
		"SELECT count(*) FROM {step} s WHERE NOT EXISTS (SELECT 1 FROM {execution} e WHERE e.n = s.execution)"); err != nil || kept != 0 {
		t.Errorf("%d steps are left of pruned executions, %v", kept, err)
	}
	if told, err := resource.SelectOne[int](p.s, "SELECT count(*) FROM {ledger} WHERE kind = 'execution'"); err != nil || told < 30 {
		t.Errorf("the ledger has %d entries of executions, %v", told, err)
	}
	pruned, err := resource.Select[string](p.s, "SELECT object FROM {ledger} WHERE action = 'workflow.executions_pruned' AND resource_id = ? ORDER BY seq", few)
	if err != nil || fmt.Sprint(pruned) != `[{"count":1} {"count":2}]` {
		t.Errorf("the ledger tells of pruned executions %s, %v", pruned, err)
	}
}

func TestWhatGoesOnKeepsWhatItIsBoundTo(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.retention = Retention{Days: 1}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+`{"id":"a","type":"delay","config":{"amount":"{{ $json.days }}","unit":"days"}}`, "start>a")
	short := p.run(workflow, `{"days":1}`)
	p.until(short, "execution.waiting")
	p.pass(2 * day)
	p.end(short)
	again, err := p.Retry(p.s, short, Again{From: FromStart, Input: []byte(`{"days":9}`)})
	if err != nil {
		t.Fatal(err)
	}
	p.until(again, "execution.waiting")
	trial, err := p.ExecuteOnce(p.s, Order{Workflow: workflow, Draft: true, Input: []byte(`{"days":0.01}`)})
	if err != nil {
		t.Fatal(err)
	}
	p.until(trial, "execution.waiting")
	p.pass(time.Hour)
	p.end(trial)
	for _, to := range []string{"start", ""} { // the newest trial keeps the count
		if _, err := p.ExecuteOnce(p.s, Order{Workflow: workflow, Draft: true, To: to, Input: []byte(`{"days":200}`)}); err != nil {
			t.Fatal(err)
		}
	}
	ids := func() (left []string) {
		if err := p.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, row := range p.rows() {
			left = append(left, row.ID)
		}
		return left
	}
	p.clock.Advance(3 * day)
	if left := ids(); !slices.Contains(left, short) || !slices.Contains(left, again) || slices.Contains(left, trial) {
		t.Errorf("left are %v of %s, %s and %s", left, short, again, trial)
	}
	p.pass(8 * day)
	p.end(again)
	p.clock.Advance(3 * day)
	if left := ids(); slices.Contains(left, short) || slices.Contains(left, again) {
		t.Errorf("left are %v of %s and %s", left, short, again)
	}
	numbers, err := resource.Select[int](p.s, "SELECT number FROM {workflow_trial} ORDER BY number")
	if err != nil || len(numbers) == 0 || len(numbers) > 2 {
		t.Errorf("the trials are %v, %v", numbers, err)
	}
}

// The data of a workflow's executions has a bound, too.
func TestExecutionsAreKeptByTheirSize(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.retention = Retention{MostBytes: 500}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", strings.TrimSuffix(byHand, ","))
	input := `{"text":"` + strings.Repeat("x", 90) + `"}` // it is stored as input, in the output of a step and in that of the execution
	var ids []string
	for range 3 {
		ids = append(ids, p.run(workflow, input))
		p.end(ids[len(ids)-1])
	}
	p.clock.Advance(2 * time.Hour)
	if err := p.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := p.rows(); len(rows) != 2 || rows[0].ID != ids[1] || rows[0].Size < 180 || rows[0].Size > 250 {
		t.Errorf("%d executions are left", len(rows))
	}
}
