package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
		"going on":              {`,"on_error":"continue"`, []string{"1 200", "2 404", "3 200", "4 503"}, "main: ok error2:404 ok error4:503"},
		"by its own output":     {`,"on_error":"output"`, []string{"1 200", "2 404", "3 200", "4 503"}, "main: ok ok; error: error2:404 error4:503"},
		"with another attempt":  {`,"on_error":"continue","retry":{"attempts":2,"delay":1}`, []string{"1 200", "2 404", "3 200", "4 503", "4 200"}, "main: ok error2:404 ok ok"},
		"all of them":           {`,"on_error":"continue"`, []string{"1 404", "2 404", "3 404", "4 404"}, "main: error1:404 error2:404 error3:404 error4:404"},
		"stopping":              {``, []string{"1 200", "2 404"}, "Item 2 of 4: The service answered 404: Those before it, 1, were done."},
		"stopping, tried again": {`,"retry":{"attempts":2,"delay":1}`, []string{"1 200", "2 503", "2 200", "3 200", "4 200"}, "main: ok ok ok ok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			id := p.run(p.publish("{}", byHand+stub.node("call", "{{ $json.n }}", test.more), "start>call"), `[{"n":1},{"n":2},{"n":3},{"n":4}]`)
			var keys []string
			for _, want := range test.calls {
				body, status, _ := strings.Cut(want, " ")
				call := stub.next(t)
				if call.body != body {
					t.Errorf("the call is for %s, want %s", call.body, want)
				}
				if key := call.body + " " + call.key; !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
				code := 0
				fmt.Sscan(status, &code)
				call.answer <- code
			}
			done := p.end(id)
			if len(stub.calls) != 0 {
				t.Errorf("%d calls too many", len(stub.calls))
			}
			if wanted := len(slices.Compact(slices.Sorted(slices.Values(firsts(test.calls))))); len(keys) != wanted {
				t.Errorf("%d items came under %d keys", wanted, len(keys))
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

// firsts are the words before the spaces.
func firsts(of []string) (words []string) {
	for _, one := range of {
		word, _, _ := strings.Cut(one, " ")
		words = append(words, word)
	}
	return words
}
