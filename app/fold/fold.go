// Package fold brings texts into the one form in which Zygo compares words, for searches and for the order of lists: small
// letters without accents. Start with Text.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spelled are the letters that people also write with others, where Unicode knows of no accent to take off.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ŧ", "t",
	"ı", "i", "ĸ", "k", "ŋ", "n", "ς", "σ")

// ignored are the marks that people leave out as they type: those of Latin, Greek and Cyrillic letters, the points of Hebrew
// and the vowels of Arabic. The marks of other scripts are letters of their words. With them go the signs that nobody sees: soft
// hyphens, joiners and the byte order mark.
var ignored = &unicode.RangeTable{LatinOffset: 1, R16: []unicode.Range16{
	{Lo: 0x00AD, Hi: 0x00AD, Stride: 1},
	{
		Lo:     0x0300,
		Hi:     0x036F,
		Stride: 1,
	}, {Lo: 0x0591, Hi: 0x05BD, Stride: 1}, {Lo: 0x05BF, Hi: 0x05BF, Stride: 1}, {Lo: 0x05C1, Hi: 0x05C2, Stride: 1},
	{
		Lo:     0x05C4,
		Hi:     0x05C5,
		Stride: 1,
	}, {Lo: 0x05C7, Hi: 0x05C7, Stride: 1}, {Lo: 0x0610, Hi: 0x061A, Stride: 1}, {Lo: 0x0640, Hi: 0x0640, Stride: 1},
	{
		Lo:     0x064B,
		Hi:     0x065F,
		Stride: 1,
	}, {Lo: 0x0670, Hi: 0x0670, Stride: 1}, {Lo: 0x1AB0, Hi: 0x1ACE, Stride: 1}, {Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
	{
		Lo:     0x200B,
		Hi:     0x200D,
		Stride: 1,
	}, {Lo: 0x2060, Hi: 0x2060, Stride: 1}, {Lo: 0x20D0, Hi: 0x20F0, Stride: 1}, {Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
	{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1},
}}

// Text gives a text in small letters without accents: "Café" is "cafe", "Straße" is "strasse", and full-width letters are
// plain ones.
func Text(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // most texts have no accent to lose
	}
	bare := strings.Map(func(letter rune) rune {
		if unicode.Is(ignored, letter) {
			return -1
		}
		return unicode.ToLower(letter)
	}, norm.NFKD.String(text))
	return spelled.Replace(norm.NFC.String(bare))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
