package node_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve()
	}
	os.Exit(m.Run())
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse([]byte(text), value.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// items makes items of the JSON list's elements.
func items(t testing.TB, list string) []value.Item {
	t.Helper()
	var out []value.Item
	for i, v := range parse(t, list).Elements() {
		out = append(out, value.Item{JSON: v, From: value.Origin{Node: "Before", Output: "main", Index: i}})
	}
	return out
}

func compile(t testing.TB, name, config string) *node.Node {
	t.Helper()
	found, ok := node.Find(name, 1)
	if !ok {
		t.Fatalf("no type %s", name)
	}
	n, faults := found.Compile(field.JSON(config))
	if len(faults) > 0 {
		t.Fatalf("%s %s: %v", name, config, faults)
	}
	return n
}

func call(t testing.TB, list string) *node.Call {
	t.Helper()
	in := items(t, list)
	return &node.Call{
		Items: in, Key: "execution:step", Now: noon, Log: func(string) {},
		Environment: &expression.Environment{Input: in, Now: noon, Secret: func(_ context.Context, name string) (string, error) {
			return "secret-" + name, nil
		}},
		Services: &node.Services{},
	}
}

// outputs writes a result as name:[json,…], with the index of each item's origin behind a @ where it isn't its place.
func outputs(r node.Result) string {
	var b strings.Builder
	for i, o := range r.Outputs {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(o.Name + ":[")
		for n, item := range o.Items {
			if n > 0 {
				b.WriteByte(',')
			}
			b.WriteString(item.JSON.JSON())
			if item.From.Index != n {
				fmt.Fprintf(&b, "@%d", item.From.Index)
			}
		}
		b.WriteByte(']')
	}
	return b.String()
}

// expect runs a node over a list and compares what it puts out; a want that begins with ! is a part of the error.
func expect(t *testing.T, name, config, list, want string) {
	t.Helper()
	r, err := compile(t, name, config).Run(t.Context(), call(t, list))
	if part, wantsError := strings.CutPrefix(want, "!"); wantsError {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s %s over %s: %s, %v; want the error %s", name, config, list, outputs(r), err, part)
		}
		return
	}
	if err != nil || outputs(r) != want {
		t.Errorf("%s %s over %s:\n got %s, %v\nwant %s", name, config, list, outputs(r), err, want)
	}
}

func TestTypesAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, typ := range node.All() {
		if seen[typ.Name] {
			t.Errorf("%s is declared twice", typ.Name)
		}
		seen[typ.Name] = true
		if typ.Version == 0 || typ.Category == "" || typ.Title == "" || typ.Icon == "" || typ.Help == "" ||
			len(typ.Outputs) == 0 != typ.Note {
			t.Errorf("%s lacks something: %+v", typ.Name, typ)
		}
		if typ.Trigger != strings.HasPrefix(typ.Name, "trigger.") {
			t.Errorf("%s: Trigger is %v", typ.Name, typ.Trigger)
		}
		if _, err := json.Marshal(typ.Describe()); err != nil {
			t.Error(err)
		}
		schema, err := json.Marshal(typ.Schema())
		if err != nil || !strings.Contains(string(schema), `"additionalProperties":false`) {
			t.Errorf("%s: schema %s, %v", typ.Name, schema, err)
		}
		for _, f := range typ.Fields() {
			if f.When == nil {
				continue
			}
			i := slices.IndexFunc(typ.Fields(), func(other *field.Field) bool { return other.Name == f.When.Field })
			if i < 0 {
				t.Errorf("%s.%s depends on %s, which doesn't exist", typ.Name, f.Name, f.When.Field)
				continue
			}
			for _, v := range f.When.Values {
				if !slices.ContainsFunc(typ.Fields()[i].Choices, func(c field.Choice) bool { return c.Value == v }) {
					t.Errorf("%s.%s is shown for %s, which is no choice", typ.Name, f.Name, v)
				}
			}
		}
	}
	if _, ok := node.Find("set", 2); ok {
		t.Error("a version that doesn't exist is found")
	}
	if typ, ok := node.Find("set", 0); !ok || typ.Version != 1 {
		t.Error("the newest version isn't found")
	}
}

