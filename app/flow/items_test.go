package flow

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/value"
)

// TestEachItemIsDoneAndReported calls once for each of four items, of which one is refused for good and one for a moment.
func TestEachItemIsDoneAndReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		more  string
		calls []string // body and status, in their order
		want  string   // the items that came of it, as the node after it sees them, or the failure
	}{
		"going on": {`,"on_error":"continue"`, []string{"1 200", "2 404", "3 200", "4 503"},
			"main: ok error2:404 ok error4:503"},
		"by its own output": {`,"on_error":"output"`, []string{"1 200", "2 404", "3 200", "4 503"},
			"main: ok ok; error: error2:404 error4:503"},
		"with another attempt": {`,"on_error":"continue","retry":{"attempts":2,"delay":1}`,
			[]string{"1 200", "2 404", "3 200", "4 503", "4 200"}, "main: ok error2:404 ok ok"},
		"all of them": {`,"on_error":"continue"`, []string{"1 404", "2 404", "3 404", "4 404"},
			"main: error1:404 error2:404 error3:404 error4:404"},
		"stopping": {``, []string{"1 200", "2 404"}, "Item 2 of 4: The service answered 404: Items done before it: 1."},
		"stopping, tried again": {`,"retry":{"attempts":2,"delay":1}`, []string{"1 200", "2 503", "2 200", "3 200", "4 200"},
			"main: ok ok ok ok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			id := p.run(p.publish("{}", byHand+stub.node("call", "{{ $json.n }}", test.more), "start>call"), fourItems)
			stub.answers(t, test.calls...)
			done := p.end(id)
			if len(stub.calls) != 0 {
				t.Errorf("%d calls too many", len(stub.calls))
			}
			got := ""
			if done.Error != nil {
				got = done.Error.Message
			} else {
				got = outcome(t, done.Nodes[1].Output)
			}
			if got != test.want {
				t.Errorf("it gave %q, want %q", got, test.want)
			}
		})
	}
}

