package outgoing

import (
	"strings"
	"testing"
)

func TestRecipientsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ann@example.com": "<ann@example.com>", " ann@example.com , bob@example.com,": "<ann@example.com> | <bob@example.com>",
		`"Doe, John" <john@example.com>`:                             `"Doe, John" <john@example.com>`,
		"Doe, John <john@example.com>; Roe, Jane <jane@example.com>": `"Doe, John" <john@example.com> | "Roe, Jane" <jane@example.com>`,
		"Zoë, Ltd. <z@example.com>\r\nbob@example.com":               `=?utf-8?b?Wm/DqywgTHRkLg==?= <z@example.com> | <bob@example.com>`,
		`"a, \", b" <ann@example.com>, bob@example.com`:              `"a, \", b" <ann@example.com> | <bob@example.com>`,
		`Müller (Sales) <m@example.com>`:                             `=?utf-8?q?M=C3=BCller?= <m@example.com>`,
		"nobody":                                                     `!"nobody" is no`,
		"nobody, ann@example.com":                                    `!"nobody, ann@example.com" is no`,
		"ann@example.com, bob@":                                      `!"bob@" is no`, "ann@example.com bob@example.com": "!is no",
		"x <ann@example.com>\nBcc: evil@example.com": "!is no", `evil@example.com <ann@example.com>`: "!is no",
		"<ann@example.com": "!is no", " ,; ": "",
	} {
		parsed, err := addresses("to", SplitAddresses(text))
		var got []string
		for _, a := range parsed {
			got = append(got, a.String())
		}
		joined := strings.Join(got, " | ")
		if err == nil && joined != want || err != nil && (!strings.HasPrefix(want, "!") || !strings.Contains(err.Error(), want[1:])) {
			t.Errorf("%q gives %s, %v; want %s", text, joined, err, want)
		}
	}
}

func TestAddressesOfDataAreEscaped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://example.com/a b/ü?q=x y&z=ä&w=100%": "https://example.com/a%20b/%C3%BC?q=x%20y&z=%C3%A4&w=100%25",
		"https://example.com/?q=a%20b+c&d=%zz#part":  "https://example.com/?q=a%20b+c&d=%25zz#part",
		` https://example.com?q="<[{|}]>"'&e=a:b/c?`: "https://example.com?q=%22%3C[%7B%7C%7D]%3E%22'&e=a:b/c?",
	} {
		u, err := ParseURL(text)
		if err != nil || u.String() != want {
			t.Errorf("%s is %v, %v; want %s", text, u, err, want)
		}
	}
}
