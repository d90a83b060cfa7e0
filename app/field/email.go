package field

import (
	"errors"
	"net/mail"
	"strings"
)

// Email is an e-mail address without a name; its domain is in small letters. Empty is none.
type Email string

var emailType = writtenType{name: "email", longest: 254, read: readEmail, schema: Schema{"format": "email", "examples": []any{"ada@example.com"}}}

func readEmail(text string) (string, error) {
	wrong := errors.New("must be an e-mail address such as ada@example.com")
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text {
		return "", wrong
	}
	at := strings.LastIndexByte(text, '@')
	return text[:at] + strings.ToLower(text[at:]), nil
}
