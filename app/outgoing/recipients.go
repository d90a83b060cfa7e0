package outgoing

import (
	"net/mail"
	"strings"
	"unicode"

	"zygo/app/fault"
	"zygo/app/mailbox"
)

// SplitAddresses cuts a text with several recipients as people write them: with commas, semicolons or lines between them, and
// names that hold a comma, in quotes or not. What is no address stays a part.
func SplitAddresses(text string) []string {
	var addresses []string
	begun := "" // the part of a name before its comma
	for _, part := range split(text) {
		if _, err := address(begun + part); err != nil && !strings.Contains(part, "@") {
			begun += part + ","
			continue
		}
		addresses, begun = append(addresses, strings.TrimSpace(begun+part)), ""
	}
	if begun != "" {
		addresses = append(addresses, strings.TrimSpace(strings.TrimSuffix(begun, ",")))
	}
	return addresses
}

// CheckAddresses refuses what is no address in the fields of a mail.
func CheckAddresses(fields map[string][]string) error {
	for field, texts := range fields {
		if _, err := addresses(field, texts); err != nil {
			return err
		}
	}
	return nil
}

func addresses(field string, texts []string) ([]*mail.Address, error) {
	var parsed []*mail.Address
	for _, text := range texts {
		a, err := address(text)
		if err != nil {
			return nil, fault.InvalidField(field, "%.200q is no mail address", strings.TrimSpace(text))
		}
		parsed = append(parsed, a)
	}
	return parsed, nil
}

// split cuts at commas, semicolons and line ends that stand in no quotes and no angle brackets, and leaves empty parts out.
func split(text string) []string {
	var parts []string
	quoted, angled, escaped := false, false, false
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool {
		was := escaped
		escaped = r == '\\' && quoted && !was
		switch {
		case r == '"' && !was:
			quoted = !quoted
		case quoted:
		case r == '<':
			angled = true
		case r == '>':
			angled = false
		}
		return !quoted && !angled && strings.ContainsRune(",;\r\n", r)
	}) {
		if strings.TrimSpace(part) != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// address is one address with or without a name. A name may hold what RFC 5322 wants in quotes.
func address(text string) (*mail.Address, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if name, rest, found := strings.Cut(text, "<"); err != nil && found && !strings.ContainsAny(name, `"@`) {
		if a, err = mail.ParseAddress("<" + rest); err == nil {
			a.Name = strings.TrimSpace(name)
		}
	}
	if err == nil && strings.ContainsFunc(a.Address+a.Name, unicode.IsControl) {
		err = fault.New(fault.Invalid, "a control character")
	}
	if err == nil {
		err = toDNS(a)
	}
	return a, err
}

// toDNS writes the domain of an address as DNS knows it: servers without SMTPUTF8 refuse other letters.
func toDNS(a *mail.Address) error {
	at := strings.LastIndexByte(a.Address, '@') + 1
	domain, err := mailbox.Domain(a.Address[at:])
	a.Address = a.Address[:at] + domain
	return err
}
