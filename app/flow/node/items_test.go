package node_test

import (
	"strings"
	"testing"

	"zygo/app/field"
	"zygo/app/flow/memory"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// The results of the operations are those that n8n 2.41 gave for the same parameters, except where a line says otherwise.

func TestItemsSplitOut(t *testing.T) {
	t.Parallel()
	const one = `[{"id":1,"l":[1,2],"m":["a","b","c"],"o":[{"k":1,"z":{"y":1}},{"k":2}],"d":{"e":[7,8]}}]`
	split := func(rest string) string { return `{"op":"split_out",` + rest + `}` }
	expect(t, "items", split(`"fields":["l"]`), one, `main:[{"l":1},{"l":2}@0]`)
	expect(t, "items", split(`"fields":"o"`), one, `main:[{"k":1,"z":{"y":1}},{"k":2}@0]`)
	expect(t, "items", split(`"fields":["o"],"include":"selected","include_fields":["id","d.e"]`), one,
		`main:[{"o":{"k":1,"z":{"y":1}},"id":1,"d.e":[7,8]},{"o":{"k":2},"id":1,"d.e":[7,8]}@0]`)
	expect(t, "items", split(`"fields":["d.e"],"include":"all"`), `[{"id":1,"d":{"e":[7,8]}}]`,
		`main:[{"d.e":7,"id":1,"d":{}},{"d.e":8,"id":1,"d":{}}@0]`)
	expect(t, "items", split(`"fields":"l, m"`), one, `main:[{"l":1,"m":"a"},{"l":2,"m":"b"}@0,{"m":"c"}@0]`)
	expect(t, "items", split(`"fields":["l"]`), `[{"l":[]}]`, `main:[]`)
	expect(t, "items", split(`"fields":["o"]`), `[{"o":{"a":1,"b":2}}]`, `main:[{"o":1},{"o":2}@0]`)
	expect(t, "items", split(`"fields":["l"]`), `[{"l":[1,2]},{"l":[]},{},{"l":null},{"l":[9]},{"l":"x"}]`,
		`main:[{"l":1},{"l":2}@0,{"l":9}@4,{"l":"x"}@5]`)
	expect(t, "items", split(`"fields":["l"],"destination":"n"`), one, `main:[{"n":1},{"n":2}@0]`)
	expect(t, "items", split(`"fields":["o"],"destination":"n"`), one, `main:[{"n":{"k":1,"z":{"y":1}}},{"n":{"k":2}}@0]`)
	expect(t, "items", split(`"fields":["l"],"include":"all"`), `[{"id":1,"l":[1,2]}]`, `main:[{"l":1,"id":1},{"l":2,"id":1}@0]`)
	expect(t, "items", split(`"fields":["{{ $json.which }}"]`), `[{"which":"a","a":[1]},{"which":"b","b":[2]}]`, `main:[{"a":1},{"b":2}]`)
	long := `[{"l":[` + strings.TrimSuffix(strings.Repeat("1,", 10_001), ",") + `]}]`
	expect(t, "items", split(`"fields":["l"]`), long, "!more than 10000 items")
}

// Files may stay beside what is made of items.
func TestItemsWithFiles(t *testing.T) {
	t.Parallel()
	file := func(name string) string { return `{"name":"` + name + `","media_type":"text/plain","base64":"aGk="}` }
	two := `[{"n":1,"l":[1,2],"f":` + file("a") + `},{"n":2,"f":` + file("a") + `,"g":` + file("b") + `}]`
	for config, want := range map[string]string{
		`"op":"split_out","fields":["l"],"files":"beside"`:                `main:[{"l":1,"f":` + file("a") + `},{"l":2,"f":` + file("a") + `}@0]`,
		`"op":"split_out","fields":["l"],"include":"all","files":"none"`:  `main:[{"l":1,"n":1},{"l":2,"n":1}@0]`,
		`"op":"collect","compare":"except","fields":["l"],"files":"none"`: `main:[{"data":[{"n":1},{"n":2}]}]`,
		`"op":"aggregate","lists":[{"field":"n","as":"f"}],"files":"beside"`: `main:[{"f":[1,2],"f_1":` + file("a") + `,"f_2":` + file("a") +
			`,"g":` + file("b") + `}]`,
		`"op":"aggregate","lists":[{"field":"n"}],"files":"unique"`: `main:[{"n":[1,2],"f":` + file("a") + `,"g":` + file("b") + `}]`,
	} {
		expect(t, "items", "{"+config+"}", two, want)
	}
}

func TestItemsAggregate(t *testing.T) {
	t.Parallel()
	const four = `[{"n":1,"s":"a","l":[1,2],"o":{"p":1}},{"n":2,"s":"b","l":[3]},{"n":null,"s":"","l":null},{"x":9}]`
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"n"},{"field":"s","as":"names"}]}`, four,
		`main:[{"n":[1,2],"names":["a","b",""]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"n"}],"keep_missing":true}`, four, `main:[{"n":[1,2,null,null]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"l"}]}`, four, `main:[{"l":[[1,2],[3]]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"l"}],"merge_lists":true}`, four, `main:[{"l":[1,2,3]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"o.p"}]}`, four, `main:[{"p":[1]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"[\"o.p\"]"}]}`, `[{"o.p":5,"o":{"p":1}},{"o":{"p":2}}]`, `main:[{"p":[5]}]`) // n8n calls it o.p
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"zzz"}]}`, four, `main:[{"zzz":[]}]`)
	expect(t, "items", `{"op":"aggregate","lists":[{"field":"n"},{"field":"n"}]}`, four, `!two lists with the name "n"`)
	expect(t, "items", `{"op":"collect"}`, `[{"n":1},{"x":9}]`, `main:[{"data":[{"n":1},{"x":9}]}]`)
	expect(t, "items", `{"op":"collect","destination":"all","compare":"selected","fields":["n","o"]}`, four,
		`main:[{"all":[{"n":1,"o":{"p":1}},{"n":2},{"n":null}]}]`)
	expect(t, "items", `{"op":"collect","compare":"except","fields":"n,l"}`, four,
		`main:[{"data":[{"s":"a","o":{"p":1}},{"s":"b"},{"s":""},{"x":9}]}]`)
}

