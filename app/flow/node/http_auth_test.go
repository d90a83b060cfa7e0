package node_test

import (
	"bufio"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/flow/node"
	"zygo/app/outgoing"
)

// issuer gives access tokens as RFC 6749 says, and refuses what it does not allow. Its API takes the newest token.
type issuer struct {
	*httptest.Server
	mutex   sync.Mutex
	asked   int
	refresh string // the refresh token that is good
	rotates bool
	token   string // the access token that is good, empty for none
	calls   []string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	s := &issuer{refresh: "r0"}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			s.give(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		s.calls = append(s.calls, r.Header.Get("Authorization")+" "+string(body))
		if s.token == "" || r.Header.Get("Authorization") != "Bearer "+s.token {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"sent":%q}`, r.Header.Get("Authorization"))
			return
		}
		fmt.Fprintf(w, `{"ok":true,"echo":%q}`, r.Header.Get("Authorization"))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *issuer) give(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q,"error_description":"r0 hidden"}`, code)
	}
	s.asked++
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	id, secret, isBasic := r.BasicAuth()
	if isBasic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	switch {
	case err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded":
		refuse(http.StatusBadRequest, "invalid_request")
	case id != "me" || secret != "s:3 cret" || isBasic && form.Has("client_secret"):
		refuse(http.StatusUnauthorized, "invalid_client")
	case form.Get("grant_type") == "refresh_token" && form.Get("refresh_token") != s.refresh:
		refuse(http.StatusBadRequest, "invalid_grant")
	case form.Get("grant_type") != "refresh_token" && form.Get("grant_type") != "client_credentials":
		refuse(http.StatusBadRequest, "unsupported_grant_type")
	default:
		s.token = fmt.Sprintf("access-%d", s.asked)
		next := ""
		if s.rotates {
			s.refresh = fmt.Sprintf("r%d", s.asked)
			next = fmt.Sprintf(`,"refresh_token":%q`, s.refresh)
		}
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer","expires_in":3600,"scope":%q%s}`, s.token, form.Get("scope"), next)
	}
}

// client makes calls that share what the engine keeps.
func (s *issuer) client(t *testing.T) func(config, owner string, at time.Duration) (string, []string, error) {
	t.Helper()
	guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	services := &node.Services{HTTP: guard}
	return func(config, owner string, at time.Duration) (string, []string, error) {
		c := call(t, `[{}]`)
		c.Services, c.Environment.Owner, c.Now = services, owner, noon.Add(at)
		var hidden []string
		c.Hide = func(text string) { hidden = append(hidden, text) }
		c.Environment.Secret = func(_ context.Context, name string) (string, error) {
			return map[string]string{"S": "s:3 cret", "R": "r0", "W": "wrong"}[name], nil
		}
		r, err := compile(t, "http", strings.ReplaceAll(config, "http://service", s.URL)).Run(t.Context(), c)
		return outputs(r), hidden, err
	}
}

const (
	clientOAuth = `{"method":"POST","url":"http://service/api","body_type":"json","body":{"n":1},"auth":"oauth2","token_url":"http://service/token","client_id":"me",
		"client_secret":"{{ $secrets.S }}","scope":"read write"}`
	refreshOAuth = `{"url":"http://service/api","auth":"oauth2","grant":"refresh_token","token_url":"http://service/token","client_id":"me",
		"client_secret":"{{ $secrets.S }}","refresh_token":"{{ $secrets.R }}","client_proof":"body"}`
)

// An access token is asked for once and used until it ends, each organization has its own, and a refused one is exchanged once.
func TestOAuthTokens(t *testing.T) {
	t.Parallel()
	for _, config := range []string{clientOAuth, refreshOAuth} {
		s := newIssuer(t)
		run := s.client(t)
		expect := func(what, owner string, at time.Duration, asked int) {
			t.Helper()
			_, hidden, err := run(config, owner, at)
			if err != nil || s.asked != asked || len(hidden) == 0 || hidden[len(hidden)-1] != s.token {
				t.Errorf("%s: %v, asked %d times, hides %v", what, err, s.asked, hidden)
			}
		}
		expect("the first", "acme", 0, 1)
		expect("a second", "acme", time.Minute, 1)
		expect("another organization", "other", time.Minute, 2)
		s.token = "access-1"
		expect("just before the end", "acme", time.Hour-time.Minute, 2)
		expect("at the end", "acme", time.Hour, 3)
		s.mutex.Lock()
		s.token, s.calls = "revoked", nil
		s.mutex.Unlock()
		expect("a refused one", "acme", time.Hour, 4)
		if len(s.calls) != 2 || config == clientOAuth && strings.Count(strings.Join(s.calls, ""), `{"n":1}`) != 2 {
			t.Errorf("the calls are %q", s.calls)
		}
	}
}

