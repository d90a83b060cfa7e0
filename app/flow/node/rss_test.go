package node_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
)

// feedsByPath are one feed in each form that there is.
var feedsByPath = map[string]string{
	"/rss": `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
		<channel><title>News</title><link>https://acme.example/</link>
		<item><title>One &amp; only</title><link>/one</link><guid isPermaLink="false">1</guid><pubDate>Wed, 31 Jan 2024 09:00:00 +0100</pubDate>
		<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded><dc:creator>Ada</dc:creator>
		<category>a</category><category>b</category><enclosure url="/one.mp3" length="5" type="audio/mpeg"/></item>
		<item><description>No more</description></item></channel></rss>`,
	"/rdf": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
		<channel><title>News</title></channel><item><title>One</title><link>https://acme.example/one</link><dc:date>2024-01-31T08:00:00Z</dc:date></item></rdf:RDF>`,
	"/atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>urn:1</id><title type="html">One</title>
		<link href="https://acme.example/one"/><updated>2024-01-31T08:00:00Z</updated><author><name>Ada</name></author><author><name>Bob</name></author>
		<summary>Short</summary><content type="html">&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>`,
	"/json": `{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[{"id":"1","url":"https://acme.example/one","title":"One",
		"content_html":"<p>Long</p>","summary":"Short","date_published":"2024-01-31T08:00:00Z","tags":["a"]}]}`,
	"/page": `<html><body>no feed</body></html>`,
	"/bomb": `<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><rss version="2.0"><channel><item><title>&c;</title></item></channel></rss>`,
}

// newFeeds serves the feeds, and says 304 to those who have them.
func newFeeds(t *testing.T) (url string, served map[string]int, services *node.Services) {
	t.Helper()
	served = map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		served[r.URL.Path]++
		body, known := feedsByPath[r.URL.Path]
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	guard, err := outgoing.NewGuard([]string{server.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	return server.URL, served, &node.Services{HTTP: guard, Sandbox: pool}
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	url, _, services := newFeeds(t)
	const empty = `"categories":[],"enclosures":[],"feed":"News"}`
	for _, c := range []struct{ config, want string }{
		{`{"url":"{{ $json.u }}/rss"}`, `main:[{"id":"1","title":"One & only","link":"https://acme.example/one","date":"2024-01-31T08:00:00.000Z","summary":"Short","content":"<p>Long</p>","author":"Ada","categories":["a","b"],"enclosures":[{"url":"https://acme.example/one.mp3","type":"audio/mpeg","length":5}],"feed":"News"},{"id":null,"title":null,"link":null,"date":null,"summary":"No more","content":null,"author":null,` + empty + `@0]`},
		{`{"url":"{{ $json.u }}/rss","most":1,"hours":30000}`, `main:[{"id":"1",`},
		{`{"url":"{{ $json.u }}/rss","hours":1}`, `main:[]`},
		{`{"url":"{{ $json.u }}/rdf"}`, `main:[{"id":"https://acme.example/one","title":"One","link":"https://acme.example/one","date":"2024-01-31T08:00:00.000Z","summary":null,"content":null,"author":null,` + empty + `]`},
		{`{"url":"{{ $json.u }}/atom"}`, `main:[{"id":"urn:1","title":"One","link":"https://acme.example/one","date":"2024-01-31T08:00:00.000Z","summary":"Short","content":"<p>Long</p>","author":"Ada, Bob",` + empty + `]`},
		{`{"url":"{{ $json.u }}/json"}`, `main:[{"id":"1","title":"One","link":"https://acme.example/one","date":"2024-01-31T08:00:00.000Z","summary":"Short","content":"<p>Long</p>","author":null,"categories":["a"],"enclosures":[],"feed":"News"}]`},
		{`{"url":"{{ $json.u }}/page"}`, `!The feed can't be read: it is no feed`},
		{`{"url":"{{ $json.u }}/bomb"}`, `main:[{"id":null,"title":"&c;",`}, // as it stands
		{`{"url":"{{ $json.u }}/missing"}`, `!The service answered 404`},
		{`{"url":"http://169.254.169.254/feed"}`, `!not a public address`},
	} {
		in := call(t, `[{"u":"`+url+`"}]`)
		in.Services = services
		r, err := compile(t, "rss", c.config).Run(t.Context(), in)
		if part, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %s, %v; want the error %s", c.config, outputs(r), err, part)
			}
		} else if err != nil || !strings.HasPrefix(outputs(r), c.want) {
			t.Errorf("%s:\n got %s, %v\nwant %s", c.config, outputs(r), err, c.want)
		}
	}
}

// A feed that did not change is not sent again, and no organization learns from another one what it holds.
func TestFeedsAreSentOnce(t *testing.T) {
	t.Parallel()
	url, served, services := newFeeds(t)
	read := compile(t, "rss", `{"url":"`+url+`/json","headers":[{"name":"X-Key","value":"{{ $json.key }}"}]}`)
	for i, c := range []struct {
		owner, key string
		sent       int
	}{{"one", "a", 1}, {"one", "a", 1}, {"one", "b", 2}, {"two", "a", 3}, {"one", "a", 3}} {
		in := call(t, `[{"key":"`+c.key+`"}]`)
		in.Services, in.Environment.Owner = services, c.owner
		r, err := read.Run(t.Context(), in)
		if err != nil || len(r.Outputs[0].Items) != 1 || served["/json"] != c.sent {
			t.Errorf("%d: %s, %v; it was sent %d times, want %d", i, outputs(r), err, served["/json"], c.sent)
		}
	}
}