func TestItemsSummarize(t *testing.T) {
	t.Parallel()
	const five = `[{"c":"x","d":"p","n":1,"s":"a"},{"c":"y","d":"p","n":2,"s":"b"},{"c":"x","d":"q","n":3,"s":"a"},{"c":"x","d":"p","n":null,"s":""},{"d":"q","n":10}]`
	sum := func(values, rest string) string { return `{"op":"summarize","values":[` + values + `]` + rest + `}` }
	expect(t, "items", sum(
		`{"do":"append","field":"n"},{"do":"average","field":"n"},{"do":"count_unique","field":"n"},{"do":"min","field":"n"},{"do":"sum","field":"n"}`, ""),
		five,
		`main:[{"appended_n":[1,2,3,10],"average_n":4,"unique_count_n":4,"min_n":1,"sum_n":16}]`)
	expect(t, "items", sum(`{"do":"append","field":"s"}`, `,"keep_empty":true`), five, `main:[{"appended_s":["a","b","a","",null]}]`)
	expect(t, "items", sum(`{"do":"concatenate","field":"s","separator":"; "}`, `,"keep_empty":true`), five,
		`main:[{"concatenated_s":"a; b; a; ; "}]`) // n8n writes undefined
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, `,"group_by":["c"]`), five,
		`main:[{"sum_n":4,"c":"x"},{"sum_n":2,"c":"y"},{"sum_n":10}@4]`)
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, `,"group_by":"c","skip_ungrouped":true`), five,
		`main:[{"sum_n":4,"c":"x"},{"sum_n":2,"c":"y"}]`)
	expect(t, "items", sum(`{"do":"count","field":"d"}`, `,"group_by":["c","d"]`), five,
		`main:[{"count_d":2,"c":"x","d":"p"},{"count_d":1,"c":"y","d":"p"},{"count_d":1,"c":"x","d":"q"},{"count_d":1,"d":"q"}@4]`)
	expect(t, "items", sum(`{"do":"sum","field":"zzz"},{"do":"average","field":"zzz"},{"do":"max","field":"zzz","as":"top"}`, ""), five,
		`main:[{"sum_zzz":0,"average_zzz":null,"top":null}]`)
	expect(t, "items", sum(`{"do":"max","field":"s"}`, ""), five, `main:[{"max_s":"b"}]`)
	expect(t, "items", sum(`{"do":"sum","field":"o.p"}`, ""), `[{"o":{"p":1}},{"o":{"p":2}}]`, `main:[{"sum_o_p":3}]`)
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, ""), `[{"n":9007199254740993},{"n":"2"},{"n":""}]`,
		`main:[{"sum_n":9007199254740995}]`) // n8n takes texts for 0
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, ""), `[{"n":9223372036854775807},{"n":1}]`, `main:[{"sum_n":9223372036854775808}]`)
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, ""), `[{"n":1},{"n":"many"}]`, `!values.0: "many" is not a number`)
	expect(t, "items", sum(`{"do":"sum","field":"n"}`, ""), `[{"n":1e308},{"n":1e308}]`, "!too large")
	expect(t, "items", sum(`{"do":"min","field":"n"},{"do":"max","field":"n"}`, ""), `[{"n":"10"},{"n":9},{"n":null},{"n":-1.5}]`,
		`main:[{"min_n":-1.5,"max_n":"10"}]`)
	expect(t, "items", sum(`{"field":"n"},{"field":"n"}`, ""), five, "!two results")
}