func TestCompileNamesTheField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, config, want string }{
		{"set", `{`, ": line 1"},
		{"set", `[]`, ": must be an object"},
		{"set", `{"colour":1}`, "colour: is no field"},
		{"set", `{"assignments":[{"name":"a["}]}`, "assignments: "},
		{"set", `{"assignments":[{"name":"{{ 1 }}","type":"number","value":"x"}]}`, "assignments.0.value: is not a number"},
		{"set", `{"keep":"most"}`, "keep: must be one of all, selected, none"},
		{"set", `{"keep":1}`, "keep: must be a text"},
		{"set", `{"dot_notation":"yes"}`, "dot_notation: must be true or false"},
		{"set", `{"assignments":{}}`, "assignments: must be a list"},
		{"set", `{"assignments":[1]}`, "assignments.0: must be an object"},
		{"set", `{"assignments":[{"name":"a"},{"value":1}]}`, "assignments.1.name: is required"},
		{"set", `{"assignments":[{"name":"a","value":{"deep":["{{ ("]}}]}`,
			"assignments.0.value.deep.0: column 1: the expression that begins here is not closed"},
		{"set", `{"assignments":[{"name":"a","value":"{{ $secrets.KEY }}"}]}`, "assignments.0.value: can't use secrets"},
		{"set", `{"assignments":[` + strings.Repeat(`{"name":"a"},`, 200) + `{"name":"a"}]}`, "assignments: must be a list of at most 200"},
		{"if", `{}`, "conditions: is required"},
		{"if", `{"conditions":[{"left":1,"op":"resembles"}]}`, "conditions.0.op: must be one of"},
		{"if", `{"conditions":[{"left":"{{ $json. }} {{","op":"equals"}]}`, "conditions.0.left: column"},
		{"http", `{}`, "url: is required"},
		{"http", `{"url":"x","timeout":-1}`, "timeout: must lie between 0 and 600"},
		{"http", `{"url":"x","timeout":"5"}`, "timeout: must be a number"},
		{"http", `{"url":"x","redirects":1.5}`, "redirects: must be a whole number"},
		{"http", `{"url":"http://{{ 1 }}","success":"2xx"}`, "success: must be codes"},
		{"http", `{"url":"http://x","auth":"header"}`, "header_name: is required"},
		{"http", `{"url":"x","headers":[{"name":"{{ $secrets.A }}"}]}`, "headers.0.name: can't use secrets"},
		{"http", `{"url":"ftp://x"}`, "url: the address must begin"},
		{"http", `{"url":"{{ 1 }}","headers":[{"name":"{{ 1 }}","value":"x"},{"name":"Host","value":"{{ 2 }}"}]}`,
			"headers: the header Host can't be set"},
		{"respond", `{"headers":[{"name":"{{ 1 }}"},{"name":"Set-Cookie","value":"{{ 1 }}"}]}`,
			"headers: a workflow can't answer with the header"},
		{"email", `{"to":"{{ 1 }}","cc":"bob","subject":"x"}`, "cc: \"bob\" is no mail address"},
		{"delay", `{"mode":"until","at":"tomorrow"}`, "at: \"tomorrow\" is no time"},
		{"delay", `{"amount":500,"unit":"days"}`, ": a wait may last 400 days"},
		{"if", `{"conditions":[{"left":1,"op":"greater","right":"{{ 1 }}"},{"left":"{{ 1 }}","op":"less","right":"ten"}]}`,
			"conditions.1.right: \"ten\" is not a number"},
		{"if", `{"conditions":[{"left":1,"op":"before","right":"01/02/2024"}]}`, "conditions.0.right: \"01/02/2024\" is not a time"},
		{"if", `{"conditions":[{"left":1,"op":"not_matches","right":"("}]}`, "conditions.0.right: \"(\" is no pattern"},
		{"email", `{"subject":"x"}`, "to: is required"},
		{"code", `{"source":""}`, "source: is required"},
		{"code", `{"source":"return $secrets.A"}`, "source: can't use secrets"},
		{"respond", `{"status":99}`, "status: must lie"},
	} {
		found, _ := node.Find(c.name, 1)
		_, faults := found.Compile(field.JSON(c.config))
		if !slices.ContainsFunc(faults, func(f fault.Field) bool { return strings.HasPrefix(f.Field+": "+f.Message, c.want) }) {
			t.Errorf("%s %.100s: %v, want %s", c.name, c.config, faults, c.want)
		}
	}
}

