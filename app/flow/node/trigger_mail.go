package node

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/inbox"
	"zygo/app/value"
)

// Inbox are the settings of a trigger that starts with each new message of a mailbox.
type Inbox struct {
	Host       string         `z:"required,max=255,literal,help=Of the mail server's IMAP service, such as imap.example.com or imap.example.com:993"`
	Encryption MailEncryption `z:"default=tls,short,literal"`
	User       string         `z:"required,max=200,short,literal"`
	Secret     string         `z:"required,max=100,short,literal,label=Password,help=The name of the secret that holds it, such as SUPPORT_PASSWORD."`
	Folder     string         `z:"default=INBOX,max=200,short,literal"`
	Minutes    int            `z:"default=1,min=1,max=1440,short,literal,label=Look every,help=In minutes."`
	From       string         `z:"max=200,literal,label=Only from,help=A part of the sender's address, such as @example.com. From anybody when empty."`
	Subject    string         `z:"max=200,literal,label=Only about,help=A part of the subject. About anything when empty."`
	Unread     bool           `z:"literal,fold,label=Only unread ones"`
	Automatic  bool           `z:"literal,fold,label=Automatic ones too,help=Answers of programs, bounces and messages of lists. Without them a workflow that answers can't talk to another program for days."`
	Then       MailDisposal   `z:"default=nothing,literal,label=Afterwards"`
	Move       string         `z:"max=200,literal,label=To the folder,when=then:move"`
}

// MailEncryption is how the connection to a mail server is secured.
type MailEncryption string

// Choices are the ways.
func (MailEncryption) Choices() []field.Choice {
	return []field.Choice{{Value: string(inbox.TLS), Label: "TLS"}, {Value: string(inbox.StartTLS), Label: "STARTTLS"},
		{Value: string(inbox.Plain), Label: "None, in your own network"}}
}

// MailDisposal is what becomes of a message.
type MailDisposal string

// Choices are the ways.
func (MailDisposal) Choices() []field.Choice {
	return []field.Choice{{Value: "nothing", Label: "Leave the message as it is"}, {Value: "read", Label: "Mark it as read"},
		{Value: "move", Label: "Move it to a folder"}, {Value: "delete", Label: "Delete it"}}
}

func mail() *Type {
	return Declare(Type{
		Name: "trigger.mail", Version: 1, Category: "triggers", Title: "E-mail", Icon: "inbox", Trigger: true,
		Help: "Starts with each new message of a mailbox that is read by IMAP: the item has from, to, subject, text, html, files and headers.",
	}, passThrough[Inbox])
}

// Check refuses a folder that is missing.
func (p *Inbox) Check() error {
	if p.Then == "move" && p.Move == "" {
		return fault.InvalidField("move", "is required")
	}
	return nil
}

// refer tells which secret is used.
func (p *Inbox) refer(c *compiler) { c.mention(nil, []string{p.Secret}) }

// InboxOf gives the settings of a mail trigger.
func InboxOf(n *Node) (*Inbox, bool) {
	p, ok := n.fixed.(*Inbox)
	return p, ok
}

// Account is the mailbox, with its password.
func (p *Inbox) Account(password string) inbox.Account {
	return inbox.Account{Host: p.Host, Encryption: inbox.Encryption(p.Encryption), User: p.User, Password: password, Folder: p.Folder}
}

// Disposal is what becomes of messages that started the workflow.
func (p *Inbox) Disposal() inbox.Disposal {
	return inbox.Disposal{Seen: p.Then == "read", Delete: p.Then == "delete", Folder: p.Move}
}

// Wants tells whether a message starts the workflow.
func (p *Inbox) Wants(message value.Value) bool {
	holds := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	automatic := message.Get("automatic").Truthy()
	return (p.Automatic || !automatic) && holds(message.Get("from").Get("address").Text(), p.From) &&
		holds(message.Get("subject").Text(), p.Subject)
}