func TestItemsInOrder(t *testing.T) {
	t.Parallel()
	sort := func(by string) string { return `{"op":"sort","by":[` + by + `]}` }
	expect(t, "items", sort(`{"field":"n"}`), `[{"n":10},{"n":9},{"n":1},{"n":-1}]`, `main:[{"n":-1}@3,{"n":1}@2,{"n":9}@1,{"n":10}@0]`)
	expect(t, "items", sort(`{"field":"n","order":"descending"}`), `[{"n":10},{"n":9},{"n":1}]`, `main:[{"n":10},{"n":9},{"n":1}]`)
	expect(t, "items", sort(`{"field":"s"}`), `[{"s":"b"},{"s":"A"},{"s":"a"},{"s":"B"},{"s":"é"},{"s":"z"},{"s":"10"},{"s":"9"},{"s":""}]`,
		`main:[{"s":""}@8,{"s":"10"}@6,{"s":"9"}@7,{"s":"A"}@1,{"s":"a"}@2,{"s":"b"}@0,{"s":"B"}@3,{"s":"z"}@5,{"s":"é"}@4]`)
	expect(t, "items", sort(`{"field":"o.p"}`), `[{"o":{"p":2}},{"o":{"p":1}}]`, `main:[{"o":{"p":1}}@1,{"o":{"p":2}}@0]`)
	// n8n compares mixed values as JavaScript does, which is no order. Here it is one, with what is missing at the end.
	const mixed = `[{"v":2},{"v":"1"},{"v":null},{},{"v":"a"},{"v":0},{"v":true}]`
	expect(t, "items", sort(`{"field":"v"}`), mixed, `main:[{"v":true}@6,{"v":0}@5,{"v":2}@0,{"v":"1"}@1,{"v":"a"},{"v":null}@2,{}@3]`)
	expect(t, "items", sort(`{"field":"v","order":"descending"}`), mixed,
		`main:[{"v":"a"}@4,{"v":"1"},{"v":2}@0,{"v":0}@5,{"v":true}@6,{"v":null}@2,{}@3]`)
	expect(t, "items", sort(`{"field":"v"}`), `[{"v":"10"},{"v":9},{"v":"-1"}]`, `main:[{"v":"-1"}@2,{"v":9},{"v":"10"}@0]`)
	expect(t, "items", sort(`{"field":"a"},{"field":"b","order":"descending"}`), `[{"a":1,"b":1},{"a":0,"b":1},{"a":1,"b":2}]`,
		`main:[{"a":0,"b":1}@1,{"a":1,"b":2}@2,{"a":1,"b":1}@0]`)
	for config, want := range map[string]string{
		`"count":2`: `{"n":1},{"n":2}`, `"count":2,"from":"last"`: `{"n":3}@2,{"n":4}@3`, ``: `{"n":1}`, `"count":0`: ``,
		`"count":9`: `{"n":1},{"n":2},{"n":3},{"n":4}`, `"count":"{{ 1 + 1 }}"`: `{"n":1},{"n":2}`,
	} {
		expect(t, "items", strings.ReplaceAll(`{"op":"limit",`+config+`}`, ",}", "}"), `[{"n":1},{"n":2},{"n":3},{"n":4}]`,
			`main:[`+want+`]`)
	}
	expect(t, "items", `{"op":"limit","count":"{{ -1 }}"}`, `[{}]`, "!count")
	expect(t, "items", `{"op":"reverse"}`, `[{"n":1},{"n":2}]`, `main:[{"n":2}@1,{"n":1}@0]`)
	r, err := compile(t, "items", `{"op":"shuffle"}`).Run(t.Context(), call(t, `[{"n":1},{"n":2},{"n":3}]`))
	if err != nil || len(r.Outputs[0].Items) != 3 || !strings.Contains(outputs(r), `{"n":2}`) {
		t.Errorf("shuffled: %s, %v", outputs(r), err)
	}
}

