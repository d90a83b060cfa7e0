package outgoing

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"zygo/app/fault"
)

// received is one mail as the server took it.
type received struct {
	from, data string
	to         []string
	user       string
	secure     bool
}

// postOffice is an SMTP server; refuse may give an error at mail, rcpt, data or reset.
type postOffice struct {
	refuse func(stage, address string) error
	mutex  sync.Mutex
	mails  []received
}

type counter struct {
	office *postOffice
	conn   *smtp.Conn
	mail   received
}

func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{office: o, conn: c}, nil
}

func (c *counter) at(stage, address string) error {
	if c.office.refuse == nil {
		return nil
	}
	return c.office.refuse(stage, address)
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	c.mail.from = from
	return c.at("mail", from)
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.mail.to = append(c.mail.to, to)
	return c.at("rcpt", to)
}

func (c *counter) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := c.at("data", ""); err != nil {
		return err
	}
	c.mail.data = string(data)
	_, c.mail.secure = c.conn.TLSConnectionState()
	c.office.mutex.Lock()
	defer c.office.mutex.Unlock()
	c.office.mails = append(c.office.mails, c.mail)
	if c.at("delivered", "") != nil {
		// The answer to DATA still arrives; what follows doesn't.
		c.conn.Conn().(interface{ CloseRead() error }).CloseRead()
	}
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "right" {
			return smtp.ErrAuthFailed
		}
		c.mail.user = user
		return nil
	}), nil
}

