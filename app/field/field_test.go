package field_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"zygo/app/field"
)

// sample has one field of every type that is read from text.
type sample struct {
	Line    string `z:"max=50"`
	Note    field.LongText
	Story   field.Markdown
	Script  field.Code
	Count   int
	Yes     bool
	At      field.Time
	Due     field.Date
	Effort  field.Duration
	Price   field.Money
	Owner   field.Ref  `z:"to=user"`
	Team    field.Refs `z:"to=user"`
	Tint    field.Colour
	Place   field.Address
	Mail    field.Email
	Home    field.URL
	Call    field.Phone
	Words   field.Tags
	Lines   []string
	Data    field.JSON
	Shaped  shape
	Balance field.Money `z:"required,min=1,max=100000"`
}

type shape struct{ field.JSON }

func (shape) Schema() field.Schema {
	return field.Schema{"type": "object", "required": []any{"name"}, "additionalProperties": false,
		"properties": field.Schema{"name": field.Schema{"type": "string"}, "size": field.Schema{"type": "integer", "minimum": 1}}}
}

func fields(t testing.TB) map[string]*field.Field {
	t.Helper()
	declared, err := field.Declared(reflect.TypeFor[sample]())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*field.Field{}
	for _, f := range declared {
		byName[f.Name] = f
	}
	return byName
}

// read gives the JSON of what a text means, or what is wrong with it.
func read(f *field.Field, text string) (encoded, wrong string) {
	v := f.New()
	if err := f.Type.FromText(f, text, v); err != nil {
		return "", err.Error()
	}
	if message := f.Type.Check(f, v); message != "" {
		return "", message
	}
	return string(f.Type.AppendJSON(nil, v)), ""
}

func TestTextsMeanWhatPeopleMean(t *testing.T) {
	t.Parallel()
	all := fields(t)
	for _, c := range []struct{ field, text, want string }{
		{"price", "12.50 EUR", `{"amount":1250,"currency":"EUR"}`},
		{"price", "EUR 12,50", `{"amount":1250,"currency":"EUR"}`},
		{"price", "eur12.5", `{"amount":1250,"currency":"EUR"}`},
		{"price", "1.250,00 EUR", `{"amount":125000,"currency":"EUR"}`},
		{"price", "1,250.00 EUR", `{"amount":125000,"currency":"EUR"}`},
		{"price", "1 250,00 EUR", `{"amount":125000,"currency":"EUR"}`},
		{"price", "1’250.05 CHF", `{"amount":125005,"currency":"CHF"}`},
		{"price", "1.250 EUR", `{"amount":125000,"currency":"EUR"}`},
		{"price", "1,234,567 USD", `{"amount":123456700,"currency":"USD"}`},
		{"price", "-0.05 USD", `{"amount":-5,"currency":"USD"}`},
		{"price", "500 JPY", `{"amount":500,"currency":"JPY"}`},
		{"price", "1,500 JPY", `{"amount":1500,"currency":"JPY"}`},
		{"price", "1.250 KWD", `{"amount":1250,"currency":"KWD"}`},
		{"price", "1,250.125 KWD", `{"amount":1250125,"currency":"KWD"}`},
		{"price", "0 EUR", `{"amount":0,"currency":"EUR"}`},
		{"price", "", "null"},
		{"effort", "1h 30m", "5400"}, {"effort", "1h30m", "5400"}, {"effort", "90m", "5400"}, {"effort", "2d", "172800"},
		{"effort", "90", "90"},
		{"effort", "1 hour 5 minutes", "3900"}, {"effort", "2 Weeks", "1209600"}, {"effort", "", "0"}, {"effort", "0", "0"},
		{"effort", "0s", "0"},
		{"due", "2026-01-31", `"2026-01-31"`}, {"due", " 2028-02-29 ", `"2028-02-29"`}, {"due", "", "null"},
		{"tint", "#1A7F37", `"#1a7f37"`}, {"tint", "#abc", `"#aabbcc"`}, {"tint", "", `""`},
		{"mail", "Ada.L+x@Example.COM", `"Ada.L+x@example.com"`}, {"mail", "ada@Münch.example", `"ada@xn--mnch-0ra.example"`},
		{"home", "https://example.com/a?b=c#d", `"https://example.com/a?b=c#d"`}, {"home", "http://[::1]:8080/", `"http://[::1]:8080/"`},
		{"call", "+49 30 123-456", `"+4930123456"`}, {"call", "0049 (0)30/123 456", `"+4930123456"`},
		{"call", "+1 (555) 010-9999", `"+15550109999"`},
		{"call", "+49\u202f30\u2009123–456", `"+4930123456"`}, {"call", "＋４９　３０　１２３４５６", `"+4930123456"`},
		{"place", "Street 1\n10115\nBerlin\n\nde",
			`{"lines":["Street 1"],"postal_code":"10115","city":"Berlin","region":"","country":"DE"}`},
		{"place", "\r\n\r\nBerlin\r\n\r\nDE", `{"lines":[],"postal_code":"","city":"Berlin","region":"","country":"DE"}`},
		{"place", "", "null"},
		{"team", "b, a,b", `["b","a"]`}, {"team", "", "[]"},
		{"words", "b, a ,, b", `["a","b"]`},
		{"lines", "b, a ,, b", `["b","a","b"]`},
		{"note", "a\r\nb", `"a\nb"`}, {"line", "👩\u200d👩\u200d👧 می\u200cخواهم", "\"👩\u200d👩\u200d👧 می\u200cخواهم\""},
		{"line", "שלום Ada", `"שלום Ada"`},
		{"line", "Cafe\u0301", `"Café"`}, {"line", " \u00a0Ada \u3000 Lovelace\t\r\n", `"Ada Lovelace"`},
		{"line", "Ada\u00a0Lovelace", `"Ada Lovelace"`}, {"line", "\ufeffAda", `"Ada"`},
		{"line", "Web\u200b 1\u00ad", `"Web 1"`}, {"line", "\u200fAda\u200e", `"Ada"`}, {"line", "a\u200bb", `"ab"`},
		{"line", "\u200b", `""`}, {"line", "\u200d \u3164\ufe0f", `""`},
		{"line", "❤\ufe0f", "\"❤\ufe0f\""}, {"line", "0", `"0"`}, {"line", "¿", `"¿"`},
		{"note", "  a  b\u200b\n", "\"  a  b\u200b\\n\""},
		{"data", `{"a": 12345678901234567890}`, `{"a":12345678901234567890}`},
		{"shaped", `{"name": "x", "size": 2}`, `{"name":"x","size":2}`}, {"shaped", "", "null"},
		{"yes", "Yes", "true"}, {"yes", "no", "false"},
	} {
		if got, wrong := read(all[c.field], c.text); got != c.want {
			t.Errorf("%s %q is %s%s, want %s", c.field, c.text, got, wrong, c.want)
		}
	}
}

func TestTextsThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	all := fields(t)
	for _, c := range []struct{ field, text, message string }{
		{"price", "12.50", "currency"}, {"price", "EUR", "amount"}, {"price", "12.50 XYZ", "ISO 4217"}, {"price", "12.505,1 EUR", ""},
		{"price", "1,2,3 EUR", "2 decimals"},
		{"price", "1250.5555 EUR", "2 decimals"}, {"price", "1.5 JPY", "0 decimals"}, {"price", "1,250.1250 KWD", "3 decimals"},
		{"price", "EUR 5 USD", "currency"},
		{"price", "1e5 EUR", "currency"}, {"price", "--5 EUR", "currency"}, {"price", "5. EUR", ""},
		{"price", "90071992547409.92 EUR", "at most"},
		{"price", strings.Repeat("9", 40) + " EUR", "too large"}, {"price", "٣ EUR", "currency"},
		{"balance", "", "is required"}, {"balance", "0.00 EUR", "at least 0.01 EUR"}, {"balance", "1000.01 EUR", "at most 1000.00 EUR"},
		{"effort", "soon", "length of time"}, {"effort", "-5", "length of time"}, {"effort", "1h -5m", "length of time"},
		{"effort", "1.5h", "length of time"},
		{"effort", "99999999999d", "length of time"}, {"effort", "5 parsecs", "length of time"}, {"effort", "40000d", "at most"},
		{"due", "2026-02-30", "day"}, {"due", "31.01.2026", "day"}, {"due", "2026-1-1", "day"}, {"due", "2026-01-31T00:00:00Z", "day"},
		{"tint", "red", "colour"}, {"tint", "#12345g", "colour"}, {"tint", "#12345", "colour"},
		{"mail", "Ada <ada@example.com>", "e-mail"}, {"mail", "ada", "e-mail"}, {"mail", "ada@example.com\nBcc: x@y.z", "one line"},
		{"mail", "a@b, c@d", "e-mail"},
		{"mail", strings.Repeat("a", 250) + "@example.com", "254"},
		{"home", "javascript:alert(1)", "whole address"}, {"home", "//example.com", "whole address"},
		{"home", "ftp://example.com", "whole address"},
		{"home", "https://ada:secret@example.com", "password"}, {"home", "https://", "whole address"},
		{"home", "https://:80/", "whole address"}, {"home", `https://a\b`, "whole address"},
		{"call", "030 123456", "country"}, {"call", "+49", "country"}, {"call", "+0123456789", "country"},
		{"call", "+49 30 12x", "country"}, {"call", "+1234567890123456", "country"},
		{"place", "Berlin", "last four"}, {"place", "a\nb\nc\nd\n1\nBerlin\n\nDE", "4 lines"}, {"place", "a\n1\nBerlin\n\nXX", "ISO 3166"},
		{"place", strings.Repeat("x", 201) + "\n1\nBerlin\n\nDE", "200 characters"},
		{"team", strings.Repeat("a,", 5), ""}, {"words", strings.Repeat("x", 51), "50 is the most"},
		{"data", "{", "JSON"}, {"shaped", `{"size": 1}`, "does not fit at the document"},
		{"shaped", `{"name": "x", "size": 0}`, "does not fit at /size"},
		{"shaped", `{"name": "x", "other": 1}`, "other"}, {"note", "a\x00b", "NUL"}, {"line", "a\nb", "one line"},
		{"line", "a\u2028b", "one line"}, {"line", "a\u0085b", "one line"}, {"line", "invoice\u202efdp.exe", "U+202E"},
		{"line", "a\u2066b\u2069", "U+2066"}, {"line", "a\x07b", "U+0007"},
	} {
		if c.message == "" {
			continue // what matters is that nothing panics
		}
		if got, wrong := read(all[c.field], c.text); !strings.Contains(wrong, c.message) {
			t.Errorf("%s %.60q is %s and says %q, want %q", c.field, c.text, got, wrong, c.message)
		}
	}
}

