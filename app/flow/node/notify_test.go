package node_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/outgoing"
)

func TestNotifySpeaksAsEachChatDoes(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for service, want := range map[string]string{
		"slack": `{"attachments":[{"color":"#E01E5A","fallback":"Down **db** \u0026 [log](https://a.test/l)","mrkdwn_in":["text"],` +
			`"text":"*db* \u0026amp; \u003chttps://a.test/l|log\u003e","title":"Down","title_link":"https://a.test"}]}`,
		"mattermost": `{"attachments":[{"color":"#E01E5A","fallback":"Down **db** \u0026 [log](https://a.test/l)",` +
			`"text":"**db** \u0026 [log](https://a.test/l)","title":"Down","title_link":"https://a.test"}]}`,
		"discord": `{"allowed_mentions":{"parse":[]},"embeds":[{"color":14687834,"description":"**db** \u0026 [log](https://a.test/l)",` +
			`"title":"Down","url":"https://a.test"}]}`,
		"teams": `{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json",` +
			`"actions":[{"title":"Open","type":"Action.OpenUrl","url":"https://a.test"}],"body":[` +
			`{"color":"attention","size":"medium","text":"Down","type":"TextBlock","weight":"bolder","wrap":true},` +
			`{"text":"**db** \u0026 [log](https://a.test/l)","type":"TextBlock","wrap":true}],"type":"AdaptiveCard","version":"1.4"},` +
			`"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null}],"type":"message"}`,
	} {
		var got string
		r, err := tell(t, pool, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = string(body)
			w.WriteHeader(http.StatusAccepted)
		}, `{"service":"`+service+`","address":"http://service/x","title":"{{ $json.title }}","text":"**db** & [log](https://a.test/l)",
			"colour":"red","link":"https://a.test"}`)
		if err != nil || got != want {
			t.Errorf("%s is told\n%s\nand not\n%s, %v", service, got, want, err)
		}
		if err == nil && outputs(r) != `main:[{"title":"Down"}]` {
			t.Errorf("%s puts out %s", service, outputs(r))
		}
	}
}

func tell(t *testing.T, pool *sandbox.Pool, handle http.HandlerFunc, config string) (node.Result, error) {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	c := call(t, `[{"title":"Down"}]`)
	c.Services.HTTP, c.Services.Sandbox = guard, pool
	return compile(t, "notify", strings.ReplaceAll(config, "http://service", s.URL)).Run(t.Context(), c)
}

func TestNotifySaysWhatWasRefused(t *testing.T) {
	t.Parallel()
	const message = `{"service":"teams","address":"http://service/hidden","text":"# Hello"}`
	answers := map[string]http.HandlerFunc{
		"404: no_service": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "no_service")
		},
		"429": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"delivery failed": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "Webhook message delivery failed with error: too large")
		},
	}
	for want, answer := range answers {
		_, err := tell(t, nil, answer, message)
		var refused *node.Error
		if !errors.As(err, &refused) || refused.Code != "NOTIFY_REFUSED" || !strings.Contains(refused.Message, want) ||
			strings.Contains(refused.Message, "hidden") || refused.Retryable != (want == "429") ||
			want == "429" && refused.After != 7*time.Second {
			t.Errorf("%s gives %+v", want, err)
		}
	}
	var empty *node.Error
	if _, err := tell(t, nil, answers["429"], `{"service":"teams","address":"http://service/"}`); !errors.As(err, &empty) ||
		empty.Code != "MESSAGE_EMPTY" {
		t.Errorf("nothing to say gives %v", err)
	}
}
