package mailbox_test

import (
	"testing"

	"zygo/app/mailbox"
)

func TestOneMailboxHasOneAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ada@example.com":                     "ada@example.com",
		" Ada.L+x@Example.COM\u00a0":          "Ada.L+x@example.com",
		"\ufeffada@example.com\u200b":         "ada@example.com",
		"ada@münchen.example":                 "ada@xn--mnchen-3ya.example",
		"ada@mu\u0308nchen.example":           "ada@xn--mnchen-3ya.example", // decomposed, as some keyboards give it
		"ada@MÜNCHEN.example":                 "ada@xn--mnchen-3ya.example",
		"ada@XN--MNCHEN-3YA.example":          "ada@xn--mnchen-3ya.example",
		"ada@mail.münchen。example":            "ada@mail.xn--mnchen-3ya.example",
		"ada@faß.example":                     "ada@xn--fa-hia.example", // and not fass.example, which somebody else may have
		"ада@почта.рф":                        "ада@xn--80a1acny.xn--p1ai",
		"ada@例え.テスト":                          "ada@xn--r8jz45g.xn--zckzah",
		"ada@ｅｘａｍｐｌｅ.com":                     "ada@example.com",
		"e\u0301mile@example.com":             "émile@example.com",
		"ada@my_host.example":                 "ada@my_host.example",
		"ada@xn--a.example":                   "",
		"ada@münchen .example":                "",
		"ada@-münchen.example":                "",
		"ada":                                 "",
		"ada@":                                "",
		"@münchen.example":                    "",
		"Ada <ada@example.com>":               "",
		"ada@münchen.example, bob@münchen.ex": "",
		"":                                    "",
	} {
		got, err := mailbox.Read(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is read as %q (%v), want %q", text, got, err, want)
		}
		if again, err := mailbox.Read(mailbox.Shown(got)); want != "" && (again != got || err != nil) {
			t.Errorf("%q is shown as %q, which is %q (%v)", got, mailbox.Shown(got), again, err)
		}
	}
}

func TestAddressesAreShownInTheLettersOfTheirOwners(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"ada@xn--mnchen-3ya.example": "ada@münchen.example",
		"xn--mnchen-3ya.example":     "münchen.example",
		"ada@xn--80a1acny.xn--p1ai":  "ada@почта.рф",
		"ada@example.com":            "ada@example.com",
		"xn--ada@example.com":        "xn--ada@example.com",
		"ada@xn--a.example":          "ada@xn--a.example",
		"":                           "",
	} {
		if got := mailbox.Shown(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
