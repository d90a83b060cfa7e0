package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/resource/kerneltest"
	"zygo/app/value"
)

// tag is a node that writes its name behind what the items have in via.
func tag(name string, y int) string {
	return at(name, y, "set", `{"assignments":[{"name":"via","value":"{{ $json.via ?? '' }}`+name+`"}]}`)
}

func at(name string, y int, kind, config string) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"position":{"x":0,"y":%d},"config":%s}`, name, kind, y, config)
}

func onlyTrue(name, expression string) string {
	return at(name, 0, "filter", `{"conditions":[{"left":"{{ `+expression+` }}","op":"is_true"}]}`)
}

const numbers = `[{"n":1},{"n":2},{"n":3}]`

// Each case is a sentence of the guide: how a workflow is walked, and what the last node gives.
func TestWalks(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		sentence, nodes, connections, input, order, output string
	}{
		{
			"branches run from top to bottom, each to its end",
			list(tag("b", 2), tag("a", 1), tag("a2", 1), tag("b2", 2)), "start>b start>a a>a2 b>b2", `{}`,
			"start a a2 b b2", `[{"via":"bb2"}]`,
		},
		{
			"at the same height the left one is first",
			list(`{"id":"r","type":"pass","position":{"x":9,"y":0}}`, `{"id":"l","type":"pass","position":{"x":1,"y":0}}`), "start>r start>l", `{}`,
			"start l r", `[{}]`,
		},
		{
			"a node behind two branches runs once for each", list(tag("a", 1), tag("b", 2), tag("end", 3)), "start>a start>b a>end b>end", `{}`,
			"start a end b end", `[{"via":"bend"}]`,
		},
		{
			"a merge runs once, when all of its inputs came",
			list(tag("a", 1), tag("b", 2), at("both", 3, "merge", `{}`), tag("end", 3)), "start>a start>b a>both.1 b>both.2 both>end", `{}`,
			"start a b both end", `[{"via":"aend"},{"via":"bend"}]`,
		},
		{
			"a merge does not wait for a branch that gives nothing",
			list(onlyTrue("none", "false"), tag("b", 2), at("both", 3, "merge", `{}`), tag("last", 9)),
			"start>none start>b start>last none.kept>both.1 b>both.2", `{}`,
			"start none b last both", `[{"via":"b"}]`,
		},
		{
			"of two merges that wait, the one that the other needs goes first",
			list(onlyTrue("none", "false"), at("late", 1, "merge", `{}`), tag("a", 2), at("early", 3, "merge", `{}`)),
			"start>a a>late.1 early>late.2 a>early.1 none.kept>early.2 start>none", `{}`,
			"start none a early late", `[{"via":"a"},{"via":"a"}]`,
		},
		{
			"what comes by an input again makes it run again",
			list(tag("a", 1), tag("b", 2), tag("c", 3), at("both", 4, "merge", `{}`)), "start>a start>b start>c a>both.1 b>both.2 c>both.1", `{}`,
			"start a b both c both", `[{"via":"c"}]`,
		},
		{
			"a node that is switched off lets its items pass",
			list(`{"id":"off","type":"set","disabled":true,"config":{"keep":"none"}}`, tag("end", 0)), "start>off off>end", numbers,
			"start off end", `[{"n":1,"via":"end"},{"n":2,"via":"end"},{"n":3,"via":"end"}]`,
		},
		{
			"a merge of which one input is connected runs at once", list(at("both", 1, "merge", `{}`), tag("last", 2)), "start>both.1 start>last", `{}`,
			"start both last", `[{"via":"last"}]`,
		},
		{
			"a loop takes the items in rounds and gives what came back",
			list(at("each", 1, "loop", `{"size":2}`), tag("x", 1), tag("end", 2)), "start>each each.loop>x x>each each.done>end", numbers,
			"start each x each x each end", `[{"n":1,"via":"xend"},{"n":2,"via":"xend"},{"n":3,"via":"xend"}]`,
		},
		{
			"a round that gives nothing does not end the loop",
			list(at("each", 1, "loop", `{}`), onlyTrue("odd", "$json.n % 2 == 1")), "start>each each.loop>odd odd.kept>each", numbers,
			"start each odd each odd each odd each", `[{"n":1},{"n":3}]`,
		},
		{
			"where nothing leads back, the items that came go on",
			list(at("each", 1, "loop", `{"size":2}`), tag("x", 1), tag("end", 2)), "start>each each.loop>x each.done>end", numbers,
			"start each x each x each end", `[{"n":1,"via":"end"},{"n":2,"via":"end"},{"n":3,"via":"end"}]`,
		},
		{
			"all that a round's branches give back belongs to the round",
			list(at("each", 1, "loop", `{"size":3}`), at("if", 1, "if", `{"conditions":[{"left":"{{ $json.n }}","op":"greater","right":2}]}`),
				tag("big", 1), tag("small", 2)),
			"start>each each.loop>if if.true>big if.false>small big>each small>each", numbers,
			"start each if big small each", `[{"n":3,"via":"big"},{"n":1,"via":"small"},{"n":2,"via":"small"}]`,
		},
		{
			"a merge within a round waits for that round alone",
			list(at("each", 1, "loop", `{}`), onlyTrue("odd", "$json.n % 2 == 1"), tag("x", 2), at("both", 2, "merge", `{}`), tag("other", 9)),
			"start>each start>other each.loop>odd each.loop>x odd.kept>both.1 x>both.2 both>each", `[{"n":1},{"n":2}]`,
			"start each odd x both each odd x both each other", `[{"n":1,"via":"other"},{"n":2,"via":"other"}]`,
		},
		{
			"a loop in a loop begins anew in each round",
			list(at("outer", 1, "loop", `{}`), at("split", 1, "items", `{"op":"split_out","fields":["l"]}`), at("inner", 1, "loop", `{}`), tag("x", 1)),
			"start>outer outer.loop>split split>inner inner.loop>x x>inner inner.done>outer", `[{"l":[1,2]},{"l":[3]}]`,
			"start outer split inner x inner x inner outer split inner x inner outer",
			`[{"l":1,"via":"x"},{"l":2,"via":"x"},{"l":3,"via":"x"}]`,
		},
		{
			"a loop that two branches lead to runs for each", list(at("each", 3, "loop", `{"size":9}`), tag("a", 1), tag("b", 2), tag("x", 3)),
			"start>a start>b a>each b>each each.loop>x x>each", `{}`,
			"start a each x each b each x each", `[{"via":"bx"}]`,
		},
		{
			"a loop that runs once lets pass what comes when it is over",
			list(at("each", 3, "loop", `{"once":"{{ $json.nothing !== true }}"}`), tag("a", 1), tag("b", 2), tag("x", 3)),
			"start>a start>b a>each b>each each.loop>x x>each", `{}`,
			"start a each x each b each", `[{"via":"ax"},{"via":"b"}]`,
		},
		{
			"a loop that leads straight back gives its items", list(at("each", 1, "loop", `{}`)), "start>each each.loop>each", numbers,
			"start each each each each", numbers,
		},
		{
			"a failed round can be left out", list(at("each", 1, "loop", `{"on_error":"skip"}`), at("x", 1, "code", `{"source":"if ($json.n == 2) throw new Error('two'); return $json","mode":"each"}`), tag("y", 1)),
			"start>each each.loop>x x>y y>each", numbers,
			"start each x y each x each x y each", `[{"n":1,"via":"y"},{"n":3,"via":"y"}]`,
		},
		{
			"or its items come out with the error", list(at("each", 1, "loop", `{"on_error":"collect","size":2}`), at("x", 1, "code", `{"source":"if ($json.n == 3) throw new Error('three'); return $json","mode":"each"}`),
				at("told", 1, "set", `{"assignments":[{"name":"code","value":"{{ $json.error?.code ?? '' }}"},{"name":"n","value":"{{ $json.n }}"}],"keep":"none"}`)),
			"start>each each.loop>x x>each each.done>told", numbers,
			"start each x each x each told", `[{"code":"","n":1},{"code":"","n":2},{"code":"SCRIPT_ERROR","n":3}]`,
		},
		{
			"an item's lineage goes through merges and rounds",
			list(at("each", 1, "loop", `{}`), tag("a", 1), tag("b", 2), at("both", 3, "merge", `{"mode":"position"}`),
				at("told", 4, "set", `{"assignments":[{"name":"is","value":"{{ $('start').item.json.n }} {{ $('a').item.json.via }} {{ $('b').item.json.via }} {{ $('a').first().json.n }}"}],"keep":"none"}`)),
			"start>each each.loop>a each.loop>b a>both.1 b>both.2 both>each each.done>told", `[{"n":1},{"n":2}]`,
			"start each a b both each a b both each told", `[{"is":"1 a b 2"},{"is":"2 a b 2"}]`,
		},
		{
			"what a node put out in a certain run and by a certain output can be asked for", list(at("each", 1, "loop", `{"size":2}`), tag("x", 1),
				at("told", 4, "set", `{"keep":"none","assignments":[{"name":"n","value":"{{ $('x').all(0, 0).map(i => i.json.n) }}"},{"name":"m","value":"{{ $('each').first(1, 1).json.n }}"}]}`)),
			"start>each each.loop>x x>each each.done>told", numbers,
			"start each x each x each told", `[{"n":[1,2],"m":3},{"n":[1,2],"m":3},{"n":[1,2],"m":3}]`,
		},
		{
			"a merge can put one input above all, and keep what is filled", list(tag("a", 1), at("b", 2, "set", `{"keep":"none","assignments":[{"name":"via","value":""}]}`),
				at("numbered", 3, "merge", `{"mode":"position","clash":"number","over":1}`), at("filled", 4, "merge", `{"mode":"pairs","skip_empty":true}`)),
			"start>a start>b a>numbered.1 b>numbered.2 numbered>filled.1 b>filled.2", `{}`,
			"start a b numbered filled", `[{"via_1":"a","via_2":"","via":"a"}]`,
		},
		{
			"a merge can take the last partner alone", list(at("l", 1, "items", `{"op":"split_out","fields":["l"]}`), at("r", 2, "items", `{"op":"split_out","fields":["r"]}`),
				at("both", 3, "merge", `{"mode":"fields","on":[{"first":"k"}],"last_only":true}`)),
			"start>l start>r l>both.1 r>both.2", `{"l":[{"k":1},{"k":2}],"r":[{"k":1,"v":1},{"k":1,"v":2}]}`,
			"start l r both", `[{"k":1,"v":2}]`,
		},
		{
			"$runIndex counts the runs of a node", list(at("each", 1, "loop", `{}`), at("x", 1, "set", `{"keep":"none","assignments":[{"name":"r","value":"{{ $runIndex }}"}]}`)),
			"start>each each.loop>x x>each", numbers,
			"start each x each x each x each", `[{"r":0},{"r":1},{"r":2}]`,
		},
	} {
		id := p.run(p.publish("{}", byHand+test.nodes, strings.Fields(test.connections)...), test.input)
		done := p.end(id)
		var order []string
		for _, step := range done.Nodes {
			order = append(order, step.NodeID)
		}
		var items []struct{ JSON json.RawMessage }
		if err := json.Unmarshal(done.Output, &items); err != nil {
			t.Fatalf("%s: %v, %+v", test.sentence, err, done.Error)
		}
		var output []json.RawMessage
		for _, item := range items {
			output = append(output, item.JSON)
		}
		text, _ := json.Marshal(output)
		if got := strings.Join(order, " "); got != test.order || !sameJSON(text, field.JSON(test.output)) {
			t.Errorf("%s:\n%s\nnot %s\n%s\nnot %s\n%+v", test.sentence, got, test.order, text, test.output, done.Error)
		}
		if row := p.rows(); row[len(row)-1].Status != Succeeded {
			t.Errorf("%s: %s", test.sentence, row[len(row)-1].ErrorMessage)
		}
		p.resumeEverywhere(id, test.sentence)
	}
}

// A pause between rounds parks the execution, which another process goes on with.
func TestPausesBetweenRounds(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	nodes := list(at("each", 1, "loop", `{"pause":60}`), tag("x", 1))
	id := p.run(p.publish("{}", byHand+nodes, "start>each", "each.loop>x", "x>each"), numbers)
	for round := range 2 {
		p.untilParked(id, kerneltest.Start.Add(time.Duration(round+1)*time.Minute))
		p.pass(time.Minute)
	}
	if v := p.end(id); v.Status != Succeeded || len(v.Nodes) != 8 {
		t.Errorf("it ends with %s after %d steps", v.Status, len(v.Nodes))
	}
}

// Two paths through many nodes lead back to the same item in as many ways as there are numbers of forty bits.
func TestALineageOfManyWays(t *testing.T) {
	t.Parallel()
	w := &walk{runs: map[string][]map[string][]value.Item{}}
	item := func(generation int) value.Item {
		before := value.Origin{Node: strconv.Itoa(generation - 1), Output: "main"}
		other := before
		other.Index = 1
		return value.Item{From: before, Also: []value.Origin{other}}
	}
	for generation := range 40 {
		w.runs[strconv.Itoa(generation)] = []map[string][]value.Item{{"main": {item(generation), item(generation)}}}
	}
	if _, found := w.Ancestor("0", item(40)); !found {
		t.Error("the first of them is not found")
	}
}

// untilParked waits until an execution goes on at a time.
func (p *plant) untilParked(id string, at time.Time) {
	p.t.Helper()
	late := time.After(kerneltest.Patience)
	for {
		changed := p.kernel.Changed()
		if row, err := Executions.Get(p.s, id); err != nil {
			p.t.Fatal(err)
		} else if row.Status == Waiting && row.WakeAt.Go().Equal(at) {
			return
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("the execution does not wait until %s in time", at)
		}
	}
}

// resumeEverywhere goes on from each step of a recorded execution, as after a crash behind it, and wants the same end.
func (p *plant) resumeEverywhere(id, sentence string) {
	p.t.Helper()
	row, err := Executions.Get(p.s, id)
	if err != nil {
		p.t.Fatal(err)
	}
	recorded, err := readSteps(p.s, row.N)
	if err != nil {
		p.t.Fatal(err)
	}
	version, err := p.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion)
	if err != nil {
		p.t.Fatal(err)
	}
	input, err := p.payloads.items(row.Input)
	if err != nil {
		p.t.Fatal(err)
	}
	for done := range recorded {
		r, err := p.newRun(version, Start{Trigger: "manual", NodeID: "start", Input: input, journal: recorded[:done:done]})
		if err != nil {
			p.t.Fatal(err)
		}
		if err := p.begin(r, func() error { return r.flushAs(p.s, "started") }); err != nil {
			p.t.Fatal(err)
		}
		if again := p.end(r.row.ID); again.Status != row.Status || !bytes.Equal(again.Output, row.Output) || len(again.Nodes) != len(recorded) {
			p.t.Errorf("%s: after %d steps it ends with %s %s %+v", sentence, done, again.Status, again.Output, again.Error)
		}
	}
}

func list(nodes ...string) string { return strings.Join(nodes, ",") }

func sameJSON(a, b field.JSON) bool {
	var one, two any
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &two) == nil && fmt.Sprint(one) == fmt.Sprint(two)
}
