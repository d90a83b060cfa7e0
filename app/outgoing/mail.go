package outgoing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"zygo/app/fault"
)

const (
	mailTime       = 30 * time.Second
	mostRecipients = 100
	longestSubject = 998 // a line of RFC 5322
	longestMail    = 10 << 20
	// mostAttached is what the attachments of a mail may have; most servers refuse more than 25 MB, a third of which is their coding.
	mostAttached    = 15 << 20
	mostAttachments = 20
)

// MailSettings is the operator's mail server. It may be a private address: the operator chose it, not a user.
type MailSettings struct {
	Host     string
	Port     int
	Username string // empty for none
	Password string
	// Encryption is none, starttls or tls; starttls insists on it.
	Encryption string
	From       string // such as Zygo <zygo@example.com>
}

// Mailer sends mail, one connection per message.
type Mailer struct {
	settings MailSettings
	from     *mail.Address
	domain   string
	roots    *x509.CertPool // nil for the system's
}

// NewMailer checks the settings without connecting.
func NewMailer(s MailSettings) (*Mailer, error) {
	from, err := mail.ParseAddress(s.From)
	if err == nil {
		err = toDNS(from)
	}
	if err != nil {
		return nil, fault.InvalidField("mail.from", "%q is no sender such as Zygo <zygo@example.com>", s.From)
	}
	if s.Host == "" || s.Port < 1 || s.Port > 65535 {
		return nil, fault.InvalidField("mail.host", "needs a host and a port")
	}
	switch s.Encryption {
	case "starttls", "tls":
	case "none":
		if s.Username != "" {
			return nil, fault.InvalidField("mail.encryption", "is none, which would send the password in the clear")
		}
	default:
		return nil, fault.InvalidField("mail.encryption", "must be none, starttls or tls")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Mailer{settings: s, from: from, domain: domain}, nil
}

// From is the sender of mails under a name, as people read it; an empty name is that of the settings.
func (m *Mailer) From(name string) string {
	from := m.sender(name)
	if from.Name == "" {
		return from.Address
	}
	return from.Name + " <" + from.Address + ">"
}

func (m *Mailer) sender(name string) *mail.Address {
	from := *m.from
	if name != "" {
		from.Name = name
	}
	return &from
}

// Message is one mail. Addresses may have a name: Ada <ada@example.com>.
type Message struct {
	// ID is the idempotency key: the same key gives the same Message-ID, by which servers and readers drop a second copy.
	ID string
	// Sender is the name before the address that all mail comes from; empty for that of the settings.
	Sender      string
	To, Cc, Bcc []string
	ReplyTo     string // empty for the sender
	InReplyTo   string // the Message-ID of the mail that it answers, such as <abc@example.com>; empty for none
	Subject     string
	Text, HTML  string // at least one; with both, a reader chooses
	Attachments []Attachment
}

// Attachment is a file that a mail carries.
type Attachment struct {
	Name, MediaType string
	Body            []byte
}

// Send hands a mail to the server and returns its Message-ID. An Invalid fault is final (a bad address, a 5xx answer), an
// Unavailable one may pass (no connection, a 4xx answer, a refused sign-in, which the operator can repair).
func (m *Mailer) Send(ctx context.Context, message Message) (id string, err error) {
	msg, id, err := m.compose(message)
	if err != nil {
		return "", err
	}
	client, err := m.client()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*mailTime)
	defer cancel()
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", fault.New(fault.Unavailable, "the mail server can't be reached or refuses the sign-in").Because(err)
	}
	// The library heeds the context only while it connects.
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer stop()
	err = client.SendWithSMTPClient(connection, msg)
	_ = client.CloseWithSMTPClient(connection)
	switch {
	case msg.IsDelivered():
		// The server has it. What went wrong afterwards must not send it twice.
		return id, nil
	case err == nil:
		return "", fault.New(fault.Unavailable, "the mail server didn't take the mail")
	}
	return "", refusal(err)
}

func refusal(err error) error {
	var failed *gomail.SendError
	if errors.As(err, &failed) && failed.ErrorCode() >= 500 {
		return fault.New(fault.Invalid, "the mail server refuses the mail with code %d", failed.ErrorCode()).Because(err)
	}
	return fault.New(fault.Unavailable, "the mail server doesn't take the mail now").Because(err)
}

