package format_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"zygo/app/flow/content"
	"zygo/app/flow/format"
	"zygo/app/value"
)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse([]byte(text), value.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// expect reads a file; a want that begins with ! is a part of the error.
func expect(t *testing.T, o format.Options, body, want string) {
	t.Helper()
	rows, err := format.Read(o, []byte(body))
	got := value.List(rows...).JSON()
	if part, isError := strings.CutPrefix(want, "!"); isError {
		var wrong *format.Error
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Message, part) {
			t.Errorf("%+v of %.100q gives %.300s, %v; want the error %s", o, body, got, err, part)
		}
		return
	}
	if err != nil || got != want {
		t.Errorf("%+v of %.100q:\n got %.600s, %v\nwant %s", o, body, got, err, want)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	named := format.Options{As: format.CSV, Header: true}
	expect(t, named, "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n", `[{"a":"1","b":"x, \"y\"\nz"}]`)
	expect(t, named, "\xef\xbb\xbfa;b\n1;2\n\n;\n3\n4;5;6", `[{"a":"1","b":"2"},{"a":"3","b":null},{"a":"4","b":"5","column_3":"6"}]`)
	expect(t, named, "sep=|\na|a|\n1|2|3", `[{"a":"1","a_2":"2","column_3":"3"}]`)
	expect(t, named, "\xff\xfea\x00\t\x00b\x00\n\x001\x00\t\x002\x00", `[{"a":"1","b":"2"}]`)
	expect(t, named, "a\n'=1+1\n''=x\n'x", `[{"a":"=1+1"},{"a":"'=x"},{"a":"'x"}]`)
	expect(t, named, "", `[]`)
	expect(t, format.Options{As: format.CSV}, "1,2\n3", `[{"column_1":"1","column_2":"2"},{"column_1":"3","column_2":null}]`)
	expect(t, format.Options{As: format.CSV, Separator: ';'}, "1,5;2", `[{"column_1":"1,5","column_2":"2"}]`)
	expect(t, format.Options{As: format.CSV, Header: true, Typed: true}, "a,b,c,d,e\n007,1.50,true,-3e2,12345678901234567890",
		`[{"a":"007","b":1.50,"c":true,"d":-3e2,"e":12345678901234567890}]`)
	expect(t, format.Options{As: format.CSV, Charset: "windows-1252"}, "caf\xe9,\x80", `[{"column_1":"café","column_2":"€"}]`)
	expect(t, format.Options{As: format.CSV, Header: true, Skip: 1, Most: 1}, "a\n1\n2\n3", `[{"a":"2"}]`)
	expect(t, named, "caf\xe9", "!name its encoding")
	expect(t, format.Options{As: format.CSV, Charset: "klingon"}, "a", "!no encoding")
	expect(t, named, "a\n\"x", "!line 2")
	expect(t, named, "a\n"+strings.Repeat("1\n", format.MostRows+1), "!more than 10000 rows")
	expect(t, named, strings.Repeat("a,", 1001), "!row 1 has 1002 cells")
	expect(t, named, "a\x00b", "!neither UTF-8")
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	expect(t, format.Options{As: format.JSON}, "\xef\xbb\xbf[{\"a\":1.50},2]", `[{"a":1.50},2]`)
	expect(t, format.Options{As: format.JSON, Entries: "data.rows"}, `{"data":{"rows":[1,2]}}`, `[1,2]`)
	expect(t, format.Options{As: format.JSON, Charset: "windows-1252"}, "[\"\x80\"]", `["€"]`)
	expect(t, format.Options{As: format.JSON, Whole: true}, `[1]`, `[[1]]`)
	expect(t, format.Options{As: format.JSON, Entries: "x"}, `{}`, "!nothing at x")
	expect(t, format.Options{As: format.JSON}, `{"a":}`, "!not JSON: line 1")
	expect(t, format.Options{As: format.JSONL}, "{\"a\":1}\r\n\n[2]", `[{"a":1},[2]]`)
	expect(t, format.Options{As: format.JSONL}, "1\n\n{", "!line 3")
	expect(t, format.Options{As: format.Lines}, "a\r\n\n b", `["a"," b"]`)
	expect(t, format.Options{As: format.Text}, "a\r\nb", `["a\r\nb"]`)
	expect(t, format.Options{As: format.JSON}, strings.Repeat("[", 99)+strings.Repeat("]", 99), "!nested")
	xml := format.Options{As: format.XML}
	expect(t, xml, `<?xml version="1.0"?><!DOCTYPE a><a x="1"><b>t</b><b/><s:c xmlns:s="u">&lt;<![CDATA[&]]></s:c> tail </a>`,
		`[{"a":{"@x":"1","b":["t",""],"s:c":{"@xmlns:s":"u","#text":"<&"},"#text":"tail"}}]`)
	expect(t, xml, "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>\xe9</a>", `[{"a":"é"}]`)
	expect(t, format.Options{As: format.XML, Entries: "a.b"}, `<a><b>1</b><b>2</b></a>`, `["1","2"]`)
	expect(t, format.Options{As: format.XML, Entries: "a.b"}, `<a><b>1</b></a>`, `["1"]`)
	expect(t, xml, `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>`, "!line 1 of the file is not XML")
	expect(t, xml, `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`, "!not XML")
	const order = `<A x="1"> t  u <b y="2">v</b><c/></A>`
	for _, c := range []struct {
		o    format.XMLReading
		want string
	}{
		{format.XMLReading{AttributesIn: "$", TextIn: "_", Lists: true}, `{"A":{"$":{"x":"1"},"b":[{"$":{"y":"2"},"_":"v"}],"c":[""],"_":"t  u"}}`},
		{format.XMLReading{NoAttributes: true, Inside: true, Normalize: true}, `{"b":"v","c":"","#text":"t u"}`},
		{format.XMLReading{Lower: true, Trim: true}, `{"a":{"@x":"1","b":{"@y":"2","#text":"v"},"c":"","#text":"t  u"}}`},
	} {
		expect(t, format.Options{As: format.XML, XML: c.o}, order, "["+c.want+"]")
	}
	expect(t, format.Options{As: format.XML, AsInN8n: true, XML: format.XMLReading{Lists: true}}, order,
		`[{"A":{"x":["1"],"b":[{"y":["2"],"_":"v"}],"c":[""],"_":" t  u "}}]`)
	for body, want := range map[string]string{"<a>": "ends within <a>", "<a></b>": "</b> ends", "": "no element", "x": "no element",
		"<a/><b/>": "second element", strings.Repeat("<a>", 200): "levels deep", "<a": "not XML", "<a>\xff</a>": "not XML"} {
		expect(t, xml, body, "!"+want)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	const page = `<title> The
 page </title><body><script>no()</script><h1>A &amp; B</h1><p>one<br>two</p><table><tr class=r><td>x<td><a href="/1">1</a>
		<tr class=r><td>y<td></table>`
	expect(t, format.Options{As: format.HTML}, page, `[{"title":"The page","text":"A & B\none\ntwo\nx 1\ny"}]`)
	expect(t, format.Options{As: format.HTML, Rows: "tr.r", Fields: []format.Selection{{Name: "n", Selector: "td", Take: "text"},
		{Name: "to", Selector: "a", Take: "attribute", Attribute: "href"}, {Name: "all", Selector: "td", Take: "text", All: true},
		{Name: "in", Selector: "a", Take: "html"}}}, page,
		`[{"n":"x","to":"/1","all":["x","1"],"in":"1"},{"n":"y","to":null,"all":["y",""],"in":null}]`)
	expect(t, format.Options{As: format.HTML, Rows: "h1"}, page, `[{"text":"A & B"}]`)
	expect(t, format.Options{As: format.HTML}, "<meta charset=iso-8859-1><title>caf\xe9</title>", `[{"title":"café","text":""}]`)
	expect(t, format.Options{As: format.HTML, Rows: "tr["}, page, "!no CSS selector")
	expect(t, format.Options{As: format.HTML}, strings.Repeat("<b><i>", 2000), "!can't be read")
}

func TestCalendarsAndContacts(t *testing.T) {
	t.Parallel()
	expect(t, format.Options{As: format.Calendar}, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Berlin:20240131T080000\r\nDTEND:20240131T090000Z\r\nSUMMARY:Talk\\, then\\n\r\n  lunch\r\nATTENDEE;CN=\"A; B\":mailto:a@x\r\nATTENDEE:mailto:b@x\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		`[{"kind":"event","uid":"1","dtstart":"2024-01-31T08:00:00","dtend":"2024-01-31T09:00:00Z","summary":"Talk, then\n lunch","attendee":["mailto:a@x","mailto:b@x"],"valarm":{"action":"DISPLAY"},"parameters":{"dtstart":{"tzid":"Europe/Berlin"},"attendee":{"cn":"A; B"}}}]`)
	expect(t, format.Options{As: format.Contacts}, "BEGIN:VCARD\nFN:Ada\nitem1.TEL;TYPE=cell:+1\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEND:VCARD",
		`[{"kind":"card","fn":"Ada","tel":"+1","parameters":{"tel":{"type":"cell"}}},{"kind":"card","fn":"Bob"}]`)
	for body, want := range map[string]string{"BEGIN:VCARD": "ends within vcard", "FN:x": "outside", "END:VCARD": "did not begin", "": "no BEGIN",
		strings.Repeat("BEGIN:A\n", 200): "levels deep"} {
		expect(t, format.Options{As: format.Calendar}, body, "!"+want)
	}
}

func TestPDF(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("testdata/chromium.pdf")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, format.Options{As: format.PDF}, string(body),
		`[{"text":"Invoice for Grüße GmbH\nTotal: 1 234,50 €\n\nSecond page","pages":2,"title":"Invoice 7"}]`)
	expect(t, format.Options{As: format.PDF}, string(body[:len(body)/2]), "!no PDF that can be read")
	expect(t, format.Options{As: format.PDF}, "x", "!no PDF")
}

// bomb is an archive with a file that unpacks to so many MiB.
func bomb(t *testing.T, name string, size int) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	w, err := archive.Create(name)
	if err == nil {
		for range size {
			_, err = w.Write(bytes.Repeat([]byte{' '}, 1<<20))
		}
	}
	if err != nil || archive.Close() != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestArchives(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)
	text := content.File{Name: "a.csv", MediaType: "text/csv", Body: []byte("x")}
	packed, err := format.Pack(format.ZIP, "all", []content.File{text, text, {Body: []byte("y")}}, at)
	if err != nil || packed.Name != "all.zip" || packed.MediaType != "application/zip" {
		t.Fatalf("%+v, %v", packed, err)
	}
	one := func(name, kind, base64 string) string {
		return fmt.Sprintf(`{"name":%q,"media_type":%q,"size":1,"base64":%q}`, name, kind, base64)
	}
	expect(t, format.Options{As: format.ZIP}, string(packed.Body),
		`[{"path":"a.csv","data":`+one("a.csv", "text/csv; charset=utf-8", "eA==")+`},{"path":"a-2.csv","data":`+
			one("a-2.csv", "text/csv; charset=utf-8", "eA==")+`},{"path":"file","data":`+one("file", "application/octet-stream", "eQ==")+`}]`)
	packed, err = format.Pack(format.GZIP, "", []content.File{text}, at)
	if err != nil || packed.Name != "a.csv.gz" {
		t.Fatalf("%+v, %v", packed, err)
	}
	expect(t, format.Options{As: format.GZIP}, string(packed.Body), `[{"data":`+one("a.csv", "text/csv; charset=utf-8", "eA==")+`}]`)
	if _, err := format.Pack(format.GZIP, "", nil, at); err == nil {
		t.Error("nothing is packed")
	}
	expect(t, format.Options{As: format.ZIP}, bomb(t, "../../etc/passwd", 100), "!more than 11 MiB")
	expect(t, format.Options{As: format.XLSX}, bomb(t, "_rels/.rels", 100), "!too large")
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	for range 100 {
		_, _ = w.Write(make([]byte, 1<<20))
	}
	w.Close()
	expect(t, format.Options{As: format.GZIP}, out.String(), "!more than 11 MiB")
	expect(t, format.Options{As: format.GZIP}, out.String()[:50], "!cut off")
	for _, as := range []string{format.ZIP, format.XLSX, format.GZIP} {
		expect(t, format.Options{As: as}, "no archive", "!the file")
	}
}

func TestWorkbooks(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	set := func(sheet, cell string, v any) {
		t.Helper()
		if err := book.SetCellValue(sheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	style := func(cell, code string) {
		t.Helper()
		id, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err == nil {
			err = book.SetCellStyle("Sheet1", cell, cell, id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, v := range []any{"name", "n", "ok", "day", "at", "hour", "sum", "name"} {
		set("Sheet1", string(rune('A'+i))+"1", v)
	}
	set("Sheet1", "A3", "Pen & Grüße _x000D_")
	set("Sheet1", "B3", 1.1)
	set("Sheet1", "C3", true)
	set("Sheet1", "D3", 45322)
	style("D3", `[$-407]dd/mm/yyyy;@`)
	set("Sheet1", "E3", 45322.3333333333)
	style("E3", `yyyy-mm-dd hh:mm`)
	set("Sheet1", "F3", 0.25)
	style("F3", `h:mm`)
	if err := book.SetCellFormula("Sheet1", "G3", "B3*2"); err != nil {
		t.Fatal(err)
	}
	set("Sheet1", "G4", 1234.5)
	style("G4", `"$"#,##0.00`)
	if _, err := book.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	set("Other", "B2", 12345678901234)
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	expect(t, format.Options{As: format.XLSX, Header: true}, out.String(),
		`[{"name":"Pen & Grüße \r","n":1.1,"ok":true,"day":"2024-01-31","at":"2024-01-31T08:00:00","hour":"06:00:00","sum":"","name_2":null},`+
			`{"name":null,"n":null,"ok":null,"day":null,"at":null,"hour":null,"sum":1234.5,"name_2":null}]`)
	expect(t, format.Options{As: format.XLSX, Sheet: "other"}, out.String(), `[{"column_1":null,"column_2":12345678901234}]`)
	expect(t, format.Options{As: format.XLSX, Range: "b3:C9"}, out.String(), `[{"column_1":1.1,"column_2":true}]`)
	expect(t, format.Options{As: format.XLSX, Sheet: "None"}, out.String(), "!it has Sheet1, Other")
	expect(t, format.Options{As: format.XLSX, Range: "C1:A1"}, out.String(), "!ends before it begins")
	expect(t, format.Options{As: format.XLSX, Range: "1"}, out.String(), "!no range")
	expect(t, format.Options{As: format.XLSX}, out.String()[:out.Len()/2], "!no workbook")
}

// What is made is read by another program as it was given.
func TestWorkbooksForExcel(t *testing.T) {
	t.Parallel()
	rows := []value.Value{parse(t, `{"t":"=1+1 <_x000D_>\n","n":1.50,"big":12345678901234567890,"b":false,"o":{"x":[1]},"none":null}`),
		parse(t, `{"t":"","new":"x"}`)}
	made, err := format.Write(format.Output{As: format.XLSX, Name: "all", Header: true, Sheet: "A & B"}, rows)
	if err != nil || made.Name != "all.xlsx" {
		t.Fatalf("%+v, %v", made.Name, err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(made.Body))
	if err != nil {
		t.Fatal(err)
	}
	got, err := book.GetRows("A & B")
	want := [][]string{{"t", "n", "big", "b", "o", "none", "new"}, {"=1+1 <_x000D_>\n", "1.5", "12345678901234567890", "FALSE", `{"x":[1]}`},
		{"", "", "", "", "", "", "x"}}
	if err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%q, %v\nwant %q", got, err, want)
	}
	if formula, err := book.GetCellFormula("A & B", "A2"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	expect(t, format.Options{As: format.XLSX, Header: true}, string(made.Body),
		`[{"t":"=1+1 <_x000D_>\n","n":1.5,"big":"12345678901234567890","b":false,"o":"{\"x\":[1]}","none":null,"new":null},`+
			`{"t":"","n":null,"big":null,"b":null,"o":null,"none":null,"new":"x"}]`)
	if _, err := format.Write(format.Output{As: format.XLSX, Sheet: "a/b"}, rows); err == nil {
		t.Error("a sheet may be called a/b")
	}
	long := []value.Value{value.Object(value.Member{Key: "a", Value: value.String(strings.Repeat("x", 40_000))})}
	if _, err := format.Write(format.Output{As: format.XLSX}, long); err == nil || !strings.Contains(err.Error(), "field a of item 1") {
		t.Errorf("a cell that Excel can't open gives %v", err)
	}
}

func TestTablesOfPages(t *testing.T) {
	t.Parallel()
	const page = `<p>x</p><table><thead><tr><th>a<th>b<th>a<th></thead><tr><td>1<td rowspan=2>x<br>y<td colspan=2>2<table><tr><td>3</table>` +
		`<tr><td>007<td>$1,200.5<td>(5)%<tr><td></td></table><table><tr><td>no</table>`
	o := format.Options{As: format.HTMLTable, Header: true, Typed: true}
	expect(t, o, page, `[{"a":1,"b":"x\ny","a_2":"2\n3","column_4":null},{"a":"007","b":null,"a_2":"$1,200.5","column_4":"(5)%"},`+
		`{"a":"","b":null,"a_2":null,"column_4":null}]`)
	o.AsInN8n, o.NoEmpty = true, true
	expect(t, o, page, `[{"a":1,"b":"x\ny","a_1":"2\n3"},{"a":7,"a_1":1200.5,"__EMPTY":-0.05}]`)
	o.Header = false
	expect(t, o, `<table><tr><td rowspan=2>TRUE<td>5%<tr><td>x`, `[{"row":[true,0.05]},{"row":[null,"x"]}]`)
	expect(t, o, `<table><tr><td colspan=1000000>`, `!columns at most`)
	expect(t, o, `<p>`, `!no table`)
}

func TestFilesAreMade(t *testing.T) {
	t.Parallel()
	rows := []value.Value{parse(t, `{"a":"=1","b":{"c":[1,2]}}`), parse(t, `{"a":"x;\"y\"","d":null}`)}
	for _, c := range []struct {
		o    format.Output
		want string
	}{
		{format.Output{As: format.CSV, Header: true}, "a,b,d\n'=1,\"{\"\"c\"\":[1,2]}\",\n\"x;\"\"y\"\"\",,\n"},
		{format.Output{As: format.CSV, Columns: []string{"b.c[1]", "a"}, Separator: ';', Mark: true, Formulas: true},
			"\uFEFF2;=1\n;\"x;\"\"y\"\"\"\n"},
		{format.Output{As: format.JSON}, `[{"a":"=1","b":{"c":[1,2]}},{"a":"x;\"y\"","d":null}]`},
		{format.Output{As: format.JSONL}, "{\"a\":\"=1\",\"b\":{\"c\":[1,2]}}\n{\"a\":\"x;\\\"y\\\"\",\"d\":null}\n"},
		{format.Output{As: format.HTML, Header: true, Name: "<t>", Columns: []string{"a"}},
			"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>&lt;t&gt;.html</title></head><body><table>\n<tr><th>a</th></tr>\n<tr><td>=1</td></tr>\n<tr><td>x;&#34;y&#34;</td></tr>\n</table></body></html>\n"},
		{format.Output{As: format.XML}, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<items><item><a>=1</a><b><c>1</c><c>2</c></b></item><item><a>x;&#34;y&#34;</a><d></d></item></items>\n"},
	} {
		got, err := format.Write(c.o, rows)
		if err != nil || string(got.Body) != c.want {
			t.Errorf("%+v makes %q, %v\nwant %q", c.o, got.Body, err, c.want)
		}
	}
	// What was read is written as it was.
	const order = `<order id="7&amp;"><line n="1">Pen</line><line n="2">Ink</line></order>`
	read, err := format.Read(format.Options{As: format.XML}, []byte(order))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := format.Write(format.Output{As: format.XML}, read); err != nil || !strings.HasSuffix(string(got.Body), ">\n"+order+"\n") {
		t.Errorf("%s, %v", got.Body, err)
	}
	for _, c := range []struct {
		o    format.Output
		want string
	}{
		{format.Output{Headless: true, CData: true, AttributesIn: "$", TextIn: "_"},
			`<a x="&lt;&#34;"><![CDATA[<]]]]><![CDATA[>]]><b>t</b><b></b></a>` + "\n"},
		{format.Output{Headless: true, One: true, AsInN8n: true},
			"<a x=\"&lt;&quot;\">\n  &lt;]]&gt;\n  <b>t</b>\n  <b/>\n</a>"},
	} {
		c.o.As = format.XML
		got, err := format.Write(c.o, []value.Value{parse(t, `{"a":{"$":{"x":"<\""},"_":"<]]>","b":["t",null]}}`)})
		if err != nil || string(got.Body) != c.want {
			t.Errorf("%+v makes %s, %v", c.o, got.Body, err)
		}
	}
	for _, o := range []format.Output{{As: format.XML, AttributesIn: "$"}, {As: format.XML, AsInN8n: true, One: true}} {
		if _, err := format.Write(o, []value.Value{parse(t, `{"a":{"$":{"x y":1}}}`)}); err == nil {
			t.Error("an attribute may be called x y")
		}
	}
	if _, err := format.Write(format.Output{As: format.XML}, []value.Value{parse(t, `{"a b":1}`)}); err == nil {
		t.Error("an element may be called a b")
	}
	wide := make([]value.Member, 1001)
	for i := range wide {
		wide[i] = value.Member{Key: fmt.Sprint(i), Value: value.Null()}
	}
	if _, err := format.Write(format.Output{As: format.CSV}, []value.Value{value.Object(wide...)}); err == nil {
		t.Error("a table may have 1001 columns")
	}
}

func TestFormatsByName(t *testing.T) {
	t.Parallel()
	for f, want := range map[[2]string]string{
		{"a.CSV", ""}: format.CSV, {"a.bin", "text/html; charset=utf-8"}: format.HTML, {"", "application/atom+xml"}: format.XML,
		{"", "application/vnd.api+json"}: format.JSON, {"x", "text/x-log"}: format.Text, {"a.doc", "application/msword"}: "",
		{"a.pdf", "application/octet-stream"}: format.PDF,
	} {
		if got := format.Of(content.File{Name: f[0], MediaType: f[1]}); got != want {
			t.Errorf("%v is %q, want %q", f, got, want)
		}
	}
}
