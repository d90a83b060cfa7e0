package flow

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// outputOf is what the output of a node gave, as the values of a field.
func outputOf(t *testing.T, view *ExecutionView, id, output, key string) string {
	t.Helper()
	for _, step := range view.Nodes {
		if step.NodeID == id {
			var all []string
			read, err := value.Parse(step.Output, value.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range read.Get(output).Elements() {
				all = append(all, item.Get("json").Get(key).Text())
			}
			return strings.Join(all, " ")
		}
	}
	t.Fatalf("%s did not run: %+v", id, view.Error)
	return ""
}

func TestItemsAreNewOnce(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	fresh := func(config string) string {
		return p.publish("{}", byHand+`{"id":"a","type":"new","config":`+config+`},{"id":"b","type":"new","config":`+config+`}`, "start>a", "a.known>b")
	}
	byValue, shared := fresh(`{"value":"{{ $json.id }}"}`), fresh(`{"value":"{{ $json.id }}","shared":true}`)
	few, whole := fresh(`{"value":"{{ $json.id }}","most":2}`), fresh(`{}`)
	byNumber, byTime := fresh(`{"by":"number","value":"{{ $json.id }}"}`), fresh(`{"by":"time","value":"{{ $json.id }}"}`)
	for _, test := range []struct{ name, workflow, ids, want string }{
		{"the first", byValue, "1 2 1", "1 2|1"},
		{"the next", byValue, "2 3", "3|2"},
		{"a number is no text", byValue, `"3"`, `3|`},
		{"none", byValue, "1 2 3", "|1 2 3"},
		{"shared", shared, "1 2", "1 2|"},
		{"only the newest are remembered", few, "1 2 3", "1 2 3|"},
		{"the oldest are new again", few, "3 1", "1|3"},
		{"whole items", whole, "1 1 2", "1 2|1"},
		{"whole items again", whole, "2 3", "3|2"},
		{"numbers", byNumber, "5 3 9", "5 3 9|"},
		{"higher numbers", byNumber, "9 10 4 12", "10 12|9 4"},
		{"lower numbers", byNumber, "11", "|11"},
		{"times", byTime, `"2026-01-01" "2026-01-03"`, "2026-01-01 2026-01-03|"},
		{"later times", byTime, `"2026-01-02" "2026-01-03T01:00:00Z"`, "2026-01-03T01:00:00Z|2026-01-02"},
	} {
		var list []string
		for id := range strings.FieldsSeq(test.ids) {
			list = append(list, `{"id":`+id+`}`)
		}
		view := p.end(p.run(test.workflow, "["+strings.Join(list, ",")+"]"))
		got := outputOf(t, view, "a", "new", "id") + "|" + outputOf(t, view, "a", "known", "id")
		if got != test.want {
			t.Errorf("%s: %s gives %s, want %s", test.name, test.ids, got, test.want)
		}
	}
	later := fresh(`{"value":"{{ $json.id }}","skip_first":true}`)
	for _, want := range []string{"|1", "|1", "2|1"} {
		ids := strings.ReplaceAll(strings.ReplaceAll(want, "|", " "), "2 1", "1 2")
		view := p.end(p.run(later, `[{"id":`+strings.Join(strings.Fields(ids), `},{"id":`)+`}]`))
		if got := outputOf(t, view, "a", "new", "id") + "|" + outputOf(t, view, "a", "known", "id"); got != want {
			t.Errorf("beginning with what comes later, %s gives %s, want %s", ids, got, want)
		}
	}
	rising := fresh(`{"by":"number","value":"{{ $json.id }}","skip_first":true}`)
	for _, step := range []struct{ given, want string }{{`{}`, ""}, {`{"id":3}`, "3"}, {`{}`, ""}, {`{"id":2}`, ""}, {`{"id":4}`, "4"}} {
		if got := outputOf(t, p.end(p.run(rising, step.given)), "a", "new", "id"); got != step.want {
			t.Errorf("after an empty list %s gives %q as new, want %q", step.given, got, step.want)
		}
	}
	// The second node knows nothing of the first, unless they share.
	for workflow, want := range map[string]string{byValue: "7", shared: ""} {
		p.end(p.run(workflow, `[{"id":7}]`))
		view := p.end(p.run(workflow, `[{"id":7}]`))
		if got := outputOf(t, view, "b", "new", "id"); got != want {
			t.Errorf("the second node gives %q, want %q", got, want)
		}
	}
	broken := p.end(p.run(byNumber, `[{"id":"x"}]`))
	if broken.Error == nil || !strings.Contains(broken.Error.Message, "no number") {
		t.Errorf("what is no number gives %+v", broken.Error)
	}
}

// A step that is repeated after a crash finds its own values new, and a draft that is tried makes nothing known.
func TestStepsThatRepeatFindTheirOwn(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", byHand+`{"id":"a","type":"new"}`, "start>a")
	program, err := p.program(p.s.Tenant(), workflow, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.newRun(program, Start{Trigger: "manual", NodeID: "start"})
	if err != nil {
		t.Fatal(err)
	}
	var many []string
	for i := range 2*seenAtOnce + 10 {
		many = append(many, fmt.Sprint(i))
	}
	var first, other node.Seen = seenBy{r, "a", "1"}, seenBy{r, "a", "2"}
	count := func(s node.Seen) (count int) {
		t.Helper()
		isNew, _, err := s.Values(many, false, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, is := range isNew {
			if is {
				count++
			}
		}
		return count
	}
	highest := func(s node.Seen, number float64) string {
		t.Helper()
		before, known, err := s.Highest(number, false)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(before, known)
	}
	trial := *program
	trial.version = -1
	tried := seenBy{&run{engine: r.engine, program: &trial, row: r.row}, "a", "0"}
	for range 2 {
		if n, before := count(tried), highest(tried, 9); n != len(many) || before != "0 false" {
			t.Errorf("a draft makes something known: %d are new, and %s", n, before)
		}
	}
	if n, m, k := count(first), count(first), count(other); n != len(many) || m != len(many) || k != 0 {
		t.Errorf("%d are new, repeated %d, and to another %d", n, m, k)
	}
	if count(tried) != 0 {
		t.Error("a draft does not see what is known")
	}
	for _, step := range []struct {
		by     node.Seen
		number float64
		want   string
	}{{first, 5, "0 false"}, {first, 5, "0 false"}, {other, 7, "5 true"}, {other, 7, "5 true"}, {seenBy{r, "a", "3"}, 6, "7 true"}} {
		if got := highest(step.by, step.number); got != step.want {
			t.Errorf("%v after %s, want %s", step.number, got, step.want)
		}
	}
	if err := forgetSeen(p.system()); err != nil {
		t.Fatal(err)
	}
	left := func() int {
		n, err := resource.SelectOne[int](p.s, "SELECT count(*) FROM {seen}")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if left() != len(many)+1 {
		t.Errorf("%d are left of a workflow that is there", left())
	}
}
