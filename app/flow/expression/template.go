package expression

import (
	"fmt"
	"slices"
	"strings"

	"zygo/app/value"
)

const (
	longestText   = 256 << 10
	longestSource = 64 << 10
	mostHoles     = 1000
)

// split cuts a text into literal parts and holes. An empty text has no part.
func split(text string) ([]part, error) {
	if len(text) > longestText {
		return nil, at(text, 0, "the text has %d bytes, %d are allowed", len(text), longestText)
	}
	var parts []part
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			parts = append(parts, part{text: literal.String()})
			literal.Reset()
		}
	}
	for place := 0; ; {
		open := strings.Index(text[place:], "{{")
		if open < 0 {
			literal.WriteString(text[place:])
			flush()
			return parts, nil
		}
		open += place
		if open > place && text[open-1] == '\\' {
			literal.WriteString(text[place:open-1] + "{{")
			place = open + 2
			continue
		}
		literal.WriteString(text[place:open])
		flush()
		length, ok := holeEnd(text[open+2:], "}}")
		if !ok {
			return nil, at(text, open, "the expression that begins here is not closed with }}")
		}
		source := text[open+2 : open+2+length]
		switch {
		case strings.TrimSpace(source) == "":
			return nil, at(text, open, "the expression is empty")
		case length > longestSource:
			return nil, at(text, open, "the expression has %d bytes, %d are allowed", length, longestSource)
		case len(parts) > 2*mostHoles:
			return nil, at(text, open, "more than %d expressions in one text", mostHoles)
		}
		parts = append(parts, part{source: source, start: open + 2})
		place = open + 2 + length + 2
	}
}

// splitAsN8n cuts a text where n8n cuts it.
func splitAsN8n(text string) ([]part, error) {
	if len(text) > longestText {
		return nil, at(text, 0, "the text has %d bytes, %d are allowed", len(text), longestText)
	}
	var parts []part
	literal := ""
	for place := 0; ; {
		open := strings.Index(text[place:], "{{")
		if open < 0 {
			if literal += text[place:]; literal != "" {
				parts = append(parts, part{text: literal})
			}
			return parts, nil
		}
		open += place
		if strings.HasSuffix(text[:open], `\`) && !strings.HasSuffix(text[:open], `\\`) {
			literal += text[place:open-1] + "{{"
			place = open + 2
			continue
		}
		if literal += strings.TrimSuffix(text[place:open], `\`); literal != "" {
			parts = append(parts, part{text: literal})
			literal = ""
		}
		source := text[open+2:]
		place = len(text)
		if end := closingBraces(source); end >= 0 {
			source = source[:end]
			place = open + 2 + end + 2
		}
		switch {
		case strings.TrimSpace(source) == "":
			return nil, at(text, open, "the expression is empty")
		case len(source) > longestSource:
			return nil, at(text, open, "the expression has %d bytes, %d are allowed", len(source), longestSource)
		case len(parts) > 2*mostHoles:
			return nil, at(text, open, "more than %d expressions in one text", mostHoles)
		}
		parts = append(parts, part{source: source, start: open + 2})
	}
}

// closingBraces finds the first }} that no backslash stands before.
func closingBraces(s string) int {
	for at := 0; ; {
		end := strings.Index(s[at:], "}}")
		if end < 0 {
			return -1
		}
		if end += at; end == 0 || s[end-1] != '\\' {
			return end
		}
		at = end + 2
	}
}

// holeEnd finds what closes a hole, }} or the } of a template: the first one outside of strings, templates, comments, regular
// expressions and braces.
func holeEnd(s, close string) (int, bool) {
	braces := 0
	operand := true // where a slash would begin a regular expression
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			continue
		case '"', '\'', '`':
			end := literalEnd(s[i+1:], c)
			if end < 0 {
				return 0, false
			}
			i += end + 1
			operand = false
		case '/':
			skip := 0
			switch {
			case strings.HasPrefix(s[i:], "/*"):
				skip = strings.Index(s[i:], "*/") + 1
			case strings.HasPrefix(s[i:], "//"):
				skip = strings.IndexByte(s[i:], '\n')
			case operand:
				if skip = closing(s[i+1:], '/') + 1; skip > 0 {
					operand = false
				}
			default:
				operand = true
			}
			i += max(skip, 0)
		case '{':
			braces++
			operand = true
		case '}':
			if braces == 0 && strings.HasPrefix(s[i:], close) {
				return i, true
			}
			braces = max(braces-1, 0)
			operand = false
		case ')', ']':
			operand = false
		default:
			word := i
			for word < len(s) && isNameByte(s[word]) {
				word++
			}
			if word > i {
				operand = slices.Contains(beforeOperand, s[i:word])
				i = word - 1
				continue
			}
			operand = strings.IndexByte("(,=:[!&|?;+-*%<>~^", c) >= 0
		}
	}
	return 0, false
}

// beforeOperand are the words after which a slash begins a regular expression.
var beforeOperand = []string{"return", "typeof", "case", "in", "of", "instanceof", "void", "delete", "new", "await", "yield", "throw",
	"do", "else"}

func literalEnd(s string, quote byte) int {
	if quote == '`' {
		return templateEnd(s)
	}
	return closing(s, quote)
}

// templateEnd finds the end of a template literal, past the expressions in it.
func templateEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '`':
			return i
		case strings.HasPrefix(s[i:], "${"):
			end, ok := holeEnd(s[i+2:], "}")
			if !ok {
				return -1
			}
			i += 2 + end
		}
	}
	return -1
}

// closing finds the end of a literal, past escapes and past a regular expression's classes.
func closing(s string, quote byte) int {
	class := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '\n':
			return -1
		case quote == '/' && c == '[':
			class = true
		case quote == '/' && c == ']':
			class = false
		case c == quote && !class:
			return i
		}
	}
	return -1
}

// at is an error at a place of the text.
func at(text string, offset int, format string, args ...any) *value.SyntaxError {
	before := text[:offset]
	return &value.SyntaxError{
		Line:    1 + strings.Count(before, "\n"),
		Column:  len(before) - strings.LastIndexByte(before, '\n'),
		Message: fmt.Sprintf(format, args...),
	}
}

// sourceError is an error at an offset of one expression's source.
type sourceError struct {
	offset  int
	message string
}

func (e *sourceError) Error() string { return e.message }