// open starts the server and gives a mailer for it.
func (o *postOffice) open(t *testing.T, encryption, user, password string) *Mailer {
	t.Helper()
	certificates := httptest.NewUnstartedServer(nil)
	certificates.StartTLS()
	t.Cleanup(certificates.Close)
	s := smtp.NewServer(o)
	s.TLSConfig = &tls.Config{Certificates: certificates.TLS.Certificates}
	if encryption == "none" {
		s.TLSConfig = nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if encryption == "tls" {
		listener = tls.NewListener(listener, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = s.Close()
		_ = listener.Close() // a server that has not begun to serve does not know it, and would never stop
		<-done
	})
	m, err := NewMailer(MailSettings{Host: "127.0.0.1", Port: port, Username: user, Password: password, Encryption: encryption,
		From: "Zygo <zygo@example.com>"})
	if err != nil {
		t.Fatal(err)
	}
	m.roots = x509.NewCertPool()
	m.roots.AddCert(certificates.Certificate())
	return m
}

func TestSendMail(t *testing.T) {
	t.Parallel()
	for _, encryption := range []string{"none", "starttls", "tls"} {
		t.Run(encryption, func(t *testing.T) {
			t.Parallel()
			user := "ada"
			if encryption == "none" {
				user = ""
			}
			office := &postOffice{}
			m := office.open(t, encryption, user, "right")
			message := Message{ID: "execution:1", To: []string{"Grace <grace@example.org>"}, Cc: []string{"c@example.org"},
				Bcc:     []string{"b@example.org"},
				ReplyTo: "desk@example.com", Subject: "Grüße, twice", Text: "Line.\n.\nÜmlaut", HTML: "<p>Line</p>"}
			first, err := m.Send(t.Context(), message)
			if err != nil {
				t.Fatal(err)
			}
			second, err := m.Send(t.Context(), message)
			if err != nil || first != second {
				t.Errorf("the same key gave %s and %s, %v", first, second, err)
			}
			message.ID = "execution:2"
			if third, err := m.Send(t.Context(), message); err != nil || third == first {
				t.Errorf("another key gave %s again, %v", third, err)
			}
			got := office.mails[0]
			if got.from != "zygo@example.com" || !slices.Equal(got.to, []string{"grace@example.org", "c@example.org", "b@example.org"}) ||
				got.user != user || got.secure != (encryption != "none") {
				t.Errorf("got %+v", got)
			}
			parsed, err := mail.ReadMessage(strings.NewReader(got.data))
			if err != nil {
				t.Fatal(err)
			}
			h := parsed.Header
			if h.Get("Message-Id") != "<"+first+">" || h.Get("Bcc") != "" || !strings.Contains(h.Get("To"), "grace@example.org") ||
				!strings.Contains(h.Get("Reply-To"), "desk@example.com") ||
				!strings.HasPrefix(h.Get("Content-Type"), "multipart/alternative") {
				t.Errorf("header %v", h)
			}
			body, _ := io.ReadAll(quotedprintable.NewReader(parsed.Body))
			if !strings.Contains(string(body), "Line.\r\n.\r\nÜmlaut") || !strings.Contains(string(body), "<p>Line</p>") {
				t.Errorf("body %q", body)
			}
		})
	}
}

func TestMailRefused(t *testing.T) {
	t.Parallel()
	at := func(stage string, code int) func(string, string) error {
		return func(now, _ string) error {
			if now == stage {
				return &smtp.SMTPError{Code: code, Message: "no"}
			}
			return nil
		}
	}
	for _, c := range []struct {
		stage string
		code  int
		want  fault.Code
	}{
		{"mail", 451, fault.Unavailable}, {"mail", 550, fault.Invalid}, {"rcpt", 450, fault.Unavailable}, {"rcpt", 550, fault.Invalid},
		{"data", 452, fault.Unavailable}, {"data", 554, fault.Invalid},
	} {
		office := &postOffice{refuse: at(c.stage, c.code)}
		m := office.open(t, "none", "", "")
		if _, err := m.Send(t.Context(), Message{To: []string{"a@example.org"}, Text: "x"}); !fault.Is(err, c.want) {
			t.Errorf("%s %d: %v, want %s", c.stage, c.code, err, c.want)
		}
		if len(office.mails) != 0 {
			t.Errorf("%s %d: delivered", c.stage, c.code)
		}
	}
	// A mail that one of two recipients can't get goes to neither, so that trying again doubles nothing.
	office := &postOffice{refuse: func(_, address string) error {
		if address == "bad@example.org" {
			return &smtp.SMTPError{Code: 550, Message: "no"}
		}
		return nil
	}}
	m := office.open(t, "none", "", "")
	_, err := m.Send(t.Context(), Message{To: []string{"a@example.org", "bad@example.org"}, Text: "x"})
	if !fault.Is(err, fault.Invalid) || len(office.mails) != 0 {
		t.Errorf("one bad recipient: %v, %d mails", err, len(office.mails))
	}
}

func TestDeliveredMailIsNoError(t *testing.T) {
	t.Parallel()
	office := &postOffice{refuse: func(stage, _ string) error {
		if stage == "delivered" {
			return errors.New("gone")
		}
		return nil
	}}
	m := office.open(t, "none", "", "")
	if _, err := m.Send(t.Context(), Message{To: []string{"a@example.org"}, Text: "x"}); err != nil || len(office.mails) != 1 {
		t.Errorf("%v, %d mails", err, len(office.mails))
	}
}

func TestMailServerThatDoesNotHelp(t *testing.T) {
	t.Parallel()
	send := func(m *Mailer) error {
		_, err := m.Send(t.Context(), Message{To: []string{"a@example.org"}, Text: "x"})
		return err
	}
	office := &postOffice{}
	if err := send(office.open(t, "starttls", "ada", "wrong")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("wrong password: %v", err)
	}
	plain := office.open(t, "none", "", "")
	plain.settings.Encryption = "starttls"
	if err := send(plain); !fault.Is(err, fault.Unavailable) {
		t.Errorf("no STARTTLS: %v", err)
	}
	untrusted := office.open(t, "tls", "", "")
	untrusted.roots = nil
	if err := send(untrusted); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a certificate that nobody knows: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := office.open(t, "none", "", "")
	silent.settings.Port = listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	if err := send(silent); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := plain.Send(ctx, Message{To: []string{"a@example.org"}, Text: "x"}); err == nil {
		t.Error("a context that is done is ignored")
	}
	if len(office.mails) != 0 {
		t.Errorf("%d mails were delivered", len(office.mails))
	}
}

func TestMessagesRefused(t *testing.T) {
	t.Parallel()
	m, err := NewMailer(MailSettings{Host: "127.0.0.1", Port: 1, Encryption: "none", From: "zygo@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	to := []string{"a@example.org"}
	many := slices.Repeat(to, 51)
	for name, message := range map[string]Message{
		"no recipient":         {Text: "x"},
		"no text":              {To: to},
		"no address":           {To: []string{"grace"}, Text: "x"},
		"two in one":           {To: []string{"a@example.org, b@example.org"}, Text: "x"},
		"line break in To":     {To: []string{"a@example.org\r\nBcc: b@example.org"}, Text: "x"},
		"line break in a name": {To: []string{"\"a\r\nBcc: b@example.org\" <a@example.org>"}, Text: "x"},
		"encoded line break":   {To: []string{"=?utf-8?q?a=0D=0ABcc:_b@example.org?= <a@example.org>"}, Text: "x"},
		"line break in Cc":     {To: to, Cc: []string{"a@example.org\n"}, Text: "x", ReplyTo: "x"},
		"line break in Reply":  {To: to, ReplyTo: "a@example.org\r\nX: y", Text: "x"},
		"line break in title":  {To: to, Subject: "a\r\nBcc: b@example.org", Text: "x"},
		"line break in sender": {To: to, Sender: "Acme\r\nBcc: b@example.org", Subject: "a", Text: "x"},
		"long title":           {To: to, Subject: strings.Repeat("x", 999), Text: "x"},
		"many":                 {To: many, Cc: many, Text: "x"},
		"large":                {To: to, Text: strings.Repeat("x", 11<<20)},
	} {
		if _, err := m.Send(t.Context(), message); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewMailerRefuses(t *testing.T) {
	t.Parallel()
	good := MailSettings{Host: "h", Port: 25, Encryption: "starttls", From: "a@example.com"}
	for name, change := range map[string]func(*MailSettings){
		"sender": func(s *MailSettings) { s.From = "Zygo" }, "host": func(s *MailSettings) { s.Host = "" },
		"port":              func(s *MailSettings) { s.Port = 0 },
		"encryption":        func(s *MailSettings) { s.Encryption = "ssl" },
		"password in clear": func(s *MailSettings) { s.Encryption, s.Username = "none", "a" },
	} {
		s := good
		change(&s)
		if _, err := NewMailer(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewMailer(good); err != nil {
		t.Error(err)
	}
}

// TestASubjectIsReadAsItWasWritten: what looks like an encoded word is a text like any other.
func TestASubjectIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	m := office.open(t, "none", "", "")
	for _, subject := range []string{"Plain", "Grüße, twice", "=?utf-8?q?=46rom_your_bank?=",
		"a =?utf-8?b?4oCu?= b " + strings.Repeat("ü", 100), "=?", strings.Repeat("=?x", 60)} {
		if _, err := m.Send(t.Context(), Message{ID: subject, To: []string{"grace@example.org"}, Subject: subject, Text: "x"}); err != nil {
			t.Fatal(err)
		}
		parsed, err := mail.ReadMessage(strings.NewReader(office.mails[len(office.mails)-1].data))
		if err != nil {
			t.Fatal(err)
		}
		got, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil || got != subject {
			t.Errorf("%q arrives as %q: %v", subject, got, err)
		}
	}
}

// A server without SMTPUTF8, as this one is, refuses a domain in other letters than those of DNS.
func TestADomainGoesOutAsDNSKnowsIt(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	m := office.open(t, "none", "", "")
	message := Message{To: []string{"Grüße <ada@münchen.example>"}, Cc: []string{"bob@ПОЧТА.рф"}, Bcc: []string{"eve@example.org"},
		ReplyTo: "desk@faß.example", Subject: "x", Text: "x"}
	if _, err := m.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := office.mails[0]
	if !slices.Equal(got.to, []string{"ada@xn--mnchen-3ya.example", "bob@xn--80a1acny.xn--p1ai", "eve@example.org"}) ||
		!strings.Contains(got.data, "<desk@xn--fa-hia.example>") {
		t.Errorf("got %+v", got)
	}
	if _, err := m.Send(t.Context(), Message{To: []string{"ada@-mü.example"}, Subject: "x", Text: "x"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a domain that can't be: %v", err)
	}
	sender, err := NewMailer(MailSettings{Host: "mail.example.com", Port: 25, Encryption: "none", From: "Zygo <zygo@münchen.example>"})
	if err != nil || sender.From("") != "Zygo <zygo@xn--mnchen-3ya.example>" || sender.domain != "xn--mnchen-3ya.example" {
		t.Errorf("the sender is %+v: %v", sender, err)
	}
}
