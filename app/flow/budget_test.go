package flow

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zygo/app/flow/node"
	"zygo/app/resource/kerneltest"
	"zygo/app/value"
)

// grow is a node that puts out one text of so many bytes.
func grow(id string, bytes int) string {
	return fmt.Sprintf(`{"id":%q,"type":"set","config":{"keep":"none","assignments":[{"name":"text","value":"{{ 'x'.repeat(%d) }}"}]}}`,
		id, bytes)
}

// smallBudget gives executions little, so that tests need not build much.
func (p *plant) smallBudget(share, execution, step int64) {
	p.budget.share, p.budget.ofOne, p.budget.ofOneStep = share, execution, step
}

func TestWhatAStepPutsOutIsBounded(t *testing.T) {
	t.Parallel()
	text := value.String(strings.Repeat("\x01", 2<<20)) // each byte takes six when it is written
	f := &frame{items: []value.Item{{JSON: value.List(text, text)}}}
	for name, test := range map[string]struct {
		items []value.Item
		code  string
	}{
		"twelve MiB":                   {[]value.Item{{JSON: text}}, ""},
		"twice twelve MiB":             {[]value.Item{{JSON: text}, {JSON: text}}, "OUTPUT_TOO_LARGE"},
		"in one item":                  {[]value.Item{{JSON: value.List(text, text)}}, "OUTPUT_TOO_LARGE"},
		"the input, not written again": {f.items, ""},
	} {
		code := ""
		if err := checkSize(f, []node.Output{{Name: node.Main, Items: test.items}}); err != nil {
			code = asNodeError(err).Code
		}
		if code != test.code {
			t.Errorf("%s: %q", name, code)
		}
	}
}

// expectFree waits until nothing is held any more.
func (p *plant) expectFree() {
	p.t.Helper()
	late := time.Now().Add(kerneltest.Patience)
	for p.budget.all.Used() != 0 {
		if time.Now().After(late) {
			p.t.Fatalf("%d bytes are still held", p.budget.all.Used())
		}
		time.Sleep(time.Millisecond)
	}
}

// endFree waits until an execution holds nothing any more, because looking at it takes memory too.
func (p *plant) endFree(id string) *ExecutionView {
	p.t.Helper()
	if status, err := p.Await(p.s, id, kerneltest.Patience); err != nil || !status.Finished() {
		p.t.Fatalf("the execution is %s in time: %v", status, err)
	}
	p.expectFree()
	return p.view(id)
}

func TestWhatAnExecutionHoldsIsBounded(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.smallBudget(1<<20, 400_000, 200_000)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	nodes, links := []string{}, []string{"start>n0"}
	for n := range 5 {
		nodes = append(nodes, grow(fmt.Sprint("n", n), 60_000))
		links = append(links, fmt.Sprintf("n%d>n%d", n, n+1))
	}
	short := p.end(p.run(p.publish("{}", byHand+strings.Join(nodes[:3], ","), links[:3]...), "{}"))
	if short.Status != Succeeded {
		t.Errorf("three nodes: %+v", short.Error)
	}
	long := p.end(p.run(p.publish("{}", byHand+strings.Join(nodes, ","), links[:5]...), "{}"))
	if long.Error == nil || long.Error.Code != "EXECUTION_TOO_LARGE" {
		t.Errorf("five nodes: %s, %+v", long.Status, long.Error)
	}
	p.expectFree()
}

// While one execution holds most of its organization's memory, another one waits for it without failing, and those of other
// organizations have room.
func TestWhoFindsNoMemoryWaitsForIt(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	p.smallBudget(400_000, 400_000, 400_000)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	holding := p.run(p.publish("{}", byHand+grow("text", 60_000)+","+grow("more", 60_000)+","+stub.node("call", "x", ""),
		"start>text", "text>more", "more>call"), "{}")
	call := stub.next(t)
	waiting := p.run(p.publish("{}", byHand+grow("text", 60_000)+","+grow("more", 60_000), "start>text", "text>more"), "{}")
	p.until(waiting, "execution.waiting")
	if err := p.budget.of("another organization").Take(300_000); err != nil {
		t.Errorf("another organization has no room: %v", err)
	}
	p.budget.of("another organization").Reset()
	call.answer <- 200
	if done := p.endFree(holding); done.Status != Succeeded {
		t.Errorf("the first is %s, %+v", done.Status, done.Error)
	}
	p.pass(time.Minute)
	if done := p.endFree(waiting); done.Status != Succeeded || done.Nodes[1].Attempts != 1 || done.Nodes[2].Attempts != 1 {
		t.Errorf("the second is %s, %+v", done.Status, done.Nodes)
	}
}

// An execution that two processes died of is not taken up a third time; one that waited meanwhile is.
func TestAnExecutionOfTwoDeathsIsQuarantined(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	suspected := p.run(p.publish("{}", byHand+stub.node("call", "x", ""), "start>call"), "{}")
	stub.next(t)
	innocent := p.run(p.publish("{}", byHand+`{"id":"wait","type":"delay","config":{"amount":1,"unit":"days"}}`, "start>wait"), "{}")
	p.until(innocent, "execution.waiting")
	p.restart()
	stub.next(t)
	last := p.restart()
	done := p.end(suspected)
	if done.Status != Failed || done.Error.Code != "QUARANTINED" {
		t.Errorf("the execution is %s, %+v", done.Status, done.Error)
	}
	p.clock.Advance(25 * time.Hour)
	last.alarm.Set()
	if done := p.end(innocent); done.Status != Succeeded {
		t.Errorf("the one that waited is %s, %+v", done.Status, done.Error)
	}
	again, err := last.Retry(p.s, suspected, Again{})
	if err != nil {
		t.Fatal(err)
	}
	stub.next(t).answer <- 200
	if done := p.end(again); done.Status != Succeeded {
		t.Errorf("the retry is %s, %+v", done.Status, done.Error)
	}
}

func TestALookShowsNoMoreThanAnAnswerHolds(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.budget.shown = 32_000
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	var nodes, links []string
	before := "start"
	for n := range 4 {
		id := fmt.Sprint("if", n)
		nodes = append(nodes, fmt.Sprintf(`{"id":%q,"type":"if","config":{"conditions":[{"left":"a","op":"equals","right":"a"}]}}`, id))
		links = append(links, before+">"+id)
		before = id + ".true"
	}
	done := p.end(p.run(p.publish("{}", byHand+strings.Join(nodes, ","), links...), `{"text":"`+strings.Repeat("x", 7_000)+`"}`))
	if done.Status != Succeeded {
		t.Fatalf("%+v", done.Error)
	}
	var cut []string
	for _, step := range done.Nodes {
		if step.TooLarge {
			cut = append(cut, step.NodeID)
		}
		if step.TooLarge == (step.Input != nil) {
			t.Errorf("%s is cut: %v, and shows %d bytes", step.NodeID, step.TooLarge, len(step.Input))
		}
	}
	if fmt.Sprint(cut) != "[if1 if2 if3]" {
		t.Errorf("left out are %v", cut)
	}
}
