package node_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zygo/app/flow/node"
	"zygo/app/outgoing"
)

// fileItem carries the bytes hi in a file.
const fileItem = `{"n":7,"cv":{"name":"c\"v\r\n.pdf","media_type":"application/pdf","size":2,"base64":"aGk="},"many":["a","b"]}`

// ask runs an http node against a handler.
func ask(t *testing.T, handle http.HandlerFunc, config, list string) (node.Result, error) {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	c := call(t, list)
	c.Services.HTTP = guard
	return compile(t, "http", strings.ReplaceAll(config, "http://service", s.URL)).Run(t.Context(), c)
}

func TestHTTPSendsFiles(t *testing.T) {
	t.Parallel()
	var types, bodies []string
	keep := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		types, bodies = append(types, r.Header.Get("Content-Type")), append(bodies, string(body))
	}
	const form = `{"method":"POST","url":"http://service/","body_type":"multipart","parts":[
		{"name":"n","value":"{{ $json.n }}"},{"name":"many","value":"{{ $json.many }}"},{"name":"cv","value":"{{ $json.cv }}"},
		{"name":"note\"\r\nX: y","value":"text","file_name":"n.txt","content_type":"text/plain"},{"name":"meta","value":{"a":[1]}},{"name":"none","value":"{{ $json.none }}"}]}`
	for range 2 {
		if _, err := ask(t, keep, form, "["+fileItem+"]"); err != nil {
			t.Fatal(err)
		}
	}
	if types[0] != types[1] || bodies[0] != bodies[1] {
		t.Error("the same form is sent in two ways, which an idempotency key does not allow")
	}
	_, parameters, err := mime.ParseMediaType(types[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for parts := multipart.NewReader(strings.NewReader(bodies[0]), parameters["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(part)
		got = append(got, fmt.Sprint(part.Header["Content-Disposition"], part.Header["Content-Type"], len(part.Header), " "+string(body)))
	}
	want := []string{`[form-data; name="n"] [] 1 7`, `[form-data; name="many"] [] 1 a`, `[form-data; name="many"] [] 1 b`,
		`[form-data; name="cv"; filename="c%22v.pdf"] [application/pdf] 2 hi`,
		`[form-data; name="note%22%0D%0AX: y"; filename="n.txt"] [text/plain] 2 text`,
		`[form-data; name="meta"] [] 1 {"a":[1]}`, `[form-data; name="none"] [] 1 `}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the form has\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := ask(t, keep, `{"method":"PUT","url":"http://service/","body_type":"file","body":"cv"}`, "["+fileItem+"]"); err != nil ||
		bodies[2] != "hi" || types[2] != "application/pdf" {
		t.Errorf("the file is sent as %s %q, %v", types, bodies, err)
	}
	for config, part := range map[string]string{
		`{"method":"PUT","url":"http://service/","body_type":"file","body":"many"}`:                                                          "body: is no file",
		`{"method":"PUT","url":"http://service/","body_type":"file"}`:                                                                        "body: names 0 files",
		`{"method":"PUT","url":"http://service/","body_type":"multipart","parts":[{"name":"a","value":{"base64":"?"}}]}`:                     "parts.0",
		`{"method":"PUT","url":"http://service/","body_type":"multipart","parts":[{"name":"a","value":"b","content_type":"{{ 'a\\nb' }}"}]}`: "must be one line",
	} {
		_, err := ask(t, keep, config, "["+fileItem+"]")
		if err == nil || !strings.Contains(fmt.Sprint(err, faultFields(err)), part) {
			t.Errorf("%s: %v %v, want %s", config, err, faultFields(err), part)
		}
	}
	if len(bodies) != 3 {
		t.Errorf("%d requests were made", len(bodies))
	}
}

// faultFields is what a refusal says of fields.
func faultFields(err error) string {
	var failed *node.Error
	if errors.As(err, &failed) {
		err = failed.Cause
	}
	text, _ := json.Marshal(err)
	return string(text)
}

func TestHTTPTakesFiles(t *testing.T) {
	t.Parallel()
	serve := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		if r.URL.Path == "/named" {
			w.Header().Set("Content-Disposition", `attachment; filename="r.png"`)
		}
		_, _ = w.Write([]byte("hi"))
	}
	for path, name := range map[string]string{"/a/logo.png?x=1": "logo.png", "/named": "r.png", "/": ""} {
		want := `main:[{"data":{"name":"` + name + `","media_type":"image/png","size":2,"base64":"aGk="}}]`
		if r, err := ask(t, serve, `{"url":"http://service`+path+`","response":"file"}`, `[{}]`); err != nil || outputs(r) != want {
			t.Errorf("%s gives %s, %v", path, outputs(r), err)
		}
	}
}

// pages serves three pages, each in every way that services name the next one.
func pages(seen *[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, r.URL.RequestURI()+" "+r.Header.Get("Authorization")+r.Header.Get("Idempotency-Key"))
		page := max(1, len(r.URL.Query().Get("cursor"))+1)
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page)
		next, list := "null", "[]"
		if page < 3 {
			next = fmt.Sprintf(`"/list?page=%d"`, page+1)
			w.Header().Set("Link",
				fmt.Sprintf(`<http://%s/list?page=1>; rel="first", </list?page=%d>; title=x; rel="next"`, r.Host, page+1))
		}
		if page <= 3 {
			list = fmt.Sprintf(`[{"id":%d},%d]`, page, page*10)
		}
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/bare":
			fmt.Fprint(w, list)
		case "/away":
			fmt.Fprint(w, `{"links":{"next":"http://evil.example/list"}}`)
		case "/round":
			fmt.Fprint(w, `{"links":{"next":"/round"}}`)
		default:
			fmt.Fprintf(w, `{"data":{"items":%s},"links":{"next":%s},"cursor":%q}`, list, next, strings.Repeat("c", page)[:min(page, 3)%3])
		}
	}
}

