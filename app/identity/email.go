package identity

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/mailbox"
)

// longestEmail is the most that mail servers take (RFC 5321).
const longestEmail = 254

// addressOf brings the address of an account to its one form, so that one mailbox has one account: in small letters, with the
// domain as DNS knows it.
func addressOf(field, text string) (string, error) {
	address, err := mailbox.Read(text)
	if err != nil || len(address) > longestEmail {
		return "", fault.InvalidField(field, "must be an e-mail address such as ada@example.com")
	}
	return strings.ToLower(address), nil
}

// soughtAddress is the one form of an address by which somebody looks for an account. What is no address has no account.
func soughtAddress(text string) string {
	if address, err := addressOf("email", text); err == nil {
		return address
	}
	return strings.ToLower(strings.TrimSpace(text))
}

// sameDomain tells whether a domain that the operator wrote is that of an address.
func sameDomain(written, domain string) bool {
	name, err := mailbox.Domain(written)
	return err == nil && name == domain
}
