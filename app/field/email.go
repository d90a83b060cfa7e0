package field

import (
	"reflect"

	"zygo/app/mailbox"
)

// Email is an e-mail address without a name; its domain is in small ASCII letters. Empty is none.
type Email string

// String is the address as people read it, with the letters of its domain.
func (e Email) String() string { return mailbox.Shown(string(e)) }

type emailKind struct{ writtenType }

var emailType = emailKind{
	writtenType{name: "email", longest: 254, read: mailbox.Read, schema: Schema{"format": "email", "examples": []any{"ada@example.com"}}},
}

// Text is what forms and tables show. It is read back as the same address.
func (emailKind) Text(v reflect.Value) string { return mailbox.Shown(v.String()) }
