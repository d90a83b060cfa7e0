package sandbox_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// patience is far above what scripts take on a machine that does other work.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve()
	}
	os.Exit(m.Run())
}

func json(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse([]byte(text), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func pool(t testing.TB, size int) *sandbox.Pool {
	t.Helper()
	p := sandbox.NewPool(size)
	t.Cleanup(p.Close)
	return p
}

// nodes is one other node, whose items are the ancestors of the items with the same index.
type nodes struct {
	name  string
	items []value.Item
}

func (n nodes) Items(name string) ([]value.Item, bool) { return n.items, name == n.name }

func (n nodes) Runs(name string) ([][][]value.Item, bool) { return [][][]value.Item{{n.items}}, true }

func (n nodes) Ancestor(name string, of value.Item) (value.Item, bool) {
	if name != n.name || of.From.Node == "" {
		return value.Item{}, false
	}
	return n.items[of.From.Index], true
}

func environment(t testing.TB) *expression.Environment {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	input := []value.Item{
		{JSON: json(t, `{"n":1,"list":[3,1,2]}`), From: value.Origin{Node: "First", Output: "main", Index: 0}},
		{JSON: json(t, `{"n":2,"list":[]}`), From: value.Origin{Node: "First", Output: "main", Index: 1}},
	}
	return &expression.Environment{
		Item: input[0], Input: input,
		Nodes:     nodes{"First", []value.Item{{JSON: json(t, `{"id":"a"}`)}, {JSON: json(t, `{"id":"b"}`)}}},
		Vars:      json(t, `{"region":"eu"}`),
		Now:       time.Date(2026, 3, 5, 8, 4, 9, 7_000_000, zone),
		Workflow:  expression.Workflow{ID: "w1", Name: "Triage"},
		Execution: expression.Execution{ID: "e1", Mode: "manual"},
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 2), environment(t)
	env.Secret = func(_ context.Context, name string) (string, error) { return "secret " + name, nil }
	for source, want := range map[string]string{
		`$json.list.map(x => x * 2)`:                              `[6,2,4]`,
		"`${$json.n} of ${$input.all().length}`;":                 `"1 of 2"`,
		`$('First').item.json.id + $('First').last().json.id`:     `"ab"`,
		`$('First').all().map(i => i.json.id)`:                    `["a","b"]`,
		`$('First').itemMatching(1).json.id + $('First').id`:      `"ba"`,
		`$('First').isExecuted || $('Second').isExecuted`:         `true`,
		`$('Second').isExecuted`:                                  `false`,
		`$node["First"].json.id + $node.First.json['id']`:         `"aa"`,
		`$input.item.json.n + $input.first().json.n + $itemIndex`: `2`,
		`[$vars.region, $workflow.name, $execution.mode, $env]`:   `["eu","Triage","manual",{}]`,
		`[$secrets.KEY].join()`:                                   `"secret KEY"`,
		`({a: undefined, b: NaN, c: new Date(0)})`:                `{"b":null,"c":"1970-01-01T00:00:00.000Z"}`,
		`$json.missing.map(x => x)`:                               ``,
		`[undefined][0]`:                                          ``,
		`(() => { const x = 1; return x + 1 })()`:                 `2`,
		`(async () => { await null; return 5 })()`:                `5`,
		`"x".replace(/x/, "$json")`:                               `"$json"`,
		`typeof process + typeof require + typeof fetch + typeof std + typeof os + typeof setTimeout`: `"` +
			strings.Repeat("undefined", 6) + `"`,
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Environment: env})
		if err != nil || result.Value.JSON() != want && (want != "" || result.Value.Kind() != value.UndefinedKind) {
			t.Errorf("%s = %s, %v; want %s", source, result.Value.JSON(), err, want)
		}
	}
}

