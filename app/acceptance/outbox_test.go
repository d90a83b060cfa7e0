package acceptance

import (
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// moody is a mail server that asks what to do with each mail.
type moody struct {
	mails  chan string
	answer chan error
}

func (m *moody) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *moody) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *moody) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (m *moody) Reset()                                      {}
func (m *moody) Logout() error                               { return nil }

func (m *moody) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.mails <- string(text)
	return <-m.answer
}

// messageID waits for a mail and gives its id.
func (m *moody) messageID(t testing.TB) string {
	t.Helper()
	select {
	case text := <-m.mails:
		message, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return message.Header.Get("Message-Id")
	case <-time.After(20 * time.Second):
		t.Fatal("no mail came")
		return ""
	}
}

type outboxMail struct {
	ID, Channel, State, Error, Text, Link string
	Attempts                              int
}

// newest reads the newest mail until it is as wanted.
func (c *client) newest(wanted func(outboxMail) bool) outboxMail {
	c.i.t.Helper()
	var mails []outboxMail
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); {
		c.must(c.call("GET", "admin/outbox?limit=1", nil), 200, &mails)
		if len(mails) == 1 && wanted(mails[0]) {
			return mails[0]
		}
	}
	c.i.t.Fatalf("the newest mail is %+v", mails)
	return outboxMail{}
}

func TestAMailIsNotLost(t *testing.T) {
	t.Parallel()
	server := &moody{make(chan string, 10), make(chan error, 10)}
	i := start(t, "mail.host=127.0.0.1", "mail.port="+serveMail(t, server), "mail.encryption=none", "mail.from=Zygo <zygo@acme.test>")
	owner := i.as("owner@acme")
	ask := func(email string) {
		owner.must(owner.call("POST", "auth/forgot-password", map[string]string{"email": email}), 200, nil)
	}

	// A server that is busy is asked again.
	ask("viewer@acme.test")
	server.answer <- &smtp.SMTPError{Code: 451, Message: "busy"}
	first := server.messageID(t)
	waits := owner.newest(func(m outboxMail) bool { return m.Attempts == 1 })
	if waits.State != "waiting" || waits.Error == "" || waits.Text != "" {
		t.Errorf("after a busy server the list shows %+v", waits)
	}
	owner.must(owner.call("POST", "admin/outbox/"+waits.ID+"/send", nil), 200, nil)

	// The process dies while the server has the mail and has not answered: it comes again, and is the same.
	if again := server.messageID(t); again != first {
		t.Errorf("the second attempt is another mail: %s, not %s", again, first)
	}
	i.kill()
	server.answer <- &smtp.SMTPError{Code: 451, Message: "nobody listens any more"}
	server.answer <- nil
	i.serve()
	if again := server.messageID(t); again != first {
		t.Errorf("after the crash another mail comes: %s, not %s", again, first)
	}
	owner.newest(func(m outboxMail) bool { return m.State == "sent" })
	var whole outboxMail
	owner.must(owner.call("GET", "admin/outbox/"+waits.ID, nil), 200, &whole)
	if !strings.Contains(whole.Link, "/reset-password?token=") || !strings.Contains(whole.Text, "one hour") {
		t.Errorf("the mail reads %+v", whole)
	}

	// A server that refuses for good is not asked again.
	ask("editor@acme.test")
	server.answer <- &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	server.messageID(t)
	if failed := owner.newest(func(m outboxMail) bool { return m.Attempts == 1 && m.ID != waits.ID }); failed.State != "failed" || !strings.Contains(failed.Error, "550") {
		t.Errorf("after a refusal the list shows %+v", failed)
	}
	if log := i.output.String(); strings.Contains(log, "token=") {
		t.Error("the log holds a link")
	}
}
