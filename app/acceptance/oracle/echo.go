package oracle

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// EchoThere is the address of the server that the cases call.
const EchoThere = "http://127.0.0.1:25690"

// Echo is that server: what it answers is written in the address. It ends with its test.
func Echo(t testing.TB) *httptest.Server {
	e := &echo{tries: map[string]int{}}
	e.server = httptest.NewServer(e)
	t.Cleanup(e.server.Close)
	return e.server
}

type echo struct {
	server *httptest.Server
	mutex  sync.Mutex
	tries  map[string]int
}

// fixed answers say nothing of the request.
var fixed = map[string]struct{ kind, body string }{
	"/array":        {"application/json", `[{"id":1},{"id":2}]`},
	"/mixed":        {"application/json", `[1,"x",null,[2],{"a":1}]`},
	"/empty-array":  {"application/json", `[]`},
	"/object":       {"application/json", `{"a":1,"list":[1,2],"o":{"p":null}}`},
	"/string":       {"application/json", `"just text"`},
	"/number":       {"application/json", `5`},
	"/null":         {"application/json", `null`},
	"/big":          {"application/json", `{"id":9007199254740993,"f":1.10,"dup":1,"dup":2}`},
	"/bad-json":     {"application/json", `{"a":`},
	"/json-as-text": {"text/plain", `{"a":1}`},
	"/no-type":      {"", `{"a":1}`},
	"/text":         {"text/plain; charset=utf-8", "héllo"},
	"/latin":        {"text/plain; charset=iso-8859-1", "h\xe9"},
	"/html":         {"text/html", "<p>hi</p>"},
	"/xml":          {"application/xml", "<a><b>1</b></a>"},
	"/bin":          {"image/png", "\x89PNG\x00\xff"},
	"/octets.dat":   {"application/octet-stream", "\x01\x02\x03"},
	"/csv":          {"text/csv", "a,b\n1,2\n"},
	"/empty":        {"application/json", ""},
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	answer := func(status int, kind, text string) {
		w.Header()["Content-Type"] = nil
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		io.WriteString(w, text)
	}
	page := number(r.FormValue("page"), 1)
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch known, isFixed := fixed[r.URL.Path]; {
	case isFixed:
		if r.URL.Path == "/bin" {
			w.Header().Set("Content-Disposition", `attachment; filename="a.png"`)
		}
		answer(200, known.kind, known.body)
	case first == "echo":
		answer(200, "application/json", echoed(r, body))
	case first == "status":
		answer(number(rest, 500), "application/json", fmt.Sprintf(`{"error":{"message":"no %s","code":"E%s"}}`, rest, rest))
	case first == "text-status":
		answer(number(rest, 500), "text/plain", "plain failure")
	case first == "204":
		w.WriteHeader(204)
	case first == "gzip":
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		io.WriteString(writer, `{"z":1}`)
		writer.Close()
		w.Header().Set("Content-Encoding", "gzip")
		answer(200, "application/json", packed.String())
	case first == "headers":
		w.Header()["X-Case"] = []string{"AbC"}
		w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
		answer(201, "application/json", `{"ok":true}`)
	case strings.HasPrefix(first, "redirect"):
		status, to := 302, map[string]string{"redirect": "/echo?from=redirect", "redirect-307": "/echo?from=307"}[first]
		if first == "redirect-307" {
			status = 307
		} else if first == "redirect-loop" {
			to = "/redirect-loop"
		}
		w.Header().Set("Location", to)
		answer(status, "", "")
	case first == "slow":
		select {
		case <-time.After(time.Duration(number(r.FormValue("ms"), 0)) * time.Millisecond):
			answer(200, "application/json", `{"slow":true}`)
		case <-r.Context().Done():
		}
	case first == "page":
		answer(200, "application/json", e.page(page, number(r.FormValue("last"), 3)))
	case first == "pages-array" && page > 2:
		answer(200, "application/json", `[]`)
	case first == "pages-array":
		answer(200, "application/json", fmt.Sprintf(`[{"id":%d},{"id":%d.5}]`, page, page))
	case first == "page-404" && page > 2:
		answer(404, "application/json", `{"end":true}`)
	case first == "page-404":
		answer(200, "application/json", fmt.Sprintf(`{"page":%d}`, page))
	case first == "flaky":
		status, text := e.try(r.FormValue("k"), number(r.FormValue("fail"), 2))
		answer(status, "application/json", text)
	case first == "close":
		panic(http.ErrAbortHandler)
	case first == "auth" && r.Header.Get("Authorization") != "":
		answer(200, "application/json", fmt.Sprintf(`{"auth":%q}`, r.Header.Get("Authorization")))
	case first == "auth":
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		answer(401, "application/json", `{"message":"need auth"}`)
	default:
		answer(404, "application/json", `{"message":"not here"}`)
	}
}

func (e *echo) page(page, last int) string {
	items, next := "", "null"
	if page <= last {
		items = fmt.Sprintf(`{"id":%d},{"id":%d}`, page*10, page*10+1)
	}
	if page < last {
		next = fmt.Sprintf(`"%s/page?page=%d&last=%d"`, e.server.URL, page+1, last)
	}
	return fmt.Sprintf(`{"page":%d,"items":[%s],"next":%s}`, page, items, next)
}

// try fails as often as it is told to.
func (e *echo) try(key string, fail int) (int, string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.tries[key]++
	tries := e.tries[key]
	if tries <= fail {
		return 503, fmt.Sprintf(`{"error":"try %d"}`, tries)
	}
	e.tries[key] = 0
	return 200, fmt.Sprintf(`{"tries":%d}`, tries)
}

// ofTheClient are headers that say how a request was made, and boundaries those between the parts of a body.
var (
	ofTheClient = []string{"host", "connection", "user-agent", "accept-encoding", "content-length", "traceparent", "tracestate",
		"idempotency-key"}
	boundary   = regexp.MustCompile(`boundary=.*`)
	boundaries = regexp.MustCompile(`--[-\w]{12,}`)
)

// echoed is the request as JSON.
func echoed(r *http.Request, body []byte) string {
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	for _, name := range ofTheClient {
		delete(headers, name)
	}
	if kind := headers["content-type"]; strings.HasPrefix(kind, "multipart/") {
		headers["content-type"] = boundary.ReplaceAllString(kind, "boundary=B")
		body = boundaries.ReplaceAll(body, []byte("--B"))
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.Encode(struct {
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
	}{r.Method, r.RequestURI, headers, string(body)})
	return strings.TrimSpace(text.String())
}

func number(text string, usual int) int {
	if given, err := strconv.Atoi(text); err == nil {
		return given
	}
	return usual
}