// Digits that a double doesn't hold pass a script, and a calculation with a long id fails with a reason.
func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 2), environment(t)
	const long = `{"id":9007199254740993,"below":-12345678901234567890,"list":[[9007199254740992]],"price":0.12345678901234567891,"whole":1e20,"safe":9007199254740991}`
	env.Item.JSON = json(t, long)
	env.Input[0], env.Vars = env.Item, env.Item.JSON
	env.Nodes = nodes{"First", env.Input}
	for source, want := range map[string]string{
		`({...$json}) // a script`:                           long,
		`[$vars.id, $('First').first().json.id].map(x => x)`: `[9007199254740993,9007199254740993]`,
		"`${$json.id}` + $json.below":                        `"9007199254740993-12345678901234567890"`,
		`JSON.stringify([$json.id, $json.list])`:             `"[9007199254740993,[[9007199254740992]]]"`,
		`[$json.id > $json.list[0][0], $json.id == '9007199254740993', $json.id === $vars.id, $json.id > 5].join()`: `"true,true,true,true"`,
		`[$json.id + 1n, Number($json.id), $json.safe + 1, $json.price * 2, typeof $json.safe].map(x => x)`:         `[9007199254740994,9007199254740992,9007199254740992,0.24691357802469135,"number"]`,
		`[$json.id].map(x => x + 1)`: `!Number(…)`,
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Environment: env})
		got := result.Value.JSON()
		if err != nil {
			got = "!" + err.Error()
		}
		if got != want && (want[0] != '!' || !strings.Contains(got, want[1:])) {
			t.Errorf("%s = %s, want %s", source, got, want)
		}
	}
	result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All,
		Source: "console.log($input.first().json.id); return $input.all().map(i => i.json)", Environment: env})
	if err != nil || result.Value.At(0).JSON() != long || !strings.Contains(result.Logs, "9007199254740993") {
		t.Errorf("code gives %s, logs %q, %v", result.Value.JSON(), result.Logs, err)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 2), environment(t)
	for _, c := range []struct {
		name, source string
		mode         sandbox.Mode
		want         string
	}{
		{"all", "return items.filter(i => i.json.n > 1)", sandbox.All,
			`[{"json":{"n":2,"list":[]},"from":{"node":"First","output":"main","index":1}}]`},
		{"all by input", "const out = []\nfor (const item of $input.all()) out.push({json: {m: item.json.n}})\nreturn out", sandbox.All,
			`[{"json":{"m":1}},{"json":{"m":2}}]`},
		{"await", "const n = await Promise.all([1, (async () => { await null; return 2 })()]); return n", sandbox.All, `[1,2]`},
		{"nothing", "", sandbox.All, ``},
		{"each", "return {n: $json.n, i: $itemIndex, id: $('First').item.json.id, same: $input.item.json === $json && item.json === $json}",
			sandbox.Each,
			`[{"n":1,"i":0,"id":"a","same":true},{"n":2,"i":1,"id":"b","same":true}]`},
		{"each, awaiting", "await null; globalThis.c = (globalThis.c ?? 0) + 1; return {c}", sandbox.Each, `[{"c":1},{"c":2}]`},
		{
			"each, timers and bytes", "return {t: await new Promise(done => setTimeout(done, 60000, $json.n)), b: Buffer.from('hé').toString('base64'), a: Buffer.from('aMOp', 'base64').toString()}",
			sandbox.Each, `[{"t":1,"b":"aMOp","a":"hé"},{"t":2,"b":"aMOp","a":"hé"}]`,
		},
		{"each, nothing", "if ($json.n > 1) return $json.n", sandbox.Each, `[null,2]`},
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: c.source, Mode: c.mode, Environment: env})
		if err != nil || result.Value.JSON() != c.want && (c.want != "" || result.Value.Kind() != value.UndefinedKind) {
			t.Errorf("%s: %s, %v; want %s", c.name, result.Value.JSON(), err, c.want)
		}
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	p := pool(t, 1)
	result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All,
		Source: `console.log("a", 1, {b: [2]}, undefined); console.error(new TypeError("x")); return 1`})
	if err != nil || result.Logs != "a 1 {\"b\":[2]} undefined\nTypeError: x" {
		t.Errorf("got %q, %v", result.Logs, err)
	}
	result, err = p.Run(t.Context(), sandbox.Program{Mode: sandbox.All, Source: `console.log("before"); while (true) {}`,
		Time: 500 * time.Millisecond})
	if result.Logs != "before" || err == nil {
		t.Errorf("after a timeout: %q, %v", result.Logs, err)
	}
	result, err = p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All,
		Source: `for (let i = 0; i < 1e5; i++) console.log("0123456789é")`})
	if err != nil || len([]rune(result.Logs)) > 64<<10 || len(result.Logs) < 64<<10 {
		t.Errorf("%d bytes of logs, %v", len(result.Logs), err)
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 2), environment(t)
	for _, c := range []struct {
		source string
		mode   sandbox.Mode
		line   int
		want   string
	}{
		{"let x = 1\n\nx.y.z()", sandbox.All, 3, "cannot read property 'z' of undefined"},
		{"const f = () => {\n  throw new Error('no')\n}\nf()", sandbox.All, 2, "no"},
		{"let x = ;", sandbox.All, 1, "unexpected token"},
		{"a\n+ b c", sandbox.Expression, 2, "expecting ')'"},
		{"await null\nnope()", sandbox.All, 2, "'nope' is not defined"},
		{"throw 'text'", sandbox.All, 0, "text"},
		{"$json.n.foo()", sandbox.Expression, 1, "not a function"},
		{"return $('Fir' + 'st')", sandbox.All, 1, "write its name as text"},
		{"return $('Nobody').first()", sandbox.All, 1, "has not run"},
		{"DateTime.now().plus({bananas: 1})", sandbox.All, 1, "Invalid unit bananas"},
		{"let x = {}\nx.x = x\nreturn x", sandbox.All, 0, "circular"},
		{"return '\\ud800'", sandbox.All, 0, "surrogate"},
		{"return new Promise(() => {})", sandbox.All, 0, "nothing will settle"},
		{"return import('std')", sandbox.All, 0, "could not load module"},
		{"let x = ;", sandbox.Check, 1, "unexpected token"},
		{"1 +", sandbox.CheckExpression, 2, "unexpected token"},
		{strings.Repeat("(", 100_000), sandbox.All, 1, "memory or its depth"},
	} {
		_, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: c.source, Mode: c.mode, Environment: env})
		var failed *sandbox.Error
		if !errors.As(err, &failed) || failed.Line != c.line || !strings.Contains(failed.Message, c.want) {
			t.Errorf("%.40q: %v, line %d; want %q in line %d", c.source, err, failed.Line, c.want, c.line)
		}
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%.40q: %v is no fault", c.source, err)
		}
	}
}

