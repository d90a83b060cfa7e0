package value

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string at its opening quote. Without escapes the result is a part of the document's text.
func (p *parser) string() (string, *SyntaxError) {
	p.at++
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return p.text[start : p.at-1], nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", p.refuse("a control character in a string must be escaped")
		}
		p.at++
	}
	return "", p.unexpected("the closing quote of a string")
}

// escaped goes on with a string whose first escape stands at p.at.
func (p *parser) escaped(start int) (string, *SyntaxError) {
	var b strings.Builder
	b.WriteString(p.text[start:p.at])
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return b.String(), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		case c < ' ':
			return "", p.refuse("a control character in a string must be escaped")
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return "", p.unexpected("the closing quote of a string")
}

func (p *parser) escape() (rune, *SyntaxError) {
	if p.at+1 >= len(p.text) {
		p.at++
		return 0, p.unexpected("an escaped character")
	}
	c := p.text[p.at+1]
	if c == 'u' {
		return p.codepoint()
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	i := strings.IndexByte(from, c)
	if i < 0 {
		return 0, p.refuse("%q can't be escaped", c)
	}
	p.at += 2
	return rune(to[i]), nil
}

// codepoint reads \uXXXX, and its second half where it is the first of a surrogate pair.
func (p *parser) codepoint() (rune, *SyntaxError) {
	first, ok := p.hex4(p.at)
	if !ok {
		return 0, p.refuse(`\u needs four hexadecimal digits`)
	}
	if !utf16.IsSurrogate(first) {
		p.at += 6
		return first, nil
	}
	second, _ := p.hex4(p.at + 6)
	r := utf16.DecodeRune(first, second)
	switch {
	case r != utf8.RuneError:
		p.at += 12
	case p.limits.Lenient:
		p.at += 6
	default:
		return 0, p.refuse("half of a surrogate pair")
	}
	return r, nil
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+6 > len(p.text) || p.text[at:at+2] != `\u` {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.text[at+2 : at+6]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}
