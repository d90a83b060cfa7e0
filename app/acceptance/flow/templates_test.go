package flow

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/app/flow"
)

// trial is how a person uses a template: what they fill in, and what they then see of it.
type trial struct {
	// fill are settings of nodes by the node's id, given the address of the counterpart.
	fill    func(address string) map[string]map[string]any
	secrets []string
	check   func(s *stage)
}

// stage is where a template is tried.
type stage struct {
	*testing.T
	owner    *instance.Client
	caller   *instance.Client
	box      *counterpart.Mailbox
	seen     chan request
	address  string // of the counterpart
	needs    string
	workflow string
}

// request is what the counterpart was sent.
type request struct {
	Path, Body string
	Header     http.Header
}

const templateKey = "a-secret-of-more-than-24-bytes"

// TestEveryTemplateRuns takes each shipped template from its page to its effect, in one organization.
func TestEveryTemplateRuns(t *testing.T) {
	t.Parallel()
	service, seen := templateService(t)
	box, port := counterpart.ReceiveMail(t)
	i := instance.StartBinary(t, "outgoing.allow="+strings.TrimPrefix(service.URL, "http://"), "mail.host=127.0.0.1", "mail.port="+port,
		"mail.encryption=none", "mail.from=Zygo <zygo@acme.test>")
	owner := i.As("owner@acme")
	var shipped []flow.Template
	owner.Must(owner.Call("GET", "workflow-templates", nil), 200, &shipped)
	if len(shipped) != len(templateTrials) {
		t.Errorf("there are %d templates and %d trials", len(shipped), len(templateTrials))
	}
	for n := range shipped {
		template := &shipped[n]
		t.Run(template.ID, func(t *testing.T) {
			try, ok := templateTrials[template.ID]
			if !ok {
				t.Fatal("the template has no trial")
			}
			fill := map[string]map[string]any{}
			if try.fill != nil {
				fill = try.fill(service.URL)
			}
			for _, name := range try.secrets {
				value := templateKey
				if strings.HasSuffix(name, "_ADDRESS") {
					value = service.URL + "/keep"
				}
				owner.Must(owner.Call("POST", "secrets", map[string]any{"name": name, "value": value}), 201, nil)
			}
			workflow := useTemplate(t, owner, template, fill, try.secrets)
			try.check(&stage{t, owner, &instance.Client{Instance: i}, box, seen, service.URL, strings.Join(template.Needs, "\n"), workflow})
		})
	}
}

// useTemplate makes a workflow, fills it in and publishes it. Whatever has to be filled in has to be named to the person.
func useTemplate(t *testing.T, owner *instance.Client, template *flow.Template, fill map[string]map[string]any, secrets []string) string {
	t.Helper()
	needs := strings.Join(template.Needs, "\n")
	if template.Description == "" {
		t.Error("it doesn't say what it does")
	}
	for _, secret := range secrets {
		if !strings.Contains(needs, secret) {
			t.Errorf("it doesn't say that it needs the secret %s", secret)
		}
	}
	var made struct{ ID string }
	owner.Must(owner.Call("POST", "workflow-templates/"+template.ID+"/use", nil), 201, &made)
	var w struct{ Description string }
	owner.Must(owner.Call("GET", "workflows/"+made.ID, nil), 200, &w)
	for _, need := range template.Needs {
		if !strings.Contains(w.Description, need) {
			t.Errorf("the workflow doesn't say that it needs: %s", need)
		}
	}
	fillIn(t, owner, made.ID, needs, fill)
	return made.ID
}

// fillIn fills in a workflow and publishes it.
func fillIn(t *testing.T, owner *instance.Client, workflow, needs string, fill map[string]map[string]any) {
	t.Helper()
	var draft struct{ Nodes []map[string]any }
	owner.Must(owner.Call("GET", "workflows/"+workflow, nil), 200, &draft)
	for _, node := range draft.Nodes {
		name, id := node["name"].(string), node["id"].(string)
		config, _ := node["config"].(map[string]any)
		text, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		if node["type"] != "note" && strings.Contains(string(text), "example.com") && !strings.Contains(needs, name) {
			t.Errorf("it doesn't say that %q has to be filled in", name)
		}
		maps.Copy(config, fill[id])
		delete(fill, id)
	}
	for id := range fill {
		t.Errorf("there is no node %s to fill in", id)
	}
	owner.Must(owner.Call("PATCH", "workflows/"+workflow, map[string]any{"nodes": draft.Nodes}), 200, nil)
	owner.Must(owner.Call("POST", "workflows/"+workflow+"/publish", nil), 200, nil)
}

