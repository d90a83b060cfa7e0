package sheet

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"zygo/app/fault"
)

func utf16Bytes(text string, big bool) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		if big {
			out = append(out, byte(unit>>8), byte(unit))
		} else {
			out = append(out, byte(unit), byte(unit>>8))
		}
	}
	return out
}

func TestTablesAreReadAsSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	const want = "1[name|price] 2[Ärzte, Öko|1,50]"
	for what, content := range map[string][]byte{
		"commas":                         []byte("name,price\n\"Ärzte, Öko\",\"1,50\"\n"),
		"a byte order mark and CRLF":     []byte("\uFEFFname,price\r\n\"Ärzte, Öko\",\"1,50\""),
		"semicolons":                     []byte("name;price\nÄrzte, Öko;1,50\n"),
		"tabs":                           []byte("name\tprice\nÄrzte, Öko\t1,50\n"),
		"pipes":                          []byte("name|price\nÄrzte, Öko|1,50\n"),
		"old line ends":                  []byte("name;price\rÄrzte, Öko;1,50\r"),
		"UTF-16 with a byte order mark":  utf16Bytes("\uFEFFname\tprice\r\nÄrzte, Öko\t1,50\r\n", false),
		"the other order":                utf16Bytes("\uFEFFname\tprice\r\nÄrzte, Öko\t1,50\r\n", true),
		"UTF-16 without a mark":          utf16Bytes("name;price\nÄrzte, Öko;1,50\n", false),
		"the other order without a mark": utf16Bytes("name;price\nÄrzte, Öko;1,50\n", true),
		"empty lines at the end":         []byte("name;price\nÄrzte, Öko;1,50\n;\n ; \n\n"),
	} {
		rows, err := Read(content, 3)
		var b strings.Builder
		for _, row := range rows {
			fmt.Fprintf(&b, " %d[%s]", row.Number, strings.Join(row.Cells, "|"))
		}
		if got := strings.TrimSpace(b.String()); got != want || err != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}

func TestRowsAreCountedAsSpreadsheetsCount(t *testing.T) {
	t.Parallel()
	rows, err := Read([]byte("sep=;\r\nname;note, with commas, in it\r\n\r\nA;\"two\r\nlines\"\r\n;\r\nB;x\r\n"), 9)
	if err != nil || len(rows) != 3 || rows[0].Number != 2 || rows[1].Number != 4 || rows[2].Number != 6 ||
		rows[1].Cells[1] != "two\nlines" {
		t.Errorf("read %+v, %v", rows, err)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	t.Parallel()
	for what, content := range map[string]string{"Latin-1": "name\nM\xfcller", "a NUL": "name\na\x00b",
		"half a UTF-16 letter": "\xff\xfen\x00a", "half a pair": "\xff\xfe\x00\xd8a\x00"} {
		if _, err := Read([]byte(content), 9); !fault.Is(err, fault.BadRequest) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Read([]byte("a\nb\nc\n"), 1); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too many rows: %v", err)
	}
	if _, err := Read([]byte("sep=,\na\n\"b"), 9); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("an open quote: %v", err)
	}
}

func TestFormulasAreInertAndComeBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1+1", "+1", "-1+1", "@SUM(A1)", "'=1", "''=1", "-", "+49 30 1234", "plain", "", "'", "'-5", "-5 EUR x"} {
		kept := Inert(text)
		if kept != "" && strings.ContainsAny(kept[:1], "=+-@\t\r") || Active(kept) != text {
			t.Errorf("%q is kept as %q, which is %q", text, kept, Active(kept))
		}
	}
	for _, number := range []string{"-5", "-5.25", "-5.00 EUR"} {
		if Inert(number) != number {
			t.Errorf("%q becomes %q", number, Inert(number))
		}
	}
}
