package acceptance

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGitHubDeliveryIsTriaged(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	owner := i.as("owner@acme")
	const key = "a-secret-of-more-than-24-bytes"
	var w struct{ ID string }
	owner.must(owner.call("POST", "workflow-templates/triage-pushes/use", nil), 201, &w)
	if answer := owner.call("POST", "workflows/"+w.ID+"/publish", nil); answer.status != 422 || !strings.Contains(string(answer.body), "GITHUB_WEBHOOK_SECRET") {
		t.Errorf("publishing without the secret answers %d %s", answer.status, answer.body)
	}
	owner.must(owner.call("POST", "secrets", map[string]any{"name": "GITHUB_WEBHOOK_SECRET", "value": key}), 201, nil)
	var draft struct{ Nodes []map[string]any }
	owner.must(owner.call("GET", "workflows/"+w.ID, nil), 200, &draft)
	for _, node := range draft.Nodes {
		switch node["id"] {
		case "build":
			node["config"].(map[string]any)["url"] = peer.URL + "/builds"
		case "tell": // mail has its own journey, in the browser
			node["disabled"] = true
		}
	}
	owner.must(owner.call("PATCH", "workflows/"+w.ID, map[string]any{"nodes": draft.Nodes}), 200, nil)
	owner.must(owner.call("POST", "workflows/"+w.ID+"/publish", nil), 200, nil)

	body := `{"ref":"refs/heads/main","after":"0d1a26e","pusher":{"name":"octocat"},"repository":{"full_name":"octo/hello","default_branch":"main"},"note":"{{ $secrets.GITHUB_WEBHOOK_SECRET }}"}`
	github := &client{i: i}
	deliver := func(body, signature, delivery string) reply {
		return github.call("POST", "/hooks/acme/pushes", body, "X-Hub-Signature-256", signature, "X-GitHub-Delivery", delivery, "X-GitHub-Event", "push", "User-Agent", "GitHub-Hookshot/1")
	}
	answer := deliver(body, sign(key, body), "d1")
	if answer.status != 200 || string(answer.body) != `{"commit":"0d1a26e","triaged":true}` {
		t.Fatalf("a push answers %d %s", answer.status, answer.body)
	}
	if calls := peer.seen(); len(calls) != 1 || !strings.Contains(calls[0].body, "octo/hello") {
		t.Errorf("the build server saw %+v", calls)
	}
	e := owner.finished(answer.header.Get("Zygo-Execution"))
	if e.Status != "succeeded" || e.step("ignore") != "skipped" || e.step("build") != "succeeded" {
		t.Errorf("the execution is %+v", e)
	}
	if strings.Contains(string(owner.call("GET", "executions/"+e.ID, nil).body), key) {
		t.Error("the execution shows the secret")
	}
	if again := deliver(body, sign(key, body), "d1"); again.status != 202 && again.status != 200 {
		t.Errorf("a replay answers %d %s", again.status, again.body)
	}
	other := strings.Replace(body, "refs/heads/main", "refs/heads/topic", 1)
	if answer := deliver(other, sign(key, other), "d2"); answer.status != 200 || string(answer.body) != `{"triaged":false}` {
		t.Errorf("a push to a topic answers %d %s", answer.status, answer.body)
	}
	for name, signature := range map[string]string{"none": "", "empty key": sign("", body), "another key": sign("x", body), "of another body": sign(key, other), "no prefix": sign(key, body)[7:], "SHA-1": "sha1=" + sign(key, body)[7:]} {
		if answer := deliver(body, signature, "forged"); answer.status != 401 {
			t.Errorf("a delivery with the signature %s answers %d", name, answer.status)
		}
	}
	if calls := peer.seen(); len(calls) != 1 {
		t.Errorf("replays and forgeries reached the build server: %+v", calls)
	}
	owner.must(owner.call("POST", "workflows/"+w.ID+"/disable", nil), 200, nil)
	if answer := deliver(body, sign(key, body), "d3"); answer.status != 404 {
		t.Errorf("a disabled workflow answers %d", answer.status)
	}
}

