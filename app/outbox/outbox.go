// Package outbox keeps every mail and text message that Zygo itself sends, from the transaction of what causes it until the
// mail server or Twilio has it. Without one of them its messages stay here, so that an operator can pass a link or a code on.
// Start with Put, then courier.go for how a message leaves.
package outbox

import (
	"context"
	"html/template"
	"time"

	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/outgoing"
	"zygo/app/resource"
	"zygo/embed"
)

// Module lists what the outbox brings.
var Module = module.Module{
	Module: resource.Module{Name: "outbox", Kinds: []resource.Declaration{&Messages}, Tables: []*resource.Table{messages}},
	Needs:  []string{"job"},
}

// Letter is what a mail says. Link is a button in HTML and an address in plain text.
type Letter struct {
	To, Subject  string
	Paragraphs   []string
	Action, Link string
	// Until is when the mail has no use any more, because its link ends; 0 where the link is no secret.
	Until field.Time
	Brand Brand
}

// Brand is how a mail looks; the zero Brand is that of the instance. It is kept with the mail, because what causes a mail
// decides in whose name it goes.
type Brand struct {
	// Sender is the name before the instance's address; empty for that of mail.from.
	Sender string `json:"-"`
	// Organization is the name at the head, and Accent the colour that its buttons come from.
	Organization string `json:"-"`
	Accent       string `json:"-"`
	// NamesZygo tells at the foot who is behind it.
	NamesZygo bool `json:"-"`
}

// Note is what a text message says. Subject tells operators what it is about and is not sent.
type Note struct {
	To, Subject, Text string
	// Until is when the message has no use any more, such as the end of its code; 0 for never.
	Until field.Time
}

// Channel is the way that a message takes.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// State is how far a message has come.
type State string

// The states of a message. Kept is one that waits for nobody, because the instance has nobody to hand it to.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
	Kept    State = "kept"
)

// Message is a letter or a note in the outbox. How far it has come stands in its job, which has the same id. A message without a
// job is kept.
type Message struct {
	N         int64      `json:"-"`
	ID        string     `json:"id"`
	Channel   Channel    `json:"channel"`
	Recipient string     `json:"recipient"`
	Subject   string     `json:"subject"`
	Text      string     `json:"text"`
	Action    string     `json:"action"`
	Link      string     `json:"link"`
	State     State      `json:"state" store:"-"`
	Attempts  int        `json:"attempts" store:"-"`
	Error     string     `json:"error" store:"-"`
	CreatedAt field.Time `json:"created_at"`
	DueAt     field.Time `json:"due_at" store:"-"`
	Until     field.Time `json:"until"`
	SentAt    field.Time `json:"sent_at" store:"-"`
	// Secret is the sealed link of a mail that has an end, or what a text message says, until it is sent or of no use any more.
	// Link and Text have it only where somebody may read it.
	Secret field.Secret `json:"-"`
	Brand
}

var messages = messageTable()

func messageTable() *resource.Table {
	t := resource.NewTable[Message]("message")
	t.Visible = resource.Nothing
	t.Indexes = []resource.Index{{Columns: []string{"created_at"}}, {Columns: []string{"until"}, Where: holdsSecret}}
	return t
}

// holdsSecret finds the messages that have a secret.
const holdsSecret = "length(secret) > 0"

// life is how long a message is kept.
const life = 30 * 24 * time.Hour

// Outbox keeps and sends the messages of an instance.
type Outbox struct {
	kernel *resource.Kernel
	mailer *outgoing.Mailer
	texter *outgoing.Texter
	look   *template.Template
}

// New opens the outbox of an instance; without a mailer its mails are kept, and without a texter its text messages.
func New(kernel *resource.Kernel, mailer *outgoing.Mailer, texter *outgoing.Texter) *Outbox {
	return &Outbox{kernel, mailer, texter, template.Must(template.ParseFS(embed.Mail, "mail/mail.html"))}
}

// Sends tells whether the messages of a channel leave by themselves.
func (o *Outbox) Sends(by Channel) bool {
	if by == SMS {
		return o.texter != nil
	}
	return o.mailer != nil
}

// From is whom mails come from whose sender has a name, empty for the usual one.
func (o *Outbox) From(sender string) string {
	if o.mailer == nil {
		return sender
	}
	return o.mailer.From(sender)
}

// Put keeps a mail with what causes it. It runs inside the write of a system session.
func (o *Outbox) Put(s *resource.Session, letter Letter) error {
	return o.put(s, Message{
		Channel:   Email,
		Recipient: letter.To,
		Subject:   letter.Subject,
		Text:      joined(letter.Paragraphs),
		Action:    letter.Action,
		Link:      letter.Link,
		Until:     letter.Until,
		Brand:     letter.Brand,
	})
}

// PutNote is Put for a text message.
func (o *Outbox) PutNote(s *resource.Session, note Note) error {
	return o.put(s, Message{Channel: SMS, Recipient: note.To, Subject: note.Subject, Text: note.Text, Until: note.Until})
}

// EraseTo removes the messages to any of the recipients, within a write of a system session: what an account leaves goes with it.
func (o *Outbox) EraseTo(s *resource.Session, recipients ...string) error {
	for _, to := range recipients {
		if _, err := s.Erase(messages, resource.Pair{Column: "recipient", Value: to}); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) put(s *resource.Session, m Message) error {
	m.ID, m.CreatedAt = resource.NewID(), s.Now
	secret := m.secret()
	if *secret != "" {
		m.Secret = o.system(s.Context).Seal(*secret, m.ID, sealed)
		*secret = ""
	}
	if err := s.Insert(messages, &m); err != nil || !o.Sends(m.Channel) {
		return err
	}
	return handOver(s, m)
}

// sealed is the name under which secrets of messages are sealed.
const sealed = "message"

// secret is the part of a message that is sealed. A link without an end is the address of a page, and points at nothing.
func (m *Message) secret() *string {
	switch {
	case m.Channel == SMS:
		return &m.Text
	case m.Until != 0:
		return &m.Link
	}
	return new(string)
}

// reveal puts the secret in its place.
func (o *Outbox) reveal(s *resource.Session, m *Message) (err error) {
	if len(m.Secret) > 0 {
		*m.secret(), err = s.Reveal(m.Secret, m.ID, sealed)
	}
	return err
}

// system is the session of the outbox itself.
func (o *Outbox) system(ctx context.Context) *resource.Session {
	return o.kernel.System(ctx, "messages belong to the instance")
}
