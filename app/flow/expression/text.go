package expression

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a string that counts as JavaScript does, in UTF-16 units. ASCII, the usual case, is not converted.
type text struct {
	ascii string
	units []uint16 // nil for ASCII
}

func textOf(s string) text {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return text{units: utf16.Encode([]rune(s))}
		}
	}
	return text{ascii: s}
}

func (t text) length() int {
	if t.units != nil {
		return len(t.units)
	}
	return len(t.ascii)
}

// slice cuts from start to end, which lie within the text. Half of a surrogate pair becomes U+FFFD.
func (t text) slice(start, end int) string {
	if start >= end {
		return ""
	}
	if t.units != nil {
		return string(utf16.Decode(t.units[start:end]))
	}
	return t.ascii[start:end]
}

// unitsBefore converts a byte offset of s into units.
func unitsBefore(s string, offset int) int {
	if offset < 0 {
		return offset
	}
	return textOf(s[:offset]).length()
}

// writeReplacement writes what String.prototype.replace puts in place of found: the pattern with $$, $&, $` and $' filled
// in. False means that the text became too large; it is checked here because a pattern may repeat a long text often.
func writeReplacement(b *strings.Builder, pattern, before, found, after string) bool {
	for b.Len() <= largest {
		i := strings.IndexByte(pattern, '$')
		if i < 0 || i == len(pattern)-1 {
			b.WriteString(pattern)
			return true
		}
		b.WriteString(pattern[:i])
		switch pattern[i+1] {
		case '$':
			b.WriteByte('$')
		case '&':
			b.WriteString(found)
		case '`':
			b.WriteString(before)
		case '\'':
			b.WriteString(after)
		default:
			b.WriteString(pattern[i : i+2])
		}
		pattern = pattern[i+2:]
	}
	return false
}
