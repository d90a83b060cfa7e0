package value

import "unicode/utf8"

// AppendJSON appends the document: no spaces, keys in their order, numbers as they were written. A value that JSON lacks
// (undefined, NaN, an infinity) becomes null, except that an undefined member is left out.
func (v Value) AppendJSON(to []byte) []byte {
	switch v.kind {
	case BoolKind:
		if v.text == "" {
			return append(to, "false"...)
		}
		return append(to, "true"...)
	case NumberKind:
		if last := v.text[len(v.text)-1]; last < '0' || last > '9' {
			return append(to, "null"...)
		}
		return append(to, v.text...)
	case StringKind:
		return AppendString(to, v.text)
	case ListKind:
		to = append(to, '[')
		for i, element := range v.tree.values {
			if i > 0 {
				to = append(to, ',')
			}
			to = element.AppendJSON(to)
		}
		return append(to, ']')
	case ObjectKind:
		to = append(to, '{')
		first := true
		for i, key := range v.tree.keys {
			if v.tree.values[i].kind == UndefinedKind {
				continue
			}
			if !first {
				to = append(to, ',')
			}
			first = false
			to = append(AppendString(to, key), ':')
			to = v.tree.values[i].AppendJSON(to)
		}
		return append(to, '}')
	}
	return append(to, "null"...)
}

// AppendString appends s as a JSON string; s must be valid UTF-8. The line separators U+2028 and U+2029 are escaped, so
// that the result may stand in a script too.
func AppendString(to []byte, s string) []byte {
	to = append(to, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if c != 0xE2 || i+2 >= len(s) || s[i+1] != 0x80 || s[i+2]&^1 != 0xA8 {
				i++
				continue
			}
			to = append(append(to, s[start:i]...), `\u202`...)
			to = append(to, "89"[s[i+2]&1])
			i += 3
			start = i
			continue
		}
		to = append(to, s[start:i]...)
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n':
			to = append(to, '\\', 'n')
		case '\r':
			to = append(to, '\\', 'r')
		case '\t':
			to = append(to, '\\', 't')
		default:
			const hex = "0123456789abcdef"
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(to, s[start:]...), '"')
}

// EncodedLen is how many bytes AppendJSON appends, found without encoding anything; where they are more than most, it is some
// number over most.
func (v Value) EncodedLen(most int) int {
	switch v.kind {
	case BoolKind:
		return len("false") - len(v.text)/len("true")
	case NumberKind:
		if last := v.text[len(v.text)-1]; last >= '0' && last <= '9' {
			return len(v.text)
		}
	case StringKind:
		return stringLen(v.text)
	case ListKind, ObjectKind:
		length := len("[")
		for i, child := range v.tree.values {
			if v.kind == ObjectKind {
				if child.kind == UndefinedKind {
					continue
				}
				length += stringLen(v.tree.keys[i]) + len(":")
			}
			if length += child.EncodedLen(most-length) + len(","); length > most {
				return length
			}
		}
		return max(length, len("[,")) // the last comma is the bracket's place
	}
	return len("null")
}

func stringLen(s string) int {
	length := len(s) + 2
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
			length++
		case c < ' ':
			length += 5
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xA8:
			length += 3
		}
	}
	return length
}

// JSON is the document as a string.
func (v Value) JSON() string { return string(v.AppendJSON(nil)) }

// MarshalJSON lets a Value stand in a struct that encoding/json encodes.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// UnmarshalJSON is Parse with the default limits.
func (v *Value) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data, Limits{})
	if err == nil {
		*v = parsed
	}
	return err
}
