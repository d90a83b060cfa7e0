package node_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/flow/recipe"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
	"zygo/app/value"
	"zygo/embed"
)

// vendor stands for the service of a recipe: it answers as the vendor's documentation says, in the order of an example, and keeps
// what it was asked.
type vendor struct {
	*httptest.Server
	mutex   sync.Mutex
	answers []recipe.Answer
	got     []seen
}

func newVendor(t *testing.T) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/oauth/token" {
			form, _ := url.ParseQuery(string(body))
			if form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != "refresh" || form.Get("client_secret") != "hidden" {
				w.WriteHeader(http.StatusBadRequest)
			}
			fmt.Fprint(w, `{"access_token":"SECRET","expires_in":3599,"token_type":"Bearer"}`)
			return
		}
		v.mutex.Lock()
		defer v.mutex.Unlock()
		v.got = append(v.got, seen{r.Method + " " + r.URL.RequestURI(), string(body), r.Header.Clone()})
		if len(v.answers) == 0 {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		answer := v.answers[0]
		v.answers = v.answers[1:]
		for name, text := range answer.Headers {
			w.Header().Set(name, strings.ReplaceAll(text, "http://service", "http://"+r.Host))
		}
		if answer.Status != 0 {
			w.WriteHeader(answer.Status)
		}
		if text := answer.Body; text.Kind() == value.StringKind && w.Header().Get("Content-Type") != "application/json" {
			fmt.Fprint(w, text.Raw())
		} else if text.Kind() != value.UndefinedKind {
			fmt.Fprint(w, strings.ReplaceAll(text.JSON(), "http://service", "http://"+r.Host))
		}
	}))
	t.Cleanup(v.Close)
	return v
}

// of is the node type of a recipe whose service is the vendor.
func (v *vendor) of(r *recipe.Recipe) *node.Type {
	own := *r
	_, rest, _ := strings.Cut(r.URL, "://")
	_, path, _ := strings.Cut(rest, "/")
	if own.URL = v.URL + "/" + path; path == "" {
		own.URL = v.URL
	}
	return node.Connector(&own)
}

// config is the configuration of an example.
func (v *vendor) config(r *recipe.Recipe, operation string, fields value.Value) string {
	members := []value.Member{{Key: "operation", Value: value.String(operation)}}
	for _, f := range r.Connection {
		switch {
		case f.Secret:
			members = append(members, value.Member{Key: f.Name, Value: value.String("{{ $secrets.TOKEN }}")})
		case strings.HasPrefix(r.URL, "{"+f.Name+"}"):
			members = append(members, value.Member{Key: f.Name, Value: value.String(v.URL)})
		case !f.Optional && f.Default == "":
			members = append(members, value.Member{Key: f.Name, Value: value.String("own")})
		}
	}
	for name, given := range fields.Members() {
		members = append(members, value.Member{Key: name, Value: given})
	}
	return value.Object(members...).JSON()
}

func (v *vendor) call(t *testing.T, pool *sandbox.Pool, r *recipe.Recipe, item string) *node.Call {
	t.Helper()
	guard, err := outgoing.NewGuard([]string{v.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	c := call(t, "["+item+"]")
	c.Services.HTTP, c.Services.Sandbox, c.Environment.Script = guard, pool, pool.Script
	c.Environment.Secret = func(context.Context, string) (string, error) {
		if r.Auth.Kind == "oauth2" {
			return fmt.Sprintf(`{"client_id":"me","client_secret":"hidden","refresh_token":"refresh","token_url":"%s/oauth/token"}`, v.URL), nil
		}
		return "SECRET", nil
	}
	return c
}

// TestRecipes runs each operation of each recipe against a stand-in for its service, written after the vendor's published contract:
// the requests are compared as the service sees them, and the items as the next node does.
func TestRecipes(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(2)
	t.Cleanup(pool.Close)
	all, err := recipe.All(embed.Connectors, "connectors")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			for _, o := range r.Operations {
				examples, err := o.Examples()
				if err != nil {
					t.Error(err)
				}
				for i, e := range examples {
					checkRecipe(t, pool, r, o, i, e)
				}
			}
		})
	}
}

