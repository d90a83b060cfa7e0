package expression_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/expression"
	"zygo/app/value"
)

func json(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse([]byte(text), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// nodes is an execution in which every node has put out some items; the lineage leads to the item of the same index.
type nodes map[string][]value.Item

func (n nodes) Items(name string) ([]value.Item, bool) {
	items, ok := n[name]
	return items, ok
}

func (n nodes) Runs(name string) ([][][]value.Item, bool) { return [][][]value.Item{{n[name]}}, true }

func (n nodes) Ancestor(name string, of value.Item) (value.Item, bool) {
	if of.From.Node == "" || of.From.Index >= len(n[name]) {
		return value.Item{}, false
	}
	return n[name][of.From.Index], true
}

func environment(t testing.TB) *expression.Environment {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	current := value.Item{
		JSON: json(t, `{"a":{"b":[{"c":"deep"},2,3.5]},"name":"  Grüße 𝄞  ","n":7,"text":"7","zero":0,"empty":"","yes":true,"none":null,
			"key":"n","list":["x","y"],"expr":"{{ $json.n }}","big":12345678901234567890,"a b":1,"length":9}`),
		From: value.Origin{Node: "Push hook", Output: "main", Index: 1},
	}
	return &expression.Environment{
		Item:  current,
		Index: 1,
		Input: []value.Item{{JSON: json(t, `{"n":1}`)}, current, {JSON: json(t, `{"n":3}`)}},
		Nodes: nodes{
			"Push hook": {{JSON: json(t, `{"id":10}`)}, {JSON: json(t, `{"id":11,"item":"odd"}`)}},
			"It's":      {{JSON: json(t, `{"id":20}`)}, {JSON: json(t, `{"id":21}`)}},
			"Empty":     {},
		},
		Vars:      json(t, `{"region":"eu"}`),
		Env:       json(t, `{"URL":"https://example.com"}`),
		Now:       time.Date(2026, 3, 5, 8, 4, 9, 7_000_000, zone),
		Workflow:  expression.Workflow{ID: "w1", Name: "Triage"},
		Execution: expression.Execution{ID: "e1", Mode: "manual"},
	}
}

func evaluate(t testing.TB, text string, env *expression.Environment) (value.Value, error) {
	t.Helper()
	e, err := expression.Compile(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if e.NeedsSandbox() {
		t.Fatalf("%s needs the sandbox", text)
	}
	return e.Evaluate(context.Background(), env)
}

func TestCompiledExpressions(t *testing.T) {
	t.Parallel()
	env := environment(t)
	for source, want := range map[string]string{
		// paths
		`$json.n`: `7`, `$json["a b"]`: `1`, `$json.a.b[0].c`: `"deep"`, `$json.a.b[0]["c"]`: `"deep"`, `$json.a['b'][2]`: `3.5`,
		`$json[$json.key]`: `7`, `$json.list[0 + 1]`: `"y"`, `$json.big`: `12345678901234567890`, `$json.none`: `null`, `$json.length`: `9`,
		`$json.list.length`: `2`, `$json.list["length"]`: `2`, `$json.list["01"]`: ``, `$json.text[0]`: `"7"`, `$json.missing`: ``,
		// a property of nothing ends the expression
		`$json.missing.more`: ``, `$json.none.more == null`: ``, `$json.missing?.more.and.more`: ``, `$json.missing?.more ?? 1`: `1`,
		`$json?.n`: `7`, `$json.a?.["b"][1]`: `2`, `$json.missing?.trim()`: ``, `$json.missing.trim()`: ``,
		// other nodes
		`$('Push hook').item.json.id`: `11`, `$("Push hook").first().json.id`: `10`, `$('Push hook').last().json.id`: `11`,
		`$('Push hook').all()[0].json.id`: `10`, `$('Push hook').all().length`: `2`, `$('It\'s').item.json.id`: `21`,
		`$node["It's"].json.id`: `21`, `$('Push hook').id`: `11`, `$('Push hook').json.id`: `11`, `$('Push hook').item.json.item`: `"odd"`,
		`$('Push hook').first()`: `{"json":{"id":10}}`, `$('Empty').first().json.id`: ``, `$('Empty').all()`: `[]`,
		`$input.item.json.n`: `7`, `$input.first().json.n`: `1`, `$input.last().json.n`: `3`, `$input.all()[2].json.n`: `3`,
		// other names
		`$vars.region`: `"eu"`, `$env.URL`: `"https://example.com"`, `$env.HOME`: ``, `$itemIndex`: `1`,
		`$workflow.id + $workflow.name`: `"w1Triage"`, `$execution.mode`: `"manual"`, `$execution.id`: `"e1"`,
		// time
		`$now`: `"2026-03-05T08:04:09.007+01:00"`, `$today`: `"2026-03-05T00:00:00.000+01:00"`,
		`$now.toISO()`:     `"2026-03-05T08:04:09.007+01:00"`,
		`$now.toISODate()`: `"2026-03-05"`, `$now.toFormat('yyyy-MM-dd HH:mm:ss.SSS ZZ')`: `"2026-03-05 08:04:09.007 +01:00"`,
		`$now.format("d.M.yy, EEEE 'at' h:mm a, x")`: `"5.3.26, Thursday at 8:04 AM, 1772694249007"`,
		`'at ' + $now.toISODate()`:                   `"at 2026-03-05"`,
		// literals
		`1`: `1`, `1e3`: `1000`, `"a\n\"\u00e9"`: `"a\n\"é"`, `'it\'s'`: `"it's"`, `true`: `true`, `null`: `null`, `undefined`: ``,
		// comparison
		`$json.n == "7"`: `true`, `$json.n === "7"`: `false`, `$json.n != 7`: `false`, `$json.n !== "7"`: `true`, `$json.text < 10`: `true`,
		`"10" < "9"`: `true`, `10 < 9`: `false`, `null == undefined`: `true`, `null == 0`: `false`, `null >= 0`: `true`, `"" == 0`: `true`,
		`$json.list == "x,y"`: `true`, `$json.list == $json.list`: `true`, `true == 1`: `true`, `"a" > 1`: `false`,
		`$json.n >= 7 && $json.n <= 7`: `true`,
		// logic
		`$json.empty || "default"`: `"default"`, `$json.zero ?? 5`: `0`, `$json.none ?? 5`: `5`, `$json.yes && $json.n`: `7`,
		`!$json.empty`: `true`,
		`!!$json.list`: `true`, `$json.n > 5 ? "big" : "small"`: `"big"`, `$json.n > 9 ? 1 : $json.n > 6 ? 2 : 3`: `2`,
		`true || $json.missing.x`: `true`, `1 < 2 == true`: `true`,
		// arithmetic
		`1 + 2 * 3`: `7`, `(1 + 2) * 3`: `9`, `10 - 2 - 3`: `5`, `7 % 4`: `3`, `-7 % 4`: `-3`, `1 / 4`: `0.25`, `1 / 0`: `null`,
		`"a" + 1`: `"a1"`,
		`1 + "1"`: `"11"`, `"3" * "4"`: `12`, `-$json.text`: `-7`, `+"0x10"`: `16`, `$json.n + null`: `7`, `1 + true`: `2`,
		`$json.list + ""`: `"x,y"`, `$json.a + ""`: `"[object Object]"`, `0.1 + 0.2`: `0.30000000000000004`, `1 - -1`: `2`,
		// methods
		`$json.name.trim()`: `"Grüße 𝄞"`, `$json.name.trim().toUpperCase()`: `"GRÜSSE 𝄞"`, `"ÄB".toLowerCase()`: `"äb"`,
		`$json.name.trim().length`: `8`,
		`"𝄞a"[2]`:                  `"a"`, `"abc".slice(1)`: `"bc"`, `"abc".slice(-2, -1)`: `"b"`, `"𝄞ab".slice(2)`: `"ab"`,
		`"abc".substring(2, 0)`: `"ab"`,
		`$json.list.slice(1)`:   `["y"]`, `"a-b-c".split("-")`: `["a","b","c"]`, `"ab".split("")`: `["a","b"]`, `"".split("-")`: `[""]`,
		`$json.list.join("+")`: `"x+y"`, `$json.list.join()`: `"x,y"`, `"a.b.c".replace(".", "-")`: `"a-b.c"`,
		`"a.b.c".replaceAll(".", "-")`:           `"a-b-c"`,
		"\"abc\".replace(\"b\", \"[$&$$$`$']\")": `"a[b$ac]c"`, `"ab".replaceAll("", "-")`: `"-a-b-"`, `"abc".replace("x", "y")`: `"abc"`,
		`"abc".includes("bc")`: `true`, `$json.list.includes("x")`: `true`, `$json.list.includes(1)`: `false`, `"äb".indexOf("b")`: `1`,
		`"abc".startsWith("ab")`: `true`, `"abc".endsWith("ab")`: `false`, `$json.n.toString() + 1`: `"71"`, `(2.345).toFixed(1)`: `"2.3"`,
		`Number("0b11")`: `3`, `Number("x") == Number("x")`: `false`, `String(null)`: `"null"`, `Boolean("")`: `false`,
		`JSON.stringify($json.a)`: `"{\"b\":[{\"c\":\"deep\"},2,3.5]}"`, `JSON.stringify(undefined)`: ``,
		// what data holds is never compiled
		`$json.expr`: `"{{ $json.n }}"`,
	} {
		got, err := evaluate(t, "{{ "+source+" }}", env)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if want == "" && got.Kind() == value.UndefinedKind {
			continue
		}
		if text := got.JSON(); text != want || got.Kind() == value.UndefinedKind {
			t.Errorf("%s = %s (%s), want %s", source, text, got.Kind(), want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	env := environment(t)
	for text, want := range map[string]string{
		``:             `""`,
		`plain`:        `"plain"`,
		`{{$json.n}}`:  `7`,
		`{{$json.n}} `: `"7 "`,
		`#{{ $json.n }}-{{ $json.list }}{{ $json.none }}{{ $json.missing.x }}/{{ $json.a }}`: `"#7-x,y/[object Object]"`,
		`{{ $json.yes }} and {{ 1 / 3 }}`:             `"true and 0.3333333333333333"`,
		`{{ $json.big }}!`:                            `"12345678901234567890!"`,
		`\{{ $json.n }} {{ "}}" }}`:                   `"{{ $json.n }} }}"`,
		`a } b {{ '{{' }} c }} d`:                     `"a } b {{ c }} d"`,
		`{{ $json.expr }} and {{ $json.expr + "!" }}`: `"{{ $json.n }} and {{ $json.n }}!"`,
		"{{\n$json.n\n}}":                             `7`,
	} {
		got, err := evaluate(t, text, env)
		if err != nil || got.JSON() != want {
			t.Errorf("%q = %s, %v; want %s", text, got.JSON(), err, want)
		}
	}
}

func TestEvaluationErrors(t *testing.T) {
	t.Parallel()
	env := environment(t)
	env.Item.JSON = json(t, `{"n":7,"long":"`+strings.Repeat("x", 9<<20)+`"}`)
	for source, want := range map[string]string{
		`$json.n.trim()`:                                               "trim is not a function of a number",
		`$('Nobody').item.json.x`:                                      `the node "Nobody" has not run`,
		`$('Empty').item.json.x`:                                       `made from no item of the node "Empty"`,
		`$secrets.TOKEN`:                                               "secrets can't be used",
		`$json.long + $json.long`:                                      "larger than 16 MiB",
		`{{ $json.long }}{{ $json.long }}`:                             "larger than 16 MiB",
		`$json.long.split("")`:                                         "larger than 16 MiB",
		`$json.long.replaceAll("x", "yy")`:                             "larger than 16 MiB",
		`$json.long.replaceAll("", "y")`:                               "larger than 16 MiB",
		"$json.long.replace('x', \"$'$'$'$'$'$'\")":                    "larger than 16 MiB",
		`JSON.stringify(JSON.stringify($json.long + "") + $json.long)`: "larger than 16 MiB",
	} {
		if !strings.Contains(source, "{{") {
			source = "{{" + source + "}}"
		}
		v, err := evaluate(t, source, env)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Public(err).Message, want) {
			t.Errorf("%s = %.80s, %v; want %q", source, v.JSON(), err, want)
		}
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	env := environment(t)
	env.Secret = func(_ context.Context, name string) (string, error) {
		if name != "TOKEN" {
			return "", fault.New(fault.NotFound, "there is no secret %s", name)
		}
		return "hush", nil
	}
	e, err := expression.Compile(`Bearer {{ $secrets.TOKEN }}{{ $secrets["TOKEN"] }}`)
	if err != nil || !slices.Equal(e.Secrets(), []string{"TOKEN"}) || e.NeedsSandbox() {
		t.Fatalf("secrets %v, %v", e.Secrets(), err)
	}
	if v, err := e.Evaluate(t.Context(), env); err != nil || v.Raw() != "Bearer hushhush" {
		t.Errorf("got %s, %v", v.JSON(), err)
	}
	if _, err := evaluate(t, "{{ $secrets.OTHER }}", env); !fault.Is(err, fault.NotFound) {
		t.Errorf("the reason's code is lost: %v", err)
	}
	for _, text := range []string{"{{ $secrets }}", "{{ $secrets[$json.name] }}", "{{ Object.keys($secrets) }}"} {
		if _, err := expression.Compile(text); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a {{ $json.x": "line 1, column 3: the expression that begins here is not closed",
		"\n{{ 'x }}":   "line 2, column 1: the expression that begins here is not closed",
		"{{ }}":        "column 1: the expression is empty",
		"{{ " + strings.Repeat("(", 10000) + "1" + strings.Repeat(")", 10000) + " }}":   "levels deep",
		"{{ " + strings.Repeat("!", 10000) + "1 }}":                                     "levels deep",
		"{{ " + strings.Repeat("-", 1) + strings.Repeat(" -", 10000) + "1 }}":           "levels deep",
		"{{ " + strings.Repeat("1?1:", 10000) + "1 }}":                                  "levels deep",
		"{{ $json" + strings.Repeat("[$json", 8000) + strings.Repeat("]", 8000) + " }}": "levels deep",
		strings.Repeat("x", 300<<10):                                                    "bytes",
		"{{" + strings.Repeat("1+", 40<<10) + "1}}":                                     "bytes",
		strings.Repeat("{{1}} ", 2000):                                                  "more than 1000 expressions",
	} {
		_, err := expression.Compile(text)
		var syntax *value.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// What the compiled part doesn't know goes to the sandbox as it stands, whole.
func TestScripts(t *testing.T) {
	t.Parallel()
	env := environment(t)
	env.Script = func(_ context.Context, source string, _ bool, got *expression.Environment) (value.Value, error) {
		if got != env {
			t.Error("the script sees another environment")
		}
		return value.String("<" + strings.TrimSpace(source) + ">"), nil
	}
	for _, source := range []string{
		"$json.list.map(x => x + '}}')", "`${$json.n} {{`", "[1,2]", "({a: {b: {}}}).a", "/[/}]}}\"'/.test($json.text)", "Math.max(1, 2)",
		"$json.n ** 2",
		".5", "0x10", "1_000", "10n", "$json.text.replace(/\\d/g, '')", "$json.list.at(-1)", "typeof $json", "new Date()",
		"$now.plus({days: $json.n})",
		"$now > $json.at", "a ?? b || c", "$json.text.padStart(3)", "$json?.a?.b.filter(Boolean)", "$('A').itemMatching(0).json", "x = 1",
		"1 /* }} */ + 1",
		"\"\\x41\"", "$json.a.b.c()", "$json.n.toFixed(1).x(2)", "(function(){ return {a:1} })()", "$json.n & 1", "1, 2",
		`$json.text.replace(/"/g, "'")`, `$json.text.replace(/'/g, "''")`, `$json.text.split(/"/)`, `/don't/.test($json.text)`,
		`$json.text.match(/["']}}/) ? 'a' : "b"`,
		`(() => { return /"}}/.test($json.text) })()`, "`${$json.list.map(x => `<${x}}}>`).join('')}`", "`${{a: '`'}.a}` + /`/.source",
		`typeof /"/`, `$json.n / 2 + /'/.source.length`,
	} {
		e, err := expression.Compile("{{ " + source + " }}")
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if !e.NeedsSandbox() {
			t.Errorf("%s is compiled", source)
		}
		if v, err := e.Evaluate(t.Context(), env); err != nil || v.Raw() != "<"+source+">" {
			t.Errorf("%s went to the sandbox as %s (%v)", source, v.Raw(), err)
		}
	}
	env.Script = func(context.Context, string, bool, *expression.Environment) (value.Value, error) {
		return value.Value{}, fault.New(fault.Unavailable, "timeout")
	}
	e, err := expression.Compile("a {{ f() }}")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Evaluate(t.Context(), env); !fault.Is(err, fault.Unavailable) || fault.Public(err).Message != "{{ f() }}: timeout" {
		t.Errorf("got %v", err)
	}
	env.Script = nil
	if _, err := e.Evaluate(t.Context(), env); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a sandbox: %v", err)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	m := expression.Find(
		"$('A b').item.json.x + $(\"It's\").first() + $node.C.json + $node['D'].json + $('A b').all() + $(name) + $json.x + DateTime.now()")
	if want := []string{"A b", "It's", "C", "D"}; !slices.Equal(m.Nodes, want) {
		t.Errorf("nodes %q, want %q", m.Nodes, want)
	}
	for _, name := range []string{"$", "$node", "$json", "DateTime"} {
		if !m.Has(name) {
			t.Errorf("%s is not found in %v", name, m.Names)
		}
	}
	if m.Has("$input") || m.Has("items") {
		t.Errorf("too much is found: %v", m.Names)
	}
	e, err := expression.Compile("{{ $('X').item.json.a }} {{ $('Y').all().map(x => x) }} {{ $('X').first().json }}")
	if err != nil || fmt.Sprint(e.Nodes()) != "[X Y]" {
		t.Errorf("nodes %v, %v", e.Nodes(), err)
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"a {{ $json.a[0]?.b == 'x' }}", "{{ $now.toFormat('yyyy') }}", "{{ `x${1}` }}", "\\{{ {{ /[}]/ }}",
		"{{ $('A').all() }}", "{{ '\\u12", "{{ 1 ? 2 : 3 }}"} {
		f.Add(seed)
	}
	env := environment(f)
	env.Script = func(context.Context, string, bool, *expression.Environment) (value.Value, error) {
		return value.Null(), nil
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := expression.Compile(text)
		var syntax *value.SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Fatalf("%q: %v is no syntax error", text, err)
		}
		if err == nil {
			_, _ = e.Evaluate(t.Context(), env)
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	e, err := expression.Compile("{{ $json.body.ref == 'refs/heads/main' }}")
	if err != nil {
		b.Fatal(err)
	}
	env := environment(b)
	env.Item.JSON = json(b, `{"headers":{},"query":{},"method":"POST","path":"acme/pushes","body":{"ref":"refs/heads/main"}}`)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if v, err := e.Evaluate(ctx, env); err != nil || !v.Truthy() {
			b.Fatal(v, err)
		}
	}
}

func BenchmarkText(b *testing.B) {
	e, err := expression.Compile("Hello {{ $json.name }}, number {{ $json.n }}")
	if err != nil {
		b.Fatal(err)
	}
	env := environment(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Evaluate(ctx, env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := expression.Compile("{{ $json.body.ref == 'refs/heads/main' }}"); err != nil {
			b.Fatal(err)
		}
	}
}
