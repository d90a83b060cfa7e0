package field

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives a text in small letters without accents, as searches compare words: "Café" is "cafe".
func Fold(text string) string {
	if strings.IndexFunc(text, func(letter rune) bool { return letter >= utf8.RuneSelf }) < 0 {
		return strings.ToLower(text) // most letters have no accent to lose
	}
	var b strings.Builder
	for _, letter := range norm.NFD.String(text) {
		if !unicode.Is(unicode.Mn, letter) {
			b.WriteRune(unicode.ToLower(letter))
		}
	}
	return b.String()
}