func checkRecipe(t *testing.T, pool *sandbox.Pool, r *recipe.Recipe, o *recipe.Operation, number int, e *recipe.Example) {
	t.Helper()
	v := newVendor(t)
	v.answers = e.Answers
	n, faults := v.of(r).Compile(field.JSON(v.config(r, o.Name, e.Fields)))
	if len(faults) > 0 {
		t.Errorf("%s %d: %v", o.Name, number, faults)
		return
	}
	item := "{}"
	if e.Item.Kind() == value.ObjectKind {
		item = e.Item.JSON()
	}
	result, err := n.Run(t.Context(), v.call(t, pool, r, item))
	for i, want := range e.Requests {
		if i >= len(v.got) {
			t.Errorf("%s %d makes %d requests: %v", o.Name, number, len(v.got), err)
			return
		}
		checkSent(t, fmt.Sprintf("%s %d, request %d", o.Name, number, i), r, v.got[i], want)
	}
	if len(v.got) != len(e.Requests) {
		t.Errorf("%s %d makes %d requests, the last of them %s", o.Name, number, len(v.got), v.got[len(v.got)-1].line)
	}
	if e.Fails != "" {
		if err == nil || !strings.Contains(err.Error(), e.Fails) {
			t.Errorf("%s %d: %v, want %s", o.Name, number, err, e.Fails)
		}
		return
	}
	if err != nil {
		t.Errorf("%s %d: %v", o.Name, number, err)
		return
	}
	var list []value.Value
	for _, item := range result.Outputs[0].Items {
		list = append(list, item.JSON)
	}
	if got := value.List(list...); !value.Equal(got, e.Items) {
		t.Errorf("%s %d gives\n%s\nand not\n%s", o.Name, number, got.JSON(), e.Items.JSON())
	}
}

func checkSent(t *testing.T, place string, r *recipe.Recipe, got seen, want recipe.Sent) {
	t.Helper()
	if got.line != want.Request {
		t.Errorf("%s is\n%s\nand not\n%s", place, got.line, want.Request)
	}
	for name, text := range want.Headers {
		if got.header.Get(name) != text {
			t.Errorf("%s: the header %s is %q, want %q", place, name, got.header.Get(name), text)
		}
	}
	for name, text := range r.Headers {
		if got.header.Get(name) != text {
			t.Errorf("%s: the header %s is %q, want %q", place, name, got.header.Get(name), text)
		}
	}
	filled := strings.NewReplacer("{token}", "SECRET").Replace(r.Auth.Value)
	switch r.Auth.Kind {
	case "bearer", "oauth2":
		if got.header.Get("Authorization") != "Bearer SECRET" {
			t.Errorf("%s shows %q", place, got.header.Get("Authorization"))
		}
	case "header":
		if got.header.Get(r.Auth.Name) != filled {
			t.Errorf("%s shows %q", place, got.header.Get(r.Auth.Name))
		}
	case "basic":
		if !strings.HasPrefix(got.header.Get("Authorization"), "Basic ") {
			t.Errorf("%s shows %q", place, got.header.Get("Authorization"))
		}
	}
	body := sentValue(t, got)
	if !value.Equal(body, want.Body) && (want.Body.Kind() != value.UndefinedKind || !body.IsMissing()) {
		t.Errorf("%s sends\n%s\nand not\n%s", place, body.JSON(), want.Body.JSON())
	}
}