// What the service refuses says why, and holds neither tokens nor secrets.
func TestOAuthRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, code, want string }{
		{"{{ $secrets.S }}", "{{ $secrets.W }}", "OAUTH_REFUSED", "401 with invalid_client"},
		{"{{ $secrets.R }}", "{{ $secrets.W }}", "OAUTH_REFUSED", "400 with invalid_grant"},
		{"http://service/token", "http://service/api", "OAUTH_REFUSED", "401 with no reason"},
		{"http://service/token", "http://127.0.0.1:9/token", "ADDRESS_REFUSED", "not a public address"},
	} {
		s := newIssuer(t)
		_, _, err := s.client(t)(strings.Replace(refreshOAuth, c.from, c.to, 1), "acme", 0)
		var failed *node.Error
		if !errors.As(err, &failed) || failed.Code != c.code || !strings.Contains(failed.Message, c.want) {
			t.Errorf("%s: %v", c.to, err)
			continue
		}
		shown, _ := json.Marshal(failed)
		for _, secret := range []string{"s:3 cret", "r0", "hidden", "access-"} {
			if strings.Contains(string(shown), secret) {
				t.Errorf("%s: the failure shows %s: %s", c.to, secret, shown)
			}
		}
	}
	s := newIssuer(t)
	run := s.client(t)
	if _, _, err := run(refreshOAuth, "acme", 0); err != nil {
		t.Fatal(err)
	}
	s.mutex.Lock()
	s.refresh, s.token = "gone", "gone"
	s.mutex.Unlock()
	if _, _, err := run(refreshOAuth, "acme", 0); err == nil || !strings.Contains(err.Error(), "invalid_grant") || s.asked != 2 {
		t.Errorf("an ended grant gives %v after %d requests", err, s.asked)
	}
}

// A service may give a new refresh token each time. It is used from then on, as long as the process lives.
func TestOAuthRotates(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	s.rotates = true
	run := s.client(t)
	for i := range 3 {
		if _, hidden, err := run(refreshOAuth, "acme", time.Duration(i)*time.Hour); err != nil || len(hidden) != 2 {
			t.Errorf("round %d: %v, hides %v", i, err, hidden)
		}
	}
	s.mutex.Lock()
	s.refresh = "r0" // somebody signed in anew, and the service forgot what it gave before
	s.mutex.Unlock()
	if _, _, err := run(refreshOAuth, "acme", 4*time.Hour); err == nil {
		t.Error("a forgotten refresh token is taken")
	}
	if _, _, err := run(refreshOAuth, "acme", 4*time.Hour); err != nil {
		t.Errorf("the one in the secret is not tried again: %v", err)
	}
}

// Digest answers the challenge of a service, and sends the body again.
func TestHTTPDigest(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"MD5", "SHA-256", "SHA-256-sess", ""} {
		sum := func(text string) string {
			if algorithm == "MD5" || algorithm == "" {
				h := md5.Sum([]byte(text))
				return hex.EncodeToString(h[:])
			}
			h := sha256.Sum256([]byte(text))
			return hex.EncodeToString(h[:])
		}
		calls := 0
		serve := func(w http.ResponseWriter, r *http.Request) {
			calls++
			body, _ := io.ReadAll(r.Body)
			given := map[string]string{}
			for _, part := range strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "Digest "), ", ") {
				name, text, _ := strings.Cut(part, "=")
				given[name] = strings.Trim(text, `"`)
			}
			secret := sum("ada:the realm:secret-P")
			if strings.HasSuffix(algorithm, "-sess") {
				secret = sum(secret + ":n1:" + given["cnonce"])
			}
			want := sum(strings.Join([]string{secret, "n1", "00000001", given["cnonce"], "auth", sum("POST:/a?b=c")}, ":"))
			if string(body) != "hi" || given["uri"] != "/a?b=c" || given["response"] != want {
				w.Header().Add("WWW-Authenticate", `Basic realm="x"`)
				w.Header().Add("WWW-Authenticate", fmt.Sprintf(`Digest realm="the realm", nonce="n1", qop="auth,auth-int", algorithm=%s`, algorithm))
				if algorithm == "" {
					w.Header().Set("WWW-Authenticate", `Digest realm="the realm", nonce="n1", qop="auth"`)
				}
				w.WriteHeader(http.StatusUnauthorized)
			}
		}
		config := `{"method":"POST","url":"http://service/a?b=c","body_type":"raw","body":"hi","auth":"digest","username":"ada","password":"{{ $secrets.P }}"}`
		if _, err := ask(t, serve, config, `[{}]`); err != nil || calls != 2 {
			t.Errorf("%q: %v after %d requests", algorithm, err, calls)
		}
		calls = 0
		if _, err := ask(t, serve, strings.Replace(config, "$secrets.P", "$secrets.Q", 1), `[{}]`); err == nil || calls != 2 {
			t.Errorf("%q with a wrong password: %v after %d requests", algorithm, err, calls)
		}
	}
}

