// Package content decides what the bytes of a webhook's call or of an answer become: a value by their media type and charset,
// and a file where they are no text. Nothing is replaced without a word: what can't be read as text keeps its bytes, in base64.
// Start with Read.
package content

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"zygo/app/value"
)

// Type is a media type as a header gives it, in lower case, with its charset.
type Type struct {
	Name, Charset string
	parameters    map[string]string
}

// TypeOf reads a Content-Type. One that is not well formed has the name before its first semicolon.
func TypeOf(header string) Type {
	name, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		name, _, _ = strings.Cut(header, ";")
		name = strings.ToLower(strings.TrimSpace(name))
	}
	return Type{Name: name, Charset: strings.ToLower(parameters["charset"]), parameters: parameters}
}

// IsJSON tells whether a body of the type is one JSON document (RFC 6839 for the names that end in +json).
func (t Type) IsJSON() bool {
	return t.Name == "application/json" || t.Name == "text/json" || strings.HasSuffix(t.Name, "+json")
}

// Read gives what a body of a type is: JSON as it is, lines of JSON as a list, a form as an object of its fields, a text, or a
// file. The error may be shown to the sender.
func Read(t Type, body []byte) (value.Value, error) {
	switch {
	case len(body) == 0:
		return value.Null(), nil
	case t.IsJSON():
		return JSON(t, body)
	case slices.Contains([]string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"}, t.Name):
		return lines(t, body)
	case t.Name == "application/x-www-form-urlencoded":
		return Pairs(string(body)), nil
	case t.Name == "multipart/form-data":
		return form(t, body)
	}
	return Text(t, body), nil
}

// JSON reads a document as JavaScript does: a byte order mark counts for nothing, of a key
// that stands twice the last counts, and half of a surrogate pair is U+FFFD. It may be in UTF-16, and in no other charset but
// UTF-8 (RFC 8259, section 8.1).
func JSON(t Type, body []byte) (value.Value, error) {
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")), strings.HasPrefix(t.Charset, "utf-16"):
		order := unicode.LittleEndian
		if t.Charset == "utf-16be" {
			order = unicode.BigEndian
		}
		decoded, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(body)
		if err != nil {
			return value.Value{}, err
		}
		body = decoded
	case t.Charset != "" && t.Charset != "utf-8" && t.Charset != "utf8" && t.Charset != "us-ascii":
		return value.Value{}, fmt.Errorf("JSON is written in UTF-8, and not in %s", t.Charset)
	}
	return value.Parse(body, value.Limits{Lenient: true})
}

func lines(t Type, body []byte) (value.Value, error) {
	var list []value.Value
	for line := range bytes.Lines(body) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		v, err := JSON(t, line)
		if err != nil {
			return value.Value{}, fmt.Errorf("line %d: %w", len(list)+1, err)
		}
		list = append(list, v)
	}
	return value.List(list...), nil
}

// Text is a body as a text, or as a file where it is none: in the charset that is named, in that of a byte order mark, or in
// UTF-8.
func Text(t Type, body []byte) value.Value {
	var charset encoding.Encoding = encoding.Nop
	if t.Charset != "" {
		if named, err := htmlindex.Get(t.Charset); err == nil {
			charset = named
		}
	}
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		charset = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	text, err := charset.NewDecoder().Bytes(body)
	// A decoder puts U+FFFD where it finds no letter: then the text is not in that charset.
	lost := bytes.Contains(text, []byte("\ufffd")) && !bytes.Contains(body, []byte("\ufffd"))
	if err != nil || lost || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return File{MediaType: t.Name, Body: body}.Value()
	}
	return value.String(string(bytes.TrimPrefix(text, []byte("\ufeff"))))
}

// Pairs reads a query or the body of a form, in their order; a name that comes several times has a list. What is not in UTF-8
// is read as Windows-1252, as which browsers send what is in no other charset.
func Pairs(text string) value.Value {
	var all fields
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, v, _ := strings.Cut(pair, "=")
		all.add(unescaped(name), value.String(unescaped(v)))
	}
	return all.object()
}

func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		plain = text
	}
	if !utf8.ValidString(plain) {
		plain, _ = charmap.Windows1252.NewDecoder().String(plain) // which knows every byte
	}
	return plain
}

// mostParts is how many parts a form may have.
const mostParts = 1000

func form(t Type, body []byte) (value.Value, error) {
	if t.parameters["boundary"] == "" {
		return value.Value{}, errors.New("the form names no boundary between its parts")
	}
	parts := multipart.NewReader(bytes.NewReader(body), t.parameters["boundary"])
	var all fields
	for range mostParts {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return all.object(), nil
		}
		if err != nil {
			return value.Value{}, errors.New("the form is cut off or not in its form")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return value.Value{}, errors.New("the form is cut off")
		}
		own := TypeOf(part.Header.Get("Content-Type"))
		if part.FileName() != "" {
			all.add(part.FormName(), File{part.FileName(), own.Name, content}.Value())
			continue
		}
		all.add(part.FormName(), Text(own, content))
	}
	return value.Value{}, fmt.Errorf("the form has more than %d parts", mostParts)
}

// fields are named values in the order in which the names came first.
type fields struct {
	names  []string
	values map[string][]value.Value
}

func (f *fields) add(name string, v value.Value) {
	if f.values == nil {
		f.values = map[string][]value.Value{}
	}
	if _, known := f.values[name]; !known {
		f.names = append(f.names, name)
	}
	f.values[name] = append(f.values[name], v)
}

func (f *fields) object() value.Value {
	members := make([]value.Member, len(f.names))
	for i, name := range f.names {
		members[i] = value.Member{Key: name, Value: f.values[name][0]}
		if several := f.values[name]; len(several) > 1 {
			members[i].Value = value.List(several...)
		}
	}
	return value.Object(members...)
}

// Unpack gives the body that a Content-Encoding names: as it came, or unpacked by gzip to at most so many bytes.
func Unpack(coding string, body []byte, most int) ([]byte, error) {
	if coding != "gzip" {
		return body, nil
	}
	from, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("it is not packed by gzip")
	}
	plain, err := io.ReadAll(io.LimitReader(from, int64(most)+1))
	switch {
	case err != nil:
		return nil, errors.New("what is packed by gzip is cut off or damaged")
	case len(plain) > most:
		return nil, fmt.Errorf("unpacked it has more than %d bytes", most)
	}
	return plain, nil
}
