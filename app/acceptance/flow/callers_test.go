package flow

import (
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// A page in a browser asks before it calls, and reads the answer, also the one that refuses it.
func TestPagesCallWebhooks(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	caller := &instance.Client{Instance: i}
	out := instance.Node("out", "set", map[string]any{"keep": "none",
		"assignments": []any{map[string]any{"name": "id", "value": "{{ $json.params.id }}"}}})
	for path, config := range map[string]map[string]any{
		"orders/{id}":  {},
		"orders/new":   {"origins": []string{"https://shop.example"}, "status": 201},
		"closed/{key}": {"addresses": []string{"203.0.113.0/24"}},
	} {
		config["path"], config["respond"] = path, "at_end"
		c.Publish(strings.NewReplacer("/", " ", "{", "", "}", "").Replace(path), []any{instance.Node("h", "trigger.webhook", config), out},
			instance.Chain("h", "out"))
	}
	asked := []string{"Origin", "https://shop.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers",
		"content-type"}
	answer := caller.Call("OPTIONS", "/hooks/acme/orders/7", nil, asked...)
	h := answer.Header
	if answer.Status != 204 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Methods") != "POST" ||
		h.Get("Access-Control-Allow-Headers") != "content-type" {
		t.Errorf("the preflight answers %d %v", answer.Status, h)
	}
	if answer := caller.Call("OPTIONS", "/hooks/acme/nowhere", nil, asked...); answer.Status != 404 ||
		answer.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("the preflight of nothing answers %d %v", answer.Status, answer.Header)
	}
	for _, c := range []struct {
		path, origin, allowed, body string
		status                      int
	}{
		{"orders/7", "https://other.example", "*", `[{"id":"7"}]`, 200},
		{"orders/%C3%BC", "", "*", `[{"id":"ü"}]`, 200},
		{"orders/new", "https://shop.example", "https://shop.example", `[{"id":null}]`, 201},
		{"orders/new", "https://other.example", "", `[{"id":null}]`, 201},
		{"closed/1", "https://shop.example", "*", "takes no calls from your address", 403},
	} {
		answer := caller.Call("POST", "/hooks/acme/"+c.path, map[string]any{}, "Origin", c.origin)
		if answer.Status != c.status || !strings.Contains(string(answer.Body), c.body) ||
			answer.Header.Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s from %s answers %d %s %v", c.path, c.origin, answer.Status, answer.Body, answer.Header)
		}
	}
	draft := c.Call("POST", "workflows", map[string]any{"name": "Takes the same calls",
		"nodes": []any{instance.Node("h", "trigger.webhook", map[string]any{"path": "orders/{number}"})}})
	var w struct{ ID string }
	c.Must(draft, 201, &w)
	if answer := c.Call("POST", "workflows/"+w.ID+"/publish", nil); answer.Status != 422 ||
		!strings.Contains(string(answer.Body), "another workflow") {
		t.Errorf("a second workflow at the same address is answered %d %s", answer.Status, answer.Body)
	}
}

// A form leads on to another page, and an uploaded file comes back with its bytes and its type.
func TestRespondSendsFilesAndRedirects(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	caller := &instance.Client{Instance: i}
	for path, config := range map[string]map[string]any{
		"form": {"with": "redirect", "location": "https://example.com/thanks?name={{ $json.body.name }}"},
		"file": {"with": "file", "body": "body.cv"},
		"page": {"with": "html", "body": "<h1>{{ $json.body.name }}</h1>"},
	} {
		nodes := []any{instance.Node("h", "trigger.webhook", map[string]any{"path": path, "respond": "by_node"}),
			instance.Node("r", "respond", config)}
		c.Publish(path, nodes, instance.Chain("h", "r"))
	}
	upload := "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"cv\"; filename=\"cv.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\x00\xff\r\n--B--\r\n"
	call := func(path string) instance.Reply {
		return caller.Call("POST", "/hooks/acme/"+path, upload, "Content-Type", "multipart/form-data; boundary=B")
	}
	if answer := call("form"); answer.Status != 302 || answer.Header.Get("Location") != "https://example.com/thanks?name=Ada" {
		t.Errorf("the form answers %d %v", answer.Status, answer.Header)
	}
	if answer := call("file"); answer.Status != 200 || string(answer.Body) != "%PDF\x00\xff" ||
		answer.Header.Get("Content-Type") != "application/pdf" ||
		answer.Header.Get("Content-Disposition") != `inline; filename=cv.pdf` || answer.Header.Get("Content-Security-Policy") != "sandbox" {
		t.Errorf("the file answers %d %q %v", answer.Status, answer.Body, answer.Header)
	}
	if answer := call("page"); string(answer.Body) != "<h1>Ada</h1>" ||
		answer.Header.Get("Content-Type") != "text/html; charset=utf-8" || answer.Header.Get("Content-Security-Policy") != "sandbox" {
		t.Errorf("the page answers %d %q %v", answer.Status, answer.Body, answer.Header)
	}
}

// What a person uploads goes on to another service and into a mail, byte for byte.
func TestUploadedFilesTravel(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i, box := instance.WithMail(t, peer.Allow())
	c := i.As("editor@acme")
	c.Publish("Applications", []any{
		instance.Node("h", "trigger.webhook", map[string]any{"path": "apply", "respond": "at_end"}),
		instance.Node("mail", "email", map[string]any{"to": []string{"jobs@example.org"}, "subject": "Application", "text": "See below.",
			"attachments": []string{"body.cv"}}),
		instance.Node("send", "http", map[string]any{"method": "POST", "url": peer.URL + "/files", "body_type": "multipart",
			"parts": []any{map[string]any{"name": "file", "value": "{{ $('h').first().json.body.cv }}"},
				map[string]any{"name": "by", "value": "zygo"}}}),
	}, instance.Chain("h", "mail", "send"))
	upload := "--B\r\nContent-Disposition: form-data; name=\"cv\"; filename=\"cv.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\x00\xff\r\n--B--\r\n"
	caller := &instance.Client{Instance: i}
	if answer := caller.Call("POST", "/hooks/acme/apply", upload, "Content-Type", "multipart/form-data; boundary=B"); answer.Status != 200 {
		t.Fatalf("the upload answers %d %s", answer.Status, answer.Body)
	}
	seen := peer.Seen()
	if len(seen) != 1 || !strings.Contains(seen[0].Body, "filename=\"cv.pdf\"") ||
		!strings.Contains(seen[0].Body, "\r\n\r\n%PDF\x00\xff\r\n") {
		t.Errorf("the service saw %+v", seen)
	}
	if text := box.Take(t, "jobs@example.org", "Application"); !strings.Contains(text, "cv.pdf") || !strings.Contains(text, "JVBERgD/") {
		t.Errorf("the mail is %s", text)
	}
}
