package credentials

import (
	"strings"
	"unicode"

	"zygo/app/field"
)

// readCode gives a code as it was made. People type and paste codes with spaces and dashes of every kind, in capitals, and
// with the digits of their own script; no code has anything besides small letters and ASCII digits. All codes of an app, of
// a text message and from paper are read here, so that what works in one place works in each.
func readCode(typed string) string {
	var code strings.Builder
	for _, r := range strings.ToLower(field.Plain(typed)) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			code.WriteRune(r)
		case unicode.Is(unicode.Nd, r):
			code.WriteByte(digitOf(r))
		}
	}
	return code.String()
}

// digitOf is the ASCII digit of a decimal digit of any script. Each script has its ten in a row, from zero to nine.
func digitOf(r rune) byte {
	first := r
	for unicode.Is(unicode.Nd, first-1) {
		first--
	}
	return '0' + byte((r-first)%10)
}
