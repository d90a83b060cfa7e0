package social

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// vouchers is the real OpenID provider that all tests share. It runs in a process of its own until the tests end.
type vouchers struct {
	Google, Microsoft, Apple, Control, Tenant, Team, Key string
	PrivateKey                                           string `json:"private_key"`

	// input is held, because the process ends where it ends.
	input io.WriteCloser
}

var vouching = sync.OnceValues(func() (*vouchers, error) {
	process := exec.Command("node", "provider.mjs")
	process.Dir = "testdata/openid"
	var log instance.Buffer
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	process.Stderr = &log
	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(stdout)
	line, err := reader.ReadBytes('\n')
	var at vouchers
	if err = errors.Join(err, json.Unmarshal(line, &at)); err != nil {
		return nil, fmt.Errorf("the provider does not start: %w\n%s", err, log.String())
	}
	at.input = input
	go io.Copy(io.Discard, reader) // it ends where it writes and nobody reads
	return &at, nil
})

// social are the settings of an instance that offers every provider.
func social(t testing.TB, hub *hub, more ...string) []string {
	t.Helper()
	at, err := vouching()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{"outgoing.allow=127.0.0.0/8," + strings.TrimPrefix(at.Apple, "http://"),
		"oauth.google.client_id=zygo", "oauth.google.client_secret=secret of zygo", "oauth.google.issuer=" + at.Google,
		"oauth.microsoft.client_id=zygo", "oauth.microsoft.client_secret=secret of zygo",
		"oauth.microsoft.issuer=" + at.Microsoft + "/common/v2.0",
		"oauth.apple.services_id=zygo", "oauth.apple.team_id=" + at.Team, "oauth.apple.key_id=" + at.Key,
		"oauth.apple.private_key=" + at.PrivateKey, "oauth.apple.issuer=" + at.Apple,
		"oauth.github.client_id=zygo", "oauth.github.client_secret=secret of zygo",
		"oauth.github.authorize_url=" + hub.url + "/login/oauth/authorize",
		"oauth.github.token_url=" + hub.url + "/login/oauth/access_token", "oauth.github.api_url=" + hub.url}, more...)
}

