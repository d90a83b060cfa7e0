package expression

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
)

// errScript means: correct or not, this is beyond what is compiled.
var errScript = errors.New("not in the compiled part of the language")

type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	numberToken
	stringToken
	signToken
)

type token struct {
	kind   tokenKind
	text   string // the name or sign; the string without escapes; the number as written
	offset int
}

// signs from the longest to the shortest, so that the first that fits is the one meant.
var signs = []string{"===", "!==", "?.", "??", "==", "!=", "<=", ">=", "&&", "||",
	"(", ")", "[", "]", "{", "}", ".", ",", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":"}

// beyond are signs that begin like one of the compiled ones and mean something else.
var beyond = []string{"=>", "**", "++", "--", "<<", ">>", "...", "&&=", "||=", "??=", "//", "/*", "+=", "-=", "*=", "%=", "/="}

func lex(source string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(source); {
		c := source[at]
		start := at
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			at++
			continue
		case isNameByte(c) && (c < '0' || c > '9'):
			for at < len(source) && isNameByte(source[at]) {
				at++
			}
			tokens = append(tokens, token{nameToken, source[start:at], start})
		case c >= '0' && c <= '9':
			at += numberLength(source[at:])
			if at < len(source) && isNameByte(source[at]) || strings.HasPrefix(source[start:at], "0") && len(source[start:at]) > 1 &&
				source[start+1] != '.' {
				return nil, errScript // hexadecimal, BigInt, separators, old octal
			}
			tokens = append(tokens, token{numberToken, source[start:at], start})
		case c == '"' || c == '\'':
			end := closing(source[at+1:], c)
			if end < 0 {
				return nil, errScript // a quote in a regular expression: the end of the hole was found behind each string
			}
			text, ok := unescape(source[at+1 : at+1+end])
			if !ok {
				return nil, errScript
			}
			tokens = append(tokens, token{stringToken, text, start})
			at += end + 2
		default:
			sign := signAt(source[at:])
			if sign == "" {
				return nil, errScript
			}
			tokens = append(tokens, token{signToken, sign, start})
			at += len(sign)
		}
	}
	return append(tokens, token{endToken, "", len(source)}), nil
}

func signAt(s string) string {
	for _, other := range beyond {
		if strings.HasPrefix(s, other) {
			return ""
		}
	}
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			if sign == "?." && len(s) > 2 && s[2] >= '0' && s[2] <= '9' {
				return "?" // a ? .5 : b
			}
			return sign
		}
	}
	return ""
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

// numberLength measures a decimal literal.
func numberLength(s string) int {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	i := digits(0)
	if i < len(s) && s[i] == '.' {
		i = digits(i + 1)
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if end := digits(j); end > j {
			i = end
		}
	}
	return i
}

// unescape reads the inside of a string literal; false for an escape that is rare enough to leave to the sandbox.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, true
	}
	var units []uint16
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			next := strings.IndexByte(s[i:], '\\')
			if next < 0 {
				next = len(s) - i
			}
			units = append(units, utf16.Encode([]rune(s[i:i+next]))...)
			i += next
			continue
		}
		if i+1 >= len(s) {
			return "", false
		}
		c := s[i+1]
		i += 2
		switch {
		case c == 'u' && len(s) >= i+4:
			n, err := strconv.ParseUint(s[i:i+4], 16, 16)
			if err != nil {
				return "", false
			}
			units = append(units, uint16(n))
			i += 4
		case strings.IndexByte("nrtbfv", c) >= 0:
			units = append(units, uint16("\n\r\t\b\f\v"[strings.IndexByte("nrtbfv", c)]))
		case c == 'u' || c == 'x' || c == '\n' || c >= '0' && c <= '9' || c >= 0x80:
			return "", false
		default:
			units = append(units, uint16(c))
		}
	}
	return string(utf16.Decode(units)), true
}
