// Package mailbox brings e-mail addresses to the one form in which they are stored, compared and sent. A domain with letters
// beyond ASCII has two names, münchen.example and xn--mnchen-3ya.example: DNS and mail servers know the second, people the
// first. Start reading at Read.
package mailbox

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

var errAddress = errors.New("must be an e-mail address such as ada@example.com")

// Read brings an address to its one form: the domain in small ASCII letters, and nothing around it. The error says what it
// must be.
func Read(text string) (string, error) {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return "", errAddress
	}
	domain, err := Domain(text[at+1:])
	if err != nil {
		return "", errAddress
	}
	address := norm.NFC.String(text[:at]) + "@" + domain
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Name != "" || parsed.Address != address {
		return "", errAddress
	}
	return address, nil
}

// Domain is the name of a domain in DNS (IDNA): small ASCII letters.
func Domain(name string) (string, error) {
	lower := strings.ToLower(name)
	if isASCII(lower) && !strings.Contains(lower, "xn--") {
		return lower, nil // what IDNA refuses here, such as an underscore, is for others to judge
	}
	return idna.Lookup.ToASCII(name)
}

// Shown is an address, or a domain, as people read it. A name that would not lead back to the same domain is left as it is.
func Shown(address string) string {
	at := strings.LastIndexByte(address, '@') + 1
	if !strings.Contains(address[at:], "xn--") {
		return address
	}
	domain, err := idna.Display.ToUnicode(address[at:])
	if back, wrong := Domain(domain); err != nil || wrong != nil || back != address[at:] {
		return address
	}
	return address[:at] + domain
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
