// Package outbox keeps every mail that Zygo itself sends, from the transaction of what causes it until the mail server has
// it. Without a mail server the mails stay here, so that an operator can pass a link on. Start with Put, then courier.go for
// how a mail leaves.
package outbox

import (
	"html/template"
	"time"

	"zygo/app/field"
	"zygo/app/outgoing"
	"zygo/app/resource"
	"zygo/embed"
)

// Module lists what the outbox brings.
var Module = resource.Module{Name: "outbox", Tables: []*resource.Table{mails}}

// Letter is what a mail says. Link is a button in HTML and an address in plain text.
type Letter struct {
	To, Subject  string
	Paragraphs   []string
	Action, Link string
	// Until is when the mail has no use any more, such as the end of its link; 0 for never.
	Until field.Time
}

// State is how far a mail has come.
type State string

// The states of a mail. Kept is a mail that waits for nobody, because the instance has no mail server.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
	Kept    State = "kept"
)

// Mail is a letter in the outbox.
type Mail struct {
	N         int64      `json:"-"`
	ID        string     `json:"id"`
	Recipient string     `json:"recipient"`
	Subject   string     `json:"subject"`
	Text      string     `json:"text"`
	Action    string     `json:"action"`
	Link      string     `json:"link"`
	State     State      `json:"state"`
	Attempts  int        `json:"attempts"`
	Error     string     `json:"error"`
	CreatedAt field.Time `json:"created_at"`
	DueAt     field.Time `json:"due_at"`
	Until     field.Time `json:"until"`
	SentAt    field.Time `json:"sent_at"`
}

var mails = mailTable()

func mailTable() *resource.Table {
	t := resource.NewTable[Mail]("mail")
	t.Visible = resource.Nothing
	t.Indexes = []resource.Index{{Columns: []string{"due_at"}, Where: "state = 'waiting'"}, {Columns: []string{"created_at"}}}
	return t
}

// life is how long a mail is kept: its links may still be secrets of the person who got it.
const life = 30 * 24 * time.Hour

// Outbox keeps and sends the mails of an instance.
type Outbox struct {
	kernel *resource.Kernel
	mailer *outgoing.Mailer
	look   *template.Template
}

// New opens the outbox of an instance; without a mailer its mails are kept.
func New(kernel *resource.Kernel, mailer *outgoing.Mailer) *Outbox {
	return &Outbox{kernel, mailer, template.Must(template.ParseFS(embed.Mail, "mail/mail.html"))}
}

// Sends tells whether mails leave by themselves.
func (o *Outbox) Sends() bool { return o.mailer != nil }

// Put keeps a mail with what causes it. It runs inside the write of a system session.
func (o *Outbox) Put(s *resource.Session, letter Letter) error {
	mail := Mail{ID: resource.NewID(), Recipient: letter.To, Subject: letter.Subject, Text: joined(letter.Paragraphs), Action: letter.Action, Link: letter.Link,
		State: Kept, CreatedAt: s.Now, DueAt: s.Now, Until: letter.Until}
	if o.Sends() {
		mail.State = Waiting
	}
	return s.Insert(mails, &mail)
}