func TestJSONOfAnotherShapeIsRefused(t *testing.T) {
	t.Parallel()
	for name, f := range fields(t) {
		for _, raw := range []string{`{"amount":1.5,"currency":"EUR"}`, `{"amount":"1","currency":"EUR"}`, `{"x":1}`, `[[1]]`, `12.5`,
			`[1]`} {
			v := f.New()
			err := f.Type.FromJSON(f, []byte(raw), v)
			if err == nil && f.Type.Check(f, v) == "" && name != "data" {
				t.Errorf("%s takes %s", name, raw)
			}
		}
	}
}

func TestExamplesOfSchemasAreTaken(t *testing.T) {
	t.Parallel()
	for name, f := range fields(t) {
		examples, _ := f.Type.Schema(f)["examples"].([]any)
		for _, example := range examples {
			raw, err := json.Marshal(example)
			if err != nil {
				t.Fatal(err)
			}
			v := f.New()
			if err := f.Type.FromJSON(f, raw, v); err != nil || f.Type.Check(f, v) != "" {
				t.Errorf("%s refuses its own example %s: %v %s", name, raw, err, f.Type.Check(f, v))
			}
		}
	}
}

func TestMoneySortsAsItIs(t *testing.T) {
	t.Parallel()
	last := ""
	for _, amount := range []int64{-1 << 53, -100, -1, 0, 1, 9, 10, 1250, 1 << 53} {
		stored, err := field.Money{Amount: amount, Currency: "EUR"}.Value()
		if err != nil || stored.(string) <= last {
			t.Errorf("%d is stored as %v after %v", amount, stored, last)
		}
		last = stored.(string)
		var back field.Money
		if err := back.Scan(last); err != nil || back.Amount != amount {
			t.Errorf("%d comes back as %d: %v", amount, back.Amount, err)
		}
	}
}

