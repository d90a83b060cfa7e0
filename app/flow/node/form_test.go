package node_test

import (
	"errors"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/node"
	"zygo/app/value"
)

const everyField = `{"path":"contact","title":"Contact","fields":[{"name":"name","required":true},{"name":"story","type":"long"},
	{"name":"age","type":"number"},{"name":"mail","type":"email"},{"name":"key","type":"password"},{"name":"day","type":"date"},
	{"name":"size","type":"dropdown","options":["S","M"]},{"name":"colour","type":"radio","options":["red","blue"]},
	{"name":"agree","type":"checkbox"},{"name":"topics","type":"checkbox","options":["a","b","c"]},{"name":"cv","type":"file"},
	{"name":"source","type":"hidden"}]}`

func TestFormReads(t *testing.T) {
	t.Parallel()
	form, ok := node.FormOf(compile(t, "trigger.form", everyField))
	if !ok {
		t.Fatal("there is no form")
	}
	file := content.File{Name: "a.txt", MediaType: "text/plain", Body: []byte("hi")}.Value().JSON()
	for _, c := range []struct{ sent, want string }{
		{`{"name":"Ada"}`, `{"name":"Ada","agree":false,"topics":[]}`},
		{`{"name":"Ada","story":"a\r\nb","age":" 12.50 ","mail":"Ada@EXAMPLE.com","key":"x","day":"2026-02-28","size":"M","colour":"blue",
			"agree":"true","topics":["a","c"],"cv":["",` + file + `],"source":"shop","more":"x"}`,
			`{"name":"Ada","story":"a\nb","age":12.50,"mail":"Ada@example.com","key":"x","day":"2026-02-28","size":"M","colour":"blue",` +
				`"agree":true,"topics":["a","c"],"cv":` + file + `,"source":"shop"}`},
		{`{"name":"Ada","topics":"b","age":"-0.5","cv":""}`, `{"name":"Ada","age":-0.5,"agree":false,"topics":["b"]}`},
	} {
		members, err := form.Read(parse(t, c.sent))
		if got := value.Object(members...).JSON(); err != nil || got != c.want {
			t.Errorf("%s is %s, want %s: %v", c.sent, got, c.want, err)
		}
	}
	for sent, wrong := range map[string]string{
		`{}`: "name", `{"name":" "}`: "name", `{"name":["a","b"]}`: "name", `{"name":` + file + `}`: "name", `{"name":{"a":1}}`: "name",
		`{"name":"a\nb"}`: "name", `{"name":"a\u0000"}`: "name", `{"name":"` + strings.Repeat("é", 1001) + `"}`: "name",
		`{"name":"a","story":"a\u0007"}`: "story", `{"name":"a","story":"` + strings.Repeat("x", 20_001) + `"}`: "story",
		`{"name":"a","age":"1e9"}`: "age", `{"name":"a","age":"0x10"}`: "age", `{"name":"a","age":"007"}`: "age", `{"name":"a","age":"NaN"}`: "age",
		`{"name":"a","age":"` + strings.Repeat("9", 400) + `"}`: "age", `{"name":"a","mail":"ada"}`: "mail",
		`{"name":"a","mail":"ada@example.com\r\nBcc: x"}`: "mail", `{"name":"a","day":"2026-02-30"}`: "day", `{"name":"a","size":"XL"}`: "size",
		`{"name":"a","colour":"green"}`: "colour", `{"name":"a","topics":["a","a"]}`: "topics", `{"name":"a","topics":["a","z"]}`: "topics",
		`{"name":"a","agree":["x","x"]}`: "agree", `{"name":"a","cv":"text"}`: "cv", `{"name":"a","cv":[` + file + `,` + file + `]}`: "cv",
	} {
		_, err := form.Read(parse(t, sent))
		var refused *fault.Error
		if !errors.As(err, &refused) || refused.Details.([]fault.Field)[0].Field != wrong {
			t.Errorf("%.80s is refused with %v, want %s", sent, err, wrong)
		}
	}
}

func TestFormSettings(t *testing.T) {
	t.Parallel()
	found, _ := node.Find("trigger.form", 1)
	base := `{"path":"a","title":"A","fields":[{"name":"x"}]`
	for config, wrong := range map[string]string{
		`{"title":"A","fields":[{"name":"x"}]}`: "path", `{"path":"{id}","title":"A","fields":[{"name":"x"}]}`: "path",
		`{"path":"a","fields":[{"name":"x"}]}`: "title", `{"path":"a","title":"A"}`: "fields", `{"path":"a","title":"A","fields":[]}`: "fields",
		base + `,"redirect":"javascript:x"}`: "redirect", base + `,"redirect":"/x"}`: "redirect", base + `,"redirect":"https://a@b.example"}`: "redirect",
		base + `,"access":"nobody"}`:                                                       "access",
		`{"path":"a","title":"A","fields":[{"name":"1"}]}`:                                 "fields.0.name",
		`{"path":"a","title":"A","fields":[{"name":"x"},{"name":"x"}]}`:                    "fields.1.name",
		`{"path":"a","title":"A","fields":[{"name":"form"}]}`:                              "fields.0.name",
		`{"path":"a","title":"A","fields":[{"name":"form_token"}]}`:                        "fields.0.name",
		`{"path":"a","title":"A","fields":[{"name":"homepage_url"}]}`:                      "fields.0.name",
		`{"path":"a","title":"A","fields":[{"name":"x","type":"radio"}]}`:                  "fields.0.options",
		`{"path":"a","title":"A","fields":[{"name":"x","type":"hidden","required":true}]}`: "fields.0.required",
		`{"path":"a","title":"A","fields":[{"name":"x","type":"picture"}]}`:                "fields.0.type",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}
