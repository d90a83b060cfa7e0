package acceptance

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const otherPassphrase = "another horse entirely, stapled"

// receive waits for a mail to an address with a subject, and gives its plain text.
func (m *mailbox) receive(t testing.TB, to, subject string) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		m.mu.Lock()
		texts := slices.Clone(m.messages)
		m.mu.Unlock()
		for at, text := range slices.Backward(texts) {
			message, err := mail.ReadMessage(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(message.Header.Get("To"), to) || message.Header.Get("Subject") != subject {
				continue
			}
			m.mu.Lock()
			m.messages = slices.Delete(m.messages, at, at+1)
			m.mu.Unlock()
			return plainText(t, message)
		}
		select {
		case <-m.arrived:
		case <-late:
			t.Fatalf("no mail %q for %s came; there are %d others", subject, to, len(texts))
		}
	}
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

var links = regexp.MustCompile(`http://[^\s]+`)

// linkIn is the path of the link in a mail.
func (i *instance) linkIn(text string) string {
	i.t.Helper()
	link := links.FindString(text)
	if !strings.HasPrefix(link, i.url) {
		i.t.Fatalf("the mail leads to %q: %s", link, text)
	}
	return strings.TrimPrefix(link, i.url)
}

func tokenIn(path string) string { return path[strings.Index(path, "token=")+len("token="):] }

// withMail serves an instance that hands its mails to a mailbox.
func withMail(t testing.TB, settings ...string) (*instance, *mailbox) {
	t.Helper()
	box, port := receiveMail(t)
	return start(t, append(settings, "mail.host=127.0.0.1", "mail.port="+port, "mail.encryption=none", "mail.from=Zygo <zygo@acme.test>")...), box
}

func (c *client) signIn(email, password string) reply {
	c.i.t.Helper()
	return c.call("POST", "auth/login", map[string]string{"email": email, "password": password})
}

func TestAResetLinkWorksOnceAndEndsEverySession(t *testing.T) {
	t.Parallel()
	i, box := withMail(t)
	before, nobody := i.as("editor@acme"), &client{i: i}
	nobody.must(nobody.call("POST", "auth/forgot-password", map[string]string{"email": "Editor@acme.test "}), 200, nil)
	token := tokenIn(i.linkIn(box.receive(t, "editor@acme.test", "Set another password")))
	reset := func(token, password string) reply {
		return nobody.call("POST", "auth/reset-password", map[string]string{"token": token, "password": password})
	}
	if r := reset("wrong", otherPassphrase); r.status != 422 {
		t.Errorf("a wrong token answers %d", r.status)
	}
	if r := reset(token, "password123"); r.status != 422 || !strings.Contains(string(r.body), "easy to guess") {
		t.Errorf("a weak password answers %d: %s", r.status, r.body)
	}
	nobody.must(reset(token, otherPassphrase), 200, nil)
	if r := reset(token, otherPassphrase+"!"); r.status != 422 {
		t.Errorf("the token works twice: %d", r.status)
	}
	if r := before.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("an old session answers %d", r.status)
	}
	if r := nobody.signIn("editor@acme.test", passphrase); r.status != 401 {
		t.Errorf("the old password answers %d", r.status)
	}
	nobody.must(nobody.signIn("editor@acme.test", otherPassphrase), 200, nil)
	box.receive(t, "editor@acme.test", "Your password was changed")
	if log := i.output.String(); strings.Contains(log, token) {
		t.Error("the log holds the token")
	}
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	i := start(t, "server.trusted_proxies=127.0.0.0/8", "accounts.signup=open")
	nobody := &client{i: i}
	known := []string{"owner@acme.test", "admin@acme.test", "editor@acme.test", "viewer@acme.test", "owner@umbrella.test", "admin@umbrella.test", "editor@umbrella.test", "viewer@umbrella.test"}
	for path, body := range map[string]map[string]string{
		"auth/forgot-password":     {},
		"auth/resend-verification": {},
		"auth/login":               {"password": "not the passphrase"},
		"auth/signup":              {"password": "a fence of nine purple llamas", "name": "Grace"},
	} {
		took := map[string][]time.Duration{}
		var answers []string
		for n := range 32 {
			for who, email := range map[string]string{"known": known[n%len(known)], "unknown": "nobody" + strings.Repeat("x", n) + "@acme.test"} {
				body["email"] = email
				// Each comes from an address of its own, so that none is slowed down for those before it.
				from := fmt.Sprintf("203.0.113.%d", n+1)
				if who == "known" {
					from = fmt.Sprintf("198.51.100.%d", n+1)
				}
				began := time.Now()
				r := nobody.call("POST", path, body, "X-Forwarded-For", from)
				took[who] = append(took[who], time.Since(began))
				answers = append(answers, string(regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAll(r.body, nil)))
			}
		}
		if slices.Sort(answers); answers[0] != answers[len(answers)-1] {
			t.Errorf("%s answers differently: %s and %s", path, answers[0], answers[len(answers)-1])
		}
		if apart := median(took["known"]) - median(took["unknown"]); apart.Abs() > 10*time.Millisecond {
			t.Errorf("%s takes %s for a known address and %s for an unknown one", path, median(took["known"]), median(took["unknown"]))
		} else {
			t.Logf("%s: medians %s and %s", path, median(took["known"]), median(took["unknown"]))
		}
	}
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}
