package node_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// seen is a request as a service got it.
type seen struct {
	line, body string
	header     http.Header
}

// service answers by its path and keeps what it was asked.
type service struct {
	*httptest.Server
	mutex sync.Mutex
	got   []seen
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mutex.Lock()
		s.got = append(s.got, seen{r.Method + " " + r.URL.RequestURI(), string(body), r.Header.Clone()})
		s.mutex.Unlock()
		switch path, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); path {
		case "list":
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			fmt.Fprint(w, `[{"id":1},2]`)
		case "text":
			fmt.Fprint(w, "plain")
		case "twice":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"a":1,"a":2}`)
		case "large":
			_, _ = w.Write(make([]byte, 11<<20))
		case "slow":
			<-r.Context().Done()
		case "busy":
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case "later":
			w.Header().Set("Retry-After", noon.Add(time.Minute).Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case "missing":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "no such thing")
		case "moved":
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1", Path: "/"})
			w.Header().Add("Set-Cookie", "until=2; Expires=Wed, 09 Jun 2100 10:18:14 GMT")
			w.Header()["Www-Authenticate"] = []string{`Basic realm="a, b"`, "Bearer"}
			http.Redirect(w, r, "/list", http.StatusFound)
		case "away":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Own", "1")
			fmt.Fprint(w, `{"ok":true}`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) last(t *testing.T) seen {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.got) == 0 {
		t.Fatal("the service was not asked")
	}
	return s.got[len(s.got)-1]
}

// run runs an http node whose address is a path of the service.
func (s *service) run(t *testing.T, config, list string) (node.Result, error) {
	t.Helper()
	guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	c := call(t, list)
	c.Services.HTTP = guard
	return compile(t, "http", strings.ReplaceAll(config, "http://service", s.URL)).Run(t.Context(), c)
}

func TestHTTPRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, config, item string
		line, body         string
		headers            map[string]string
	}{
		{"get", `{"url":"http://service/a?x=1"}`, `{}`, "GET /a?x=1", "",
			map[string]string{"User-Agent": "Zygo", "Idempotency-Key": "", "Content-Type": ""}},
		{"query", `{"url":"http://service/a?x=1","query":[{"name":"q","value":"{{ $json.q }}"}]}`, `{"q":"a&b=c"}`,
			"GET /a?x=1&q=a%26b%3Dc", "", nil},
		{"query in order",
			`{"url":"http://service/a b/ü?t={{ $json.t }}","query":[{"name":"z","value":"1"},{"name":"a","value":"{{ $json.many }}"},{"name":"m","value":""},{"name":"none","value":"{{ $json.none }}"},{"name":"b","value":["3","{{ $json.t }}"]}]}`, `{"many":["x","y,z",5],"t":"ä ö"}`,
			"GET /a%20b/%C3%BC?t=%C3%A4%20%C3%B6&z=1&a=x&a=y%2Cz&a=5&m=&b=3&b=%C3%A4+%C3%B6", "", nil},
		{"query with lists", `{"url":"http://service/a","query_lists":"indices","query":[{"name":"a","value":"{{ $json.a }}"},{"name":"b","value":"{{ $json.b }}"}]}`,
			`{"a":[1,[2,{"c":null}]]}`, "GET /a?a%5B0%5D=1&a%5B1%5D%5B0%5D=2&a%5B1%5D%5B1%5D%5Bc%5D=", "", nil},
		{"query with brackets", `{"url":"http://service/a","query_lists":"brackets","query":[{"name":"a","value":"{{ $json.a }}"},{"name":"b","value":""}]}`,
			`{"a":[1,2]}`, "GET /a?a%5B%5D=1&a%5B%5D=2&b=", "", nil},
		{"query with an object", `{"url":"http://service/a","query":[{"name":"a","value":"{{ $json.a }}"}]}`, `{"a":{"b":null}}`,
			"GET /a?a=%7B%22b%22%3Anull%7D", "", nil},
		{"form with lists",
			`{"method":"POST","url":"http://service/a","body_type":"form","form":[{"name":"b","value":"{{ $json.many }}"},{"name":"a","value":"1"}]}`, `{"many":[true,7615917337495251231]}`, "POST /a", "b=true&b=7615917337495251231&a=1", nil},
		{"json", `{"method":"POST","url":"http://service/a","body_type":"json","body":{"n":"{{ $json.n }}","t":"#{{ $json.n }}","l":[1,"{{ $json.l }}"]}}`,
			`{"n":7,"l":[2]}`,
			"POST /a", `{"n":7,"t":"#7","l":[1,[2]]}`,
			map[string]string{"Content-Type": "application/json", "Idempotency-Key": "execution:step:0"}},
		{"a text", `{"method":"POST","url":"http://service/a","body_type":"json","body":"{{ $json.t }}"}`, `{"t":"123"}`, "POST /a",
			`"123"`, nil},
		{"a text that is none", `{"method":"POST","url":"http://service/a","body_type":"json","body":"{{ $json.t }}"}`, `{"t":"hello"}`,
			"POST /a", `"hello"`, nil},
		{"an injection",
			`{"method":"POST","url":"http://service/a","body_type":"json","body":"{\"n\": {{ $json.n }}, \"t\": \"{{ $json.n }}\"}"}`,
			`{"n":"1, \"admin\": true"}`, "POST /a", `{"n":"1, \"admin\": true","t":"1, \"admin\": true"}`, nil},
		{"json as text", `{"method":"PUT","url":"http://service/a","body_type":"json","body":"{\"n\": {{ $json.n }} }"}`, `{"n":7}`,
			"PUT /a", `{"n":7}`, nil},
		{"form", `{"method":"POST","url":"http://service/a","body_type":"form","form":[{"name":"a","value":"{{ $json.n }}"},{"name":"b","value":"x y"}]}`,
			`{"n":7}`,
			"POST /a", "a=7&b=x+y", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
		{"raw", `{"method":"POST","url":"http://service/a","body_type":"raw","body":"<x>{{ $json.n }}</x>","content_type":"text/xml"}`,
			`{"n":7}`, "POST /a", "<x>7</x>", map[string]string{"Content-Type": "text/xml"}},
		{"basic", `{"url":"http://service/a","auth":"basic","username":"ada","password":"{{ $secrets.P }}"}`, `{}`, "GET /a", "",
			map[string]string{"Authorization": "Basic YWRhOnNlY3JldC1Q"}},
		{"bearer", `{"url":"http://service/a","auth":"bearer","token":"{{ $secrets.T }}"}`, `{}`, "GET /a", "",
			map[string]string{"Authorization": "Bearer secret-T"}},
		{"header", `{"url":"http://service/a","auth":"header","header_name":"x-api-key","header_value":"{{ $secrets.K }}"}`, `{}`,
			"GET /a", "", map[string]string{"X-Api-Key": "secret-K"}},
		{"headers", `{"method":"POST","url":"http://service/a","headers":[{"name":"X-A","value":"{{ $json.n }}"},{"name":"idempotency-key","value":"mine"}]}`,
			`{"n":7}`,
			"POST /a", "", map[string]string{"X-A": "7", "Idempotency-Key": "mine"}},
		{"redirect", `{"url":"http://service/moved"}`, `{}`, "GET /list", "", map[string]string{"Cookie": "sid=1; until=2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			if _, err := s.run(t, c.config, "["+c.item+"]"); err != nil {
				t.Fatal(err)
			}
			got := s.last(t)
			if got.line != c.line || got.body != c.body {
				t.Errorf("got %q with %q", got.line, got.body)
			}
			for name, want := range c.headers {
				if got.header.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
				}
			}
		})
	}
}

func TestHTTPAnswers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for config, want := range map[string]string{
		`{"url":"http://service/a"}`:                                                         `main:[{"ok":true}]`,
		`{"url":"http://service/list"}`:                                                      `main:[{"id":1},{"data":2}@0]`,
		`{"url":"http://service/text"}`:                                                      `main:[{"data":"plain"}]`,
		`{"url":"http://service/a","response":"text"}`:                                       `main:[{"data":"{\"ok\":true}"}]`,
		`{"url":"http://service/twice"}`:                                                     `main:[{"a":2}]`,
		`{"url":"http://service/missing","success":"404"}`:                                   `main:[{"data":"no such thing"}]`,
		`{"url":"http://service/busy","never_error":true}`:                                   `main:[{"data":""}]`,
		`{"url":"http://service/moved","redirects":0,"success":"300-399","response":"text"}`: `main:[{"data":"<a href=\"/list\">Found</a>.\n\n"}]`,
	} {
		if r, err := s.run(t, config, `[{}]`); err != nil || outputs(r) != want {
			t.Errorf("%s: %s, %v; want %s", config, outputs(r), err, want)
		}
	}
	r, err := s.run(t, `{"url":"http://service/a","response":"full"}`, `[{}]`)
	if err != nil {
		t.Fatal(err)
	}
	full := r.Outputs[0].Items[0].JSON
	if full.Get("status").JSON() != "200" || full.Get("headers").Get("x-own").Raw() != "1" || full.Get("body").JSON() != `{"ok":true}` {
		t.Errorf("full: %s", full.JSON())
	}
	if r, err = s.run(t, `{"url":"http://service/moved","redirects":0,"never_error":true,"response":"full"}`, `[{}]`); err != nil {
		t.Fatal(err)
	}
	headers := r.Outputs[0].Items[0].JSON.Get("headers")
	got := headers.Get("set-cookie").JSON() + headers.Get("www-authenticate").JSON() + headers.Get("location").JSON()
	if got != `["sid=1; Path=/","until=2; Expires=Wed, 09 Jun 2100 10:18:14 GMT"]["Basic realm=\"a, b\"","Bearer"]"/list"` {
		t.Errorf("headers that come several times: %s", got)
	}
	r, err = s.run(t, `{"method":"POST","url":"http://service/{{ $json.p }}"}`, `[{"p":"list"},{"p":"a"}]`)
	if err != nil || outputs(r) != `main:[{"id":1},{"data":2}@0,{"ok":true}@1]` ||
		s.last(t).header.Get("Idempotency-Key") != "execution:step:1" {
		t.Errorf("two items: %s, %v", outputs(r), err)
	}
}

func TestHTTPFailures(t *testing.T) {
	t.Parallel()
	s := newService(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	for _, c := range []struct {
		config, code string
		retryable    bool
		after        time.Duration
		text         string
	}{
		{`{"url":"http://service/missing"}`, "HTTP_STATUS", false, 0, "404: no such thing"},
		{`{"url":"http://service/busy"}`, "HTTP_STATUS", true, 7 * time.Second, "429"},
		{`{"url":"http://service/later"}`, "HTTP_STATUS", true, time.Minute, "503"},
		{`{"url":"http://service/slow","timeout":0.2}`, "CONNECTION", true, 0, "in time"},
		{`{"url":"http://service/large"}`, "ANSWER_TOO_LARGE", false, 0, "larger"},
		{`{"url":"http://service/text","response":"json"}`, "HTTP_ANSWER", false, 0, "JSON"},
		{`{"url":"http://service/moved","redirects":0}`, "HTTP_STATUS", false, 0, "302"},
		{`{"url":"http://service/away"}`, "ADDRESS_REFUSED", false, 0, "169.254.169.254"},
		{`{"url":"http://127.0.0.1:1/"}`, "ADDRESS_REFUSED", false, 0, "outgoing.allow"},
		{`{"url":"http://` + listener.Addr().String() + `/"}`, "ADDRESS_REFUSED", false, 0, "outgoing.allow"},
	} {
		_, err := s.run(t, c.config, `[{}]`)
		var failed *node.Error
		if !errors.As(err, &failed) || failed.Code != c.code || failed.Retryable != c.retryable || failed.After != c.after ||
			!strings.Contains(failed.Message, c.text) {
			t.Errorf("%s: %+v, %v", c.config, failed, err)
		}
	}
	before := len(s.got)
	for _, config := range []string{
		`{"url":"{{ $json.no }}"}`, `{"url":"{{ 'file:///etc/passwd' }}"}`, `{"url":"{{ 'http://a:b@service/' }}"}`,
		`{"method":"{{ $json.method }}","url":"http://service/a"}`,
		`{"url":"http://service/a","headers":[{"name":"X","value":"{{ $json.evil }}"}]}`,
		`{"url":"http://service/a","headers":[{"name":"{{ $json.evil }}","value":"1"}]}`,
		`{"url":"http://service/a","headers":[{"name":"{{ 'Host' }}","value":"x"}]}`,
		`{"url":"http://service/a","headers":[{"name":"{{ 'content-length' }}","value":"0"}]}`,
		`{"url":"http://service/a","auth":"bearer","token":"{{ $json.evil }}"}`,
		`{"method":"POST","url":"http://service/a","body_type":"raw","content_type":"{{ $json.evil }}"}`,
	} {
		if _, err := s.run(t, config, `[{"evil":"a\r\nHost: b","method":"GET / HTTP/1.1\r\nX:"}]`); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", config, err)
		}
	}
	if len(s.got) != before {
		t.Error("a refused request reached the service")
	}
}

// mailbox is a mail server that keeps what it gets.
type mailbox struct {
	mutex sync.Mutex
	mails []string
	to    []string
	code  int
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.to = append(m.to, to)
	return nil
}

func (m *mailbox) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil || m.code != 0 {
		return &smtp.SMTPError{Code: m.code, Message: "no"}
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.mails = append(m.mails, string(data))
	return nil
}

func TestEmail(t *testing.T) {
	t.Parallel()
	box := &mailbox{}
	server := smtp.NewServer(box)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // a server that has not begun to serve does not know it, and would never stop
		<-done
	})
	mailer, err := outgoing.NewMailer(outgoing.MailSettings{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port,
		Encryption: "none", From: "zygo@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	const config = `{"to":"{{ $json.to }}","cc":["c@example.org"],"subject":"Hello {{ $json.name }}","text":"Hi","attachments":"{{ $json.field }}"}`
	c := call(t, `[{"to":"a@example.org, b@example.org","name":"Ä"},{"to":["d@example.org"],"name":"B","field":"body.file","body":{"file":{"name":"hi.txt","media_type":"text/plain","base64":"aGk="}}}]`)
	n := compile(t, "email", config)
	if _, err := n.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "mail.host") {
		t.Errorf("without a server: %v", err)
	}
	c.Services.Mail = mailer
	first, err := n.Run(t.Context(), c)
	const all = "a@example.org b@example.org c@example.org d@example.org c@example.org"
	if err != nil || len(box.mails) != 2 || strings.Join(box.to, " ") != all {
		t.Fatalf("%v, %d mails to %v", err, len(box.mails), box.to)
	}
	again, err := n.Run(t.Context(), c)
	if err != nil || outputs(first) != outputs(again) {
		t.Errorf("the second attempt sent other ids: %s and %s, %v", outputs(first), outputs(again), err)
	}
	if strings.Contains(box.mails[0], "hi.txt") || !strings.Contains(box.mails[1], "hi.txt") || !strings.Contains(box.mails[1], "aGk=") {
		t.Errorf("the file went with %v", box.mails)
	}
	parsed, err := mail.ReadMessage(strings.NewReader(box.mails[0]))
	if err != nil || parsed.Header.Get("Message-Id") != "<"+first.Outputs[0].Items[0].JSON.Get("message_id").Raw()+">" {
		t.Errorf("%v, %v", parsed, err)
	}
	c.Items = items(t, `[{"to":"a@example.org","name":"x\r\nBcc: e@example.org"}]`)
	var failed *node.Error
	if _, err := n.Run(t.Context(), c); !errors.As(err, &failed) || failed.Retryable {
		t.Errorf("a line break in the subject: %v", err)
	}
	c.Items = items(t, `[{"to":"a@example.org","name":"x","field":"cv"}]`)
	if _, err := n.Run(t.Context(), c); !errors.As(err, &failed) || !strings.Contains(faultFields(err), `no field \"cv\"`) {
		t.Errorf("an attachment that is not there: %v %s", err, faultFields(err))
	}
	c.Items = items(t, `[{"to":"a@example.org","name":"x"}]`)
	for code, retryable := range map[int]bool{451: true, 554: false} {
		box.code = code
		if _, err := n.Run(t.Context(), c); !errors.As(err, &failed) || failed.Retryable != retryable || failed.Code != "MAIL" {
			t.Errorf("%d: %+v", code, failed)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for _, c := range []struct{ config, want string }{
		{`{"source":"return items"}`, `main:[{"n":1},{"n":2},{"n":3}]`},
		{`{"source":"return $input.all().filter(i => i.json.n > 1)"}`, `main:[{"n":2}@1,{"n":3}@2]`},
		{`{"source":"return [{json: {a: 1}}, {b: 2}]"}`, `main:[{"a":1},{"b":2}@0]`},
		{`{"source":"return {sum: items.reduce((s, i) => s + i.json.n, 0)}"}`, `main:[{"sum":6}]`},
		{`{"source":"return [{json: {x: 1}, pairedItem: 2}, {json: {x: 2}, pairedItem: {item: 1}}, {json: {x: 3}, pairedItem: 99}]"}`,
			`main:[{"x":1}@2,{"x":2},{"x":3}]`},
		{`{"source":"return null"}`, `main:[]`},
		{`{"mode":"each","source":"return {m: $json.n * 2, i: $itemIndex}"}`, `main:[{"m":2,"i":0},{"m":4,"i":1},{"m":6,"i":2}]`},
		{`{"mode":"each","source":"if ($json.n > 1) return {json: $json}"}`, `main:[{"n":2}@1,{"n":3}@2]`},
		{`{"source":"return {t: '{{ $json.n }}'}"}`, `main:[{"t":"{{ $json.n }}"}]`},
		{`{"source":"const x = 1"}`, `!returned nothing`},
		{`{"mode":"each","source":"const x = 1"}`, `!returned nothing for any item`},
		{`{"mode":"each","source":"return null"}`, `main:[]`},
		{`{"source":"$json.n = 9; $input.item.json.m = 8; return items"}`, `main:[{"n":9,"m":8},{"n":2},{"n":3}]`},
		{`{"mode":"each","source":"$json.n += 1; return items[$itemIndex]"}`, `main:[{"n":2},{"n":3},{"n":4}]`},
		{`{"source":"throw {code: 'E1'}"}`, `!{"code":"E1"}`},
		{`{"source":"await Promise.reject([1])"}`, `![1]`},
		{`{"source":"throw {get a() { throw 1 }}"}`, `!an object that can't be shown`},
		{`{"source":"return {t: (1234.5).toLocaleString('de-DE')}"}`, `main:[{"t":"1.234,5"}]`},
		{`{"source":"return {t: (1234.5)['toLoc' + 'aleString']('de-DE')}"}`, `!knows no languages`},
		{`{"source":"return 5"}`, `!returned a number`},
		{`{"source":"return [1]"}`, `!a list with a number`},
		{`{"source":"return [{json: 1}]"}`, `!json is a number`},
		{`{"source":"let a = {}; for (let i = 0; i < 100; i++) a = {a}; return a"}`, `!levels deep`},
		{`{"source":"\nfoo()"}`, `!'foo' is not defined (line 2)`},
		{`{"source":"while (true) {}","timeout":1}`, `!didn't end within 1s`},
	} {
		in := call(t, `[{"n":1},{"n":2},{"n":3}]`)
		in.Services.Sandbox = pool
		r, err := compile(t, "code", c.config).Run(t.Context(), in)
		if part, wantsError := strings.CutPrefix(c.want, "!"); wantsError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %s, %v", c.config, outputs(r), err)
			}
			continue
		}
		if err != nil || outputs(r) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.config, outputs(r), err, c.want)
		}
	}
}

