package expression

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Pieces of JavaScript's syntax as rewrite.go sees them: enough to know where an operand begins, and no more.
type pieceKind uint8

const (
	endPiece pieceKind = iota
	wordPiece
	literalPiece // a number, a text or a regular expression
	textPiece    // a text in quotes, whose value a key may be
	openPiece    // ( [ { and ${
	closePiece   // ) ] }
	signPiece
)

type piece struct {
	kind    pieceKind
	text    string
	at, end int
}

// scanner reads pieces one after the other. Whether a slash divides depends on what stands before it, which the caller knows.
type scanner struct {
	source string
	at     int
	// templates are the depths of brackets at which a } goes on with a template literal.
	templates []int
	depth     int
}

// longSigns are the signs of several characters that mean something else than their first one.
var longSigns = []string{"...", "=>", "?.", "++", "--", "??", "&&", "||", "**", "=="}

// next gives the next piece. operand tells that an operand may begin here.
func (s *scanner) next(operand bool) (piece, error) {
	if err := s.skip(); err != nil {
		return piece{}, err
	}
	start := s.at
	if start >= len(s.source) {
		return piece{kind: endPiece, at: start, end: start}, nil
	}
	give := func(kind pieceKind, end int) (piece, error) {
		s.at = end
		return piece{kind, s.source[start:end], start, end}, nil
	}
	switch c := s.source[start]; {
	case c == '"' || c == '\'':
		end := closing(s.source[start+1:], c)
		if end < 0 {
			return piece{}, &sourceError{start, "a text in quotes is not closed"}
		}
		return give(textPiece, start+end+2)
	case c == '`':
		return s.template(start, start+1)
	case c >= '0' && c <= '9' || c == '.' && start+1 < len(s.source) && s.source[start+1] >= '0' && s.source[start+1] <= '9':
		return give(literalPiece, start+s.number())
	case isWordByte(c) || c == '#' || c == '\\':
		return give(wordPiece, start+max(1, wordLength(s.source[start:])))
	case c == '/' && operand:
		end := closing(s.source[start+1:], '/')
		if end < 0 {
			return piece{}, &sourceError{start, "a regular expression is not closed"}
		}
		end += start + 2
		return give(literalPiece, end+wordLength(s.source[end:]))
	case strings.IndexByte("([{", c) >= 0:
		s.depth++
		return give(openPiece, start+1)
	case strings.IndexByte(")]}", c) >= 0:
		if n := len(s.templates); c == '}' && n > 0 && s.templates[n-1] == s.depth {
			s.templates = s.templates[:n-1]
			s.depth--
			return piece{closePiece, "}", start, start + 1}, nil
		}
		s.depth--
		return give(closePiece, start+1)
	}
	return give(signPiece, start+s.sign())
}

// template reads the text of a template literal up to its end or its next hole.
func (s *scanner) template(start, from int) (piece, error) {
	for i := from; i < len(s.source); i++ {
		switch {
		case s.source[i] == '\\':
			i++
		case s.source[i] == '`':
			s.at = i + 1
			return piece{literalPiece, s.source[start:s.at], start, s.at}, nil
		case strings.HasPrefix(s.source[i:], "${"):
			s.depth++
			s.templates = append(s.templates, s.depth)
			s.at = i + 2
			return piece{openPiece, "${", start, s.at}, nil
		}
	}
	return piece{}, &sourceError{start, "a template literal is not closed"}
}

func (s *scanner) skip() error {
	for s.at < len(s.source) {
		rest := s.source[s.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexAny(rest, "\n\r")
			if end < 0 {
				end = len(rest)
			}
			s.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				return &sourceError{s.at, "a comment is not closed"}
			}
			s.at += end + 2
		default:
			r, size := utf8.DecodeRuneInString(rest)
			if !isSpace(r) {
				return nil
			}
			s.at += size
		}
	}
	return nil
}

func (s *scanner) sign() int {
	rest := s.source[s.at:]
	for _, sign := range longSigns {
		if strings.HasPrefix(rest, sign) {
			if sign == "?." && len(rest) > 2 && rest[2] >= '0' && rest[2] <= '9' {
				return 1
			}
			return len(sign)
		}
	}
	return 1
}

// number measures a number in any of its forms. The point of 1.5.round() belongs to it, that of 1..toFixed() twice.
func (s *scanner) number() int {
	rest := s.source[s.at:]
	if len(rest) > 1 && rest[0] == '0' && strings.IndexByte("xXoObB", rest[1]) >= 0 {
		return wordLength(rest)
	}
	digits := func(i int) int {
		for i < len(rest) && (rest[i] >= '0' && rest[i] <= '9' || rest[i] == '_') {
			i++
		}
		return i
	}
	i := digits(0)
	if i < len(rest) && rest[i] == '.' {
		i = digits(i + 1)
	}
	if i < len(rest) && rest[i]|0x20 == 'e' {
		j := i + 1
		if j < len(rest) && (rest[j] == '+' || rest[j] == '-') {
			j++
		}
		i = max(i, digits(j))
	}
	if i < len(rest) && rest[i] == 'n' {
		i++
	}
	return i
}

func isWordByte(c byte) bool { return isNameByte(c) || c >= utf8.RuneSelf }

func wordLength(s string) int {
	i := 0
	for i < len(s) && isWordByte(s[i]) {
		i++
	}
	return i
}

// isOperator tells that an operand follows a word, such as typeof.
func isOperator(word string) bool { return slices.Contains(beforeOperand, word) }