func TestCheckRunsNothing(t *testing.T) {
	t.Parallel()
	p := pool(t, 1)
	for mode, source := range map[sandbox.Mode]string{sandbox.Check: "while (true) {}",
		sandbox.CheckExpression: "(() => { while (true) {} })()"} {
		if _, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Mode: mode}); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestScriptSeesOnlyWhatItMentions(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 1), environment(t)
	asked := false
	env.Secret = func(context.Context, string) (string, error) { asked = true; return "hush", nil }
	result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Environment: env, Mode: sandbox.All, Source: `
		const seen = ["vars", "env"].map(n => JSON.stringify(eval("\u0024" + n)))
		return seen.join() + eval("typeof \u0024secrets") + (0, eval)("typeof \u0024json")`})
	if err != nil || result.Value.Raw() != "{},{}undefinedundefined" || asked {
		t.Errorf("got %s, %v", result.Value.JSON(), err)
	}
	env.Secret = nil
	reading := sandbox.Program{Time: patience, Environment: env, Source: `$secrets.KEY + ""`}
	if _, err := p.Run(t.Context(), reading); !fault.Is(err, fault.Invalid) {
		t.Errorf("a secret where none may be: %v", err)
	}
}

func TestLimitsOfTheInput(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 1), environment(t)
	env.Item.JSON = value.String(strings.Repeat("x", 17<<20))
	for name, program := range map[string]sandbox.Program{
		"source": {Source: strings.Repeat(" ", sandbox.LongestSource+1)},
		"data":   {Source: "[$json].length", Environment: env},
	} {
		var failed *sandbox.Error
		if _, err := p.Run(t.Context(), program); !errors.As(err, &failed) || failed.Failure != sandbox.InputTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	env.Item.JSON = value.String(strings.Repeat("é", 4<<20))
	measuring := sandbox.Program{Source: "[$json][0].length", Environment: env, Time: 30 * time.Second}
	if result, err := p.Run(t.Context(), measuring); err != nil || result.Value.JSON() != "4194304" {
		t.Errorf("8 MiB of data: %v", err)
	}
}

