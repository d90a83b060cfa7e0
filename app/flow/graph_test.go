package flow

import (
	"encoding/json"
	"strings"
	"testing"

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
	f.Add([]byte(`[{"id":"a","type":"trigger.manual"},{"id":"b","type":"set"}]`), []byte(`[{"from_node":"a","to_node":"b"},{"from_node":"b","to_node":"b"}]`), []byte(`{"time_zone":"../x"}`))
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
	for name, secret := range map[string]string{"SHORT": "fifteen letters", "BROKEN": "whsec_not base64, but long enough", "LONG": strings.Repeat("k", 24)} {
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
		problems, err := problemsOf(p.s, &Graph{Nodes: []Node{{ID: "hook", Type: "trigger.webhook", TypeVersion: 1, Config: field.JSON(`{"path":"in",` + config + `}`)}}})
		got := ""
		if len(problems) > 0 {
			got = problems[0].Message
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", config, got, err, want)
		}
	}
}