func sign(key, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestWebhookAnswersAsItsNodeSays(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	caller := &client{i: i}
	shout := n("shout", "set", map[string]any{"keep": "none", "assignments": []any{map[string]any{"name": "text", "value": "{{ $json.body.text.toUpperCase() }}"}}})
	for _, mode := range []string{"at_once", "at_end"} {
		c.publish(mode, []any{n("h", "trigger.webhook", map[string]any{"path": "echo/" + mode, "respond": mode}), shout}, chain("h", "shout"))
	}
	if answer := caller.call("POST", "/hooks/acme/echo/at_end", map[string]any{"text": "{{ 1 + 1 }} hello"}); answer.status != 200 || string(answer.body) != `[{"text":"{{ 1 + 1 }} HELLO"}]` {
		t.Errorf("at_end answers %d %s", answer.status, answer.body)
	}
	var accepted struct{ ID, Status string }
	c.must(caller.call("POST", "/hooks/acme/echo/at_once", map[string]any{"text": "hello"}), 202, &accepted)
	if e := c.finished(accepted.ID); e.Status != "succeeded" || !strings.Contains(string(e.Output), "HELLO") {
		t.Errorf("at_once ran %+v", e)
	}
	for name, answer := range map[string]reply{
		"another method": caller.call("PUT", "/hooks/acme/echo/at_end", map[string]any{}),
		"another path":   caller.call("POST", "/hooks/acme/echo", map[string]any{}),
		"another tenant": caller.call("POST", "/hooks/umbrella/echo/at_end", map[string]any{}),
		"broken JSON":    caller.call("POST", "/hooks/acme/echo/at_end", `{"text":`),
		"a key twice":    caller.call("POST", "/hooks/acme/echo/at_end", `{"text":"a","text":"b"}`),
	} {
		if answer.status < 400 || answer.status >= 500 {
			t.Errorf("%s answers %d %s", name, answer.status, answer.body)
		}
	}
	if answer := caller.call("POST", "/hooks/acme/echo/at_end", `text=1`, "Content-Type", "application/x-www-form-urlencoded"); answer.status != 200 || string(answer.body) != `[{"text":"1"}]` {
		t.Errorf("a form answers %d %s", answer.status, answer.body)
	}
	var list []execution
	c.must(c.call("GET", "executions?filter[status]=failed", nil), 200, &list)
	if len(list) != 0 {
		t.Errorf("refused calls made executions: %+v", list)
	}
}

func TestSecretsStayInTheirStep(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	owner := i.as("owner@acme")
	const canary = "canary/secret+of=24-bytes-at-least"
	owner.must(owner.call("POST", "secrets", map[string]any{"name": "TOKEN", "value": canary}), 201, nil)
	workflow := owner.publish("Uses a secret", []any{
		n("hook", "trigger.webhook", map[string]any{"path": "guarded", "auth": "header", "secret": "TOKEN", "respond": "at_end"}),
		n("call", "http", map[string]any{"method": "POST", "url": peer.URL + "/{{ $secrets.TOKEN }}", "auth": "bearer", "token": "{{ $secrets.TOKEN }}"}),
	}, chain("hook", "call"))
	caller := &client{i: i}
	if answer := caller.call("POST", "/hooks/acme/guarded", map[string]any{}, "X-Api-Key", "wrong"); answer.status != 401 {
		t.Errorf("a wrong key answers %d", answer.status)
	}
	answer := caller.call("POST", "/hooks/acme/guarded", map[string]any{}, "X-Api-Key", canary)
	if answer.status != 200 {
		t.Fatalf("the call answers %d %s", answer.status, answer.body)
	}
	if calls := peer.seen(); len(calls) != 1 || !strings.Contains(calls[0].path, "canary") {
		t.Errorf("the peer saw %+v", calls)
	}
	id := answer.header.Get("Zygo-Execution")
	for name, shown := range map[string]string{
		"the answer":    string(answer.body),
		"the execution": string(owner.call("GET", "executions/"+id, nil).body),
		"the workflow":  string(owner.call("GET", "workflows/"+workflow, nil).body),
		"the secrets":   string(owner.call("GET", "secrets", nil).body),
		"the audit log": string(owner.call("GET", "audit-logs?limit=100", nil).body),
		"the log":       i.output.String(),
	} {
		if strings.Contains(shown, "canary") {
			t.Errorf("%s shows the secret: %s", name, shown)
		}
	}
	i.stop()
	for _, name := range []string{"zygo.db", "zygo.db-wal"} {
		if content, err := os.ReadFile(filepath.Join(i.dir, name)); err == nil && bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s holds the secret in clear", name)
		}
	}
}
