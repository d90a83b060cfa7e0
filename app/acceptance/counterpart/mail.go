package counterpart

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Take waits for a mail to an address with a subject, or with any where that is empty.
func (m *Mailbox) Take(t testing.TB, to, subject string) string {
	t.Helper()
	late := time.After(patience)
	for {
		m.mu.Lock()
		for at, text := range m.messages {
			message, err := mail.ReadMessage(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(message.Header.Get("To"), to) && (subject == "" || message.Header.Get("Subject") == subject) {
				m.messages = slices.Delete(m.messages, at, at+1)
				m.mu.Unlock()
				return text
			}
		}
		m.mu.Unlock()
		select {
		case <-m.arrived:
		case <-late:
			t.Fatalf("no mail %q for %s came", subject, to)
		}
	}
}

// Receive is what a mail says as plain text.
func (m *Mailbox) Receive(t testing.TB, to, subject string) string {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(m.Take(t, to, subject)))
	if err != nil {
		t.Fatal(err)
	}
	return plainText(t, message)
}

// plainText is the first part of a mail.
func plainText(t testing.TB, message *mail.Message) string {
	t.Helper()
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	var content io.Reader = part
	if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		content = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}

// MoodyServer is a mail server that asks what to do with each mail.
type MoodyServer struct {
	Mails  chan string
	Answer chan error
}

func (m *MoodyServer) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }

func (m *MoodyServer) Mail(string, *smtp.MailOptions) error { return nil }

func (m *MoodyServer) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (m *MoodyServer) Reset() {}

func (m *MoodyServer) Logout() error { return nil }

func (m *MoodyServer) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.Mails <- string(text)
	return <-m.Answer
}

// MessageID waits for a mail and gives its id.
func (m *MoodyServer) MessageID(t testing.TB) string {
	t.Helper()
	select {
	case text := <-m.Mails:
		message, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return message.Header.Get("Message-Id")
	case <-time.After(patience):
		t.Fatal("no mail came")
		return ""
	}
}

// patience is how long a test waits for a mail. A machine that does other work may need most of it.
const patience = time.Minute

// Mailbox is a mail server that keeps what it is given.
type Mailbox struct {
	mu       sync.Mutex
	messages []string
	arrived  chan struct{}
}

func (m *Mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }

func (m *Mailbox) Mail(string, *smtp.MailOptions) error { return nil }

func (m *Mailbox) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (m *Mailbox) Reset() {}

func (m *Mailbox) Logout() error { return nil }

func (m *Mailbox) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = append(m.messages, string(text))
	m.arrived <- struct{}{}
	return err
}

// ReceiveMail serves a mailbox and gives its port.
func ReceiveMail(t testing.TB) (*Mailbox, string) {
	t.Helper()
	box := &Mailbox{arrived: make(chan struct{}, 100)}
	return box, ServeMail(t, box)
}

// ServeMail serves a mail server and gives its port.
func ServeMail(t testing.TB, backend smtp.Backend) string {
	t.Helper()
	server := smtp.NewServer(backend)
	server.Domain = "mail.test"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() {
		server.Close()
		listener.Close() // a server that has not begun to serve does not know it, and would never stop
	})
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
