package format

import (
	"testing"

	"zygo/app/value"
)

func TestSlackIsWrittenItsWay(t *testing.T) {
	t.Parallel()
	for markdown, want := range map[string]string{
		"# Down & out":                        "*Down &amp; out*",
		"**b** *i* ~~s~~ `a<b`":               "*b* _i_ ~s~ `a&lt;b`",
		"[a|b](https://a.test/?|x)":           "<https://a.test/?%7Cx|a|b>",
		"<!channel> **x**":                    "&lt;!channel&gt; *x*",
		"https://a.test":                      "<https://a.test>",
		"- a\n- b\n    1. c\n    2. d\n\nend": "• a\n• b\n    1. c\n    2. d\n\nend",
		"> said\n\nno":                        "> said\n\nno",
		"```go\na < b\n```":                   "```\na &lt; b\n```",
		"a\nb\n\nc":                           "a\nb\n\nc",
		"<b>x</b>":                            "x",
		"|a|b|\n|-|-|\n|1|2|":                 "a | b\n1 | 2",
		"- [x] done":                          "• ☑ done",
	} {
		got := ""
		if err := readMrkdwn(Options{}, []byte(markdown), func(v value.Value) error { got = v.Raw(); return nil }); err != nil || got != want {
			t.Errorf("%q gives %q and not %q, %v", markdown, got, want, err)
		}
	}
}