func TestMentionsAndPurity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, config, nodes, secrets string
		pure                         bool
	}{
		{"set", `{"assignments":[{"name":"a","value":{"x":"{{ $('A').item.json.b }}{{ $('B').first() }}"}}]}`, "[A B]", "[]", true},
		{"code", `{"source":"return $('A').all()"}`, "[A]", "[]", true},
		{"http", `{"url":"{{ $('A').item.json.url }}","auth":"bearer","token":"{{ $secrets.KEY }}"}`, "[A]", "[KEY]", false},
		{"http", `{"url":"https://example.com"}`, "[]", "[]", false},
		{"trigger.webhook", `{"path":"a","auth":"hmac","secret":"KEY"}`, "[]", "[KEY]", true},
		{"trigger.manual", ``, "[]", "[]", true},
	} {
		n := compile(t, c.name, c.config)
		if fmt.Sprint(n.Nodes()) != c.nodes || fmt.Sprint(n.Secrets()) != c.secrets || n.Pure() != c.pure {
			t.Errorf("%s %s: nodes %v, secrets %v, pure %v", c.name, c.config, n.Nodes(), n.Secrets(), n.Pure())
		}
	}
}

// A parameter that an expression gives has no effect on other items, and what data holds is read by the field's type.
func TestParametersPerItem(t *testing.T) {
	t.Parallel()
	expect(t, "set", `{"keep":"{{ $json.keep }}","dot_notation":"{{ $json.dots }}","fields":"{{ $json.fields }}","assignments":[{"name":"{{ $json.name }}","value":["{{ $itemIndex }}",{"n":"n{{ $json.n }}"},"{{ $json.gone }}"]}]}`,
		`[{"keep":"all","dots":true,"name":"a.b","n":1},{"keep":"none","dots":"false","name":"a.b","n":2},{"keep":"selected","fields":["n"],"dots":1,"name":"x","n":3}]`,
		`main:[{"keep":"all","dots":true,"name":"a.b","n":1,"a":{"b":[0,{"n":"n1"},null]}},{"a.b":[1,{"n":"n2"},null]},{"n":3,"x":[2,{"n":"n3"},null]}]`)
	expect(t, "set", `{"keep":"{{ $json.keep }}"}`, `[{"keep":"most"}]`, "!keep: must be one of")
	expect(t, "set", `{"dot_notation":"{{ $json.x }}"}`, `[{"x":"perhaps"}]`, "!dot_notation: must be true or false")
	expect(t, "set", `{"assignments":[{"name":"{{ $json.x }}"}]}`, `[{}]`, "!assignments.0.name: is required")
	expect(t, "set", `{"assignments":[{"name":"a","value":"{{ $json.x.trim() }}"}]}`, `[{"x":1}]`,
		"!assignments.0.value: {{ $json.x.trim() }}: trim is not a function")
	expect(t, "set", `{"assignments":[{"name":"a","value":"{{ $json.x }}"}]}`, `[{"x":"{{ $json.x }}"}]`,
		`main:[{"x":"{{ $json.x }}","a":"{{ $json.x }}"}]`)
}

// Secrets reach the fields that are marked for them and nothing else, not even the node's own code.
func TestSecretsStayInTheirFields(t *testing.T) {
	t.Parallel()
	in := call(t, `[{}]`)
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	in.Services.Sandbox = pool
	in.Environment.Script = pool.Script
	r, err := compile(t, "code", `{"source":"return {x: eval('typeof \u0024sec' + 'rets')}"}`).Run(t.Context(), in)
	if err != nil || outputs(r) != `main:[{"x":"undefined"}]` {
		t.Errorf("%s, %v", outputs(r), err)
	}
}

