package database

import (
	"strings"

	"zygo/app/value"
)

// mostNested is how deep arrays of PostgreSQL are nested at most.
const mostNested = 6

// array reads an array as PostgreSQL writes it (8.15.6 of its manual), such as {1,NULL,"a b"}.
func array(element uint32, text string) (value.Value, bool) {
	if strings.HasPrefix(text, "[") { // bounds that do not begin at 1
		_, text, _ = strings.Cut(text, "=")
	}
	r := arrayReader{text: text, element: element}
	list, ok := r.list(0)
	return list, ok && r.at == len(text)
}

type arrayReader struct {
	text    string
	at      int
	element uint32
}

func (r *arrayReader) accept(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *arrayReader) list(depth int) (value.Value, bool) {
	if depth >= mostNested || !r.accept('{') {
		return value.Value{}, false
	}
	var list []value.Value
	for !r.accept('}') {
		if len(list) > 0 && !r.accept(',') {
			return value.Value{}, false
		}
		one, ok := r.one(depth)
		if !ok {
			return value.Value{}, false
		}
		list = append(list, one)
	}
	return value.List(list...), true
}

func (r *arrayReader) one(depth int) (value.Value, bool) {
	switch {
	case r.at >= len(r.text):
		return value.Value{}, false
	case r.text[r.at] == '{':
		return r.list(depth + 1)
	case r.accept('"'):
		var plain strings.Builder
		for r.at < len(r.text) && r.text[r.at] != '"' {
			r.accept('\\')
			if r.at < len(r.text) {
				plain.WriteByte(r.text[r.at])
				r.at++
			}
		}
		return column(r.element, plain.String()), r.accept('"')
	}
	end := strings.IndexAny(r.text[r.at:], ",}")
	if end < 0 {
		return value.Value{}, false
	}
	word := r.text[r.at : r.at+end]
	r.at += end
	if word == "NULL" {
		return value.Null(), true
	}
	return column(r.element, word), true
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// written is a list as PostgreSQL reads an array.
func written(list value.Value) string {
	parts := make([]string, 0, list.Len())
	for _, one := range list.Elements() {
		switch one.Kind() {
		case value.UndefinedKind, value.NullKind:
			parts = append(parts, "NULL")
		case value.ListKind:
			parts = append(parts, written(one))
		case value.ObjectKind:
			parts = append(parts, `"`+quoted.Replace(one.JSON())+`"`)
		case value.NumberKind:
			parts = append(parts, one.Raw())
		default:
			parts = append(parts, `"`+quoted.Replace(one.Text())+`"`)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}
