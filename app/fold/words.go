package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// class tells which letters stand together in one part of a word.
type class int

const (
	outside class = iota // of no word
	letter
	digit
	single // a letter of a script without spaces: nobody knows where its words end, so each stands alone
	mark   // belongs to the letter before it
)

var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Yi, unicode.Thai, unicode.Lao,
	unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// prolonged is the long-vowel sign of Katakana, which Unicode counts to no script.
const prolonged = 'ー'

func classOf(r rune) class {
	switch {
	case unicode.IsMark(r):
		return mark
	case r >= utf8.RuneSelf && (r == prolonged || unicode.IsLetter(r) && unicode.In(r, spaceless...)):
		return single
	case unicode.IsLetter(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	default:
		return outside
	}
}

// Words gives the words of a text, folded, each as the parts by which it is found: letters, digits, and each letter of the
// scripts that write no spaces. "v12" is v and 12, "障害" is 障 and 害.
func Words(text string) [][]string {
	var words [][]string
	last := outside
	for _, r := range Text(text) {
		now := classOf(r)
		switch {
		case now == outside:
		case last == outside:
			words = append(words, []string{string(r)})
		case now == mark || now == last && now != single:
			word := words[len(words)-1]
			word[len(word)-1] += string(r)
			now = last
		default:
			words[len(words)-1] = append(words[len(words)-1], string(r))
		}
		last = now
	}
	return words
}

// Spans gives the places in a text, as offsets in bytes, of the parts of words that begin with a searched word. Both are
// folded for that, the text letter by letter, because folding the whole would move the places.
func Spans(text, searched string) (spans [][2]int) {
	var folded []rune
	var places []int
	for at, r := range text {
		for _, part := range Text(string(r)) {
			folded, places = append(folded, part), append(places, at)
		}
	}
	places = append(places, len(text))
	var words [][]rune
	for _, word := range Words(searched) {
		words = append(words, []rune(strings.Join(word, "")))
	}
	for at := 0; at < len(folded); at++ {
		if classOf(folded[at]) == outside || !partsAt(folded, at) {
			continue
		}
		end := at
		for _, word := range words {
			if len(word) <= len(folded)-at && string(folded[at:at+len(word)]) == string(word) {
				end = max(end, at+len(word))
			}
		}
		if end == at {
			continue
		}
		for end < len(folded) && !partsAt(folded, end) {
			end++
		}
		spans = append(spans, [2]int{places[at], places[end]})
		at = end - 1
	}
	return spans
}

// partsAt tells whether a part of a word, or what is outside of words, begins at a place.
func partsAt(text []rune, at int) bool {
	now := classOf(text[at])
	if at == 0 || now == single || now == outside {
		return true
	}
	if now == mark {
		return false
	}
	before := at - 1
	for before > 0 && classOf(text[before]) == mark {
		before--
	}
	return classOf(text[before]) != now
}
