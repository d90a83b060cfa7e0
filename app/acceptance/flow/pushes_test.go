package flow

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// pushes are the push deliveries that GitHub publishes as examples, as they come over the wire.
func pushes(t testing.TB) []json.RawMessage {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(instance.Root, ".cache/webhooks-examples.json"))
	if err != nil {
		t.Fatalf("%v; make setup fetches them", err)
	}
	var events []struct {
		Name     string
		Examples []json.RawMessage
	}
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if event.Name == "push" {
			return event.Examples
		}
	}
	t.Fatal("the examples have no push")
	return nil
}

// push is what a test looks at in a delivery.
type push struct {
	Ref, After string
	Repository struct {
		DefaultBranch string `json:"default_branch"`
	}
}

// deliver sends a push the way GitHub does.
func deliver(c *instance.Client, address string, payload []byte, secret, id string) (instance.Reply, error) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(payload)
	return c.Try("POST", strings.TrimPrefix(address, c.Instance.URL), payload, "User-Agent", "GitHub-Hookshot/044aadd", "X-GitHub-Event",
		"push", "X-GitHub-Delivery", id,
		"X-GitHub-Hook-ID", "292430182", "X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
}

// TestAPushIsTriaged is the journey that the product is for: a template becomes a workflow that a real delivery starts, and
// its page moves while it runs.
func TestAPushIsTriaged(t *testing.T) {
	t.Parallel()
	const secret = "a secret of twenty-four characters and more"
	box, port := counterpart.ReceiveMail(t)
	called, go_on := make(chan []byte, 10), make(chan struct{})
	builder := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		called <- body
		<-go_on
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"build": 7}`)
	}))
	t.Cleanup(builder.Close)
	release := sync.OnceFunc(func() { close(go_on) })
	t.Cleanup(release)
	i := instance.Start(t, "outgoing.allow="+strings.TrimPrefix(builder.URL, "http://"), "mail.host=127.0.0.1", "mail.port="+port,
		"mail.encryption=none", "mail.from=Zygo <zygo@acme.test>")
	owner := i.As("owner@acme")
	owner.Must(owner.Call("POST", "secrets", map[string]string{"name": "GITHUB_WEBHOOK_SECRET", "value": secret}), 201, nil)

	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
	page.Click("link", "Workflows")
	page.WaitText("No workflows yet")
	page.Open("/workflow-templates/triage-pushes")
	page.WaitText("What it needs before it can be published")
	page.Click("button", "Use this template")
	page.WaitText("This draft is complete.")
	workflow := page.Path()

	page.Open(workflow + "/edit#node-build")
	page.Fill("Address", builder.URL+"/builds")
	page.Wait(`document.querySelector("#node-build .line").textContent.includes("127.0.0.1")`)
	page.Click("link", "Publish")
	page.Wait(`document.querySelector("main input[name=note]")`)
	page.Press("Ctrl+Enter")
	page.WaitText("Version 1")
	address := browsertest.Evaluate[string](page, `document.getElementById("webhook-push").textContent`)
	if want := i.URL + "/hooks/" + instance.TenantOf(i.As("owner@acme")) + "/pushes"; address != want {
		t.Fatalf("the page shows the address %q, not %q", address, want)
	}

	payload, sent := mainPush(t)
	stranger := &instance.Client{Instance: i}
	if r, err := deliver(stranger, address, payload, "another secret", "1"); err != nil || r.Status != 401 {
		t.Errorf("a forged signature is answered by %d, %v", r.Status, err)
	}
	answers := make(chan instance.Reply, 1)
	go func() {
		answer, err := deliver(stranger, address, payload, secret, "2")
		if err == nil {
			answers <- answer
		}
	}()
	var body struct{ Commit string }
	select {
	case text := <-called:
		if err := json.Unmarshal(text, &body); err != nil || body.Commit != sent.After {
			t.Errorf("the builder was told %s", text)
		}
	case <-time.After(instance.Patience):
		t.Fatal("the builder was not called")
	}

	// The workflow's page lists the execution by itself; it is still running.
	page.Wait(`document.querySelector("main table[data-rows] a[href^='/executions/']")`)
	page.Open(browsertest.Evaluate[string](page,
		`document.querySelector("main table[data-rows] a[href^='/executions/']").getAttribute("href")`))
	page.Wait(`document.querySelectorAll(".card.succeeded").length === 2 && document.querySelectorAll(".card.running").length === 1`)
	page.Screenshot("execution-running")
	execution := page.Path()
	release()
	page.Wait(`document.querySelectorAll(".card.succeeded").length === 5`)
	page.Wait(`document.querySelectorAll(".card.skipped").length === 1`) // known at the end only
	page.WaitText("Succeeded")
	page.Screenshot("execution-succeeded")
	page.ExpectAccessible("an execution that succeeded")

	var answer instance.Reply
	select {
	case answer = <-answers:
	case <-time.After(instance.Patience):
		t.Fatal("GitHub was not answered")
	}
	var triaged struct {
		Triaged bool
		Commit  string
	}
	if err := json.Unmarshal(answer.Body, &triaged); err != nil || answer.Status != 200 || !triaged.Triaged ||
		triaged.Commit != sent.After {
		t.Errorf("GitHub is answered by %d %s", answer.Status, answer.Body)
	}
	mail := box.Take(t, "team@example.com", "")
	if !strings.Contains(mail, "To: <team@example.com>") || !strings.Contains(mail, sent.After) {
		t.Errorf("the mail is\n%s", mail)
	}

	// What each node was given and gave can be read, and the history has the execution.
	page.Open(execution + "?step=build")
	page.WaitText(`"build": 7`)
	page.Open("/executions")
	page.WaitText("Triage pushes")
	page.WaitText("Webhook")

	again, err := deliver(stranger, address, payload, secret, "2")
	if err != nil || again.Header.Get("Zygo-Execution") == "" && !strings.Contains(string(again.Body), execution[len("/executions/"):]) {
		t.Errorf("a repeated delivery is answered by %d %s", again.Status, again.Body)
	}
	if len(called) != 0 {
		t.Error("a repeated delivery called the builder again")
	}
}

// mainPush is the first example that goes to the default branch.
func mainPush(t testing.TB) ([]byte, push) {
	t.Helper()
	for _, payload := range pushes(t) {
		var p push
		if err := json.Unmarshal(payload, &p); err != nil {
			t.Fatal(err)
		}
		if p.Ref == "refs/heads/"+p.Repository.DefaultBranch {
			return payload, p
		}
	}
	t.Fatal("no example goes to the default branch")
	return nil, push{}
}

// TestAFailureExplainsItself follows a failed execution from the home page to its cause and runs it again.
func TestAFailureExplainsItself(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	_, execution := instance.RunFailing(i.As("owner@acme"))
	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
	page.WaitText("Failed in the last 24 hours")
	page.WaitText("Zygo doesn't connect to 127.0.0.1:1")
	page.Open("/executions")
	page.WaitText("Zygo doesn't connect to 127.0.0.1:1")
	page.Open("/executions/" + execution)
	page.WaitText("“Call” failed: Zygo doesn't connect")
	page.Click("button", "Retry from “Call” with version 1")
	page.Wait(`location.pathname !== "/executions/` + execution + `"`)
	page.WaitText("Retry of")
	page.WaitText("“Call” failed: Zygo doesn't connect")
	page.Click("disclosure", "More actions")
	page.Click("button", "Retry from the start with version 1")
	page.WaitText("Every node runs again")
	retried := page.Path()
	page.Click("button", "Run again from the start with version 1")
	page.Wait(`location.pathname !== "` + retried + `"`)
	page.WaitText("Retry of")
	// What was run again needs nobody any more; what failed alike is one row.
	page.Open("/executions/" + execution)
	page.WaitText("Run again as")
	c := i.As("owner@acme")
	workflow := c.First("workflows")
	for range 2 {
		c.Run(workflow, nil)
	}
	page.Open("/dashboard")
	page.WaitText("3 times: Zygo doesn't connect")
	if shown := browsertest.Evaluate[int](page, `document.querySelectorAll("td.primary .cause").length`); shown != 1 {
		t.Errorf("home shows %d failures", shown)
	}
	page.Click("link", "Show all 3")
	page.WaitText("Retried by is empty")
	page.Open("/executions/" + execution)
	page.WaitText("GET http://127.0.0.1:1/")
	page.Click("link", "Edit this node")
	page.Wait(`location.pathname.endsWith("/edit") && location.hash === "#node-call"`)
}

// TestAWorkflowFromNothing builds one with the form alone.
func TestAWorkflowFromNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/new")
	page.Fill("Name", "Greeting")
	page.Press("Ctrl+Enter")
	page.WaitText("Add first step")
	page.Open(page.Path() + "?form=")
	instance.Choose(page, "add", "trigger.manual")
	page.Press("Ctrl+s")
	page.Wait(`document.getElementById("node-manual")`)
	instance.Choose(page, "add", "set")
	instance.Choose(page, "add.after", "manual main")
	page.Press("Ctrl+s")
	page.Wait(`document.getElementById("node-set")`)
	page.Fill("Fields 1, name optional", "greeting")
	page.Fill("Fields 1, value optional", "hello")
	page.Press("Ctrl+s")
	page.WaitText("This draft is complete.")
	page.Click("link", "Publish")
	page.Fill("Note optional", "The first greeting")
	page.Press("Ctrl+Enter")
	page.WaitText("Version 1")
	page.Click("button", "Run now")
	page.Wait(`location.pathname.startsWith("/executions/")`)
	page.WaitText("Succeeded")
	page.WaitText(`"greeting": "hello"`)
}
