package node_test

import (
	"fmt"
	"strings"
	"testing"
)

// A condition with a type refuses values of another type, or makes values of the type where types are loose.
func TestTypedConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, left, op, right, strict, loose string }{
		{"string", `"5"`, "equals", `"5"`, "true", "true"}, {"string", `5`, "equals", `"5"`, "!not of the type string", "true"},
		{"string", `null`, "equals", `""`, "true", "true"}, {"string", `"abc"`, "contains", `null`, "true", "true"},
		{"string", `5`, "exists", `null`, "!not of the type string", "true"}, {"string", `"ab"`, "matches", `"^a"`, "true", "true"},
		{"number", `5`, "greater", `"4"`, "!not of the type number", "true"}, {"number", `null`, "greater", `-1`, "true", "true"},
		{"number", `"x"`, "equals", `1`, "!not of the type number", "!not of the type number"}, {"number", `true`, "equals", `1`, "!", "true"},
		{"boolean", `"yes"`, "is_true", `null`, "!not of the type boolean", "true"}, {"boolean", `0`, "is_false", `null`, "!", "true"},
		{"boolean", `null`, "is_false", `null`, "true", "true"}, {"boolean", `null`, "equals", `false`, "false", "false"},
		{"time", `"01/02/2024"`, "before", `"2024-01-03"`, "true", "true"}, {"time", `"soon"`, "after", `"2024-01-01"`, "!", "!"},
		{"time", `null`, "not_equals", `"2024-01-01"`, "false", "false"}, {"time", `"2024-01-01"`, "equals", `"2024-01-01T00:00:00Z"`, "true", "true"},
		{"array", `[1,2]`, "contains", `2`, "true", "true"}, {"array", `[1]`, "contains", `"1"`, "false", "false"},
		{"array", `"[1]"`, "length_equals", `1`, "!not of the type array", "true"}, {"array", `null`, "not_contains", `1`, "true", "true"},
		{"lists", `[1]`, "contains", `1`, "!not of the type array", "!not of the type array"},
		{"object", `{}`, "is_empty", `null`, "true", "true"}, {"object", `"{\"a\":1}"`, "is_not_empty", `null`, "!", "true"},
	} {
		for loose, want := range map[bool]string{false: c.strict, true: c.loose} {
			config := fmt.Sprintf(`{"conditions":[{"left":"{{ $json.l }}","op":%q,"right":"{{ $json.r }}","type":%q}],"loose_types":%v}`,
				c.op, c.kind, loose)
			r, err := compile(t, "if", config).Run(t.Context(), call(t, fmt.Sprintf(`[{"l":%s,"r":%s}]`, c.left, c.right)))
			if part, fails := strings.CutPrefix(want, "!"); fails {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%s %s %s as %s, loose %v: %s, %v; want the error %s", c.left, c.op, c.right, c.kind, loose, outputs(r), err, part)
				}
				continue
			}
			if err != nil || !strings.Contains(outputs(r), want+":[{") {
				t.Errorf("%s %s %s as %s, loose %v: %s, %v; want %s", c.left, c.op, c.right, c.kind, loose, outputs(r), err, want)
			}
		}
	}
}

// What some nodes do besides, where their configuration asks for it.
func TestWhatNodesDoBesides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, config, list, want string }{
		{"set", `{"assignments":[{"name":"n","type":"number","value":"{{ $json.t }}"}],"keep_wrong":true}`, `[{"t":"x"}]`, `main:[{"t":"x","n":"x"}]`},
		{"items", `{"op":"summarize","values":[{"do":"sum","field":"n"}],"group_by":["c","d"],"nested":true}`,
			`[{"c":"x","d":"p","n":1},{"c":"x","d":"q","n":2},{"c":"y","n":3}]`,
			`main:[{"x":{"p":{"sum_n":1},"q":{"sum_n":2}},"y":{"undefined":{"sum_n":3}}}]`},
		{"file.read", `{"file":"t","format":"csv","empty":false}`, `[{"t":"a,b\n1,\n"}]`, `main:[{"a":"1"}]`},
		{"file.read", `{"file":"t","format":"json","destination":"d","alone":true}`, `[{"t":"[1]"}]`, `main:[{"d":[1]}]`},
		{"file.write", `{"format":"json","of":"each","lines":true,"as_text":true}`, `[{"n":1}]`, `main:[{"n":1,"data":"{\n  \"n\": 1\n}"}]`},
	} {
		r, err := compile(t, c.kind, c.config).Run(t.Context(), call(t, c.list))
		if err != nil || outputs(r) != c.want {
			t.Errorf("%s %s gives %s, %v; want %s", c.kind, c.config, outputs(r), err, c.want)
		}
	}
}
