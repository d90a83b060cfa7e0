package value_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"zygo/app/value"
)

func TestConversionsAreJavaScripts(t *testing.T) {
	t.Parallel()
	nan, tenth := math.NaN(), 0.1
	for _, c := range []struct {
		v      value.Value
		text   string
		number float64
		truthy bool
	}{
		{value.Value{}, "undefined", nan, false},
		{value.Null(), "null", 0, false},
		{value.Bool(true), "true", 1, true},
		{value.Bool(false), "false", 0, false},
		{value.String(""), "", 0, false},
		{value.String(" 12 "), " 12 ", 12, true},
		{value.String("0x1F"), "0x1F", 31, true},
		{value.String("1_0"), "1_0", nan, true},
		{value.String("inf"), "inf", nan, true},
		{value.String("0x1p-2"), "0x1p-2", nan, true},
		{value.String("-Infinity"), "-Infinity", math.Inf(-1), true},
		{value.String("1e999"), "1e999", math.Inf(1), true},
		{value.String("a"), "a", nan, true},
		{value.Int(-0), "0", 0, false},
		{parse(t, "-0"), "0", 0, false},
		{parse(t, "-0.0"), "0", 0, false},
		{parse(t, "1.50"), "1.5", 1.5, true},
		{parse(t, "12345678901234567890"), "12345678901234567890", 12345678901234567890, true},
		{value.Float(1e21), "1e+21", 1e21, true},
		{value.Float(123456789012345680000), "123456789012345680000", 123456789012345680000, true},
		{value.Float(1e-7), "1e-7", 1e-7, true},
		{value.Float(0.000001), "0.000001", 0.000001, true},
		{value.Float(tenth + 0.2), "0.30000000000000004", tenth + 0.2, true},
		{value.Float(nan), "NaN", nan, false},
		{value.Float(math.Inf(-1)), "-Infinity", math.Inf(-1), true},
		{parse(t, `[1,[2,null],"a"]`), "1,2,,a", nan, true},
		{parse(t, `["7"]`), "7", 7, true},
		{value.List(), "", 0, true},
		{value.Object(), "[object Object]", nan, true},
	} {
		if got := c.v.Text(); got != c.text {
			t.Errorf("%v: text %q, want %q", c.v, got, c.text)
		}
		if got := c.v.Number(); got != c.number && !(math.IsNaN(got) && math.IsNaN(c.number)) {
			t.Errorf("%v: number %v, want %v", c.v, got, c.number)
		}
		if got := c.v.Truthy(); got != c.truthy {
			t.Errorf("%v: truthy %v", c.v, got)
		}
	}
}

func TestEncodesWhatJSONLacks(t *testing.T) {
	t.Parallel()
	v := value.Object(
		value.Member{Key: "gone", Value: value.Value{}},
		value.Member{Key: "nan", Value: value.Float(math.NaN())},
		value.Member{Key: "list", Value: value.List(value.Value{}, value.Float(math.Inf(1)))},
		value.Member{Key: "bytes", Value: value.String("a\xffb")},
	)
	if got, want := v.JSON(), `{"nan":null,"list":[null,null],"bytes":"a�b"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestObjectTakesTheLastOfEqualKeys(t *testing.T) {
	t.Parallel()
	members := []value.Member{}
	for round := range 2 {
		for i := range 40 {
			members = append(members, value.Member{Key: fmt.Sprint(i), Value: value.Int(int64(100*round + i))})
		}
	}
	v := value.Object(members...)
	if v.Len() != 40 || v.Get("39").Text() != "139" || !strings.HasPrefix(v.JSON(), `{"0":100,"1":101,`) {
		t.Errorf("got %d keys: %s", v.Len(), v.JSON())
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b  string
		equal bool
	}{
		{`{"a":1,"b":[1,2]}`, `{"b":[1.0,2],"a":1e0}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":1}`, `{"a":1,"b":1}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`1`, `"1"`, false},
		{`12345678901234567890`, `12345678901234567891`, false},
		{`0`, `-0`, true},
		{`null`, `false`, false},
		{`[]`, `{}`, false},
	} {
		if got := value.Equal(parse(t, c.a), parse(t, c.b)); got != c.equal {
			t.Errorf("Equal(%s, %s) = %v", c.a, c.b, got)
		}
	}
	date := value.Date("x")
	if !value.Equal(date, value.String("x")) || value.Equal(date, value.String("y")) || !date.IsDate() || value.List(date).JSON() != `["x"]` ||
		value.List(date).Size() != value.List(value.String("x")).Size() || value.List(date).Depth() != 1 {
		t.Error("a Date is no string")
	}
	nan := value.Float(math.NaN())
	if value.Same(nan, nan) {
		t.Error("NaN is the same as NaN")
	}
	list := parse(t, "[1]")
	if !value.Same(list, list) || value.Same(list, parse(t, "[1]")) {
		t.Error("lists are the same by content and not by identity")
	}
}

