package outgoing

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/fault"
)

func guard(t *testing.T, allow ...string) *Guard {
	t.Helper()
	g, err := NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// server is a server on 127.0.0.1 that counts its connections.
func server(t *testing.T, handler http.HandlerFunc) (address string, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	s := httptest.NewUnstartedServer(handler)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), connections
}

func get(g *Guard, url string, o Options) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return g.Client(o).Do(request)
}

func TestGuardChecksAddresses(t *testing.T) {
	t.Parallel()
	g := guard(t, "10.1.0.0/16", "192.168.5.5:25", "fd00:1::/32")
	for address, allowed := range map[string]bool{
		"93.184.215.14:443": true, "93.184.215.14:80": true, "93.184.215.14:8443": true,
		"[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443": true,
		"10.1.2.3:8080": true, "[::ffff:10.1.2.3]:8080": true, "192.168.5.5:25": true, "[fd00:1::5]:443": true,
		"93.184.215.14:22": false, "93.184.215.14:25": false, "93.184.215.14:6379": false, "93.184.215.14:0": false, "10.1.2.3:22": false,
		"192.168.5.5:80": false, "10.2.0.1:443": false, "127.0.0.1:443": false, "127.9.9.9:443": false, "0.0.0.0:443": false,
		"169.254.169.254:80": false, "100.100.100.200:80": false, "168.63.129.16:80": false, "172.16.0.1:80": false,
		"192.168.0.1:80": false,
		"192.0.0.192:80": false, "198.18.0.1:80": false, "224.0.0.1:80": false, "255.255.255.255:80": false, "240.0.0.1:80": false,
		"[::1]:443": false, "[::]:443": false, "[fe80::1]:443": false, "[fe80::1%eth0]:443": false, "[fd00:ec2::254]:80": false,
		"[fc00::1]:80":          false,
		"[::ffff:127.0.0.1]:80": false, "[::ffff:169.254.169.254]:80": false, "[::127.0.0.1]:80": false, "[64:ff9b::7f00:1]:80": false,
		"[2002:7f00:1::]:80": false, "[2001:0:7f00:1::]:80": false, "[ff02::1]:80": false, "[2001:db8::1]:80": false,
	} {
		err := g.check(netip.MustParseAddrPort(address), web)
		if (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && (!fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "outgoing.allow")) {
			t.Errorf("%s: %v doesn't name the setting", address, err)
		}
	}
}

