package acceptance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
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
	var log safeBuffer
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
		"oauth.microsoft.client_id=zygo", "oauth.microsoft.client_secret=secret of zygo", "oauth.microsoft.issuer=" + at.Microsoft + "/common/v2.0",
		"oauth.apple.services_id=zygo", "oauth.apple.team_id=" + at.Team, "oauth.apple.key_id=" + at.Key, "oauth.apple.private_key=" + at.PrivateKey, "oauth.apple.issuer=" + at.Apple,
		"oauth.github.client_id=zygo", "oauth.github.client_secret=secret of zygo", "oauth.github.authorize_url=" + hub.url + "/login/oauth/authorize",
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
	response, err := transport.Do(request)
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

// traveller is a browser as far as cookies, redirects and forms go.
type traveller struct {
	i    *instance
	http *http.Client
}

func (i *instance) traveller() *traveller {
	jar, _ := cookiejar.New(nil)
	return &traveller{i, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send makes one request and follows nothing.
func (v *traveller) send(method, address, contentType, body string) reply {
	v.i.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.i.url + address
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		v.i.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if contentType == "application/json" {
		request.Header.Set("Zygo-Client", "web") // as the pages' own scripts say, so that a new session goes into the cookie
	}
	response, err := v.http.Do(request)
	if err != nil {
		v.i.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		v.i.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, answer}
}

// call sends JSON to the API with the browser's cookies.
func (v *traveller) call(method, path, body string) reply {
	v.i.t.Helper()
	r := v.send(method, address(path), "application/json", body)
	if err := answers.check(v.i, method, address(path), r); err != nil {
		v.i.t.Error(err)
	}
	return r
}

// depart gives the provider's address to which the instance sends the browser.
func (v *traveller) depart(provider, query string) string {
	v.i.t.Helper()
	r := v.send("GET", "/api/v1/auth/oauth/"+provider+"?"+query, "", "")
	if r.status != http.StatusSeeOther {
		v.i.t.Fatalf("the way to %s answers %d %s", provider, r.status, r.body)
	}
	return r.header.Get("Location")
}

var (
	formTag  = regexp.MustCompile(`(?s)<form[^>]*>`)
	inputTag = regexp.MustCompile(`(?s)<input[^>]*>`)
	nameOf   = regexp.MustCompile(`name="([^"]*)"`)
	valueOf  = regexp.MustCompile(`value="([^"]*)"`)
	actionOf = regexp.MustCompile(`action="([^"]*)"`)
)

// submit sends the page's first form, with what it carries unseen and what is given.
func (v *traveller) submit(page reply, given url.Values) reply {
	v.i.t.Helper()
	text := string(page.body)
	action := actionOf.FindStringSubmatch(formTag.FindString(text))
	if action == nil {
		v.i.t.Fatalf("the page has no form: %d %s", page.status, text)
	}
	values := url.Values{}
	for _, tag := range inputTag.FindAllString(text, -1) {
		if name, value := nameOf.FindStringSubmatch(tag), valueOf.FindStringSubmatch(tag); name != nil && value != nil && strings.Contains(tag, `type="hidden"`) {
			values.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	for name := range given {
		values.Set(name, given.Get(name))
	}
	return v.send("POST", html.UnescapeString(action[1]), "application/x-www-form-urlencoded", values.Encode())
}

// agree signs in at the provider and gives the address at the instance to which it sends the browser back. More is what the
// provider posts beside its answer.
func (v *traveller) agree(address, login string, more url.Values) string {
	v.i.t.Helper()
	r := v.send("GET", address, "", "")
	for range 12 {
		to := r.header.Get("Location")
		at, _ := url.Parse(address)
		switch {
		case strings.HasPrefix(to, v.i.url+"/"):
			return to
		case strings.HasPrefix(to, "/api/v1/auth/oauth/"):
			return v.i.url + to // a form was answered with where to go on
		case strings.HasPrefix(to, "/"):
			r = v.send("GET", at.Scheme+"://"+at.Host+to, "", "")
		case to != "":
			r = v.send("GET", to, "", "")
		case strings.Contains(string(r.body), `value="login"`):
			r = v.submit(r, url.Values{"login": {login}, "password": {"any"}})
		case strings.Contains(string(r.body), `action="`+v.i.url):
			r = v.submit(r, more)
		default:
			v.i.t.Fatalf("the provider shows %d %s", r.status, r.body)
		}
	}
	v.i.t.Fatal("the provider leads in circles")
	return ""
}

// signIn goes to a provider and back, and gives what the instance answers then.
func (v *traveller) signIn(provider, login, query string) reply {
	v.i.t.Helper()
	return v.send("GET", v.agree(v.depart(provider, query), login, nil), "", "")
}

// at fails the test where an answer does not lead to a page.
func (v *traveller) at(r reply, want string) {
	v.i.t.Helper()
	if to := r.header.Get("Location"); r.status != http.StatusSeeOther || to != want {
		v.i.t.Fatalf("the answer leads by %d to %q, want %q: %s", r.status, to, want, r.body)
	}
}

// problem fails the test where an answer does not lead to the page that says this, and gives the page.
func (v *traveller) problem(r reply, reason string) string {
	v.i.t.Helper()
	to := r.header.Get("Location")
	if r.status != http.StatusSeeOther || !strings.HasPrefix(to, "/auth/oauth/callback?problem="+reason+"&") {
		v.i.t.Fatalf("the answer leads by %d to %q, want the problem %q", r.status, to, reason)
	}
	for _, cookie := range r.header["Set-Cookie"] {
		if strings.HasPrefix(cookie, "zygo_session=") {
			v.i.t.Errorf("a refused sign-in opens a session")
		}
	}
	page := v.send("GET", to, "", "")
	if page.status != http.StatusOK {
		v.i.t.Fatalf("the page of the problem answers %d", page.status)
	}
	return string(page.body)
}

// email is who the browser is signed in as, empty for nobody.
func (v *traveller) email() string {
	v.i.t.Helper()
	r := v.send("GET", "/api/v1/users/me", "", "")
	var me struct{ Data struct{ Email string } }
	_ = json.Unmarshal(r.body, &me)
	return me.Data.Email
}

// enterBy signs in with a password.
func (v *traveller) enterBy(email, password, next string) {
	v.i.t.Helper()
	r := v.send("POST", "/login", "application/x-www-form-urlencoded", url.Values{"email": {email}, "password": {password}, "next": {next}}.Encode())
	if r.status != http.StatusSeeOther {
		v.i.t.Fatalf("the sign-in answers %d", r.status)
	}
}

// linkTo links an account at a provider from the settings.
func (v *traveller) linkTo(provider, login string) {
	v.i.t.Helper()
	v.at(v.signIn(provider, login, "purpose=link&next=/settings/security/connected-accounts"), "/auth/oauth/callback?next=%2Fsettings%2Fsecurity%2Fconnected-accounts")
	page := v.send("GET", "/auth/oauth/callback", "", "")
	v.at(v.submit(page, nil), "/settings/security/connected-accounts")
}

// join signs up by a provider, with an organization.
func (v *traveller) join(provider, login, organization string) {
	v.i.t.Helper()
	v.at(v.signIn(provider, login, ""), "/auth/oauth/callback?next=%2Fdashboard")
	page := v.send("GET", "/auth/oauth/callback", "", "")
	v.at(v.submit(page, url.Values{"name": {"Grace Hopper"}, "organization": {organization}}), "/dashboard")
}