// sentValue is a body as examples write it: JSON, the fields of a form, the parts of a form with files, or a text.
func sentValue(t *testing.T, got seen) value.Value {
	t.Helper()
	kind, parameters, _ := mime.ParseMediaType(got.header.Get("Content-Type"))
	switch {
	case got.body == "":
		return value.Value{}
	case kind == "application/json":
		return mailIn(t, parse(t, got.body))
	case kind == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(got.body)
		object := map[string]any{}
		for name, list := range form {
			object[name] = list[0]
			if len(list) > 1 {
				object[name] = list
			}
		}
		text, _ := json.Marshal(object)
		return parse(t, string(text))
	case strings.HasPrefix(kind, "multipart/"):
		return partsOf(t, kind, multipart.NewReader(strings.NewReader(got.body), parameters["boundary"]))
	}
	return value.String(got.body)
}

func partsOf(t *testing.T, kind string, parts *multipart.Reader) value.Value {
	t.Helper()
	var members []value.Member
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			if kind == "multipart/form-data" {
				return value.Object(members...)
			}
			list := make([]value.Value, len(members))
			for i, m := range members {
				list[i] = m.Value
			}
			return value.List(list...)
		}
		text, _ := io.ReadAll(part)
		sent := value.String(string(text))
		if part.FileName() != "" || kind != "multipart/form-data" {
			sent = value.Object(value.Member{Key: "type", Value: value.String(part.Header.Get("Content-Type"))},
				value.Member{Key: "text", Value: sent})
			if part.FileName() != "" {
				sent, _ = sent.Set(value.Path{value.Key("file")}, value.String(part.FileName()))
			}
		}
		members = append(members, value.Member{Key: part.FormName(), Value: sent})
	}
}

// mailIn shows a message that is coded within a body as its headers and its text.
func mailIn(t *testing.T, body value.Value) value.Value {
	t.Helper()
	at := value.Path{value.Key("raw")}
	if !body.Get("message").Get("raw").IsMissing() {
		at = value.Path{value.Key("message"), value.Key("raw")}
	}
	raw, err := base64.URLEncoding.DecodeString(body.Find(at).Raw())
	if body.Find(at).IsMissing() || err != nil {
		return body
	}
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		t.Error(err)
		return body
	}
	text, _ := io.ReadAll(m.Body)
	shown := map[string]string{"text": strings.TrimSpace(string(text))}
	for _, name := range []string{"To", "Cc", "Bcc", "Subject", "In-Reply-To"} {
		if m.Header.Get(name) != "" {
			shown[strings.ToLower(name)] = m.Header.Get(name)
		}
	}
	encoded, _ := json.Marshal(shown)
	changed, _ := body.Set(at, parse(t, string(encoded)))
	return changed
}

// hostile is a recipe whose values stand at every place of a request.
const hostile = `{"title":"T","icon":"send","help":"H.","docs":"https://example.com","url":"https://{site}.example.com/v1",
	"auth":{"kind":"header","name":"X-Key","value":"{token}"},"connection":[{"name":"site"},{"name":"token","secret":true}],
	"fields":[{"name":"id"},{"name":"way"},{"name":"head"},{"name":"q"}],
	"operations":[{"name":"do","title":"Do","method":"POST","path":"/a/{id}/b/{+way}","fields":["id!","way!","head","q"],"query":{"q":"{{ $json.q }}"},
		"headers":{"X-Own":"{{ $json.head }}"},"body":{"q":"{{ $json.q }}"},"examples":[{}]}]}`