func TestCodeErrorsLogsAndFiles(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	in := call(t, `[{"n":1}]`)
	in.Services.Sandbox = pool
	in.Items[0].Files = []value.File{{Slot: "data", ID: "mine", Name: "a.pdf", Type: "application/pdf", Size: 5}}
	var lines []string
	in.Log = func(line string) { lines = append(lines, line) }
	_, err := compile(t, "code", `{"source":"console.log('one', {a: 1}); console.log('two'); throw new Error('no')"}`).Run(t.Context(), in)
	var failed *node.Error
	if !errors.As(err, &failed) || failed.Code != "SCRIPT_ERROR" || failed.Retryable || strings.Join(lines, "|") != `one {"a":1}|two` {
		t.Errorf("%+v, %q", failed, lines)
	}
	// A handle that the code made up would open somebody else's file.
	r, err := compile(t, "code",
		`{"source":"const f = items[0].files; return [{json: {}, files: {kept: f.data, forged: {id: 'theirs', name: 'x', type: 'x', size: 1}}}]"}`).Run(t.Context(), in)
	if err != nil || fmt.Sprint(r.Outputs[0].Items[0].Files) != "[{kept mine a.pdf application/pdf 5}]" {
		t.Errorf("%v, %v", r.Outputs, err)
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		`{}`:                              "2026-11-20T13:00:00Z",
		`{"amount":1.5,"unit":"minutes"}`: "2026-11-20T12:01:30Z",
		`{"amount":"{{ $json.n }}","unit":"days"}`: "2027-02-18T12:00:00Z",
		`{"mode":"until","at":"{{ $json.at }}"}`:   "2026-12-24T17:00:00Z",
		`{"mode":"until","at":"2000-01-01"}`:       "2000-01-01T00:00:00Z",
		`{"mode":"until","at":"{{ 'soon' }}"}`:     "!no time",
		`{"mode":"until"}`:                         "!no time",
		`{"mode":"until","at":"9999-01-01"}`:       "!400 days",
		`{"amount":"{{ 401 }}","unit":"days"}`:     "!400 days",
		`{"amount":"{{ 1e300 }}","unit":"days"}`:   "!400 days",
		`{"amount":"{{ -1 }}"}`:                    "!negative",
	} {
		r, err := compile(t, "delay", config).Run(t.Context(), call(t, `[{"n":"90","at":"2026-12-24T18:00:00+01:00"},{"n":1}]`))
		if part, wantsError := strings.CutPrefix(want, "!"); wantsError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v, %v", config, r.WaitUntil, err)
			}
			continue
		}
		if err != nil || r.WaitUntil.UTC().Format(time.RFC3339) != want || len(r.Outputs[0].Items) != 2 {
			t.Errorf("%s: %v, %v; want %s", config, r.WaitUntil, err, want)
		}
	}
}
