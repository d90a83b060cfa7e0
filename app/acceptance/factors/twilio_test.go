package factors

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// twilio is Prism, which answers as Twilio's published description says and refuses what that does not allow. What moods
// holds is answered in its place, one status for each request.
type twilio struct {
	address string
	sent    chan url.Values

	mu    sync.Mutex
	moods []int
}

const twilioAccount = "AC0123456789abcdef0123456789abcdef"

func serveTwilio(t testing.TB) *twilio {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(free.Addr().(*net.TCPAddr).Port)
	free.Close()
	prism := exec.Command("node", "testdata/twilio/node_modules/@stoplight/prism-cli/dist/index.js", "mock", "--errors", "-h", "127.0.0.1",
		"-p", port, "testdata/twilio/messages.json")
	prism.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	output, err := prism.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := prism.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		prism.Process.Kill()
		prism.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() && !strings.Contains(lines.Text(), "listening") {
	}
	go io.Copy(io.Discard, output)
	described := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "127.0.0.1:" + port})
	s := &twilio{sent: make(chan url.Values, 100)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		form, _ := url.ParseQuery(string(body))
		defer func() { s.sent <- form }()
		if status := s.mood(); status != 0 {
			w.WriteHeader(status)
			io.WriteString(w, `{"code":20429,"message":"a mood"}`)
			return
		}
		described.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.address = strings.TrimPrefix(server.URL, "http://")
	return s
}

func (s *twilio) mood() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.moods) == 0 {
		return 0
	}
	first := s.moods[0]
	s.moods = s.moods[1:]
	return first
}

// settings are those of an instance that has an account.
func (s *twilio) settings(account string) []string {
	return []string{"sms.account_sid=" + account, "sms.auth_token=a-secret-token", "sms.from=+15005550006",
		"sms.base_url=http://" + s.address, "outgoing.allow=" + s.address}
}

// next waits for a message.
func (s *twilio) next(t testing.TB) url.Values {
	t.Helper()
	select {
	case form := <-s.sent:
		return form
	case <-time.After(instance.Patience):
		t.Fatal("no text message came")
		return nil
	}
}

func TestATextMessageGoesToTwilio(t *testing.T) {
	t.Parallel()
	at := serveTwilio(t)
	i := instance.Start(t, at.settings(twilioAccount)...)
	owner := i.As("owner@acme")
	owner.Must(owner.Call("POST", "auth/mfa/sms/setup", map[string]string{"phone": "+49 30 123456"}), 200, nil)
	form := at.next(t)
	if form.Get("To") != "+4930123456" || form.Get("From") != "+15005550006" || !sixDigits.MatchString(form.Get("Body")) {
		t.Errorf("Twilio gets %v", form)
	}
	owner.NewestMail(func(m instance.OutboxMail) bool { return m.State == "sent" && m.Channel == "sms" })
	code := sixDigits.FindString(form.Get("Body"))
	owner.Must(owner.Call("POST", "auth/mfa/sms/verify", map[string]string{"code": code}), 200, nil)

	// Too many at once and a failure of Twilio's pass; the message is the same.
	at.moods = []int{429, 503}
	challenge := challenged(i, "owner@acme")
	i.Advance(61 * time.Second)
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/mfa/sms/send", map[string]string{"challenge": challenge}), 200, nil)
	first := at.next(t)
	var in instance.Tokens
	for attempt := 1; attempt <= 2; attempt++ {
		waits := owner.NewestMail(func(m instance.OutboxMail) bool { return m.Attempts == 1 && m.Channel == "sms" && m.Error != "" })
		if waits.State != "waiting" || !strings.Contains(waits.Error, "Twilio doesn't take") {
			t.Errorf("after a failure the list shows %+v", waits)
		}
		owner.Must(owner.Call("POST", "admin/outbox/"+waits.ID+"/send", nil), 200, nil)
		if again := at.next(t); again.Get("Body") != first.Get("Body") {
			t.Errorf("the next attempt says %q, not %q", again.Get("Body"), first.Get("Body"))
		}
	}
	nobody.Must(answerChallenge(i, challenge, sixDigits.FindString(first.Get("Body"))), 200, &in)
	log := i.Output.String()
	if strings.Contains(log, "4930123456") || strings.Contains(log, code) || strings.Contains(log, "a-secret-token") {
		t.Error("the log tells a number, a code or the token")
	}
}

func TestATextMessageThatTwilioRefusesIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	at := serveTwilio(t)
	i := instance.Start(t, at.settings("AC-not-of-their-form")...)
	owner := i.As("owner@acme")
	owner.Must(owner.Call("POST", "auth/mfa/sms/setup", map[string]string{"phone": "+4930123456"}), 200, nil)
	at.next(t)
	failed := owner.NewestMail(func(m instance.OutboxMail) bool { return m.Attempts == 1 && m.Error != "" })
	if failed.State != "failed" || !strings.Contains(failed.Error, "status 422") {
		t.Errorf("after a refusal the list shows %+v", failed)
	}
}
