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

// take waits for a mail to an address with a subject, or with any where that is empty.
func (m *mailbox) take(t testing.TB, to, subject string) string {
	t.Helper()
	late := time.After(20 * time.Second)
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

// receive is what a mail says as plain text.
func (m *mailbox) receive(t testing.TB, to, subject string) string {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(m.take(t, to, subject)))
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

// TestNobodyLearnsWhoHasAnAccount compares what is asked at the same time, because the rest of the machine slows
// both, and asks on while their median differs: what leaks differs however often it is asked.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	i := start(t, "server.trusted_proxies=127.0.0.0/8", "accounts.signup=open")
	nobody := &client{i: i}
	known := []string{"owner@acme.test", "admin@acme.test", "editor@acme.test", "viewer@acme.test", "owner@umbrella.test", "admin@umbrella.test", "editor@umbrella.test", "viewer@umbrella.test"}
	const fewest, most = 16, 100
	for path, body := range map[string]map[string]string{
		"auth/forgot-password":     {},
		"auth/resend-verification": {},
		"auth/login":               {"password": "not the passphrase"},
		"auth/signup":              {"password": "a fence of nine purple llamas", "name": "Grace"},
	} {
		var differences []time.Duration
		differ := func() bool { return median(differences).Abs() > 10*time.Millisecond }
		var answers []string
		for n := 0; n < fewest || n < most && differ(); n++ {
			took := map[string]time.Duration{}
			// What the first of two leaves behind for the collector slows the second, so that each comes first once.
			for turn, who := range []string{"known", "unknown", "unknown", "known"} {
				// Each comes from an address of its own, so that none is slowed down for those before it.
				from := fmt.Sprintf("198.51.%d.%d", 100+turn, n+1)
				body["email"] = known[n%len(known)]
				if who == "unknown" {
					body["email"] = fmt.Sprintf("nobody%d-%d@acme.test", n, turn)
				}
				began := time.Now()
				r := nobody.call("POST", path, body, "X-Forwarded-For", from)
				took[who] += time.Since(began) / 2
				answers = append(answers, string(regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAll(r.body, nil)))
			}
			differences = append(differences, took["known"]-took["unknown"])
		}
		if slices.Sort(answers); answers[0] != answers[len(answers)-1] {
			t.Errorf("%s answers differently: %s and %s", path, answers[0], answers[len(answers)-1])
		}
		t.Logf("%s: known addresses take %s longer at the median of %d", path, median(differences), len(differences))
		if differ() {
			t.Errorf("%s takes %s longer for a known address", path, median(differences))
		}
	}
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

func TestNobodySignsUpUninvited(t *testing.T) {
	t.Parallel()
	i := start(t)
	nobody := &client{i: i}
	joining := map[string]string{"name": "Grace", "email": "grace@acme.test", "password": otherPassphrase}
	if r := nobody.call("POST", "auth/signup", joining); r.status != 403 || !strings.Contains(string(r.body), "by invitation") {
		t.Errorf("a sign-up answers %d: %s", r.status, r.body)
	}
	for path, body := range map[string]map[string]string{
		"auth/verify-email": {"token": ""}, "auth/reset-password": {"token": "", "password": otherPassphrase}, "auth/confirm-email": {"token": "x"},
	} {
		if r := nobody.call("POST", path, body); r.status != 422 {
			t.Errorf("%s without a valid token answers %d: %s", path, r.status, r.body)
		}
		if r := nobody.call("POST", path, body, "Sec-Fetch-Site", "cross-site"); r.status != 403 {
			t.Errorf("%s from another site answers %d", path, r.status)
		}
	}
	open := startEmpty(t, "accounts.signup=open")
	if r := (&client{i: open}).call("POST", "auth/signup", joining); r.status != 409 {
		t.Errorf("a sign-up before the set-up answers %d: %s", r.status, r.body)
	}
}
