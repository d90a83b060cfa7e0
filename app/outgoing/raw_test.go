package outgoing

import (
	"bytes"
	"net/mail"
	"testing"

	"zygo/app/fault"
)

// What a service sends itself has no sender and no id of ours, but the hidden recipients.
func TestRawMails(t *testing.T) {
	t.Parallel()
	raw, err := Raw(Message{To: []string{"Ada <ada@example.com>"}, Bcc: []string{"bob@example.com", "eve@example.com"},
		Subject: "Grüße", Text: "Hi", InReplyTo: "<a@example.com>"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"From": "", "Message-Id": "", "To": `"Ada" <ada@example.com>`, "In-Reply-To": "<a@example.com>",
		"Bcc": "<bob@example.com>, <eve@example.com>", "References": "<a@example.com>", "Subject": "=?UTF-8?q?Gr=C3=BC=C3=9Fe?="} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, wrong := range []Message{{To: []string{"a@example.com"}, Text: "x", InReplyTo: "<a>\r\nBcc: eve@example.com"},
		{To: []string{"a@example.com"}, Text: "x", Subject: "a\r\nBcc: eve@example.com"}, {To: []string{"a\r\n@example.com"}, Text: "x"}} {
		if _, err := Raw(wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v is taken: %v", wrong, err)
		}
	}
}
