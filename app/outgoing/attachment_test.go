package outgoing

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"zygo/app/fault"
)

func TestMailsCarryFiles(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	m := office.open(t, "none", "", "")
	sent := Message{To: []string{"a@example.org"}, Subject: "s", Text: "t", HTML: "<p>t</p>", Attachments: []Attachment{
		{"Übersicht \"1\".pdf", "application/pdf", []byte("%PDF\x00\xff")}, {"", "message/rfc822", []byte("x")},
		{"a.txt", "text/plain\r\nX: y", nil}}}
	if _, err := m.Send(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	message, err := mail.ReadMessage(strings.NewReader(office.mails[0].data))
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatal(kind, err)
	}
	var got []string
	for parts := multipart.NewReader(message.Body, parameters["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		body, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if kind == "multipart/alternative" {
			body = nil
		}
		name := part.FileName()
		if plain, err := (&mime.WordDecoder{}).DecodeHeader(name); err == nil {
			name = plain
		}
		got = append(got, kind+" "+name+" "+string(body))
		if part.Header.Get("X") != "" {
			t.Error("a media type wrote a header")
		}
	}
	want := "multipart/alternative  |application/pdf Übersicht _1_.pdf %PDF\x00\xff|application/octet-stream file x|application/octet-stream a.txt "
	if strings.Join(got, "|") != want {
		t.Errorf("the mail has\n%q and not\n%q", strings.Join(got, "|"), want)
	}
	for name, files := range map[string][]Attachment{
		"a line break":   {{"a\r\nBcc: x@example.org", "text/plain", nil}},
		"too much":       {{"a", "", make([]byte, mostAttached/2+1)}, {"b", "", make([]byte, mostAttached/2+1)}},
		"too many files": make([]Attachment, mostAttachments+1),
	} {
		message := Message{To: []string{"a@example.org"}, Subject: "s", Text: "t", Attachments: files}
		if _, err := m.Send(t.Context(), message); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(office.mails) != 1 {
		t.Errorf("%d mails were sent", len(office.mails))
	}
}