func TestHTTPReadsPages(t *testing.T) {
	t.Parallel()
	const all = `main:[{"id":1},{"data":10}@0,{"id":2}@0,{"data":20}@0,{"id":3}@0,{"data":30}@0]`
	const entries = `"entries":"data.items","pause":0`
	for _, c := range []struct{ config, want, asked string }{
		{`{"url":"http://service/list",` + entries + `}`, `main:[{"id":1},{"data":10}@0]`, "/list"},
		{`{"url":"http://service/list?q=1","auth":"bearer","token":"t","pages":"next","next":"links.next",` + entries + `}`, all,
			"/list?q=1 Bearer t,/list?page=2 Bearer t,/list?page=3 Bearer t"},
		{`{"url":"http://service/list","query":[{"name":"q","value":"1"}],"pages":"next",` + entries + `}`, all,
			"/list?q=1,/list?page=2,/list?page=3"},
		{`{"url":"http://service/list","query":[{"name":"page","value":"9"},{"name":"q","value":"1"}],"pages":"number",` + entries + `}`,
			all, "/list?q=1&page=1,/list?q=1&page=2,/list?q=1&page=3,/list?q=1&page=4"},
		{`{"url":"http://service/bare","pages":"number","page_name":"page","first_page":2,"pause":0}`,
			`main:[{"id":2},{"data":20}@0,{"id":3}@0,{"data":30}@0]`, "/bare?page=2,/bare?page=3,/bare?page=4"},
		{`{"url":"http://service/list","pages":"cursor","next":"cursor","page_name":"cursor",` + entries + `}`, all,
			"/list,/list?cursor=c,/list?cursor=cc"},
		{`{"url":"http://service/list","pages":"next","next":"links.next","most_pages":2,` + entries + `}`,
			`main:[{"id":1},{"data":10}@0,{"id":2}@0,{"data":20}@0]`, "/list,/list?page=2"},
		{`{"method":"POST","url":"http://service/list","pages":"next","most_pages":2,` + entries + `}`,
			`main:[{"id":1},{"data":10}@0,{"id":2}@0,{"data":20}@0]`, "/list execution:step:0:1,/list?page=2 execution:step:0:2"},
		{`{"url":"http://service/away","pages":"next","next":"links.next","pause":0}`, "!another host (evil.example)", "/away"},
		{`{"url":"http://service/round","pages":"next","next":"links.next","pause":0}`, "!read already", "/round,/round"},
		{`{"url":"http://service/bare","entries":"data.items","pause":0}`, "!no list at data.items", "/bare"},
	} {
		var seen []string
		r, err := ask(t, pages(&seen), c.config, `[{}]`)
		got := outputs(r)
		if err != nil {
			got = "!" + err.Error()
		}
		if part, wantsError := strings.CutPrefix(c.want, "!"); wantsError && !strings.Contains(got, part) || !wantsError && got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.config, got, c.want)
		}
		for i := range seen {
			seen[i] = strings.TrimSpace(seen[i])
		}
		if got := strings.Join(seen, ","); got != c.asked {
			t.Errorf("%s asks %s", c.config, got)
		}
	}
	found, _ := node.Find("http", 1)
	for config, wrong := range map[string]string{
		`{"url":"http://a.example","entries":"a["}`: "entries", `{"url":"http://a.example","pages":"cursor"}`: "next",
		`{"url":"http://a.example","pages":"next","next":"a."}`:      "next",
		`{"url":"http://a.example","most_pages":0}`:                  "most_pages",
		`{"url":"http://a.example","response":"file","entries":"a"}`: "response", `{"url":"http://a.example","pause":-1}`: "pause",
	} {
		if _, faults := found.Compile([]byte(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}

// A request names its page where the service looks for it, and a code may say that there is none.
func TestHTTPNamesPages(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		`"page_step":50,"first_page":0,"last_at":"more"`:                                        "0,50,100",
		`"page_in":"body","method":"POST","body_type":"json","body":{"q":"{{ $json.n }}"}`:      `{"q":7,"p":1},{"q":7,"p":2},{"q":7,"p":3},{"q":7,"p":4}`,
		`"page_in":"body","method":"POST","body_type":"raw","body":"{\"q\":{{ $json.n }}}"`:     `{"q":7,"p":1},{"q":7,"p":2},{"q":7,"p":3},{"q":7,"p":4}`,
		`"page_in":"body","method":"POST","body_type":"form","form":[{"name":"p","value":"9"}]`: "p=1,p=2,p=3,p=4",
		`"page_in":"headers","headers":[{"name":"P","value":"9"}]`:                              "1,2,3,4",
		`"page_in":"body","method":"POST"`:                                                      `{"p":1},{"p":2},{"p":3},{"p":4}`,
		`"page_in":"body","method":"POST","body_type":"raw","body":"x"`:                         "!page_in: needs a body",
	} {
		var seen []string
		serve := func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			seen = append(seen, r.Header.Get("P")+r.URL.Query().Get("p")+string(body))
			w.Header().Set("Content-Type", "application/json")
			if len(seen) > 3 {
				w.WriteHeader(http.StatusNotFound)
			}
			fmt.Fprintf(w, `{"n":%d,"more":%t}`, len(seen), len(seen) < 3)
		}
		r, err := ask(t, serve, `{"url":"http://service/","pages":"number","page_name":"p","pause":0,"end_codes":"404",`+config+`}`, `[{"n":7}]`)
		got := strings.Join(seen, ",")
		if err != nil {
			got = "!" + err.Error()
		}
		const all = `main:[{"n":1,"more":true},{"n":2,"more":true}@0,{"n":3,"more":false}@0]`
		if !strings.HasPrefix(got, want) || err == nil && (got != want || outputs(r) != all) {
			t.Errorf("%s:\n got %s, %s\nwant %s", config, got, outputs(r), want)
		}
	}
}

func TestHTTPPausesBetweenItems(t *testing.T) {
	t.Parallel()
	var at []time.Time
	serve := func(http.ResponseWriter, *http.Request) { at = append(at, time.Now()) }
	_, err := ask(t, serve, `{"url":"http://service/","batch":2,"pause":30}`, `[{},{},{}]`)
	if err != nil || len(at) != 3 || at[2].Sub(at[1]) < 30*time.Millisecond {
		t.Errorf("three items are asked for at %v, %v", at, err)
	}
}