// templateService is what the templates call. It hands on what it is sent.
func templateService(t *testing.T) (*httptest.Server, chan request) {
	t.Helper()
	seen := make(chan request, 20)
	serve := http.NewServeMux()
	serve.HandleFunc("POST /keep", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- request{r.URL.Path, string(body), r.Header}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"kept": true}`)
	})
	serve.HandleFunc("GET /up", func(http.ResponseWriter, *http.Request) {})
	serve.HandleFunc("GET /down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	var up atomic.Bool
	serve.HandleFunc("POST /site", func(http.ResponseWriter, *http.Request) { up.Store(true) })
	serve.HandleFunc("GET /site", func(w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	serve.HandleFunc("GET /orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `[{"id":1,"status":"paid","amount":20},{"id":2,"status":"open","amount":5},{"id":3,"status":"paid","amount":1.5}]`)
	})
	serve.HandleFunc("GET /none", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `[]`)
	})
	for path, answer := range map[string]string{
		"/customers":        `[{"id":7,"name":"Ada"},{"id":8,"name":"Grace"}]`,
		"/customers/orders": `[{"id":1,"customer":7,"amount":20},{"id":2,"customer":9,"amount":5},{"id":3,"customer":7,"amount":1.5}]`,
	} {
		serve.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, answer)
		})
	}
	serve.HandleFunc("HEAD /backup", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", time.Now().Add(-50*time.Hour).UTC().Format(http.TimeFormat))
	})
	serve.HandleFunc("HEAD /fresh", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
	})
	for path, at := range map[string]time.Time{"/feed": time.Now(), "/old-feed": time.Now().AddDate(0, 0, -2)} {
		serve.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>Acme</title><item><title>Fresh [news]</title><link>/fresh</link><pubDate>%s</pubDate></item>
				<item><title>Old</title><pubDate>Wed, 31 Jan 2024 08:00:00 GMT</pubDate></item></channel></rss>`, at.Format(time.RFC1123Z))
		})
	}
	for path, assignee := range map[string]string{"/tickets/7": "null", "/tickets/8": `"Ada"`} {
		serve.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"assignee":`+assignee+`}`)
		})
	}
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	return server, seen
}

// change fills in another value and publishes the next version.
func (s *stage) change(node, name string, value any) {
	s.Helper()
	fillIn(s.T, s.owner, s.workflow, s.needs, at(node, name, value))
}

// call calls the webhook of the template.
func (s *stage) call(path string, body any, headers ...string) instance.Reply {
	s.Helper()
	return s.caller.Call("POST", "/hooks/acme/"+path, body, headers...)
}

// expect compares an answer.
func (s *stage) expect(r instance.Reply, status int, body string) {
	s.Helper()
	if r.Status != status || !strings.Contains(string(r.Body), body) {
		s.Errorf("the answer is %d %s, not %d %s", r.Status, r.Body, status, body)
	}
}

// run does what Run now does, and gives the execution that succeeded.
func (s *stage) run() instance.Execution {
	s.Helper()
	return s.succeeded(s.owner.Run(s.workflow, nil))
}

// accepted is the execution that a call started.
func (s *stage) accepted(r instance.Reply) instance.Execution {
	s.Helper()
	var e struct{ ID string }
	s.owner.Must(r, 202, &e)
	return s.succeeded(s.owner.Finished(e.ID))
}

func (s *stage) succeeded(e instance.Execution) instance.Execution {
	s.Helper()
	if e.Status != "succeeded" {
		s.Fatalf("the execution ended as %s: %+v; %+v", e.Status, e.Error, e.Nodes)
	}
	return e
}

// mail takes a mail and looks for a text in it.
func (s *stage) mail(to, subject, text string) {
	s.Helper()
	message, err := mail.ReadMessage(strings.NewReader(s.box.Take(s, to, subject)))
	if err != nil {
		s.Fatal(err)
	}
	body := message.Body
	if message.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	got, err := io.ReadAll(body)
	if plain := strings.ReplaceAll(string(got), "\r\n", "\n"); err != nil || !strings.Contains(plain, text) {
		s.Errorf("the mail is\n%s\nwithout %q, %v", plain, text, err)
	}
}

// sent takes what the counterpart was sent.
func (s *stage) sent(body string) request {
	s.Helper()
	select {
	case r := <-s.seen:
		if !strings.Contains(r.Body, body) {
			s.Errorf("the service was sent %s, not %s", r.Body, body)
		}
		return r
	case <-time.After(instance.Patience):
		s.Fatal("the service was not called")
		return request{}
	}
}

// quiet expects that a node did not run.
func (s *stage) quiet(e instance.Execution, id string) {
	s.Helper()
	if got := e.Step(id); got == "succeeded" || got == "missing" {
		s.Errorf("the node %s is %s", id, got)
	}
}

// at fills in one setting of one node.
func at(node, name string, value any) map[string]map[string]any {
	return map[string]map[string]any{node: {name: value}}
}

// inDays is a day from today on.
func inDays(n int) string { return fmt.Sprint(time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly)) }