func TestCheckScripts(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for _, c := range []struct{ name, config, want string }{
		{"set", `{"assignments":[{"name":"a","value":["{{ $json.a.map(x => x) }}"]}]}`, "[]"},
		{"set", `{"assignments":[{"name":"a","value":["{{ $json.a.map(x =>) }}"]}]}`,
			"[{assignments.0.value.0 SyntaxError: unexpected token in expression: ')' (line 1)}]"},
		{"code", `{"source":"while (true) {}"}`, "[]"},
		{"code", `{"source":"\nreturn ("}`, "[{source SyntaxError: unexpected token in expression: '}' (line 3)}]"},
	} {
		faults, err := compile(t, c.name, c.config).CheckScripts(t.Context(), pool, "")
		if err != nil || fmt.Sprint(faults) != c.want {
			t.Errorf("%s: %v, %v", c.config, faults, err)
		}
	}
}

func TestCancelBetweenItems(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compile(t, "set", `{}`).Run(ctx, call(t, `[{}]`)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	const config = `{"keep":"none","assignments":[{"name":"v","type":%q,"value":"{{ $json.v }}"}]}`
	for kind, cases := range map[string][][2]string{
		"auto":   {{`"x"`, `"x"`}, {`[1.50]`, `[1.50]`}, {`null`, `null`}},
		"string": {{`1.50`, `"1.5"`}, {`true`, `"true"`}, {`{"a":1}`, `"{\"a\":1}"`}, {`null`, `null`}},
		"number": {{`"1.5"`, `1.5`}, {`2.50`, `2.50`}, {`true`, `1`}, {`"x"`, `!is not a number`}, {`" "`, `!is not a number`},
			{`{}`, `!is not a number`}},
		"boolean": {{`"TRUE"`, `true`}, {`0`, `false`}, {`""`, `false`}, {`"yes"`, `!neither true nor false`}},
		"array":   {{`"[1,2]"`, `[1,2]`}, {`[1]`, `[1]`}, {`{}`, `!is a object`}},
		"object":  {{`"{\"a\":1}"`, `{"a":1}`}, {`"x"`, `!is a string`}},
	} {
		for _, c := range cases {
			want := `main:[{"v":` + c[1] + `}]`
			if strings.HasPrefix(c[1], "!") {
				want = c[1]
			}
			expect(t, "set", fmt.Sprintf(config, kind), `[{"v":`+c[0]+`}]`, want)
		}
	}
	expect(t, "set", `{"keep":"selected","dot_notation":false,"fields":"\"a, b\", c","assignments":[]}`, `[{"a, b":1,"c":2,"d":3}]`,
		`main:[{"a, b":1,"c":2}]`)
	expect(t, "set", `{"keep":"none","assignments":[{"name":"v","type":"number","value":"{{ $json.v }}"}]}`,
		`[{"v":" 7615917337495251231 "}]`, `main:[{"v":7615917337495251231}]`)
	expect(t, "set", `{"keep":"selected","fields":"a.b, c, gone","assignments":[{"name":"n","value":1}]}`,
		`[{"a":{"b":1,"x":2},"c":3,"d":4}]`, `main:[{"a":{"b":1},"c":3,"n":1}]`)
	expect(t, "set", `{"assignments":[{"name":"{{ 'a[' }}","value":1}]}`, `[{}]`, "!brackets")
	expect(t, "set", `{"assignments":[{"name":"a.b","value":1}]}`, `[{"a":"text"}]`, "!leads into a string")
	expect(t, "set", `{}`, `[]`, `main:[]`)
	deep := strings.Repeat("[", value.Deepest) + strings.Repeat("]", value.Deepest)
	expect(t, "set", `{"assignments":[{"name":"a.b","value":"{{ $json.x }}"}]}`,
		`[{"x":`+strings.TrimPrefix(deep[:len(deep)-3], "[[[")+`}]`,
		`main:[{"x":`+deep[3:len(deep)-3]+`,"a":{"b":`+deep[3:len(deep)-3]+`}}]`)
	expect(t, "set", `{"assignments":[{"name":"a.b.c.d","value":"{{ $json.x }}"}]}`, `[{"x":`+deep[3:len(deep)-3]+`}]`, "!levels deep")
}
