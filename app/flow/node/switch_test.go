package node_test

import (
	"strings"
	"testing"

	"zygo/app/field"
	"zygo/app/flow/node"
)

const five = `[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5}]`

func TestFilter(t *testing.T) {
	t.Parallel()
	const above = `"conditions":[{"left":"{{ $json.n }}","op":"greater","right":3}]`
	expect(t, "filter", `{`+above+`}`, five, `kept:[{"n":4}@3,{"n":5}@4]`)
	expect(t, "filter", `{`+above+`,"rejected":true}`, five, `kept:[{"n":4}@3,{"n":5}@4] rejected:[{"n":1},{"n":2},{"n":3}]`)
	expect(t, "filter", `{`+above+`}`, `[{"n":1}]`, `kept:[]`)
	expect(t, "filter", `{`+above+`}`, `[{"n":"x"}]`, "!is not a number")
	expect(t, "filter", `{"conditions":[{"left":"{{ $json.s }}","op":"is_empty"}]}`, `[{"s":"x"},{"s":""},{"s":" "},{"s":null},{}]`,
		`kept:[{"s":""}@1,{"s":null}@3,{}@4]`)
	expect(t, "filter",
		`{"conditions":[{"left":"{{ $json.s }}","op":"equals","right":"x"},{"left":"{{ $json.n }}","op":"equals","right":2}],"combine":"or","case_sensitive":false}`,
		`[{"s":"X"},{"n":2},{"n":3}]`, `kept:[{"s":"X"},{"n":2}]`)
}

// The results are those that n8n gives for the same rules, but that an output that is not there is an error at once.
func TestSwitch(t *testing.T) {
	t.Parallel()
	const rules = `"rules":[{"output":"low","left":"{{ $json.n }}","op":"less","right":3},{"output":"high","left":"{{ $json.n }}","op":"greater","right":1}]`
	expect(t, "switch", `{`+rules+`}`, five, `low:[{"n":1},{"n":2}] high:[{"n":3}@2,{"n":4}@3,{"n":5}@4]`)
	expect(t, "switch", `{`+rules+`,"all_matching":true}`, five, `low:[{"n":1},{"n":2}] high:[{"n":2}@1,{"n":3}@2,{"n":4}@3,{"n":5}@4]`)
	expect(t, "switch", `{"rules":[{"output":"low","left":"{{ $json.n }}","op":"less","right":3}]}`, five, `low:[{"n":1},{"n":2}]`)
	expect(t, "switch",
		`{"rules":[{"output":"a","left":"{{ $json.n }}","op":"less","right":2},{"output":"b","left":"{{ $json.n }}","op":"equals","right":4},{"output":"a","left":"{{ $json.n }}","op":"equals","right":5}],"fallback":"fallback"}`,
		five, `a:[{"n":1},{"n":5}@4] b:[{"n":4}@3] fallback:[{"n":2}@1,{"n":3}@2]`)
	expect(t, "switch", `{`+rules+`}`, `[{"n":1},{"n":"x"}]`, "!is not a number")
	expect(t, "switch", `{`+rules+`,"loose_types":true}`, `[{"n":1},{"n":"x"}]`, `low:[{"n":1}] high:[]`)
	expect(t, "switch", `{"rules":[{"output":"a","left":"{{ $json.n }}","op":"is_true"}]}`, `[{"n":"x"}]`, "!is not a boolean")
	const named = `"mode":"expression","outputs":["a","b"],"output":"{{ $json.n }}"`
	expect(t, "switch", `{`+named+`}`, `[{"n":1},{"n":0},{"n":"b"}]`, `a:[{"n":0}@1] b:[{"n":1},{"n":"b"}@2]`)
	expect(t, "switch", `{`+named+`}`, `[{"n":2}]`, "!gives 2, which is neither")
	expect(t, "switch", `{`+named+`}`, `[{"n":-1}]`, "!gives -1")
	expect(t, "switch", `{`+named+`}`, `[{}]`, "!gives nothing")
	expect(t, "switch", `{`+named+`,"fallback":"fallback"}`, `[{"n":2},{"n":"c"},{}]`, `a:[] b:[] fallback:[{"n":2},{"n":"c"},{}]`)
	found, _ := node.Find("switch", 1)
	for config, wrong := range map[string]string{
		`{}`: "rules", `{"mode":"expression"}`: "outputs", `{"mode":"expression","outputs":["a"]}`: "output",
		`{"mode":"expression","outputs":["error"],"output":0}`: "outputs",
		`{"rules":[{"output":"error","op":"exists"}]}`:         "rules", `{"rules":[{"output":"{{ 1 }}{{","op":"exists"}],"x":1}`: "x",
		`{"rules":[{"output":"a","op":"less","right":"x"}]}`:                     "rules.0.right",
		`{"rules":[{"op":"exists"}]}`:                                            "rules.0.output",
		`{"rules":[{"output":"` + strings.Repeat("x", 51) + `","op":"exists"}]}`: "rules.0.output",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
	for config, want := range map[string]string{
		`{`: "main", `{}`: "main", `{"rules":7}`: "main", `{"mode":"expression","outputs":"a, b"}`: "a|b",
		`{` + rules + `,"fallback":"fallback"}`: "low|high|fallback",
	} {
		if got := strings.Join(found.OutputsOf(field.JSON(config)), "|"); got != want {
			t.Errorf("%s leads to %s, want %s", config, got, want)
		}
	}
}