func TestGuardRefusesLocalAddressesInEveryForm(t *testing.T) {
	t.Parallel()
	address, connections := server(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(address)
	g := guard(t)
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST.", "0.0.0.0", "0", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "127.0.0.1.", "①②⑦.0.0.1"} {
		response, err := get(g, "http://"+host+":"+port+"/", Options{Time: 5 * time.Second})
		if err == nil {
			response.Body.Close()
			t.Errorf("%s was reached", host)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections reached the server", n)
	}
	// The control: with permission the same server answers.
	response, err := get(guard(t, address), "http://"+address, Options{})
	if err != nil || response.StatusCode != http.StatusOK || connections.Load() != 1 {
		t.Fatalf("%v, %v", response, err)
	}
	response.Body.Close()
	for _, allow := range []string{"127.0.0.0/8", "localhost:" + port} {
		response, err := get(guard(t, allow), "http://"+strings.Replace(address, "127.0.0.1", "localhost", 1), Options{})
		if err != nil {
			t.Errorf("allowed by %s: %v", allow, err)
			continue
		}
		response.Body.Close()
	}
}

func TestGuardChecksEveryAddressOfAName(t *testing.T) {
	t.Parallel()
	address, connections := server(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(address)
	public, private := netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr("127.0.0.1")
	for name, answer := range map[string][]netip.Addr{
		"private": {private}, "mixed": {public, private}, "mapped": {netip.MustParseAddr("::ffff:127.0.0.1")},
		"many": make([]netip.Addr, 1000), "none": {},
	} {
		g := guard(t)
		g.lookup = func(context.Context, string) ([]netip.Addr, error) { return answer, nil }
		if response, err := get(g, "http://example.com:"+port, Options{}); err == nil {
			response.Body.Close()
			t.Errorf("%s: reached", name)
		}
	}
	// A name is looked up once: the second answer of a hostile name server is never asked for.
	g, asked := guard(t, "127.0.0.1:"+port), 0
	g.lookup = func(context.Context, string) ([]netip.Addr, error) {
		if asked++; asked > 1 {
			return []netip.Addr{netip.MustParseAddr("169.254.169.254")}, nil
		}
		return []netip.Addr{private}, nil
	}
	response, err := get(g, "http://example.com:"+port, Options{})
	if err != nil || asked != 1 {
		t.Fatalf("asked %d times, %v", asked, err)
	}
	response.Body.Close()
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestNewGuardRefuses(t *testing.T) {
	t.Parallel()
	for _, allow := range []string{"", "internal", "internal:", "internal:0", "internal:70000", ":80", "10.0.0.0/33", "http://a:80"} {
		if _, err := NewGuard([]string{allow}); err == nil {
			t.Errorf("%q is accepted", allow)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	secret, secretConnections := server(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") })
	var seen http.Header
	other, _ := server(t, func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Clone() })
	var first string
	first, _ = server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/twice":
			http.Redirect(w, r, "/once", http.StatusFound)
		case "/once":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/end":
			seen = r.Header.Clone()
		case "/back":
			http.Redirect(w, r, "http://"+first+"/end", http.StatusFound)
		default:
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusTemporaryRedirect)
		}
	})
	g := guard(t, first, other)
	do := func(path string, redirects int) (*http.Response, error) {
		request, err := http.NewRequest(http.MethodPost, "http://"+first+path, strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer hush")
		request.Header.Set("X-Api-Key", "hush")
		request.Header.Set("Cookie", "a=hush")
		request.Header.Set("Accept", "text/plain")
		response, err := g.Client(Options{Redirects: redirects}).Do(request)
		if err == nil {
			response.Body.Close()
		}
		return response, err
	}
	if response, err := do("/once", 0); err != nil || response.StatusCode != http.StatusFound {
		t.Errorf("none followed: %v", err)
	}
	if _, err := do("/twice", 2); err != nil || seen.Get("X-Api-Key") != "hush" {
		t.Errorf("on the same host: %v, %v", seen, err)
	}
	if _, err := do("/twice", 1); !fault.Is(err, fault.Invalid) {
		t.Errorf("one of two followed: %v", err)
	}
	if _, err := do("/loop", 50); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "5 times") {
		t.Errorf("a loop: %v", err)
	}
	if _, err := do("/?to="+url.QueryEscape("http://"+other+"/x"), 5); err != nil || seen.Get("Accept") == "" {
		t.Fatalf("to another host: %v, %v", seen, err)
	}
	for _, name := range []string{"Authorization", "X-Api-Key", "Cookie", "Referer"} {
		if seen.Get(name) != "" {
			t.Errorf("%s went to another host", name)
		}
	}
	for _, to := range []string{"http://" + secret, "http://localhost:1/", "http://169.254.169.254/latest", "file:///etc/passwd",
		"gopher://x", "ftp://x", "http://a:b@" + other, "//" + secret} {
		if _, err := do("/?to="+url.QueryEscape(to), 5); err == nil {
			t.Errorf("a redirect to %s was followed", to)
		}
	}
	if n := secretConnections.Load(); n != 0 {
		t.Errorf("%d connections reached the forbidden server", n)
	}
}

func TestReadBody(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 100 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	z.Close()
	var small bytes.Buffer
	z = gzip.NewWriter(&small)
	_, _ = z.Write([]byte("hello"))
	z.Close()
	address, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/small":
			if r.Header.Get("Accept-Encoding") != "" {
				t.Error("a compressed answer was asked for")
			}
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(small.Bytes())
		case "/broken":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("no gzip at all"))
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
		case "/empty":
			w.Header().Set("Content-Encoding", "gzip")
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<10))
			}
		case "/short":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("abc"))
		case "/header":
			w.Header().Set("X", strings.Repeat("x", 100<<10))
		}
	})
	g := guard(t, address)
	read := func(path string) ([]byte, error) {
		response, err := get(g, "http://"+address+path, Options{})
		if err != nil {
			return nil, Explain(err)
		}
		return ReadBody(response, 1<<20)
	}
	if body, err := read("/small"); err != nil || string(body) != "hello" {
		t.Errorf("%q, %v", body, err)
	}
	if body, err := read("/empty"); err != nil || len(body) != 0 {
		t.Errorf("%q, %v", body, err)
	}
	for path, code := range map[string]fault.Code{"/bomb": fault.TooLarge, "/endless": fault.TooLarge, "/broken": fault.Unavailable,
		"/brotli": fault.UnsupportedMedia, "/short": fault.Unavailable, "/header": fault.Unavailable} {
		if body, err := read(path); !fault.Is(err, code) {
			t.Errorf("%s: %d bytes, %v", path, len(body), err)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	address, _ := server(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(hang) })
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := listener.Addr().String()
	listener.Close()
	g := guard(t, "127.0.0.0/8")
	for url, want := range map[string]struct {
		code fault.Code
		text string
	}{
		"http://" + address: {fault.Unavailable, "in time"},
		"http://" + refused: {fault.Unavailable, "refused"},
		secure.URL:          {fault.Invalid, "certificate"},
		"http://10.0.0.1":   {fault.Forbidden, "10.0.0.1:80"},
		"ftp://x":           {fault.Invalid, "http://"},
	} {
		patience := time.Minute
		if want.text == "in time" {
			patience = 10 * time.Millisecond // no answer comes, however long the client waits
		}
		_, err := get(g, url, Options{Time: patience})
		if err = Explain(err); !fault.Is(err, want.code) || !strings.Contains(fault.Public(err).Message, want.text) {
			t.Errorf("%s: %v", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Client(Options{}).Do(request); !errors.Is(Explain(err), context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	g.lookup = func(_ context.Context, host string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host}
	}
	if _, err := get(g, "http://nowhere.invalid", Options{}); !fault.Is(Explain(err), fault.Unavailable) ||
		!strings.Contains(Explain(err).Error(), "nowhere.invalid") {
		t.Errorf("an unknown name: %v", Explain(err))
	}
}

// A proxy from the environment would connect in the guard's place.
func TestNoProxy(t *testing.T) {
	proxy, connections := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "proxy") })
	t.Setenv("HTTP_PROXY", "http://"+proxy)
	t.Setenv("ALL_PROXY", "http://"+proxy)
	g := guard(t, proxy)
	g.lookup = func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no") }
	if _, err := get(g, "http://example.com", Options{}); err == nil || connections.Load() != 0 {
		t.Errorf("%v, %d connections to the proxy", err, connections.Load())
	}
}