// outcome tells for each item of each output whether it has an error.
func outcome(t *testing.T, outputs []byte) string {
	t.Helper()
	all, err := value.Parse(outputs, value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for name, items := range all.Members() {
		part := name + ":"
		for _, item := range items.Elements() {
			json := item.Get("json")
			if failure := json.Get("error"); failure.IsMissing() {
				part += " ok"
			} else {
				part += fmt.Sprintf(" error%s:%s", json.Get("n").JSON(), failure.Get("status").JSON())
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

const fourItems = `[{"n":1},{"n":2},{"n":3},{"n":4}]`

// answers answers the next calls, which have to be for these items, and gives their keys.
func (s *stub) answers(t *testing.T, calls ...string) (keys []string) {
	t.Helper()
	for _, want := range calls {
		call := s.next(t)
		if body, _, _ := strings.Cut(want, " "); call.body != body {
			t.Errorf("the call is for %s, want %s", call.body, want)
		}
		code := 0
		fmt.Sscan(want[strings.Index(want, " ")+1:], &code)
		keys = append(keys, call.key)
		call.answer <- code
	}
	return keys
}

// TestItemsAreDoneOnceThroughALongWait lets another engine take the execution up that waits for its second attempt.
func TestItemsAreDoneOnceThroughALongWait(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	more := `,"on_error":"continue","retry":{"attempts":2,"delay":60}`
	id := p.run(p.publish("{}", byHand+stub.node("call", "{{ $json.n }}", more), "start>call"), fourItems)
	first := stub.answers(t, "1 200", "2 404", "3 503", "4 200")
	p.until(id, "execution.waiting")
	p.Stop()
	p.Engine = p.restart()
	p.pass(2 * time.Minute)
	second := stub.answers(t, "3 200")
	if done := p.end(id); outcome(t, done.Nodes[1].Output) != "main: ok error2:404 ok ok" || len(stub.calls) != 0 {
		t.Errorf("it gave %s, with %d calls more", done.Nodes[1].Output, len(stub.calls))
	}
	if first[2] != second[0] {
		t.Errorf("the item has the key %s, and %s before", second[0], first[2])
	}
}

// TestARetryDoesTheRestOfTheItems starts a failed execution again from the node that stopped at one of its items.
func TestARetryDoesTheRestOfTheItems(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	id := p.run(p.publish("{}", byHand+stub.node("call", "{{ $json.n }}", ""), "start>call"), fourItems)
	stub.answers(t, "1 200", "2 404")
	if done := p.end(id); done.Status != Failed || !strings.Contains(done.Error.Message, "Item 2 of 4") {
		t.Fatalf("the execution is %s, %+v", done.Status, done.Error)
	}
	again, err := p.Retry(p.s, id, Again{})
	if err != nil {
		t.Fatal(err)
	}
	stub.answers(t, "2 200", "3 200", "4 500")
	p.end(again)
	last, err := p.Retry(p.s, again, Again{})
	if err != nil {
		t.Fatal(err)
	}
	stub.answers(t, "4 200")
	if done := p.end(last); done.Status != Succeeded || outcome(t, done.Nodes[1].Output) != "main: ok ok ok ok" || len(stub.calls) != 0 {
		t.Errorf("the retry is %s: %s, with %d calls more", done.Status, done.Nodes[1].Output, len(stub.calls))
	}
}

// TestASecretOfAnEarlierAttemptIsTakenOut: each item sends a secret of its own, which the service says back, and the second one
// succeeds later.
func TestASecretOfAnEarlierAttemptIsTakenOut(t *testing.T) {
	t.Parallel()
	for _, delay := range []int{1, 60} { // within the run, and after a wait
		t.Run(fmt.Sprint(delay), func(t *testing.T) {
			t.Parallel()
			refused := atomic.Bool{}
			service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Key") == "the second secret" && refused.CompareAndSwap(false, true) {
					w.WriteHeader(503)
				}
				fmt.Fprint(w, "you sent ", r.Header.Get("X-Key"))
			}))
			t.Cleanup(service.Close)
			p := newPlant(t, strings.TrimPrefix(service.URL, "http://"))
			for _, name := range []string{"FIRST", "SECOND"} {
				if _, err := platform.Secrets.Create(p.s, func(s *platform.Secret) error {
					s.Name, s.Value = name, field.Secret("the "+strings.ToLower(name)+" secret")
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			call := `{"id":"call","type":"http","retry":{"attempts":2,"delay":` + fmt.Sprint(delay) + `},"config":{"url":"` + service.URL +
				`","headers":[{"name":"X-Key","value":"{{ $json.n === 1 ? $secrets.FIRST : $secrets.SECOND }}"}]}}`
			id := p.run(p.publish("{}", byHand+call, "start>call"), `[{"n":1},{"n":2}]`)
			if delay > 1 {
				p.until(id, "execution.waiting")
				p.pass(2 * time.Minute)
			}
			done := p.end(id)
			if done.Status != Succeeded || strings.Contains(string(done.Nodes[1].Output), "secret") ||
				strings.Count(string(done.Nodes[1].Output), "you sent •••") != 2 {
				t.Errorf("the execution is %s: %s, %+v", done.Status, done.Nodes[1].Output, done.Error)
			}
			stored, err := resource.Select[string](p.s, "SELECT coalesce(outputs, '') || coalesce(progress, '') FROM {step}")
			if err != nil || strings.Contains(strings.Join(stored, ""), "secret") {
				t.Errorf("stored is %s, %v", stored, err)
			}
		})
	}
}

// TestWhatRefusedItemsSayIsBounded refuses many items, each with a long answer.
func TestWhatRefusedItemsSayIsBounded(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(404)
		fmt.Fprint(w, strings.Repeat("x", 1<<20))
	}))
	t.Cleanup(service.Close)
	p := newPlant(t, strings.TrimPrefix(service.URL, "http://"))
	p.smallBudget(256<<20, 64<<20, 3<<20)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	id := p.run(p.publish("{}", byHand+`{"id":"call","type":"http","on_error":"continue","config":{"url":"`+service.URL+`"}}`,
		"start>call"),
		fourItems)
	if done := p.end(id); !strings.Contains(string(done.Nodes[1].Output), "OUTPUT_TOO_LARGE") || len(done.Nodes[1].Output) > 1<<20 {
		t.Errorf("the step puts out %d bytes, %+v", len(done.Nodes[1].Output), done.Nodes[1].Error)
	}
	p.expectFree()
}

// TestANodeReadsTheOutputThatLedToIt asks a node of two outputs for its items: on both ways, and on none of them.
func TestANodeReadsTheOutputThatLedToIt(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	read := func(id string) string {
		return `,{"id":"` + id + `","type":"set","config":{"keep":"none","assignments":[{"name":"n","value":"{{ $('which').all() }}"},{"name":"first","value":"{{ $('which').first().json.n }}"},{"name":"script","value":"{{ $('which').all().map(i => i.json.n).join('+') }}"}]}}`
	}
	id := p.run(p.publish("{}",
		byHand+`{"id":"which","type":"if","config":{"conditions":[{"left":"{{ $json.n }}","op":"greater","right":2}]}},`+
			`{"id":"pass","type":"set","config":{"assignments":[{"name":"x","value":1}]}}`+read("yes")+read("no")+read("behind")+
			`,{"id":"fails","type":"code","on_error":"output","config":{"source":"throw new Error('no')"}},{"id":"after","type":"set","config":{"keep":"none","assignments":[{"name":"code","value":"{{ $('fails').first().json.error.code }}"}]}}`,
		"start>which", "which.true>yes", "which.false>no", "which.false>pass", "pass>behind", "start>fails", "fails.error>after"),
		fourItems)
	done := p.end(id)
	got := map[string]string{}
	for _, n := range done.Nodes {
		outputs, err := value.Parse(n.Output, value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		json := outputs.Get("main").At(0).Get("json")
		got[n.NodeID] = fmt.Sprint(json.Get("n").Len(), " ", json.Get("first").JSON(), " ", json.Get("script").JSON(),
			json.Get("code").Raw())
	}
	for id, want := range map[string]string{"yes": `2 3 "3+4"`, "no": `2 1 "1+2"`, "behind": `2 1 "1+2"`,
		"after": `0 null nullSCRIPT_ERROR`} {
		if got[id] != want {
			t.Errorf("%s read %s, want %s", id, got[id], want)
		}
	}
}

// TestAnItemThatFailsKeepsNoOtherFromBeingChanged is the same for nodes without an effect, with one item of three that fails.
func TestAnItemThatFailsKeepsNoOtherFromBeingChanged(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	for kind, config := range map[string]string{
		"set":    `{"assignments":[{"name":"n","value":"{{ $json.n }}","type":"number"}]}`,
		"date":   `{"op":"format","value":"{{ $json.d }}"}`,
		"crypto": `{"op":"hash","value":"{{ $json.f }}"}`,
	} {
		for more, want := range map[string]string{
			`,"on_error":"continue"`: `main: ok error"two":null ok`,
			`,"on_error":"output"`:   `main: ok ok; error: error"two":null`,
			``:                       "Item 2 of 3: ",
		} {
			done := p.end(p.run(p.publish("{}", byHand+`{"id":"node","type":"`+kind+`","config":`+config+more+`}`, "start>node"),
				`[{"n":"1","d":"2026-01-31","f":"a"},
				{"n":"two","d":"soon","f":{"name":"a","media_type":"text/plain","size":1,"base64":"?"}},
				{"n":"3","d":"2026-02-01","f":"c"}]`))
			if done.Error != nil && want == "Item 2 of 3: " {
				if !strings.HasPrefix(done.Error.Message, want) {
					t.Errorf("%s stops with %q", kind, done.Error.Message)
				}
			} else if done.Error != nil {
				t.Errorf("%s%s fails: %s", kind, more, done.Error.Message)
			} else if got := outcome(t, done.Nodes[1].Output); strings.ReplaceAll(got, "undefined", "null") != want {
				t.Errorf("%s%s gave %q, want %q", kind, more, got, want)
			}
		}
	}
}
