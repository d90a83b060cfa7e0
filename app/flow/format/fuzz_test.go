package format_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"zygo/app/flow/content"
	"zygo/app/flow/format"
	"zygo/app/value"
)

// Whatever a file holds, it is read within the bounds or refused with a sentence.
func FuzzRead(f *testing.F) {
	formats := []string{format.CSV, format.JSON, format.JSONL, format.Lines, format.Text, format.XML, format.HTML, format.Calendar,
		format.Contacts, format.ZIP, format.GZIP, format.XLSX, format.Feed, format.Markdown, format.ToMarkdown, format.PDF}
	row := value.Object(value.Member{Key: "a", Value: value.String("x")}, value.Member{Key: "b", Value: value.Int(1)})
	for i, as := range formats {
		if made, err := format.Write(format.Output{As: as, Header: true}, []value.Value{row, row}); err == nil {
			f.Add(byte(i), made.Body, "")
		}
		if as == format.ZIP || as == format.GZIP {
			made, err := format.Pack(as, "", []content.File{{Name: "a", Body: []byte("x")}}, time.Time{})
			if err != nil {
				f.Fatal(err)
			}
			f.Add(byte(i), made.Body, "")
		}
	}
	document, err := os.ReadFile("testdata/chromium.pdf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(byte(len(formats)-1), document, "")
	f.Add(byte(5), []byte(`<?xml version="1.0" encoding="x"?><a b="c">&#1;<![CDATA[x]]></a>`), "a.b")
	f.Add(byte(6), []byte("<table><tr><td><b><i></table>"), "tr > td:nth-child(2n+1), :has(b)")
	f.Add(byte(7), []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;X=\"a\":20240101\n x\nEND:VEVENT\nEND:VCALENDAR"), "windows-1252")
	f.Add(byte(12), []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><updated>2024-01-31T08:00:00Z</updated></entry></feed>`), "")
	f.Add(byte(12), []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","authors":[{"name":"a"}]}]}`), "")
	f.Add(byte(13), []byte("# a\n\n| b |\n|---|\n| *c* |\n\n- [x] [d](e)"), "")
	f.Add(byte(14), []byte("<h1>a</h1><table><tr><td>b</table><ul><li>c"), "")
	f.Add(byte(0), []byte("sep=;\na;\"b\n"), "UTF-16")
	f.Fuzz(func(t *testing.T, as byte, body []byte, hint string) {
		o := format.Options{As: formats[int(as)%len(formats)], Header: as%2 == 0, Typed: true}
		switch o.As {
		case format.XML, format.JSON:
			o.Entries = hint
		case format.HTML:
			o.Rows = hint
		case format.XLSX:
			o.Range = hint
		default:
			o.Charset = hint
		}
		rows, err := format.Read(o, body)
		var wrong *format.Error
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("%+v: %v", o, err)
		}
		if len(rows) > format.MostRows {
			t.Fatalf("%d rows", len(rows))
		}
		for _, row := range rows {
			if _, err := value.Parse([]byte(row.JSON()), value.Limits{Bytes: 1 << 30, Memory: 1 << 30}); err != nil {
				t.Fatalf("%+v gives %s: %v", o, row.JSON(), err)
			}
		}
	})
}