func TestParseURL(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"https://example.com", "http://example.com:8080/a?b=c#d", "https://[2001:db8::1]:443/",
		"https://bücher.example/"} {
		if _, err := ParseURL(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "example.com", "//example.com", "file:///etc/passwd", "gopher://x", "javascript:alert(1)", "http://",
		"http:///path", "http://:80",
		"http://user@example.com", "http://a:b@example.com", "http://public@127.0.0.1", "http://example.com\\@127.0.0.1",
		"http://exa mple.com", "http://example.com:0",
		"http://example.com:99999", "http://example.com:x", "http://example.com/\r\nHost: x", "HTTP ://x", "http://%31%32%37.0.0.1:x/",
		"https://" + strings.Repeat("a", 9000)} {
		if u, err := ParseURL(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is accepted as %v: %v", text, u, err)
		}
	}
	if u, err := ParseURL("http://example.com#@127.0.0.1/"); err != nil || u.Hostname() != "example.com" {
		t.Errorf("%v, %v", u, err)
	}
}

func TestSetHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	if err := SetHeader(h, "x-api-key", "a\tb é"); err != nil || h.Get("X-Api-Key") != "a\tb é" {
		t.Errorf("%v, %v", h, err)
	}
	for name, value := range map[string]string{"": "x", "a b": "x", "a:": "x", "a\r\nb": "x", "é": "x", "X": "a\r\nHost: b", "X-N": "a\nb",
		"X-Z":  "a\x00b",
		"host": "x", "Content-Length": "0", "transfer-encoding": "chunked", "CONNECTION": "close", "proxy-authorization": "x",
		"upgrade": "h2c", "X-L": strings.Repeat("x", 9000)} {
		if err := SetHeader(h, name, value); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %q is accepted", name, value)
		}
	}
	for _, method := range []string{"", "get", "CONNECT", "TRACE", "GET\r\n", "PURGE"} {
		if CheckMethod(method) == nil {
			t.Errorf("%q is accepted", method)
		}
	}
}