// FuzzText holds that what a field shows in forms and tables is read back as the same value.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "12.50 EUR", "-0,05 usd", "1h 30m", "2026-01-31", "a, b", "a\nb\nc\nd\nDE", "#abc", "+49 30 123456",
		"ada@example.com", "https://example.com", `{"name":"x"}`, "2026-01-31T09:30:00.123456Z"} {
		f.Add(text)
	}
	all := fields(f)
	maps.Copy(all, toldFields(f))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // the kernel refuses it before a field sees it
		}
		for name, one := range all {
			v := one.New()
			if one.Type.FromText(one, text, v) != nil || one.Type.Check(one, v) != "" {
				continue
			}
			again := one.New()
			if err := one.Type.FromText(one, one.Type.Text(v), again); err != nil {
				t.Errorf("%s: %q is shown as %q, which is refused: %v", name, text, one.Type.Text(v), err)
			}
			if got, want := one.Type.AppendJSON(nil, again), one.Type.AppendJSON(nil, v); string(got) != string(want) {
				t.Errorf("%s: %q is %s, shown as %q and read as %s", name, text, want, one.Type.Text(v), got)
			}
			back := one.New()
			if err := one.Type.FromJSON(one, one.Type.AppendJSON(nil, v), back); err != nil || one.Type.Text(back) != one.Type.Text(v) {
				t.Errorf("%s: the JSON of %q is read as %q: %v", name, text, one.Type.Text(back), err)
			}
		}
	})
}

// TestWhatATemplateLostStays: a field or a choice that is gone may come back, and takes nothing with it meanwhile.
func TestWhatATemplateLostStays(t *testing.T) {
	t.Parallel()
	kept, err := field.Added("kept", "Kept", "choice", false, []field.Choice{{Value: "a"}})
	if err != nil {
		t.Fatal(err)
	}
	before := field.Custom{Template: "1",
		Values: map[string]json.RawMessage{"kept": json.RawMessage(`"gone"`), "lost": json.RawMessage(`"x"`)}}
	now := field.Custom{Template: "1", Values: map[string]json.RawMessage{"kept": json.RawMessage(`"gone"`)}}
	if wrong := now.Fill([]*field.Field{kept}, before); len(wrong) > 0 || string(now.Values["kept"]) != `"gone"` ||
		string(now.Values["lost"]) != `"x"` {
		t.Errorf("%v, %v", now, wrong)
	}
	// The control: what is new has to fit.
	for _, values := range []map[string]json.RawMessage{{"kept": json.RawMessage(`"other"`)}, {"lost": json.RawMessage(`"y"`)}} {
		now := field.Custom{Template: "1", Values: values}
		if wrong := now.Fill([]*field.Field{kept}, before); len(wrong) == 0 {
			t.Errorf("%v is taken", values)
		}
	}
}

func TestTagsKeepTheirWords(t *testing.T) {
	t.Parallel()
	declared, err := field.Declared(reflect.TypeFor[struct{ Tags field.Tags }]())
	if err != nil {
		t.Fatal(err)
	}
	f := declared[0]
	read := func(raw string) (field.Tags, string) {
		value := reflect.New(reflect.TypeFor[field.Tags]()).Elem()
		if err := f.Type.FromJSON(f, []byte(raw), value); err != nil {
			t.Fatal(err)
		}
		return value.Interface().(field.Tags), f.Type.Check(f, value)
	}
	for _, fits := range []string{`["Food", "x"]`, `["` + strings.Repeat("签", 50) + `"]`, `[" a\u00a0 b ", "a b"]`} {
		if tags, wrong := read(fits); wrong != "" || len(tags) == 0 {
			t.Errorf("%s becomes %q: %s", fits, tags, wrong)
		}
	}
	if tags, _ := read(`[" a\u00a0 b ", "a b", "A\u0308"]`); !slices.Equal(tags, field.Tags{"a b", "Ä"}) {
		t.Errorf("the tags are %q", tags)
	}
	for _, wrong := range []string{`["Food, Dining", "x"]`, `["` + strings.Repeat("签", 51) + `"]`, `["a\u202eb"]`} {
		if tags, said := read(wrong); said == "" {
			t.Errorf("%s becomes %q", wrong, tags)
		}
	}
}

func TestAddressesAreShownAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	declared, err := field.Declared(reflect.TypeFor[struct{ Email field.Email }]())
	if err != nil {
		t.Fatal(err)
	}
	f := declared[0]
	value := reflect.New(reflect.TypeFor[field.Email]()).Elem()
	for range 2 { // what is shown is read back as the same
		if err := f.Type.FromText(f, "ada@münchen.example", value); err != nil || value.String() != "ada@xn--mnchen-3ya.example" {
			t.Fatalf("read as %q, %v", value.String(), err)
		}
		if shown := f.Type.Text(value); shown != "ada@münchen.example" {
			t.Errorf("shown as %q", shown)
		}
	}
}
