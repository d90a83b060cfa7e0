package field

import (
	"slices"
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

// Composed gives a text in the one form of its letters (NFC): keyboards give é as one character or as two.
func Composed(text string) string { return norm.NFC.String(text) }

// Plain gives a text with each letter and digit in its plain form (NFKC): neither of full width nor bold, whatever the keyboard.
func Plain(text string) string { return norm.NFKC.String(text) }

// IndexFolded is where a word begins in a text when both are folded, -1 for nowhere. It folds letter by letter, because
// folding the whole would move the places.
func IndexFolded(text []rune, searched string) int {
	word := []rune(Fold(searched))
	var folded []rune
	var places []int
	for at, letter := range text {
		for _, part := range Fold(string(letter)) {
			folded, places = append(folded, part), append(places, at)
		}
	}
	for i := range folded {
		if len(word) > 0 && i+len(word) <= len(folded) && slices.Equal(folded[i:i+len(word)], word) {
			return places[i]
		}
	}
	return -1
}
