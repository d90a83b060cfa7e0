package outbox

import (
	"bytes"
	"fmt"
	"strings"

	"zygo/app/accent"
)

// poweredBy stands at the foot of an organization's mails that name Zygo.
const poweredBy = "Powered by Zygo"

func joined(paragraphs []string) string { return strings.Join(paragraphs, "\n\n") }

// Body is what a mail says as plain text, with its link.
func (m Message) Body() string {
	text := m.Text
	if m.Link != "" {
		text += "\n\n" + m.Action + ":\n" + m.Link
	}
	if m.NamesZygo {
		text += "\n\n" + poweredBy
	}
	return text + "\n"
}

// Shades are the accent of the mail, which is always light.
func (b Brand) Shades() accent.Shades { return accent.From(b.Accent).Light }

// Paragraphs are the parts of the text.
func (m Message) Paragraphs() []string { return strings.Split(m.Text, "\n\n") }

// bodies gives a mail in both forms; the look of the second is one template for all mails.
func (o *Outbox) bodies(mail Message) (text, html string, err error) {
	var out bytes.Buffer
	if err := o.look.Execute(&out, mail); err != nil {
		return "", "", fmt.Errorf("render a mail: %w", err)
	}
	return mail.Body(), out.String(), nil
}
