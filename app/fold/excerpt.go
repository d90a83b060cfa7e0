package fold

import (
	"strings"
	"unicode/utf8"
)

// Excerpt is the text around the first of the words that are looked for, or its beginning: so many characters before the word,
// and so many in all.
func Excerpt(body, words string, before, length int) string {
	body = strings.Join(strings.Fields(body), " ")
	start, text := 0, []rune(body)
	if spans := Spans(body, words); spans != nil {
		start = max(0, utf8.RuneCountInString(body[:spans[0][0]])-before)
	}
	end := min(len(text), start+length)
	shown := string(text[start:end])
	if start > 0 {
		shown = "…" + shown
	}
	if end < len(text) {
		shown += "…"
	}
	return shown
}
