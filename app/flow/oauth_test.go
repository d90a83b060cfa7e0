package flow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zygo/app/platform"
)

// An access token is no secret of the organization, and yet stands nowhere in what an execution leaves behind: neither in outputs nor
// in failures, although the service repeats it.
func TestAccessTokensStaySecret(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/token":
			fmt.Fprint(w, `{"access_token":"access-token-1","token_type":"Bearer","expires_in":60}`)
		case "/fail":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"you sent":%q}`, r.Header.Get("Authorization"))
		default:
			fmt.Fprintf(w, `{"you sent":%q}`, r.Header.Get("Authorization"))
		}
	}))
	t.Cleanup(s.Close)
	p := newPlant(t, s.Listener.Addr().String())
	must(t, p.Start())
	_, err := platform.Secrets.Create(p.s, func(one *platform.Secret) error {
		one.Name, one.Value = "CLIENT", "client-secret-1"
		return nil
	})
	must(t, err)
	for _, path := range []string{"/echo", "/fail"} {
		id := p.publish("{}", byHand+fmt.Sprintf(`{"id":"b","type":"http","config":{"url":"%s%s","auth":"oauth2",
			"token_url":"%s/token","client_id":"me","client_secret":"{{ $secrets.CLIENT }}"}}`, s.URL, path, s.URL), "start>b")
		done := p.end(p.run(id, numbers))
		encoded, err := json.Marshal(done)
		must(t, err)
		shown := string(encoded)
		if strings.Contains(shown, "access-token-1") || strings.Contains(shown, "client-secret-1") || !strings.Contains(shown, redacted) {
			t.Errorf("%s shows %s", path, shown)
		}
	}
}
