package content

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"

	"zygo/app/value"
)

const (
	// mostMailParts and deepestMail bound the parts of one message and how they stand within each other.
	mostMailParts = 200
	deepestMail   = 10
)

// Mail reads a message (RFC 5322 with MIME) into an object: id, from, to, cc and reply_to as objects with name and address, subject,
// date in UTC, text, html, in_reply_to, references, headers, and files. What a part says wrongly of itself costs that part its form
// and not the message.
func Mail(raw []byte) (value.Value, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return value.Value{}, errors.New("the message has no headers that can be read")
	}
	r := &mailReader{}
	r.part(textproto.MIMEHeader(message.Header), message.Body, 0)
	h := message.Header
	ids := func(name string) value.Value {
		var list []value.Value
		for id := range strings.FieldsSeq(h.Get(name)) {
			list = append(list, value.String(id))
		}
		return value.List(list...)
	}
	date := value.Null()
	if at, err := h.Date(); err == nil {
		date = value.String(at.UTC().Format(time.RFC3339))
	}
	from := addresses(h, "From").At(0)
	if from.IsMissing() {
		from = value.Null()
	}
	return value.Object(
		value.Member{Key: "id", Value: value.String(strings.TrimSpace(h.Get("Message-Id")))},
		value.Member{Key: "from", Value: from},
		value.Member{Key: "to", Value: addresses(h, "To")},
		value.Member{Key: "cc", Value: addresses(h, "Cc")},
		value.Member{Key: "reply_to", Value: addresses(h, "Reply-To")},
		value.Member{Key: "subject", Value: value.String(decoded(h.Get("Subject")))},
		value.Member{Key: "date", Value: date},
		value.Member{Key: "text", Value: value.String(strings.Join(r.text, "\n"))},
		value.Member{Key: "html", Value: value.String(strings.Join(r.html, "\n"))},
		value.Member{Key: "in_reply_to", Value: value.String(strings.TrimSpace(h.Get("In-Reply-To")))},
		value.Member{Key: "references", Value: ids("References")},
		value.Member{Key: "automatic", Value: value.Bool(isAutomatic(h))},
		value.Member{Key: "headers", Value: mailHeaders(h)},
		value.Member{Key: "files", Value: value.List(r.files...)},
	), nil
}

// isAutomatic tells that no person wrote a message: it is an answer of a program, a bounce, or goes to a list (RFC 3834).
func isAutomatic(h mail.Header) bool {
	submitted := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	return submitted != "" && submitted != "no" || slices.Contains([]string{"bulk", "junk", "list", "auto_reply"}, precedence) ||
		h.Get("X-Autoreply") != "" || h.Get("X-Auto-Response-Suppress") != "" || strings.TrimSpace(h.Get("Return-Path")) == "<>"
}

// words decodes the words of headers (RFC 2047) in every charset that browsers know.
var words = &mime.WordDecoder{CharsetReader: func(charset string, from io.Reader) (io.Reader, error) {
	known, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return known.NewDecoder().Reader(from), nil
}}

func decoded(header string) string {
	text, err := words.DecodeHeader(header)
	if err != nil {
		text = header
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// addresses are those of a header. One that can't be read is a name without an address.
func addresses(h mail.Header, name string) value.Value {
	one := func(name, address string) value.Value {
		return value.Object(value.Member{Key: "name", Value: value.String(strings.ToValidUTF8(name, "\ufffd"))},
			value.Member{Key: "address", Value: value.String(strings.ToValidUTF8(address, "\ufffd"))})
	}
	var list []value.Value
	for _, line := range h[name] {
		parser := mail.AddressParser{WordDecoder: words}
		parsed, err := parser.ParseList(line)
		if err != nil {
			list = append(list, one(decoded(line), ""))
		}
		for _, a := range parsed {
			list = append(list, one(a.Name, a.Address))
		}
	}
	return value.List(list...)
}

func mailHeaders(h mail.Header) value.Value {
	var members []value.Member
	for name, lines := range h {
		list := make([]value.Value, len(lines))
		for i, line := range lines {
			list[i] = value.String(decoded(line))
		}
		member := value.Member{Key: strings.ToLower(strings.ToValidUTF8(name, "\ufffd")), Value: value.List(list...)}
		if len(list) == 1 {
			member.Value = list[0]
		}
		members = append(members, member)
	}
	slices.SortFunc(members, func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
	return value.Object(members...)
}

// mailReader gathers the parts of a message.
type mailReader struct {
	parts      int
	text, html []string
	files      []value.Value
}

// part reads a part, and those within it.
func (r *mailReader) part(h textproto.MIMEHeader, body io.Reader, depth int) {
	if r.parts++; r.parts > mostMailParts || depth > deepestMail {
		return
	}
	header := h.Get("Content-Type")
	if header == "" {
		header = "text/plain"
	}
	kind := TypeOf(header)
	if strings.HasPrefix(kind.Name, "multipart/") && kind.parameters["boundary"] != "" {
		parts := multipart.NewReader(body, kind.parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return // also of one that is cut off: what came is there
			}
			r.part(part.Header, part, depth+1)
		}
	}
	content := transferred(h.Get("Content-Transfer-Encoding"), body)
	disposition, parameters, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil {
		disposition, parameters = "", nil
	}
	name := decoded(parameters["filename"])
	if name == "" {
		name = decoded(kind.parameters["name"])
	}
	if isText := kind.Name == "text/plain" || kind.Name == "text/html"; isText && disposition != "attachment" && name == "" {
		if text := Text(kind, content); text.Kind() == value.StringKind {
			into := &r.text
			if kind.Name == "text/html" {
				into = &r.html
			}
			*into = append(*into, strings.ReplaceAll(text.Raw(), "\r\n", "\n"))
			return
		}
	}
	if name == "" {
		name = fmt.Sprintf("part-%d", r.parts)
	}
	file := File{fileName(name), mediaType(kind.Name), content}.Value()
	if id := strings.Trim(h.Get("Content-Id"), "<> "); id != "" {
		if named, err := file.Set(value.Path{value.Key("content_id")}, value.String(id)); err == nil {
			file = named
		}
	}
	r.files = append(r.files, file)
}

// transferred undoes the coding for the way (RFC 2045, 6). Of one that is cut off or broken comes what can be read.
func transferred(coding string, body io.Reader) []byte {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, &base64Only{body})
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	content, _ := io.ReadAll(body)
	return content
}

// base64Only leaves out what is not of the alphabet, as RFC 2045 asks.
type base64Only struct{ from io.Reader }

func (b *base64Only) Read(into []byte) (int, error) {
	for {
		n, err := b.from.Read(into)
		kept := slices.DeleteFunc(into[:n], func(c byte) bool {
			return !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/' || c == '=')
		})
		if len(kept) > 0 || err != nil {
			return len(kept), err
		}
	}
}