// A sender chooses the keys: comparing or reading wide objects must not cost their square.
func TestWideObjectsStayFast(t *testing.T) {
	t.Parallel()
	var forward, backward []string
	const n = 100_000
	for i := range n {
		forward = append(forward, fmt.Sprintf(`"k%d":1`, i))
		backward = append(backward, fmt.Sprintf(`"k%d":1`, n-1-i))
	}
	start := time.Now()
	a, b := parse(t, "{"+strings.Join(forward, ",")+"}"), parse(t, "{"+strings.Join(backward, ",")+"}")
	if !value.Equal(a, b) {
		t.Error("not equal")
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestSetCopiesOnlyThePath(t *testing.T) {
	t.Parallel()
	before := parse(t, `{"a":{"b":[1,{"c":2}]},"z":{"y":3}}`)
	for _, c := range []struct {
		path string
		to   value.Value
		want string
	}{
		{"a.b[1].c", value.Int(9), `{"a":{"b":[1,{"c":9}]},"z":{"y":3}}`},
		{"a.n", value.Bool(true), `{"a":{"b":[1,{"c":2}],"n":true},"z":{"y":3}}`},
		{"a.b.1.c", value.Int(9), `{"a":{"b":[1,{"c":9}]},"z":{"y":3}}`},
		{"a.b[3]", value.Int(4), `{"a":{"b":[1,{"c":2},null,4]},"z":{"y":3}}`},
		{"new[0].x", value.Int(1), `{"a":{"b":[1,{"c":2}]},"z":{"y":3},"new":[{"x":1}]}`},
		{`["a"]['b']`, value.Null(), `{"a":{"b":null},"z":{"y":3}}`},
		{"a", value.Value{}, `{"z":{"y":3}}`},
		{"nowhere", value.Value{}, `{"a":{"b":[1,{"c":2}]},"z":{"y":3}}`},
	} {
		path, err := value.ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		after, err := before.Set(path, c.to)
		if err != nil || after.JSON() != c.want {
			t.Errorf("%s: %s, %v; want %s", c.path, after.JSON(), err, c.want)
		}
		if c.path != "z" && !value.Same(before.Get("z"), after.Get("z")) {
			t.Errorf("%s: z was copied", c.path)
		}
		if got := before.JSON(); got != `{"a":{"b":[1,{"c":2}]},"z":{"y":3}}` {
			t.Fatalf("%s changed the value it was set on: %s", c.path, got)
		}
		if found := after.Find(path); !value.Equal(found, c.to) {
			t.Errorf("%s: found %s", c.path, found.JSON())
		}
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	before := parse(t, `{"text":"x","list":[]}`)
	for _, text := range []string{"text.a", "text[0]", "list.a", "list.01", "list[10000]"} {
		path, err := value.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if after, err := before.Set(path, value.Null()); err == nil {
			t.Errorf("%s gave %s", text, after.JSON())
		}
	}
	for _, text := range []string{"", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", `a["b`, "a[99999999999]",
		strings.Repeat("a.", 100) + "a"} {
		if _, err := value.ParsePath(text); err == nil {
			t.Errorf("the path %q is accepted", text)
		}
	}
}

func TestDepth(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"a":[[],{"b":1}]}`)
	if v.Depth() != 3 || value.Int(1).Depth() != 0 {
		t.Errorf("got %d", v.Depth())
	}
	if deeper, _ := v.Set(value.Path{value.Key("a"), value.Index(0)}, v); deeper.Depth() != 5 {
		t.Errorf("got %d", deeper.Depth())
	}
}

func TestSizesAreKnownWithoutEncoding(t *testing.T) {
	t.Parallel()
	for _, v := range []value.Value{
		{}, value.Null(), value.Bool(true), value.Bool(false), value.Int(-12), value.Float(math.NaN()), value.Float(1e300),
		value.String(""),
		value.String("a\"\\\n\t\r\x00\x1f\u2028\u2029\u202aé😀"), value.List(), value.Object(), value.List(value.Value{}, value.Int(1)),
		value.Object(value.Member{Key: "a\n", Value: value.List(value.Int(1), value.Object())}, value.Member{Key: "gone"}, value.Member{
			Key: "b", Value: value.Null()}),
		value.Object(value.Member{Key: "gone"}),
	} {
		if got, want := v.EncodedLen(1<<20), len(v.AppendJSON(nil)); got != want {
			t.Errorf("%s has %d bytes, EncodedLen says %d", v.JSON(), want, got)
		}
	}
	text := value.String(strings.Repeat("x", 1000))
	list := value.List(text, text, text)
	if got := list.EncodedLen(1500); got <= 1500 {
		t.Errorf("3,000 bytes have %d", got)
	}
	if got := list.Size(); got < 3000 || got > 4000 {
		t.Errorf("3,000 bytes take %d", got)
	}
	if longer, _ := list.Set(value.Path{value.Index(3)}, text); longer.Size() <= list.Size()+1000 {
		t.Errorf("a fourth text takes %d more", longer.Size()-list.Size())
	}
}

func TestItemsSurviveEncoding(t *testing.T) {
	t.Parallel()
	deep := parse(t, strings.Repeat("[", value.Deepest)+strings.Repeat("]", value.Deepest))
	items := []value.Item{
		{JSON: parse(t, `{"b":1.0,"a":"x"}`)},
		{JSON: deep, From: value.Origin{Node: "Push", Output: "main", Index: 3}},
		{JSON: value.Null(), Files: []value.File{{Slot: "data", ID: "f1", Name: "a.pdf", Type: "application/pdf", Size: 1 << 40}}},
	}
	data := value.AppendItems(nil, items)
	again, err := value.ParseItems(data, value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range items {
		if !value.Equal(item.JSON, again[i].JSON) {
			t.Errorf("item %d became %s", i, again[i].JSON.JSON())
		}
		item.JSON, again[i].JSON = value.Value{}, value.Value{}
		if !reflect.DeepEqual(item, again[i]) {
			t.Errorf("item %d became %+v", i, again[i])
		}
	}
	for _, bad := range []string{`{}`, `[1]`, `[{}]`, `[{"json":{},"from":{"node":"x","index":-1}}]`, `[{"json":{}}`} {
		if _, err := value.ParseItems([]byte(bad), value.Limits{}); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
