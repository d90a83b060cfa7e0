package value_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"zygo/app/value"
)

func parse(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.Parse([]byte(text), value.Limits{})
	if err != nil {
		t.Fatalf("Parse(%.80q): %v", text, err)
	}
	return v
}

func TestParseKeepsOrderAndText(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		`null`, `true`, `false`, `0`, `-0`, `1.50`, `12345678901234567890`, `1E+2`, `""`, `[]`, `{}`,
		`{"z":1,"a":{"y":[1,[2,{"b":null}]],"x":"é𝄞"},"m":-1.0e-7}`,
		`"\"\\\n\r\t\u0000\u001f"`, `"\u2028\u2029"`, `{"":{"":""}}`,
	} {
		if got := parse(t, document).JSON(); got != document {
			t.Errorf("%s became %s", document, got)
		}
	}
	if got := parse(t, " [ 1 ,\n{ \"a\" : \"\\u00e9\\/\\ud834\\udd1e\" } ] ").JSON(); got != `[1,{"a":"é/𝄞"}]` {
		t.Errorf("got %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf(`"k%d":%d`, i, i)
	}
	for _, c := range []struct{ name, document, position, reason string }{
		{"nothing", ``, "line 1, column 1", "ends"},
		{"only space", "\n\n ", "line 3, column 2", "ends"},
		{"key twice", `{"role":"a","role":"b"}`, "line 1, column 13", "second time"},
		{"key twice, escaped", `{"role":"a","rol\u0065":"b"}`, "line 1, column 13", "second time"},
		{"key twice among many", "{" + strings.Join(many, ",") + `,"k29":0}`, "line 1", "second time"},
		{"deep list", strings.Repeat("[", 100_000), "column 101", "levels deep"},
		{"deep object", strings.Repeat(`{"a":`, 101), "column 501", "levels deep"},
		{"not UTF-8", "{\"a\":\n\"\xff\"}", "line 2, column 2", "UTF-8"},
		{"byte order mark", "\uFEFF{}", "column 1", "a value should"},
		{"high surrogate", `"\ud834"`, "column 2", "surrogate"},
		{"low surrogate", `"x\udd1e"`, "column 3", "surrogate"},
		{"two high surrogates", `"\ud834\ud834"`, "column 2", "surrogate"},
		{"NaN", `NaN`, "column 1", "a value should"},
		{"infinity", `[1,Infinity]`, "column 4", "a value should"},
		{"too large", `1e999`, "column 1", "too large"},
		{"too large, without exponent", strings.Repeat("9", 400), "column 1", "too large"},
		{"leading zero", `[01]`, "column 2", "zero"},
		{"leading zeros", `-00`, "column 2", "zero"},
		{"zeros", `00`, "column 1", "zero"},
		{"no fraction", `1.`, "column 3", "a digit"},
		{"no exponent", `1e+`, "column 4", "a digit"},
		{"plus", `+1`, "column 1", "a value should"},
		{"comment", `[1/**/]`, "column 3", "comma or ]"},
		{"trailing comma", `[1,]`, "column 4", "a value should"},
		{"trailing comma in an object", `{"a":1,}`, "column 8", "a key"},
		{"trailing data", "{}\n{}", "line 2, column 1", "end of the document"},
		{"single quotes", `{'a':1}`, "column 2", "a key"},
		{"control character", "\"a\tb\"", "column 3", "control"},
		{"control character after an escape", "\"\\n\tb\"", "column 4", "control"},
		{"unknown escape", `"\x41"`, "column 2", "escaped"},
		{"short escape", `"\u12"`, "column 2", "four"},
		{"sign in an escape", `"\u+123"`, "column 2", "four"},
		{"open string", `"abc`, "column 5", "closing quote"},
		{"open escape", `"abc\`, "column 6", "escaped"},
		{"open object", `{"a":1`, "column 7", "comma or }"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := value.Parse([]byte(c.document), value.Limits{})
			var syntax *value.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a syntax error", err)
			}
			if got := err.Error(); !strings.Contains(got, c.position) || !strings.Contains(got, c.reason) {
				t.Errorf("got %q, want %q and %q", got, c.position, c.reason)
			}
		})
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	document := []byte(`[[1],2,3]`)
	if _, err := value.Parse(document, value.Limits{Bytes: 9, Depth: 2, Memory: 5*32 + 2*64}); err != nil {
		t.Fatal(err)
	}
	for _, limits := range []value.Limits{{Bytes: 8}, {Depth: 1}, {Memory: 5*32 + 2*64 - 1}} {
		if _, err := value.Parse(document, limits); err == nil {
			t.Errorf("%+v accepts %s", limits, document)
		}
	}
	if _, err := value.Parse([]byte(strings.Repeat("[", 101)+strings.Repeat("]", 101)), value.Limits{Depth: 1000}); err == nil {
		t.Error("a limit raises the deepest nesting")
	}
}

func TestParseDoesNotKeepTheInput(t *testing.T) {
	t.Parallel()
	data := []byte(`{"a":"one"}`)
	v, err := value.Parse(data, value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	copy(data, `{"b":"two"}`)
	if got := v.JSON(); got != `{"a":"one"}` {
		t.Errorf("the tree changed with its input: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x\u00e9",null,true,{}]}`, `[`, `"\ud834\udd1e"`, "-0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		v, err := value.Parse([]byte(document), value.Limits{})
		if err != nil {
			return
		}
		if !json.Valid([]byte(document)) {
			t.Fatalf("%q is no JSON and accepted", document)
		}
		again, err := value.Parse(v.AppendJSON(nil), value.Limits{})
		if err != nil || !value.Equal(v, again) {
			t.Fatalf("%q is encoded as %s: %v", document, v.JSON(), err)
		}
	})
}

// push is an item of about the size that a push to a Git host sends: 1.7 KB.
var push = `{"headers":{"host":"hooks.example.com","user-agent":"GitHub-Hookshot/044aadd","content-type":"application/json","x-github-event":"push","x-github-delivery":"72d3162e-cc78-11e3-81ab-4c9367dc0958"},"query":{},"method":"POST","path":"acme/pushes","body":{"ref":"refs/heads/main","before":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","after":"59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5","repository":{"id":186853002,"node_id":"MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=","name":"Hello-World","full_name":"Codertocat/Hello-World","private":false,"owner":{"name":"Codertocat","email":"21031067+Codertocat@users.noreply.github.com","login":"Codertocat","id":21031067,"site_admin":false},"html_url":"https://github.com/Codertocat/Hello-World","description":null,"fork":false,"created_at":1557933565,"pushed_at":1557933657,"size":0,"stargazers_count":0,"default_branch":"main"},"pusher":{"name":"Codertocat","email":"21031067+Codertocat@users.noreply.github.com"},"created":false,"deleted":false,"forced":false,"compare":"https://github.com/Codertocat/Hello-World/compare/6113728f27ae...59b20b8d5c6f","commits":[{"id":"59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5","distinct":true,"message":"Fix the \"off by one\" in the parser\n\nThe last token was lost.","timestamp":"2019-05-15T15:20:41Z","author":{"name":"Codertocat","email":"21031067+Codertocat@users.noreply.github.com","username":"Codertocat"},"added":[],"removed":[],"modified":["parser.go","parser_test.go"]}],"head_commit":{"id":"59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5","distinct":true,"timestamp":"2019-05-15T15:20:41Z"}}}`

func BenchmarkParse(b *testing.B) {
	data := []byte(push)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.Parse(data, value.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	v, err := value.Parse([]byte(push), value.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	var to []byte
	b.ReportAllocs()
	for b.Loop() {
		to = v.AppendJSON(to[:0])
	}
	b.SetBytes(int64(len(to)))
}

func BenchmarkSet(b *testing.B) {
	v, err := value.Parse([]byte(push), value.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	path := value.Path{value.Key("body"), value.Key("ref")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Set(path, value.Bool(true)); err != nil {
			b.Fatal(err)
		}
	}
}