func TestItemsDedupeAndRename(t *testing.T) {
	t.Parallel()
	const five = `[{"a":1,"b":{"c":1},"s":"x"},{"s":"x","a":1,"b":{"c":1}},{"a":1,"b":{"c":2},"s":"X"},{"a":2,"b":{"c":1},"s":"x"},{"a":1,"b":{"c":1},"s":"x"}]`
	const unlike = `main:[{"a":1,"b":{"c":1},"s":"x"},{"a":1,"b":{"c":2},"s":"X"}@2,{"a":2,"b":{"c":1},"s":"x"}@3]`
	expect(t, "items", `{"op":"dedupe"}`, five, unlike)
	expect(t, "items", `{"op":"dedupe","compare":"except","fields":["s"]}`, five, unlike)
	expect(t, "items", `{"op":"dedupe","compare":"selected","fields":["a"]}`, five,
		`main:[{"a":1,"b":{"c":1},"s":"x"},{"a":2,"b":{"c":1},"s":"x"}@3]`)
	expect(t, "items", `{"op":"dedupe","compare":"selected","fields":["q"]}`, `[{"q":1},{"r":1},{"q":1}]`, "!item 2 has no field \"q\"")
	expect(t, "items", `{"op":"dedupe"}`, `[{"a":null,"b":1},{"b":1},{"a":null,"b":1}]`, `main:[{"a":null,"b":1},{"b":1}]`) // n8n refuses
	expect(t, "items", `{"op":"dedupe"}`, `[{"a":1},{"a":1.0},{"a":"1"},{"a":0},{"a":-0}]`, `main:[{"a":1},{"a":"1"}@2,{"a":0}@3]`)
	expect(t, "items", `{"op":"dedupe"}`, `[{"a":[1,2]},{"a":[1,2]},{"a":[2,1]}]`, `main:[{"a":[1,2]},{"a":[2,1]}@2]`)
	rename := func(from, to string) string {
		return `{"op":"rename","names":[{"from":"` + from + `","to":"` + to + `"}]}`
	}
	expect(t, "items", rename("o.p", "o.q"), `[{"o":{"p":1,"l":2}}]`, `main:[{"o":{"l":2,"q":1}}]`)
	expect(t, "items", rename("o.l[0]", "first"), `[{"o":{"l":[1,2]}}]`, `main:[{"o":{"l":[null,2]},"first":1}]`)
	expect(t, "items", rename("a", "b"), `[{"a":1,"b":2},{"b":3},{"a":null}]`, `main:[{"b":1},{"b":3},{"b":null}]`)
	expect(t, "items", rename("a", "a"), `[{"a":1}]`, `main:[{"a":1}]`)
	expect(t, "items", rename("a", "s.t"), `[{"a":1,"s":"x"}]`, "!names.0.to")
	found, _ := node.Find("items", 1)
	for config, wrong := range map[string]string{
		`{}`: "fields", `{"op":"sort"}`: "by", `{"op":"aggregate"}`: "lists", `{"op":"summarize"}`: "values", `{"op":"rename"}`: "names",
		`{"op":"dedupe","compare":"selected"}`: "fields", `{"op":"collect","compare":"except"}`: "fields",
		`{"fields":["a["]}`: "fields", `{"op":"sort","by":[{"field":"a."}]}`: "by.0.field", `{"op":"explode"}`: "op",
		`{"op":"limit","count":-1}`: "count", `{"op":"rename","names":[{"from":"a","to":"b["}]}`: "names.0.to",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}

// What is built is counted while it is built: a short list may be split into items that each carry a lot of other data.
func TestItemsAreBounded(t *testing.T) {
	t.Parallel()
	wide := `[{"l":[` + strings.TrimSuffix(strings.Repeat("1,", 9000), ",") + `],"x":"` + strings.Repeat("x", 1000) + `"}]`
	for _, config := range []string{`{"op":"split_out","fields":["l"],"include":"all"}`,
		`{"op":"summarize","values":[` + strings.TrimSuffix(strings.Repeat(`{"do":"append","field":"l","as":"%"},`, 20), ",") + `]}`} {
		for i := 0; strings.Contains(config, "%"); i++ {
			config = strings.Replace(config, "%", strings.Repeat("a", i+1), 1)
		}
		c := call(t, wide)
		c.Memory = memory.New(1<<20, &node.Error{Code: "OUTPUT_TOO_LARGE", Message: "too much"})
		if _, err := compile(t, "items", config).Run(t.Context(), c); err == nil || c.Memory.Used() > 1<<20 {
			t.Errorf("%.80s: %v", config, err)
		}
	}
}

// Two lists are compared by their keys; what differs comes out in the form that is asked for.
func TestCompare(t *testing.T) {
	t.Parallel()
	in := call(t, `[{"id":1,"n":1},{"id":2,"n":"2","at":5},{"n":3},{"id":2,"n":2,"at":6},{"id":2,"n":9},{"id":4}]`)
	in.Inputs = [][]value.Item{in.Items[:3], in.Items[3:]}
	for config, want := range map[string]string{
		`{"on":[{"first":"id"}]}`: `only_first:[{"id":1,"n":1},{"n":3}@2] same:[] different:[{"keys":{"id":2},"same":{"id":2},"different":` +
			`{"n":{"first":"2","second":2},"at":{"first":5,"second":6}}}@1] only_second:[{"id":4}@5]`,
		`{"on":[{"first":"id"}],"skip":["at"],"loose":true}`: `only_first:[{"id":1,"n":1},{"n":3}@2] same:[{"id":2,"n":"2","at":5}@1] ` +
			`different:[] only_second:[{"id":4}@5]`,
		`{"on":[{"first":"id"}],"give":"together","first_only":false}`: `only_first:[{"id":1,"n":1},{"n":3}@2] same:[] ` +
			`different:[{"id":2,"n":2,"at":6}@1,{"id":2,"n":9,"at":5}] only_second:[{"id":4}@5]`,
	} {
		r, err := compile(t, "compare", config).Run(t.Context(), in)
		if err != nil || outputs(r) != want {
			t.Errorf("%s gives %s, %v; want %s", config, outputs(r), err, want)
		}
	}
}
