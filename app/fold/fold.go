// Package fold brings texts into the one form in which Zygo compares words, for searches and for the order of lists: small
// letters without accents. Start with Text.
package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters are those that people also write with others, where Unicode knows of no accent to take off.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ŧ", "t", "ı", "i", "ĸ", "k", "ŋ", "n", "ς", "σ")

// accents are the marks that people leave out as they type: those of Latin, Greek and Cyrillic letters, the points of Hebrew
// and the vowels of Arabic. The marks of other scripts are letters of their words.
var accents = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036F, Stride: 1}, {Lo: 0x0591, Hi: 0x05BD, Stride: 1}, {Lo: 0x05BF, Hi: 0x05BF, Stride: 1}, {Lo: 0x05C1, Hi: 0x05C2, Stride: 1},
	{Lo: 0x05C4, Hi: 0x05C5, Stride: 1}, {Lo: 0x05C7, Hi: 0x05C7, Stride: 1}, {Lo: 0x0610, Hi: 0x061A, Stride: 1}, {Lo: 0x0640, Hi: 0x0640, Stride: 1},
	{Lo: 0x064B, Hi: 0x065F, Stride: 1}, {Lo: 0x0670, Hi: 0x0670, Stride: 1}, {Lo: 0x1AB0, Hi: 0x1ACE, Stride: 1}, {Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
	{Lo: 0x20D0, Hi: 0x20F0, Stride: 1}, {Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
}}

// Text gives a text in small letters without accents: "Café" is "cafe", "Straße" is "strasse", and full-width letters are
// plain ones.
func Text(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // most texts have no accent to lose
	}
	bare := strings.Map(func(letter rune) rune {
		if unicode.Is(accents, letter) {
			return -1
		}
		return unicode.ToLower(letter)
	}, norm.NFKD.String(text))
	return letters.Replace(norm.NFC.String(bare))
}

// Index is where a word begins in a text when both are folded, -1 for nowhere. It folds letter by letter, because folding
// the whole would move the places.
func Index(text []rune, searched string) int {
	word := []rune(Text(searched))
	var folded []rune
	var places []int
	for at, letter := range text {
		for _, part := range Text(string(letter)) {
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

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