func TestDateTime(t *testing.T) {
	t.Parallel()
	p, env := pool(t, 1), environment(t)
	for source, want := range map[string]string{
		`$now`:                "2026-03-05T08:04:09.007+01:00",
		`$now.toISO()`:        "2026-03-05T08:04:09.007+01:00",
		`$today`:              "2026-03-05T00:00:00.000+01:00",
		`$now.setZone('utc')`: "2026-03-05T07:04:09.007Z",
		`$now.setZone('UTC-3:30').toFormat("HH:mm ZZ z")`:                                                        "03:34 -03:30 UTC-3:30",
		`$now.plus({days: 30})`:                                                                                  "2026-04-04T08:04:09.007+02:00",
		`$now.plus(1, 'month').minus({hours: 9})`:                                                                "2026-04-04T23:04:09.007+02:00",
		`DateTime.fromISO('2026-01-31').plus({months: 1})`:                                                       "2026-02-28T00:00:00.000+01:00",
		`DateTime.fromISO('2026-03-29T02:30')`:                                                                   "2026-03-29T03:30:00.000+02:00",
		`DateTime.fromISO('2026-10-25T02:30+02:00').plus({hours: 1})`:                                            "2026-10-25T02:30:00.000+01:00",
		`DateTime.fromISO('2026-03-28T02:30').plus({days: 1})`:                                                   "2026-03-29T03:30:00.000+02:00",
		`DateTime.fromISO('2026-07-01T12:00:00Z')`:                                                               "2026-07-01T14:00:00.000+02:00",
		`DateTime.fromISO('2026-07-01T12:00:00.123456+05:30', {zone: 'utc'})`:                                    "2026-07-01T06:30:00.123Z",
		`DateTime.fromISO('2026-07-01T12:00:00+05:30', {setZone: true})`:                                         "2026-07-01T12:00:00.000+05:30",
		`String(DateTime.fromISO('2026-02-30')) + DateTime.fromISO('x').isValid`:                                 "Invalid DateTimefalse",
		`$now.startOf('week')`:                                                                                   "2026-03-02T00:00:00.000+01:00",
		`$now.startOf('quarter').toISODate() + $now.endOf('month').toISO()`:                                      "2026-01-012026-03-31T23:59:59.999+02:00",
		`$now.startOf('hour')`:                                                                                   "2026-03-05T08:00:00.000+01:00",
		`$now.set({hour: 25, month: 2}).toISO()`:                                                                 "2026-02-06T01:04:09.007+01:00",
		`$now.toFormat("EEEE, d MMMM yyyy 'at' h:mm a (ZZZ) o WW kkkk q")`:                                       "Thursday, 5 March 2026 at 8:04 AM (+0100) 64 10 2026 1",
		`DateTime.fromISO('2027-01-01').toFormat('kkkk WW')`:                                                     "2026 53",
		`String($now.diff(DateTime.fromISO('2026-03-01'), 'days').days)`:                                         "4.336215358796296",
		`JSON.stringify($now.diff(DateTime.fromISO('2025-12-05T07:04:09.007'), ['months', 'hours']).toObject())`: `{"months":3,"hours":1}`,
		`String(DateTime.fromISO('2025-12-05').diff(DateTime.fromISO('2026-03-05'), 'months').months)`:           "-3",
		`String($now > $today) + ($now.weekday) + $now.daysInMonth + $now.hasSame($today, 'day')`:                "true431true",
		`[$now.toMillis() === new Date('2026-03-05T07:04:09.007Z').getTime()].join()`:                            "true",
		`DateTime.fromMillis(0).toISO() + DateTime.fromSeconds(1, {zone: 'utc'}).toISO()`:                        "1970-01-01T01:00:00.000+01:001970-01-01T00:00:01.000Z",
	} {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: source, Environment: env})
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if result.Value.Raw() != want {
			t.Errorf("%s = %s, want %s", source, result.Value.JSON(), want)
		}
	}
}

func BenchmarkExpression(b *testing.B) {
	p, env := pool(b, 1), environment(b)
	for b.Loop() {
		_, err := p.Run(b.Context(), sandbox.Program{Time: patience, Source: "$json.list.map(x => x + 1)", Environment: env})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHundredItems(b *testing.B) {
	p, env := pool(b, 1), environment(b)
	env.Input = nil
	for range 100 {
		env.Input = append(env.Input, value.Item{JSON: json(b, `{"id":1,"name":"`+strings.Repeat("x", 300)+`"}`)})
	}
	for b.Loop() {
		_, err := p.Run(b.Context(), sandbox.Program{Time: patience, Source: "return items.filter(i => i.json.id).map(i => i)",
			Mode: sandbox.All, Environment: env})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTimes(b *testing.B) {
	p, env := pool(b, 1), environment(b)
	for b.Loop() {
		if _, err := p.Run(b.Context(), sandbox.Program{Time: patience, Source: "$now.plus({days: 1})", Environment: env}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p := sandbox.NewPool(1)
		if _, err := p.Run(b.Context(), sandbox.Program{Time: patience, Source: "1"}); err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}
