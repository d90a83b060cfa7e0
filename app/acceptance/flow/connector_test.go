package flow

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"zygo/app/acceptance/instance"
)

// chatServer is a Mattermost as its API describes it: it takes posts of the bot that it knows, and repeats what it was shown.
type chatServer struct {
	*httptest.Server
	mutex sync.Mutex
	posts []string
}

func newChatServer(t *testing.T) *chatServer {
	s := &chatServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != "Bearer bot-token-1" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"id":"api.context.session_expired.app_error","message":"Invalid %s","status_code":401}`, r.Header.Get("Authorization"))
			return
		}
		s.mutex.Lock()
		s.posts = append(s.posts, r.Method+" "+r.URL.Path+" "+string(body))
		s.mutex.Unlock()
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id":"post1","message":"Hi","props":{"seen":%q}}`, r.Header.Get("Authorization"))
	}))
	t.Cleanup(s.Close)
	return s
}

// A person finds a service among the node types, keeps its credential in a secret, and sends a message; the token stays secret though
// the service repeats it.
func TestAServiceIsConnected(t *testing.T) {
	t.Parallel()
	chat := newChatServer(t)
	i := instance.StartBinary(t, "outgoing.allow="+strings.TrimPrefix(chat.URL, "http://"))
	owner, c := i.As("owner@acme"), i.As("editor@acme")
	var described struct {
		Category string
		Fields   []struct {
			Name    string
			Choices []struct{ Value, Label string }
			When    *struct {
				Field  string
				Values []string
			}
			RequiredWhen *struct{ Values []string } `json:"required_when"`
		}
	}
	c.Must(c.Call("GET", "node-types/connector.mattermost", nil), 200, &described)
	if described.Category != "services" || described.Fields[0].Name != "operation" || described.Fields[0].Choices[0].Value != "send_message" {
		t.Errorf("the service is described as %+v", described)
	}
	schema := string(c.Call("GET", "node-types/connector.mattermost/schema", nil).Body)
	if !strings.Contains(schema, `"const":"send_message"`) || !strings.Contains(schema, `"required":["address","token","channel","message"]`) {
		t.Errorf("the schema is %s", schema)
	}
	owner.Must(owner.Call("POST", "secrets", map[string]string{"name": "CHAT", "value": "bot-token-1"}), 201, nil)
	send := map[string]any{"operation": "send_message", "address": chat.URL, "token": "{{ $secrets.CHAT }}", "channel": "town", "message": "Order {{ $json.id }}"}
	workflow := c.Publish("Tell", []any{instance.Node("start", "trigger.manual", nil), instance.Node("tell", "connector.mattermost", send)},
		instance.Chain("start", "tell"))
	e := c.Run(workflow, map[string]any{"id": "7"})
	if e.Status != "succeeded" || len(chat.posts) != 1 || chat.posts[0] != `POST /api/v4/posts {"channel_id":"town","message":"Order 7"}` {
		t.Errorf("the execution is %s: %+v, and the chat got %q", e.Status, e.Error, chat.posts)
	}
	shown := string(c.Call("GET", "executions/"+e.ID, nil).Body)
	if strings.Contains(shown, "bot-token-1") || !strings.Contains(shown, "post1") {
		t.Errorf("the execution shows %s", shown)
	}
	owner.Must(owner.Call("POST", "secrets", map[string]string{"name": "OLD", "value": "revoked-token"}), 201, nil)
	send["token"] = "{{ $secrets.OLD }}"
	refused := c.Publish("Refused", []any{instance.Node("start", "trigger.manual", nil), instance.Node("tell", "connector.mattermost", send)},
		instance.Chain("start", "tell"))
	if e = c.Run(refused, nil); e.Status != "failed" || !strings.Contains(e.Error.Message, "401") {
		t.Errorf("a refusal makes it %s: %+v", e.Status, e.Error)
	}
	if shown := string(c.Call("GET", "executions/"+e.ID, nil).Body); strings.Contains(shown, "revoked-token") {
		t.Errorf("the execution shows %s", shown)
	}
}