func TestHTTPSignsAndNames(t *testing.T) {
	t.Parallel()
	var got *http.Request
	serve := func(_ http.ResponseWriter, r *http.Request) { got = r }
	if _, err := ask(t, serve, `{"url":"http://service/a?x=1","auth":"query","query_name":"api key","query_value":"{{ $secrets.K }}&y=2"}`, `[{}]`); err != nil ||
		got.URL.RawQuery != "x=1&api+key=secret-K%26y%3D2" {
		t.Errorf("the query is %s, %v", got.URL.RawQuery, err)
	}
	// The example of GitHub's guide.
	const body = `"method":"POST","url":"http://service/hook?a=1","body_type":"raw","body":"Hello, World!","auth":"hmac","header_name":"X-Hub-Signature-256"`
	if _, err := ask(t, serve, `{`+body+`,"signing_key":"It's a Secret to Everybody","prefix":"sha256="}`, `[{}]`); err != nil ||
		got.Header.Get("X-Hub-Signature-256") != "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" {
		t.Errorf("the signature is %s, %v", got.Header.Get("X-Hub-Signature-256"), err)
	}
	if _, err := ask(t, serve, `{`+body+`,"signing_key":"{{ $secrets.K }}","hash":"SHA1","coding":"base64","signed":"{timestamp}.{method}.{path}.{query}.{body}","time_header":"X-Time"}`,
		`[{}]`); err != nil || got.Header.Get("X-Time") != fmt.Sprint(noon.Unix()) || len(got.Header.Get("X-Hub-Signature-256")) != 28 {
		t.Errorf("signed with %v, %v", got.Header, err)
	}
	found, _ := node.Find("http", 1)
	for config, wrong := range map[string]string{
		`{"url":"http://a.example","auth":"hmac","signing_key":"k"}`:                                                        "header_name",
		`{"url":"http://a.example","auth":"hmac","signing_key":"k","header_name":"X","signed":"{secret}"}`:                  "signed",
		`{"url":"http://a.example","auth":"hmac","signing_key":"k","header_name":"X","signed":"{timestamp}{body}"}`:         "time_header",
		`{"url":"http://a.example","auth":"query"}`:                                                                         "query_name",
		`{"url":"http://a.example","auth":"oauth2","token_url":"http://b.example"}`:                                         "client_id",
		`{"url":"http://a.example","auth":"oauth2","token_url":"ftp://b.example","client_id":"x"}`:                          "token_url",
		`{"url":"http://a.example","auth":"oauth2","token_url":"http://b.example","client_id":"x","grant":"refresh_token"}`: "refresh_token",
		`{"url":"http://a.example","auth":"aws","access_key":"a","secret_key":"b","region":"eu"}`:                           "aws_service",
		`{"url":"http://a.example","auth":"digest"}`:                                                                        "username",
		`{"url":"http://a.example","proxy":"socks5://p.example:1080"}`:                                                      "proxy",
		`{"url":"http://a.example","proxy":"http://p.example"}`:                                                             "proxy",
		`{"url":"http://a.example","tls_verify":"{{ $json.x }}"}`:                                                           "tls_verify",
	} {
		if _, faults := found.Compile([]byte(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}

// tunnel is a proxy that connects for those who know its password, and keeps where it was led.
func tunnel(t *testing.T) (address string, led func() []string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	var mutex sync.Mutex
	var lines []string
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer client.Close()
				r, err := http.ReadRequest(bufio.NewReader(client))
				if err != nil {
					return
				}
				mutex.Lock()
				lines = append(lines, r.Method+" "+r.RequestURI+" "+r.Header.Get("Proxy-Authorization"))
				mutex.Unlock()
				server, err := net.Dial("tcp", r.RequestURI)
				if r.Method != http.MethodConnect || r.Header.Get("Proxy-Authorization") == "" || err != nil {
					fmt.Fprint(client, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
					return
				}
				defer server.Close()
				fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
				go func() { _, _ = io.Copy(server, client) }()
				_, _ = io.Copy(client, server)
			}()
		}
	}()
	return listener.Addr().String(), func() []string {
		mutex.Lock()
		defer mutex.Unlock()
		return append([]string(nil), lines...)
	}
}

// Every node that makes requests looks at certificates; only the HTTP node can be told not to.
func TestAllNodesCheckCertificates(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came through") }))
	t.Cleanup(s.Close)
	for name, config := range map[string]string{
		"http":                 `{"url":"URL"}`,
		"rss":                  `{"url":"URL"}`,
		"notify":               `{"service":"discord","address":"URL","text":"Hi"}`,
		"monitor":              `{"url":"URL","tries":1}`,
		"connector.mattermost": `{"operation":"send_message","address":"URL","token":"{{ $secrets.T }}","channel":"c","message":"m"}`,
	} {
		guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(guard.Close)
		c := call(t, `[{}]`)
		c.Services.HTTP = guard
		_, err = compile(t, name, strings.ReplaceAll(config, "URL", s.URL)).Run(t.Context(), c)
		if err == nil && name != "monitor" || err != nil && !strings.Contains(err.Error(), "certificate is not trusted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A certificate that nobody trusts is refused unless the node says otherwise, and a proxy is led to the address that the guard found.
func TestHTTPCertificatesAndProxies(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	t.Cleanup(s.Close)
	proxy, led := tunnel(t)
	here := s.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(here)
	run := func(config string, allow ...string) (string, error) {
		guard, err := outgoing.NewGuard(allow)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(guard.Close)
		c := call(t, `[{}]`)
		c.Services.HTTP = guard
		config = strings.NewReplacer("HERE", here, "PORT", port, "PROXY", "http://ada:{{ $secrets.P }}@"+proxy).Replace(config)
		r, err := compile(t, "http", config).Run(t.Context(), c)
		return outputs(r), err
	}
	both := []string{here, proxy, "localhost:" + port}
	for _, c := range []struct {
		config string
		allow  []string
		want   string
	}{
		{`{"url":"https://HERE/"}`, both, "!certificate is not trusted"},
		{`{"url":"https://HERE/","tls_verify":false}`, both, here},
		{`{"url":"https://HERE/","tls_verify":false}`, nil, "!not a public address"},
		{`{"url":"https://localhost:PORT/","tls_verify":false,"proxy":"PROXY"}`, both, "localhost:" + port},
		{`{"url":"https://localhost:PORT/","proxy":"PROXY"}`, both, "!certificate is not trusted"},
		{`{"url":"https://HERE/","tls_verify":false,"proxy":"PROXY"}`, []string{proxy}, "!not a public address"},
		{`{"url":"https://HERE/","tls_verify":false,"proxy":"PROXY"}`, []string{here}, "!not a public address"},
		{`{"url":"http://HERE/","proxy":"PROXY"}`, both, "!must begin with https://"},
	} {
		got, err := run(c.config, c.allow...)
		part, isError := strings.CutPrefix(c.want, "!")
		if isError && (err == nil || !strings.Contains(err.Error(), part)) || !isError && (err != nil || !strings.Contains(got, part)) {
			t.Errorf("%s with %v: %s, %v", c.config, c.allow, got, err)
		}
	}
	for _, line := range led() {
		if !strings.HasPrefix(line, "CONNECT 127.0.0.1:"+port+" Basic ") {
			t.Errorf("the proxy was led to %s", line)
		}
	}
	if len(led()) != 2 {
		t.Errorf("the proxy was used %d times", len(led()))
	}
}