// What people or data give stays at its place: it adds no part to a path, no header, no parameter and no other host.
func TestConnectorsKeepValuesInTheirPlace(t *testing.T) {
	t.Parallel()
	r, err := recipe.Read("hostile", []byte(hostile))
	if err != nil {
		t.Fatal(err)
	}
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for _, c := range []struct{ item, want string }{
		{`{"id":"1","way":"x/y"}`, "POST /v1/a/1/b/x/y"},
		{`{"id":"../../admin?x=1#y","way":"x"}`, "POST /v1/a/..%2F..%2Fadmin%3Fx=1%23y/b/x"},
		{`{"id":"a/b","way":"/x/ü/"}`, "POST /v1/a/a%2Fb/b/x/%C3%BC"},
		{`{"id":"%2e%2e","way":"x"}`, "POST /v1/a/%252e%252e/b/x"},
		{`{"id":"1","way":"x","q":"1&admin=true"}`, "POST /v1/a/1/b/x?q=1%26admin%3Dtrue"},
		{`{"id":"..","way":"x"}`, "!id: can't stand in an address"},
		{`{"id":"1","way":"x/../y"}`, "!way: can't stand in an address"},
		{`{"id":"1","way":"x//y"}`, "!way: can't stand in an address"},
		{`{"id":"a\r\nX: y","way":"x"}`, "!id: can't stand in an address"},
		{`{"id":"1","way":"x","head":"a\r\nX-Other: b"}`, "!line break"},
		{`{"id":"","way":"x"}`, "!id: is required"},
		{`{"id":"{{ $secrets.A }}","way":"{token}"}`, "POST /v1/a/%7B%7B%20$secrets.A%20%7D%7D/b/%7Btoken%7D"},
	} {
		v := newVendor(t)
		v.answers = []recipe.Answer{{Body: value.Object()}}
		n, faults := v.of(r).Compile(field.JSON(`{"operation":"do","site":"own","token":"{{ $secrets.TOKEN }}","id":"{{ $json.id }}",
			"way":"{{ $json.way }}","head":"{{ $json.head }}","q":"{{ $json.q }}"}`))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		_, err := n.Run(t.Context(), v.call(t, pool, r, c.item))
		got := ""
		if len(v.got) > 0 {
			got = v.got[0].line
		}
		if part, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), part) || got != "" {
				t.Errorf("%s: %v, %s; want %s", c.item, err, got, part)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%s asks %s, %v; want %s", c.item, got, err, c.want)
		}
	}
	for _, site := range []string{"evil.test/", "evil.test#", "evil.test?", "a@evil.test", "evil.test:8080", "..", "a b", "-a", "{{ $json.site }}"} {
		v := newVendor(t)
		config := value.Object(value.Member{Key: "site", Value: value.String(site)}, value.Member{Key: "token",
			Value: value.String("{{ $secrets.T }}")},
			value.Member{Key: "id", Value: value.String("1")}, value.Member{Key: "way", Value: value.String("x")})
		n, faults := node.Connector(r).Compile(field.JSON(config.JSON()))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if _, err := n.Run(t.Context(), v.call(t, pool, r, `{"site":"evil.test"}`)); err == nil || !strings.Contains(err.Error(),
			"site: can't stand") {
			t.Errorf("the site %q: %v", site, err)
		}
	}
}

