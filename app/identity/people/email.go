package people

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/mailbox"
)

// LongestEmail is the most that mail servers take (RFC 5321).
const LongestEmail = 254

// AddressOf brings the address of an account to its one form, so that one mailbox has one account: in small letters, with the
// domain as DNS knows it.
func AddressOf(field, text string) (string, error) {
	address, err := mailbox.Read(text)
	if err != nil || len(address) > LongestEmail {
		return "", fault.InvalidField(field, "must be an e-mail address such as ada@example.com")
	}
	return strings.ToLower(address), nil
}

// SoughtAddress is the one form of an address by which somebody looks for an account. What is no address has no account.
func SoughtAddress(text string) string {
	if address, err := AddressOf("email", text); err == nil {
		return address
	}
	return strings.ToLower(strings.TrimSpace(text))
}

// SameDomain tells whether a domain that the operator wrote is that of an address.
func SameDomain(written, domain string) bool {
	name, err := mailbox.Domain(written)
	return err == nil && name == domain
}