func (m *Mailer) client() (*gomail.Client, error) {
	s := m.settings
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(mailTime), gomail.WithHELO(m.domain),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: m.roots}),
	}
	switch s.Encryption {
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	}
	if s.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.Username),
			gomail.WithPassword(s.Password))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the mail settings don't work").Because(err)
	}
	return client, nil
}

func (m *Mailer) compose(message Message) (*gomail.Msg, string, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.sender(message.Sender))
	id := m.messageID(message.ID)
	msg.SetMessageIDWithValue(id)
	return msg, id, fill(msg, message)
}

// fill sets recipients, headers and content.
func fill(msg *gomail.Msg, message Message) error {
	message.Subject = strings.TrimSpace(message.Subject) // what comes from data often ends with a line
	count := 0
	for _, list := range []struct {
		field     string
		addresses []string
		set       func(...*mail.Address)
	}{
		{"to", message.To, msg.ToMailAddress},
		{"cc", message.Cc, msg.CcMailAddress},
		{"bcc", message.Bcc, msg.BccMailAddress},
	} {
		parsed, err := addresses(list.field, list.addresses)
		if err != nil {
			return err
		}
		if count += len(parsed); len(parsed) > 0 {
			list.set(parsed...)
		}
	}
	if err := message.check(count); err != nil {
		return err
	}
	if message.ReplyTo != "" {
		parsed, err := addresses("reply_to", []string{message.ReplyTo})
		if err != nil {
			return err
		}
		msg.ReplyToMailAddress(parsed...)
	}
	if message.InReplyTo != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, message.InReplyTo)
		msg.SetGenHeader(gomail.HeaderReferences, message.InReplyTo)
	}
	if strings.Contains(message.Subject, "=?") {
		// It would be read as an encoded word, and shown as something else.
		msg.SetGenHeaderPreformatted(gomail.HeaderSubject, encodedWords(message.Subject))
	} else {
		msg.Subject(message.Subject)
	}
	msg.SetDate()
	if message.Text != "" {
		msg.SetBodyString(gomail.TypeTextPlain, message.Text)
	} else {
		msg.SetBodyString(gomail.TypeTextHTML, message.HTML)
	}
	if message.Text != "" && message.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	}
	return attach(msg, message.Attachments)
}

// check refuses a message that can't be sent to so many recipients.
func (message *Message) check(recipients int) error {
	switch {
	case recipients == 0:
		return fault.InvalidField("to", "a mail needs a recipient")
	case recipients > mostRecipients:
		return fault.InvalidField("to", "a mail may have %d recipients, not %d", mostRecipients, recipients)
	case strings.ContainsFunc(message.Sender, unicode.IsControl):
		return fault.InvalidField("sender", "must be one line without control characters")
	case strings.ContainsFunc(message.InReplyTo, unicode.IsControl) || len(message.InReplyTo) > longestSubject:
		return fault.InvalidField("in_reply_to", "must be one line without control characters")
	case strings.ContainsFunc(message.Subject, unicode.IsControl):
		return fault.InvalidField("subject", "must be one line without control characters")
	case len(message.Subject) > longestSubject:
		return fault.InvalidField("subject", "is longer than %d bytes", longestSubject)
	case message.Text == "" && message.HTML == "":
		return fault.InvalidField("text", "a mail needs a text")
	case len(message.Text)+len(message.HTML) > longestMail:
		return fault.InvalidField("text", "a mail may have %d bytes", longestMail)
	}
	return nil
}

// encodedWords encodes a text whatever it holds (RFC 2047).
func encodedWords(text string) string {
	const most = 45 // bytes of a word, whose code has 75 letters at most
	var words []string
	for text != "" {
		end := min(len(text), most)
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}
		words = append(words, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(text[:end]))+"?=")
		text = text[end:]
	}
	return strings.Join(words, "\r\n ")
}

// messageID is made of a hash, because a key may hold any character and should not be told to receivers.
func (m *Mailer) messageID(key string) string {
	if key == "" {
		key = rand.Text()
	}
	sum := sha256.Sum256([]byte(key))
	return fmt.Sprintf("%s@%s", hex.EncodeToString(sum[:16]), m.domain)
}