// person makes somebody known to the OpenID providers, and gives the id that they type there.
func person(t testing.TB, claims map[string]any) string {
	t.Helper()
	at, err := vouching()
	if err != nil {
		t.Fatal(err)
	}
	id := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")) + fmt.Sprint(time.Now().UnixNano())
	body, _ := json.Marshal(claims)
	request, err := http.NewRequest(http.MethodPut, at.Control+"/accounts/"+id, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := instance.Transport.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return id
}

// verified is somebody with an address that the provider checked.
func verified(t testing.TB, name, email string) string {
	t.Helper()
	return person(t, map[string]any{"name": name, "email": email, "email_verified": true})
}

// depart gives the provider's address to which the instance sends the browser.
func depart(v *instance.Traveller, provider, query string) string {
	v.Instance.T.Helper()
	r := v.Send("GET", "/api/v1/auth/oauth/"+provider+"?"+query, "", "")
	if r.Status != http.StatusSeeOther {
		v.Instance.T.Fatalf("the way to %s answers %d %s", provider, r.Status, r.Body)
	}
	return r.Header.Get("Location")
}

// agree signs in at the provider and gives the address at the instance to which it sends the browser back. More is what the
// provider posts with its answer.
func agree(v *instance.Traveller, address, login string, more url.Values) string {
	v.Instance.T.Helper()
	r := v.Send("GET", address, "", "")
	for range 12 {
		to := r.Header.Get("Location")
		at, _ := url.Parse(address)
		switch {
		case strings.HasPrefix(to, v.Instance.URL+"/"):
			return to
		case strings.HasPrefix(to, "/api/v1/auth/oauth/"):
			return v.Instance.URL + to // a form was answered with where to go on
		case strings.HasPrefix(to, "/"):
			r = v.Send("GET", at.Scheme+"://"+at.Host+to, "", "")
		case to != "":
			r = v.Send("GET", to, "", "")
		case strings.Contains(string(r.Body), `value="login"`):
			r = v.Submit(r, url.Values{"login": {login}, "password": {"any"}})
		case strings.Contains(string(r.Body), `action="`+v.Instance.URL):
			r = v.Submit(r, more)
		default:
			v.Instance.T.Fatalf("the provider shows %d %s", r.Status, r.Body)
		}
	}
	v.Instance.T.Fatal("the provider leads in circles")
	return ""
}

// signIn goes to a provider and back, and gives what the instance answers then.
func signIn(v *instance.Traveller, provider, login, query string) instance.Reply {
	v.Instance.T.Helper()
	return v.Send("GET", agree(v, depart(v, provider, query), login, nil), "", "")
}

// expectLeads fails the test where an answer does not lead to a page.
func expectLeads(v *instance.Traveller, r instance.Reply, want string) {
	v.Instance.T.Helper()
	if to := r.Header.Get("Location"); r.Status != http.StatusSeeOther || to != want {
		v.Instance.T.Fatalf("the answer leads by %d to %q, want %q: %s", r.Status, to, want, r.Body)
	}
}

// problem fails the test where an answer does not lead to the page that says this, and gives the page.
func problem(v *instance.Traveller, r instance.Reply, reason string) string {
	v.Instance.T.Helper()
	to := r.Header.Get("Location")
	if r.Status != http.StatusSeeOther || !strings.HasPrefix(to, "/auth/oauth/callback?problem="+reason+"&") {
		v.Instance.T.Fatalf("the answer leads by %d to %q, want the problem %q", r.Status, to, reason)
	}
	for _, cookie := range r.Header["Set-Cookie"] {
		if strings.HasPrefix(cookie, "zygo_session=") {
			v.Instance.T.Errorf("a refused sign-in opens a session")
		}
	}
	page := v.Send("GET", to, "", "")
	if page.Status != http.StatusOK {
		v.Instance.T.Fatalf("the page of the problem answers %d", page.Status)
	}
	return string(page.Body)
}

// email is who the browser is signed in as, empty for nobody.
func email(v *instance.Traveller) string {
	v.Instance.T.Helper()
	r := v.Send("GET", "/api/v1/users/me", "", "")
	var me struct{ Data struct{ Email string } }
	_ = json.Unmarshal(r.Body, &me)
	return me.Data.Email
}

// enterBy signs in with a password.
func enterBy(v *instance.Traveller, email, password, next string) {
	v.Instance.T.Helper()
	r := v.Send("POST", "/login", "application/x-www-form-urlencoded",
		url.Values{"email": {email}, "password": {password}, "next": {next}}.Encode())
	if r.Status != http.StatusSeeOther {
		v.Instance.T.Fatalf("the sign-in answers %d", r.Status)
	}
}

// linkTo links an account at a provider from the settings.
func linkTo(v *instance.Traveller, provider, login string) {
	v.Instance.T.Helper()
	expectLeads(v, signIn(v, provider, login, "purpose=link&next=/settings/security/connected-accounts"),
		"/auth/oauth/callback?next=%2Fsettings%2Fsecurity%2Fconnected-accounts")
	page := v.Send("GET", "/auth/oauth/callback", "", "")
	expectLeads(v, v.Submit(page, nil), "/settings/security/connected-accounts")
}

// join signs up by a provider, with an organization.
func join(v *instance.Traveller, provider, login, organization string) {
	v.Instance.T.Helper()
	expectLeads(v, signIn(v, provider, login, ""), "/auth/oauth/callback?next=%2Fdashboard")
	page := v.Send("GET", "/auth/oauth/callback", "", "")
	expectLeads(v, v.Submit(page, url.Values{"name": {"Grace Hopper"}, "organization": {organization}}), "/dashboard")
}
