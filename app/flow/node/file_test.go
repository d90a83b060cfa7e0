package node_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
)

// carried is a file as it stands in an item.
func carried(name, body string) string {
	return fmt.Sprintf(`{"name":%q,"media_type":"application/octet-stream","base64":%q}`, name,
		base64.StdEncoding.EncodeToString([]byte(body)))
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../format/testdata/chromium.pdf")
	if err != nil {
		t.Fatal(err)
	}
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	table, broken := carried("a.csv", "a,b\n1,2\n3,4\n"), carried("b.csv", "a\n\"x")
	for _, c := range []struct{ config, list, want string }{
		{`{}`, `[{"data":` + table + `}]`, `main:[{"a":"1","b":"2"},{"a":"3","b":"4"}@0]`},
		{`{"file":"{{ $json.f }}","typed":true}`, `[{"f":` + table + `},{"f":` + table + `}]`,
			`main:[{"a":1,"b":2},{"a":3,"b":4}@0,{"a":1,"b":2}@1,{"a":3,"b":4}@1]`},
		{`{"header":false,"destination":"rows"}`, `[{"x":1,"data":` + table + `}]`,
			`main:[{"x":1,"data":` + table + `,"rows":[{"column_1":"a","column_2":"b"},{"column_1":"1","column_2":"2"},{"column_1":"3","column_2":"4"}]}]`},
		{`{"format":"html","fields":[{"name":"t","selector":"b","skip":"i, .x"}]}`, `[{"data":"<b>a <i>b</i><u class=x>c</u>d</b>"}]`, `main:[{"t":"a d"}]`},
		{`{"format":"html_table"}`, `[{"data":"<table><tr><th>a<tr><td>1"}]`, `main:[{"a":"1"}]`},
		{`{"format":"text"}`, `[{"data":"plain"}]`, `main:[{"data":"plain"}]`},
		{`{"format":"json","destination":"x"}`, `[{"data":"[1]"}]`, `main:[{"data":"[1]","x":[1]}]`},
		{`{"format":"lines"}`, `[{"data":"a\nb"}]`, `main:[{"data":"a"},{"data":"b"}@0]`},
		{`{}`, `[{"data":` + carried("a.pdf", string(document)) + `}]`,
			`main:[{"text":"Invoice for Grüße GmbH\nTotal: 1 234,50 €\n\nSecond page","pages":2,"title":"Invoice 7"}]`},
		{`{}`, `[{"data":` + broken + `}]`, `!"b.csv" can't be read: The table can't be read at line 2`},
		{`{}`, `[{"data":` + carried("a.pdf", "x") + `}]`, `!"a.pdf" can't be read: the file is no PDF`},
		{`{}`, `[{"data":"a,b"}]`, `!format: can't be told of a text`},
		{`{}`, `[{"data":` + carried("a.xyz", "x") + `}]`, `!format: can't be told by the name`},
		{`{}`, `[{}]`, `!file: the item has no field "data"`},
		{`{"file":"{{ $json.xml }}","format":"xml"}`, `[{"xml":"<a>[</a>"}]`, `!file: names no field`},
		{`{"destination":"a.b"}`, `[{"a":1,"data":` + table + `}]`, `!destination: `},
	} {
		in := call(t, c.list)
		in.Services.Sandbox = pool
		r, err := compile(t, "file.read", c.config).Run(t.Context(), in)
		if part, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %s, %v; want the error %s", c.config, outputs(r), err, part)
			}
		} else if err != nil || outputs(r) != c.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", c.config, outputs(r), err, c.want)
		}
	}
	// Where the execution goes on, one wrong file keeps no other from being read.
	in := call(t, `[{"data":`+table+`},{"data":`+broken+`},{"data":`+table+`}]`)
	in.GoesOn = true
	r, err := compile(t, "file.read", `{"most":1}`).Run(t.Context(), in)
	if err != nil || outputs(r) != `main:[{"a":"1","b":"2"},{"a":"1","b":"2"}@2]` || len(r.Failed) != 1 || r.Failed[0].Index != 1 ||
		r.Failed[0].Err.Code != "FILE_UNREADABLE" {
		t.Errorf("%s, %+v, %v", outputs(r), r.Failed, err)
	}
	found, _ := node.Find("file.read", 1)
	for config, wrong := range map[string]string{
		`{"format":"html","rows":"tr["}`: "rows", `{"format":"xlsx","range":"?"}`: "range", `{"encoding":"klingon"}`: "encoding",
		`{"format":"html","fields":[{"name":"a","take":"attribute"}]}`: "fields.0.attribute", `{"entries":"a["}`: "entries",
		`{"format":"html","fields":[{"name":"a","selector":">"}]}`: "fields.0.selector", `{"format":"doc"}`: "format",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}

func TestMakeFile(t *testing.T) {
	t.Parallel()
	made := func(name, kind, body string) string {
		return fmt.Sprintf(`{"name":%q,"media_type":%q,"size":%d,"base64":%q}`, name, kind, len(body),
			base64.StdEncoding.EncodeToString([]byte(body)))
	}
	const list = `[{"a":1},{"a":"=x"}]`
	expect(t, "file.write", `{}`, list, `main:[{"data":`+made("file.csv", "text/csv; charset=utf-8", "a\n1\n'=x\n")+`}]`)
	expect(t, "file.write", `{"of":"each","format":"json","name":"n{{ $json.a }}.json","destination":"f"}`, `[{"a":1}]`,
		`main:[{"a":1,"f":`+made("n1.json", "application/json", `{"a":1}`)+`}]`)
	expect(t, "file.write", `{"format":"text","content":"{{ $json.a }}!"}`, list,
		`main:[{"data":`+made("file.txt", "text/plain; charset=utf-8", "1!\n=x!")+`}]`)
	expect(t, "file.write", `{"format":"jsonl","content":"{{ $json.a }}"}`, list,
		`main:[{"data":`+made("file.jsonl", "application/x-ndjson", "1\n\"=x\"\n")+`}]`)
	expect(t, "file.write", `{"format":"gzip"}`, `[{"data":`+carried("a", "x")+`},{"data":`+carried("a", "x")+`}]`, "!gzip packs one file")
	expect(t, "file.write", `{"format":"zip"}`, `[{}]`, `!files: the item has no field "data"`)
	expect(t, "file.write", `{"format":"xml"}`, `[{"a b":1}]`, "!The file can't be made: \"a b\" is no name")
	found, _ := node.Find("file.write", 1)
	for config, wrong := range map[string]string{`{"format":"xlsx","sheet":"a/b"}`: "sheet", `{"format":"xml","root":"1"}`: "root",
		`{"format":"csv","separator":"x"}`: "separator"} {
		var faults []fault.Field
		if _, faults = found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}
