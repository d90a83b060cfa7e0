package flow

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zygo/app/field"
	"zygo/app/platform"
	"zygo/app/resource"
)

// TestAFailedCallShowsWhatWasSent: the request and its answer, both without the secret, in whatever form the service says it back.
func TestAFailedCallShowsWhatWasSent(t *testing.T) {
	t.Parallel()
	const secret = `s3cret&"key"`
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "session=abc")
		if r.URL.Path == "/refused" {
			w.WriteHeader(422)
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"address": r.URL.String(), "key": r.Header.Get("X-Own"), "sent": string(body)})
	}))
	t.Cleanup(service.Close)
	p := newPlant(t, strings.TrimPrefix(service.URL, "http://"), "127.0.0.1:1")
	if _, err := platform.Secrets.Create(p.s, func(s *platform.Secret) error {
		s.Name, s.Value = "KEY", field.Secret(secret)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	// The secret stands where a body that is only cut would show half of it.
	long := strings.Repeat("x", 8<<10-len(`{"long":"`)-4)
	call := func(address string) *StepView {
		t.Helper()
		config := fmt.Sprintf(
			`{"url":%q,"method":"POST","auth":"header","header_name":"X-Own","header_value":"{{ $secrets.KEY }}","headers":[{"name":"X-Plain","value":"plain"}],
			"query":[{"name":"key","value":["{{ $secrets.KEY }}"]},{"name":"page","value":["2"]}],"body_type":"json","body":{"long":%q,"key":"{{ $secrets.KEY }}"}}`,
			address, long+"{{ $secrets.KEY }}")
		done := p.end(p.run(p.publish("{}", byHand+`{"id":"call","type":"http","config":`+config+`}`, "start>call"), `[{}]`))
		return &done.Nodes[1]
	}
	step := call(service.URL + "/refused")
	shown := step.Exchange
	if shown == nil || shown.Answer == nil {
		t.Fatalf("the step shows %+v, %+v", shown, step.Error)
	}
	if r := shown.Request; r.Method != "POST" || r.URL != service.URL+"/refused?key=•••&page=2" || r.Headers["X-Plain"] != "plain" ||
		r.Headers["X-Own"] != "•••" || !strings.HasPrefix(r.Body, `{"long":"xx`) || len(r.Body) > 9<<10 {
		t.Errorf("the request is shown as %+v", r)
	}
	a := shown.Answer
	if a.Status != 422 || a.Headers["Content-Type"] != "application/json" || a.Headers["Set-Cookie"] != "•••" ||
		!strings.Contains(a.Body, `"address"`) {
		t.Errorf("the answer is shown as %+v", a)
	}
	stored, err := resource.Select[string](p.s, "SELECT coalesce(exchange, '') FROM {step} WHERE exchange <> ''")
	if all := strings.Join(stored, ""); err != nil || len(stored) != 1 || strings.Contains(all, "s3cr") {
		t.Errorf("stored is %s, %v", all, err)
	}
	if shown := call("http://127.0.0.1:1/").Exchange; shown == nil || shown.Answer != nil ||
		shown.Request.URL != "http://127.0.0.1:1/?key=•••&page=2" {
		t.Errorf("without an answer it shows %+v", shown)
	}
	if step := call(service.URL + "/fine"); step.Exchange != nil || step.Status != "succeeded" {
		t.Errorf("a call that succeeds shows %+v", step)
	}
}
