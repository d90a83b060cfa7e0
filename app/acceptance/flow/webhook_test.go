package flow

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

func TestGitHubDeliveryIsTriaged(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	owner := i.As("owner@acme")
	const key = "a-secret-of-more-than-24-bytes"
	var w struct{ ID string }
	owner.Must(owner.Call("POST", "workflow-templates/triage-pushes/use", nil), 201, &w)
	if answer := owner.Call("POST", "workflows/"+w.ID+"/publish", nil); answer.Status != 422 ||
		!strings.Contains(string(answer.Body), "GITHUB_WEBHOOK_SECRET") {
		t.Errorf("publishing without the secret answers %d %s", answer.Status, answer.Body)
	}
	owner.Must(owner.Call("POST", "secrets", map[string]any{"name": "GITHUB_WEBHOOK_SECRET", "value": key}), 201, nil)
	var draft struct{ Nodes []map[string]any }
	owner.Must(owner.Call("GET", "workflows/"+w.ID, nil), 200, &draft)
	for _, node := range draft.Nodes {
		switch node["id"] {
		case "build":
			node["config"].(map[string]any)["url"] = peer.URL + "/builds"
		case "tell": // mail has its own journey, in the browser
			node["disabled"] = true
		}
	}
	owner.Must(owner.Call("PATCH", "workflows/"+w.ID, map[string]any{"nodes": draft.Nodes}), 200, nil)
	owner.Must(owner.Call("POST", "workflows/"+w.ID+"/publish", nil), 200, nil)

	body := `{"ref":"refs/heads/main","after":"0d1a26e","pusher":{"name":"octocat"},"repository":{"full_name":"octo/hello","default_branch":"main"},"note":"{{ $secrets.GITHUB_WEBHOOK_SECRET }}"}`
	github := &instance.Client{Instance: i}
	deliver := func(body, signature, delivery string) instance.Reply {
		return github.Call("POST", "/hooks/acme/pushes", body, "X-Hub-Signature-256", signature, "X-GitHub-Delivery", delivery,
			"X-GitHub-Event", "push", "User-Agent", "GitHub-Hookshot/1")
	}
	answer := deliver(body, sign(key, body), "d1")
	if answer.Status != 200 || string(answer.Body) != `{"commit":"0d1a26e","triaged":true}` {
		t.Fatalf("a push answers %d %s", answer.Status, answer.Body)
	}
	if calls := peer.Seen(); len(calls) != 1 || !strings.Contains(calls[0].Body, "octo/hello") {
		t.Errorf("the build server saw %+v", calls)
	}
	e := owner.Finished(answer.Header.Get("Zygo-Execution"))
	if e.Status != "succeeded" || e.Step("ignore") != "skipped" || e.Step("build") != "succeeded" {
		t.Errorf("the execution is %+v", e)
	}
	if strings.Contains(string(owner.Call("GET", "executions/"+e.ID, nil).Body), key) {
		t.Error("the execution shows the secret")
	}
	if again := deliver(body, sign(key, body), "d1"); again.Status != 202 && again.Status != 200 {
		t.Errorf("a replay answers %d %s", again.Status, again.Body)
	}
	other := strings.Replace(body, "refs/heads/main", "refs/heads/topic", 1)
	if answer := deliver(other, sign(key, other), "d2"); answer.Status != 200 || string(answer.Body) != `{"triaged":false}` {
		t.Errorf("a push to a topic answers %d %s", answer.Status, answer.Body)
	}
	for name, signature := range map[string]string{"none": "", "empty key": sign("", body), "another key": sign("x", body),
		"of another body": sign(key, other), "no prefix": sign(key, body)[7:], "SHA-1": "sha1=" + sign(key, body)[7:]} {
		if answer := deliver(body, signature, "forged"); answer.Status != 401 {
			t.Errorf("a delivery with the signature %s answers %d", name, answer.Status)
		}
	}
	if calls := peer.Seen(); len(calls) != 1 {
		t.Errorf("replays and forgeries reached the build server: %+v", calls)
	}
	owner.Must(owner.Call("POST", "workflows/"+w.ID+"/disable", nil), 200, nil)
	if answer := deliver(body, sign(key, body), "d3"); answer.Status != 404 {
		t.Errorf("a disabled workflow answers %d", answer.Status)
	}
}

