package safety

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

// hostile is one request that must be refused, or change nothing.
type hostile struct {
	name, method, path, body string
	headers                  []string
	want                     []int
}

func TestHostileRequestsAreRefused(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	owner := i.As("owner@acme")
	var bomb bytes.Buffer
	zipped := gzip.NewWriter(&bomb)
	for range 200 {
		zipped.Write(make([]byte, 1<<20))
	}
	zipped.Close()
	deep := strings.Repeat("[", 100_000)
	for _, h := range []hostile{
		{"a bomb", "POST", "assets", bomb.String(), []string{"Content-Encoding", "gzip"}, []int{415}},
		{"an unknown coding", "POST", "assets", "x", []string{"Content-Encoding", "br, gzip"}, []int{415}},
		{"a form", "POST", "assets", "name=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, []int{415}},
		{"JSON as text", "POST", "assets", `{"name":"x"}`, []string{"Content-Type", "text/plain"}, []int{415}},
		{"no JSON", "POST", "assets", `{"name":`, nil, []int{400}},
		{"a list", "POST", "assets", `[]`, nil, []int{400}},
		{"null", "POST", "assets", `null`, nil, []int{400}},
		{"a key twice", "POST", "assets", `{"name":"a","name":"b"}`, nil, []int{400}},
		{"depth", "POST", "assets", `{"name":` + deep, nil, []int{400}},
		{"depth that ends", "POST", "assets", `{"name":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`, nil, []int{400}},
		{"trailing data", "POST", "assets", `{"name":"a"} x`, nil, []int{400}},
		{"a comment", "POST", "assets", `{/* */"name":"a"}`, nil, []int{400}},
		{"a byte order mark", "POST", "assets", "\xef\xbb\xbf{\"name\":\"marked\"}", nil, []int{201}},
		{"UTF-16", "POST", "assets", "\xff\xfe{\x00}\x00", nil, []int{400}},
		{"NaN", "POST", "assets", `{"name":NaN}`, nil, []int{400}},
		{"a number for a text", "POST", "assets", `{"name":1e999}`, nil, []int{400, 422}},
		{"an object for a text", "POST", "assets", `{"name":{"a":1}}`, nil, []int{422}},
		{"an object for a reference", "POST", "assets", `{"name":"a","owner":{"id":"x"}}`, nil, []int{422}},
		{"a name of spaces", "POST", "assets", `{"name":"   "}`, nil, []int{422}},
		{"a name of two lines", "POST", "assets", `{"name":"a\nb"}`, nil, []int{422}},
		{"a long name", "POST", "assets", `{"name":"` + strings.Repeat("x", 10_000) + `"}`, nil, []int{422}},
		{"many tags", "POST", "assets", `{"name":"a","tags":["` + strings.Repeat(`x","`, 1000) + `x"]}`, nil, []int{201, 422}},
		{"a filter by a hidden field", "GET", "users?filter[password_hash]=x", "", nil, []int{400}},
		{"a sort by a hidden field", "GET", "users?sort_by=password_hash", "", nil, []int{400}},
		{"a field that is not there", "GET", "users?fields=password_hash", "", nil, []int{400}},
		{"an unknown parameter", "GET", "assets?admin=true", "", nil, []int{400}},
		{"a parameter twice", "GET", "assets?limit=1&limit=2", "", nil, []int{400}},
		{"an unknown operator", "GET", "assets?filter[name][like]=x", "", nil, []int{400}},
		{"a filter that never ends", "GET", "assets?filter[name=x", "", nil, []int{400}},
		{"a forged cursor", "GET", "assets?cursor=eyJuIjoxfQ", "", nil, []int{400}},
		{"a negative limit", "GET", "assets?limit=-1", "", nil, []int{400}},
		{"a huge page", "GET", "assets?page=99999999999", "", nil, []int{400}},
		{"a long search", "GET", "assets?search=" + strings.Repeat("x", 5000), "", nil, []int{400}},
		{"a bad version", "DELETE", "assets/x", "", []string{"If-Match", "latest"}, []int{400}},
		{"an escaped path", "GET", "/api/v1/assets%2f..%2fusers", "", nil, []int{400, 404}},
		{"a dotted path", "GET", "/api/./v1/assets", "", nil, []int{400, 404}},
		{"a doubled slash", "GET", "//api/v1/assets", "", nil, []int{400, 404}},
		{"capitals", "GET", "/API/v1/assets", "", nil, []int{404}},
		{"a slash at the end", "GET", "/api/v1/assets/", "", nil, []int{404}},
		{"a method for nothing", "PUT", "assets", "{}", nil, []int{405}},
		{"TRACE", "TRACE", "assets", "", nil, []int{405, 501}},
		{"an override", "POST", "/api/v1/users", "{}", []string{"X-HTTP-Method-Override", "DELETE"}, []int{404, 405}},
		{"another site's cookie request", "POST", "assets", `{"name":"csrf"}`,
			[]string{"Authorization", "", "Cookie", "zygo_session=" + owner.Token, "Sec-Fetch-Site", "cross-site"}, []int{403}},
		{"another origin", "POST", "assets", `{"name":"csrf"}`,
			[]string{"Authorization", "", "Cookie", "zygo_session=" + owner.Token, "Origin", "https://evil.test"}, []int{403}},
		{"the null origin", "POST", "assets", `{"name":"csrf"}`,
			[]string{"Authorization", "", "Cookie", "zygo_session=" + owner.Token, "Origin", "null"}, []int{403}},
		{"two cookies", "GET", "assets", "", []string{"Authorization", "", "Cookie", "zygo_session=" + owner.Token + "; zygo_session=x"},
			[]int{401}},
		{"a changed cookie", "GET", "assets", "", []string{"Authorization", "", "Cookie", "zygo_session=" + owner.Token + "x"}, []int{401}},
		{"another tenant by header", "GET", "assets", "", []string{"Zygo-Tenant", "umbrella"}, []int{404}},
		{"another charset", "POST", "assets", `{"name":"a"}`, []string{"Content-Type", "application/json; charset=utf-16"}, []int{415}},
		{"a charset that fits", "POST", "assets", `{"name":""}`, []string{"Content-Type", "application/json; charset=UTF-8"}, []int{422}},
		{"a sign-in with more", "POST", "auth/login", `{"email":"a@acme.test","password":"x","operator":true}`, nil, []int{422}},
		{"a sign-in in capitals", "POST", "auth/login", `{"email":"a@acme.test","password":"x","Email":"b@acme.test"}`, nil, []int{422}},
		{"a sign-in with two addresses", "POST", "auth/login", `{"email":"a@acme.test","email":"b@acme.test","password":"x"}`, nil,
			[]int{400}},
		{"a refresh with more", "POST", "auth/refresh", `{"refresh_token":"x","user":"y"}`, nil, []int{422}},
		{"no such webhook", "POST", "/hooks/acme/nothing", "{}", nil, []int{404}},
	} {
		answer, err := owner.Try(h.method, h.path, bodyOf(h.body), h.headers...)
		if err != nil {
			t.Errorf("%s: %v", h.name, err)
			continue
		}
		if !contains(h.want, answer.Status) {
			t.Errorf("%s answers %d, want one of %v: %.200s", h.name, answer.Status, h.want, answer.Body)
		}
		page := strings.HasPrefix(h.path, "//") || strings.HasPrefix(h.path, "/API") // outside the API a page says it
		if answer.Status >= 400 && h.method != "TRACE" && !page && (answer.Code() == "" ||
			!strings.Contains(string(answer.Body), "request_id")) {
			t.Errorf("%s answers without the envelope: %.200s", h.name, answer.Body)
		}
		for _, inside := range []string{"goroutine ", ".go:", "SELECT ", "t_asset", "sqlite", "panic", "zygo/app"} {
			if strings.Contains(string(answer.Body), inside) {
				t.Errorf("%s shows %q: %.300s", h.name, inside, answer.Body)
			}
		}
	}
	var rows []any
	owner.Must(owner.Call("GET", "assets?search=csrf", nil), 200, &rows)
	if len(rows) != 0 {
		t.Error("a refused request stored something")
	}
}

func bodyOf(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func contains(list []int, n int) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}

// raw sends bytes and reads the status line.
func raw(t *testing.T, i *instance.Instance, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(i.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(instance.Patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return ""
	}
	answer, _ := io.ReadAll(conn)
	line, _, _ := strings.Cut(string(answer), "\r\n")
	return line
}

func TestBrokenFramingIsRefused(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	for name, test := range map[string]struct{ request, want string }{
		"two lengths": {
			"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", " 400 "},
		"huge headers":   {"GET /health HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", " 431 "},
		"a long address": {"GET /" + strings.Repeat("x", 100<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n", " 4"},
		"a large body": {
			"POST /api/v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n{", " 413 "},
		"version 9":    {"GET /health HTTP/9.9\r\nHost: a\r\n\r\n", " 400 "},
		"version 2":    {"GET /health HTTP/2.0\r\nHost: a\r\n\r\n", " 400 "},
		"version 1.10": {"GET /health HTTP/1.10\r\nHost: a\r\n\r\n", " 400 "},
		"version 1.0":  {"GET /health HTTP/1.0\r\nHost: a\r\n\r\n", " 200 "},
		"files of nobody": {
			"POST /api/v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n--x", " 413 "},
		"a file of nobody": {
			"POST /api/v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n--x", " 401 "},
		"garbage": {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", ""},
	} {
		if line := raw(t, i, test.request); !strings.Contains(line, test.want) {
			t.Errorf("%s answers %q, want%s", name, line, test.want)
		}
	}
	if answer := (&instance.Client{Instance: i}).Call("GET", "/health", nil); answer.Status != 200 {
		t.Errorf("after garbage the health check answers %d", answer.Status)
	}
}

func TestOneAddressHoldsSoManyConnections(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "server.connections_per_address=5")
	held := make([]net.Conn, 0, 5)
	for range 5 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(i.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
	}
	if line := raw(t, i, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"); !strings.Contains(line, " 429 ") {
		t.Errorf("a connection too many answers %q", line)
	}
	held[0].Close()
	for line := ""; !strings.Contains(line, " 200 "); { // the server notices the closing in its own time
		line = raw(t, i, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	}
}

func TestForgedForwardingChangesNothing(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	nobody := &instance.Client{Instance: i}
	// Ten failures from "other" addresses are ten failures from here.
	status := 0
	for n := range 10 {
		status = nobody.Call("POST", "auth/login", map[string]string{"email": "owner@acme.test", "password": "wrong"}, "X-Forwarded-For",
			fmt.Sprintf("10.0.0.%d", n), "X-Real-IP", "10.1.1.1").Status
	}
	if status != 429 {
		t.Errorf("the tenth failure behind a forged header answers %d", status)
	}
}

func TestUnknownAndKnownAddressesLookTheSame(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	nobody := &instance.Client{Instance: i}
	known := nobody.Call("POST", "auth/login", map[string]string{"email": "owner@acme.test", "password": "wrong"})
	unknown := nobody.Call("POST", "auth/login", map[string]string{"email": "nobody@acme.test", "password": "wrong"})
	plain := func(r instance.Reply) string { return catalogue.RequestID.ReplaceAllString(string(r.Body), "") }
	if known.Status != 401 || plain(known) != plain(unknown) {
		t.Errorf("a known address answers %d %s, an unknown one %d %s", known.Status, known.Body, unknown.Status, unknown.Body)
	}
}

func TestOneRequestNeverShowsInAnother(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	acme, umbrella := i.As("owner@acme"), i.As("owner@umbrella")
	done := make(chan string, 8)
	for worker := range 8 {
		who, other := acme, "UMBRELLA"
		mine := fmt.Sprintf("ACME-%d-", worker)
		if worker%2 == 1 {
			who, other, mine = umbrella, "ACME", fmt.Sprintf("UMBRELLA-%d-", worker)
		}
		go func() {
			for n := range 60 {
				name := fmt.Sprint(mine, n)
				answer, err := who.Try("POST", "assets", map[string]any{"name": name, "tags": []string{name}})
				if err != nil || !strings.Contains(string(answer.Body), name) || strings.Contains(string(answer.Body), other+"-") {
					done <- fmt.Sprintf("%s: %v %s", name, err, answer.Body)
					return
				}
				list, err := who.Try("GET", "assets?search="+mine, nil)
				if err != nil || strings.Contains(string(list.Body), other+"-") {
					done <- fmt.Sprintf("%s lists %s, %v", name, list.Body, err)
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if wrong := <-done; wrong != "" {
			t.Error(wrong)
		}
	}
}

// TestAFormHasEachFieldOnce is for the pages of strangers, which have no lists.
func TestAFormHasEachFieldOnce(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	nobody := &instance.Client{Instance: i}
	for path, form := range map[string]string{
		"/login": "email=a@acme.test&password=x&email=b@acme.test", "/forgot-password": "email=a@acme.test&email=b@acme.test",
		"/signup": "name=a&name=b", "/reset-password": "token=a&token=b&password=x", "/verify-email": "token=a&password=x&password=y",
	} {
		if r := nobody.Call("POST", path, form, "Content-Type", instance.FormType, "Sec-Fetch-Site", "same-origin"); r.Status != 400 {
			t.Errorf("%s answers %d", path, r.Status)
		}
	}
}

func TestAProxyThatIsNotNamedIsToldOf(t *testing.T) {
	t.Parallel()
	for setting, told := range map[string]bool{"": true, "server.trusted_proxies=127.0.0.1": false} {
		settings := []string{}
		if setting != "" {
			settings = append(settings, setting)
		}
		i := instance.Start(t, settings...)
		nobody := &instance.Client{Instance: i}
		var last instance.Reply
		for range 8 {
			last = nobody.Call("POST", "auth/login", map[string]string{"email": "owner@acme.test", "password": "wrong"}, "X-Forwarded-For",
				"198.51.100.7")
		}
		if got := strings.Contains(string(last.Body), "server.trusted_proxies"); last.Status != 429 || got != told {
			t.Errorf("with %q the refusal is %d %s", setting, last.Status, last.Body)
		}
		if got := strings.Count(i.Output.String(), "through a proxy that server.trusted_proxies does not name"); (got == 1) != told ||
			got > 1 {
			t.Errorf("with %q the log says it %d times", setting, got)
		}
		direct := i.Traveller()
		if r := direct.Send("GET", "/login", "", ""); r.Status != 200 {
			t.Errorf("the page answers %d", r.Status)
		}
	}
}