// A connector says before it runs what it lacks, and takes no credential that every reader would see.
func TestConnectorsAreChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, config, want string }{
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"7"}`, "text: is required"},
		{"connector.telegram", `{"token":"123:abc","chat_id":"7","text":"Hi"}`, "token: is a credential that every reader"},
		{"connector.telegram", `{"chat_id":"7","text":"Hi"}`, "token: is required"},
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"{{ $secrets.B }}","text":"Hi"}`, "chat_id: can't use secrets"},
		{"connector.telegram", `{"operation":"fly","token":"{{ $secrets.A }}"}`, "operation: must be one of send_message, "},
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"7","text":"Hi","colour":"red"}`, "colour: is no field"},
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"7","text":"Hi","parse_mode":"RTF"}`, "parse_mode: must be one of"},
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"7","text":"Hi","reply_markup":"{not json"}`, "reply_markup: is not JSON"},
		{"connector.telegram", `{"token":"{{ $secrets.A }}","chat_id":"{{ $json.chat }}","text":"{{ $json.t }}"}`, ""},
		{"connector.airtable", `{"operation":"create","token":"{{ $secrets.A }}","base":"b","table":"t","values":"{\"n\": {{ $json.n }}}"}`, ""},
	} {
		found, ok := node.Find(c.name, 1)
		if !ok {
			t.Fatalf("no type %s", c.name)
		}
		_, faults := found.Compile(field.JSON(c.config))
		got := ""
		for _, f := range faults {
			got += f.Field + ": " + f.Message
		}
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.config, got, c.want)
		}
	}
}

// A secret that is no JSON of OAuth says what it must hold, and nothing of it stands in the error.
func TestConnectorsReadOAuthSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"plainsecret", `{"client_id":"plainsecret"}`, `["plainsecret"]`, `{"client_id":"a","client_secret":"plainsecret","refresh_token":"r","token_url":"u","more":"x"}`,
		`{"client_id":"a","client_secret":7,"refresh_token":"r","token_url":"u"}`} {
		n := compile(t, "connector.gmail", `{"operation":"list_labels","credential":"{{ $secrets.A }}"}`)
		c := call(t, `[{}]`)
		c.Environment.Secret = func(context.Context, string) (string, error) { return secret, nil }
		_, err := n.Run(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), "refresh_token") || strings.Contains(err.Error(), "plainsecret") {
			t.Errorf("%s: %v", secret, err)
		}
	}
}

// paged is a recipe whose service says by a code that there is no further page.
const paged = `{"title":"T","icon":"send","help":"H.","docs":"https://example.com","url":"https://api.example.com",
	"auth":{"kind":"bearer","value":"{token}"},"connection":[{"name":"token","secret":true}],
	"operations":[{"name":"list","title":"List","method":"GET","path":"/list","examples":[{}],
		"pages":{"kind":"number","parameter":"page","first":1,"size":"size","most":2,"end":400}}]}`

// A list ends with a page that is not full, with as many entries as are wanted, or with the code that means so; another one is an error.
func TestConnectorsReadPages(t *testing.T) {
	t.Parallel()
	r, err := recipe.Read("paged", []byte(paged))
	if err != nil {
		t.Fatal(err)
	}
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	full, end := recipe.Answer{Body: parse(t, `[{"n":1},{"n":2}]`)}, recipe.Answer{Status: 400, Body: value.Object()}
	for _, c := range []struct {
		more    string
		answers []recipe.Answer
		want    string
	}{
		{`,"all":true`, []recipe.Answer{full, end}, `main:[{"n":1},{"n":2}@0] 2`},
		{`,"all":true`, []recipe.Answer{full, {Body: parse(t, `[{"n":3}]`)}}, `main:[{"n":1},{"n":2}@0,{"n":3}@0] 2`},
		{`,"limit":3`, []recipe.Answer{full, full}, `main:[{"n":1},{"n":2}@0,{"n":1}@0] 2`},
		{`,"limit":1`, []recipe.Answer{{Body: parse(t, `[{"n":1}]`)}}, `main:[{"n":1}] 1`},
		{`,"all":true`, []recipe.Answer{end}, `! 400`},
		{`,"all":true`, []recipe.Answer{full, {Status: 403, Body: value.Object()}}, `! 403`},
		{`,"limit":0`, nil, `!limit: must be a whole number`},
		{`,"limit":"{{ 1.5 }}"`, nil, `!limit: must be a whole number`},
	} {
		v := newVendor(t)
		v.answers = c.answers
		n, faults := v.of(r).Compile(field.JSON(`{"token":"{{ $secrets.TOKEN }}"` + c.more + `}`))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		result, err := n.Run(t.Context(), v.call(t, pool, r, `{}`))
		got := fmt.Sprint(outputs(result), " ", len(v.got))
		if part, isError := strings.CutPrefix(c.want, "!"); isError && (err == nil || !strings.Contains(err.Error(), part)) ||
			!isError && (err != nil || got != c.want) {
			t.Errorf("%s gives %s, %v; want %s", c.more, got, err, c.want)
		}
	}
}