func sign(key, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestWebhookAnswersAsItsNodeSays(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	caller := &instance.Client{Instance: i}
	shout := instance.Node("shout", "set", map[string]any{"keep": "none",
		"assignments": []any{map[string]any{"name": "text", "value": "{{ $json.body.text.toUpperCase() }}"}}})
	for _, mode := range []string{"at_once", "at_end"} {
		c.Publish(mode, []any{instance.Node("h", "trigger.webhook", map[string]any{"path": "echo/" + mode, "respond": mode}), shout},
			instance.Chain("h", "shout"))
	}
	if answer := caller.Call("POST", "/hooks/acme/echo/at_end", map[string]any{"text": "{{ 1 + 1 }} hello"}); answer.Status != 200 ||
		string(answer.Body) != `[{"text":"{{ 1 + 1 }} HELLO"}]` {
		t.Errorf("at_end answers %d %s", answer.Status, answer.Body)
	}
	var accepted struct{ ID, Status string }
	c.Must(caller.Call("POST", "/hooks/acme/echo/at_once", map[string]any{"text": "hello"}), 202, &accepted)
	if e := c.Finished(accepted.ID); e.Status != "succeeded" || !strings.Contains(string(e.Output), "HELLO") {
		t.Errorf("at_once ran %+v", e)
	}
	for name, answer := range map[string]instance.Reply{
		"another method": caller.Call("PUT", "/hooks/acme/echo/at_end", map[string]any{}),
		"another path":   caller.Call("POST", "/hooks/acme/echo", map[string]any{}),
		"another tenant": caller.Call("POST", "/hooks/umbrella/echo/at_end", map[string]any{}),
		"broken JSON":    caller.Call("POST", "/hooks/acme/echo/at_end", `{"text":`),
		"Latin-1 JSON": caller.Call("POST", "/hooks/acme/echo/at_end", "{\"text\":\"caf\xe9\"}", "Content-Type",
			"application/json; charset=ISO-8859-1"),
		"a bomb":         caller.Call("POST", "/hooks/acme/echo/at_end", packed(make([]byte, 200<<20)), "Content-Encoding", "gzip"),
		"another coding": caller.Call("POST", "/hooks/acme/echo/at_end", "x", "Content-Encoding", "br"),
	} {
		if answer.Status < 400 || answer.Status >= 500 {
			t.Errorf("%s answers %d %s", name, answer.Status, answer.Body)
		}
	}
	// What others write is read as they read it.
	for name, call := range map[string][]string{
		"a key twice":       {`{"text":"a","text":"b"}`, "application/json"},
		"a byte order mark": {"\xef\xbb\xbf{\"text\":\"b\"}", "Application/JSON"},
		"packed":            {string(packed([]byte(`{"text":"b"}`))), "application/json", "Content-Encoding", "gzip"},
		"a form of parts": {"--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nb\r\n--B--\r\n",
			"multipart/form-data; boundary=B"},
	} {
		headers := append([]string{"Content-Type", call[1]}, call[2:]...)
		answer := caller.Call("POST", "/hooks/acme/echo/at_end", call[0], headers...)
		if answer.Status != 200 || string(answer.Body) != `[{"text":"B"}]` {
			t.Errorf("%s answers %d %s", name, answer.Status, answer.Body)
		}
	}
	typed := caller.Call("POST", "/hooks/acme/echo/at_end", `text=1`, "Content-Type", "application/x-www-form-urlencoded")
	if answer := typed; answer.Status != 200 || string(answer.Body) != `[{"text":"1"}]` {
		t.Errorf("a form answers %d %s", answer.Status, answer.Body)
	}
	var list []instance.Execution
	c.Must(c.Call("GET", "executions?filter[status]=failed", nil), 200, &list)
	if len(list) != 0 {
		t.Errorf("refused calls made executions: %+v", list)
	}
}

func TestSecretsStayInTheirStep(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	owner := i.As("owner@acme")
	const canary = "canary/secret+of=24-bytes-at-least"
	owner.Must(owner.Call("POST", "secrets", map[string]any{"name": "TOKEN", "value": canary}), 201, nil)
	workflow := owner.Publish("Uses a secret", []any{
		instance.Node("hook", "trigger.webhook", map[string]any{"path": "guarded", "auth": "header", "secret": "TOKEN",
			"respond": "at_end"}),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/{{ $secrets.TOKEN }}", "auth": "bearer",
			"token": "{{ $secrets.TOKEN }}"}),
	}, instance.Chain("hook", "call"))
	caller := &instance.Client{Instance: i}
	if answer := caller.Call("POST", "/hooks/acme/guarded", map[string]any{}, "X-Api-Key", "wrong"); answer.Status != 401 {
		t.Errorf("a wrong key answers %d", answer.Status)
	}
	answer := caller.Call("POST", "/hooks/acme/guarded", map[string]any{}, "X-Api-Key", canary)
	if answer.Status != 200 {
		t.Fatalf("the call answers %d %s", answer.Status, answer.Body)
	}
	if calls := peer.Seen(); len(calls) != 1 || !strings.Contains(calls[0].Path, "canary") {
		t.Errorf("the peer saw %+v", calls)
	}
	id := answer.Header.Get("Zygo-Execution")
	for name, shown := range map[string]string{
		"the answer":    string(answer.Body),
		"the execution": string(owner.Call("GET", "executions/"+id, nil).Body),
		"the workflow":  string(owner.Call("GET", "workflows/"+workflow, nil).Body),
		"the secrets":   string(owner.Call("GET", "secrets", nil).Body),
		"the audit log": string(owner.Call("GET", "audit-logs?limit=100", nil).Body),
		"the log":       i.Output.String(),
	} {
		if strings.Contains(shown, "canary") {
			t.Errorf("%s shows the secret: %s", name, shown)
		}
	}
	i.Stop()
	for _, name := range []string{"zygo.db", "zygo.db-wal"} {
		if content, err := os.ReadFile(filepath.Join(i.Dir, name)); err == nil && bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s holds the secret in clear", name)
		}
	}
}

// packed is a body as gzip.
func packed(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(body)
	w.Close()
	return out.Bytes()
}
