package flow

import (
	"encoding/json"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/platform"
	"zygo/embed"
)

// Whatever is imported is refused with a reason, or is a graph that compiles or says why it does not.
func FuzzGraph(f *testing.F) {
	files, err := embed.Workflows.ReadDir("workflows")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := embed.Workflows.ReadFile("workflows/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		var p Portable
		if err := json.Unmarshal(text, &p); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(p.Nodes), []byte(p.Connections), []byte(p.Settings))
	}
	f.Add([]byte(`[{"id":"a","type":"trigger.manual"},{"id":"b","type":"set"}]`),
		[]byte(`[{"from_node":"a","to_node":"b"},{"from_node":"b","to_node":"b"}]`), []byte(`{"time_zone":"../x"}`))
	f.Add([]byte(`[{"id":"a","type":"trigger.schedule","config":{"mode":"every","every":1}}]`), []byte(`[]`), []byte(`{"timeout":-1}`))
	f.Add([]byte(`null`), []byte(`{}`), []byte(`[]`))
	f.Fuzz(func(t *testing.T, nodes, connections, settings []byte) {
		g, err := parseGraph(field.JSON(nodes), field.JSON(connections), field.JSON(settings))
		if err != nil {
			return
		}
		p, problems := compile(g)
		if (p == nil) == (len(problems) == 0) {
			t.Errorf("a program %v and the problems %v", p, problems)
		}
		for _, problem := range problems {
			if problem.Message == "" {
				t.Errorf("a problem without a reason: %+v", problem)
			}
		}
	})
}

// A secret with which each call would be refused is named when the workflow is published, not when somebody calls.
func TestSecretsOfWebhooksAreLookedAt(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	for name, secret := range map[string]string{"SHORT": "fifteen letters", "BROKEN": "whsec_not base64, but long enough",
		"LONG": strings.Repeat("k", 24)} {
		if _, err := platform.Secrets.Create(p.s, func(s *platform.Secret) error {
			s.Name, s.Value = name, field.Secret(secret)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for config, want := range map[string]string{
		`"auth":"hmac","secret":"SHORT"`:               "the secret SHORT has 15 bytes; give it at least 24, because a shorter one could be guessed",
		`"auth":"basic","user":"u","secret":"SHORT"`:   "the secret SHORT has 15 bytes; give it at least 24, because a shorter one could be guessed",
		`"auth":"standard_webhooks","secret":"BROKEN"`: "the secret BROKEN isn't in base64 behind whsec_",
		`"auth":"header","secret":"GONE"`:              "needs the secret GONE, which does not exist; create it",
		`"auth":"header","secret":"LONG"`:              "",
		`"auth":"hmac","secret":"BROKEN"`:              "",
		`"auth":"none","secret":"SHORT"`:               "",
	} {
		problems, err := problemsOf(p.s, &Graph{
			Nodes: []Node{{ID: "hook", Type: "trigger.webhook", TypeVersion: 1, Config: field.JSON(`{"path":"in",` + config + `}`)}}})
		got := ""
		if len(problems) > 0 {
			got = problems[0].Message
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", config, got, err, want)
		}
	}
}

func TestWhatTheEngineIsToldHasBounds(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		`"timeout":3600,"on_error":"output","retry":{"attempts":10,"delay":900,"backoff":"fixed"}`: "",
		`"timeout":0,"on_error":"","retry":{"attempts":0,"delay":0,"backoff":""}`:                  "",
		`"timeout":3601`:               "nodes.0.timeout must lie between 1 and 3600",
		`"timeout":-1`:                 "nodes.0.timeout must lie between 1 and 3600",
		`"on_error":"retry"`:           "nodes.0.on_error must be one of stop, continue, output",
		`"retry":{"attempts":11}`:      "nodes.0.retry.attempts must lie between 1 and 10",
		`"retry":{"delay":901}`:        "nodes.0.retry.delay must lie between 1 and 900",
		`"retry":{"backoff":"random"}`: "nodes.0.retry.backoff must be one of fixed, exponential",
	} {
		expectGraph(t, `[{"id":"a","type":"set",`+told+`}]`, `{}`, want)
	}
	for told, want := range map[string]string{
		`{"timeout":31536000,"concurrency":1000,"on_busy":"refuse","time_zone":"Europe/Berlin"}`: "",
		`{"timeout":31536001}`:   "settings.timeout must lie between 1 and 31536000",
		`{"concurrency":1001}`:   "settings.concurrency must lie between 1 and 1000",
		`{"on_busy":"wait"}`:     "settings.on_busy must be one of queue, refuse",
		`{"time_zone":"a\nb"}`:   "settings.time_zone must be one line",
		`{"time_zone":"Atlant"}`: "",
	} {
		expectGraph(t, `[{"id":"a","type":"set"}]`, told, want)
	}
}

// expectGraph reads a graph and compares what is wrong with it, nothing when it is empty.
func expectGraph(t *testing.T, nodes, settings, want string) {
	t.Helper()
	_, err := parseGraph(field.JSON(nodes), nil, field.JSON(settings))
	got := ""
	if f, ok := fault.As(err); ok {
		first := f.Details.([]fault.Field)[0]
		got = first.Field + " " + first.Message
	}
	if got != want {
		t.Errorf("%s %s: %q, want %q", nodes, settings, got, want)
	}
}
