package flow

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/value"
)

// The limit holds for each value by itself, also after a restart.
func TestALimitForEachValue(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	workflow := p.publish(`{"concurrency":1,"concurrency_key":"{{ $json.customer }}"}`, byHand+stub.node("call", "{{ $json.name }}", ""),
		"start>call")
	run := func(customer, name string) string {
		return p.run(workflow, `{"customer":"`+customer+`","name":"`+name+`"}`)
	}
	first, second, other := run("a", "first"), run("a", "second"), run("b", "other")
	calls := []stubCall{stub.next(t), stub.next(t)}
	bodies := []string{calls[0].body, calls[1].body}
	slices.Sort(bodies)
	if !slices.Equal(bodies, []string{"first", "other"}) || p.view(second).Status != Queued {
		t.Errorf("%v run, and the second of the same customer is %s", bodies, p.view(second).Status)
	}
	p.Cut() // as a stop does
	e := p.restart()
	again := []stubCall{stub.next(t), stub.next(t)}
	for _, c := range again {
		if c.body == "second" {
			t.Error("after the restart two of the same customer run")
		}
		c.answer <- 200
	}
	stub.next(t).answer <- 200
	p.Engine = e
	for _, id := range []string{first, second, other} {
		p.end(id)
	}
}

func TestWhatALimitHoldsFor(t *testing.T) {
	t.Parallel()
	items := []value.Item{{JSON: value.Object(
		value.Member{Key: "id", Value: value.Int(7)}, value.Member{Key: "long", Value: value.String(strings.Repeat("x", 300))})}}
	variables := value.Object(value.Member{Key: "REGION", Value: value.String("eu")})
	for text, want := range map[string]string{"{{ $json.id }}": "7", "{{ $vars.REGION }}": "eu", "shop {{ $json.id }}": "shop 7", "{{ $json.none }}": "",
		"{{ $json.none.deep }}": ""} {
		e, err := compileLimit(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&program{limit: e, zone: time.UTC}).limitKey(items, variables, time.Time{}); got != want {
			t.Errorf("%s gives %q and not %q", text, got, want)
		}
	}
	e, err := compileLimit("{{ $json.long }}")
	if got := (&program{limit: e, zone: time.UTC}).limitKey(items, variables, time.Time{}); err != nil || len(got) != 64 {
		t.Errorf("a long value gives %q, %v", got, err)
	}
	for _, text := range []string{"{{ [1, 2].map(n => n) }}", "{{ $secrets.KEY }}", "{{ $('x').item.json.a }}", "{{ 1 + }}"} {
		if _, err := compileLimit(text); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
