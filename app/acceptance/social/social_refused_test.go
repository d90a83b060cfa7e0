package social

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// withParameters is an address with parameters that are others; an empty one is left out.
func withParameters(t testing.TB, address string, parameters map[string]string) string {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	for name, value := range parameters {
		if query.Set(name, value); value == "" {
			query.Del(name)
		}
	}
	at.RawQuery = query.Encode()
	return at.String()
}

func TestAnAnswerIsGoodOnceAndInItsOwnBrowser(t *testing.T) {
	t.Parallel()
	h := newHub(t, 30, primary("hub@lovelace.test", true))
	i := instance.Start(t, social(t, h, "accounts.signup=open")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "google", login)
	fresh := func() (*instance.Traveller, string) {
		v := i.Traveller()
		return v, agree(v, depart(v, "google", ""), login, nil)
	}
	get := func(v *instance.Traveller, address string) instance.Reply { return v.Send("GET", address, "", "") }

	mine, answer := fresh()
	expectLeads(mine, get(mine, answer), "/dashboard")
	problem(mine, get(mine, answer), "ended") // a replay

	mine, answer = fresh()
	foreign := i.Traveller()
	depart(foreign, "google", "") // it has a journey of its own
	problem(foreign, get(foreign, answer), "ended")
	if email(foreign) != "" {
		t.Error("another browser is signed in")
	}
	problem(mine, get(mine, answer), "ended") // anyone who tried used it up

	for _, wrong := range []map[string]string{{"state": ""}, {"state": "wrong"}} {
		mine, answer = fresh()
		problem(mine, get(mine, withParameters(t, answer, wrong)), "ended")
	}
	mine, answer = fresh()
	problem(mine, get(mine, withParameters(t, answer, map[string]string{"code": "wrong"})), "refused")
	mine, answer = fresh()
	problem(mine, get(mine, strings.Replace(answer, "/google/", "/microsoft/", 1)), "ended") // another provider's address
	mine, answer = fresh()
	if r := get(mine, strings.Replace(answer, "/google/", "/nobody/", 1)); r.Status != 404 {
		t.Errorf("a provider that nobody set up answers %d", r.Status)
	}
	mine, answer = fresh()
	page := problem(mine, get(mine, withParameters(t, answer, map[string]string{"code": "", "error": "access_denied",
		"error_description": "<b>call 555"})), "denied")
	if strings.Contains(page, "call 555") {
		t.Error("the page repeats what the provider wrote")
	}
	mine, answer = fresh()
	problem(mine, get(mine, withParameters(t, answer, map[string]string{"code": "", "error": "server_error"})), "refused")

	// A sign-in has to come back within ten minutes.
	mine, answer = fresh()
	i.Advance(9 * time.Minute)
	expectLeads(mine, get(mine, answer), "/dashboard")
	mine, answer = fresh()
	i.Advance(11 * time.Minute)
	problem(mine, get(mine, answer), "ended")

	// A link that was asked for is finished by the same person only.
	v = i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	answer = agree(v, depart(v, "github", "purpose=link"), "", nil)
	enterBy(v, "viewer@acme.test", instance.Password, "")
	problem(v, get(v, answer), "ended")
	if strings.Contains(i.Output.String(), tokenOf(answer)) {
		t.Error("the log tells the state")
	}
}

// Anyone who deleted their account can come back by the same provider.
func TestADeletedAccountLeavesItsProviderFree(t *testing.T) {
	t.Parallel()
	h := newHub(t, 33, primary("hub@lovelace.test", true))
	i := instance.Start(t, social(t, h, "accounts.signup=open")...)
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "github", "")
	if r := v.Call("DELETE", "users/me", `{"email":"editor@acme.test"}`); r.Status != http.StatusOK {
		t.Fatalf("deleting the account answers %d %s", r.Status, r.Body)
	}
	again := i.Traveller()
	join(again, "github", "", "Again")
	if got := email(again); got != "hub@lovelace.test" {
		t.Errorf("the new account is %q", got)
	}
}

func tokenOf(answer string) string {
	at, _ := url.Parse(answer)
	return at.Query().Get("state")
}

func TestTheQuestionIsBoundToItsAnswer(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 31), "accounts.signup=open")...)
	login := verified(t, "Grace", "grace@lovelace.test")
	for _, provider := range []string{"google", "microsoft", "apple", "github"} {
		at, err := url.Parse(depart(i.Traveller(), provider, ""))
		if err != nil {
			t.Fatal(err)
		}
		query := at.Query()
		if query.Get("code_challenge_method") != "S256" || len(query.Get("code_challenge")) != 43 || len(query.Get("state")) < 40 ||
			query.Get("redirect_uri") != i.URL+"/api/v1/auth/oauth/"+provider+"/callback" {
			t.Errorf("%s is asked %v", provider, query)
		}
		if provider != "github" && len(query.Get("nonce")) < 40 {
			t.Errorf("%s is asked without a nonce", provider)
		}
		if regexp.MustCompile(`secret`).MatchString(at.String()) {
			t.Errorf("%s is told the secret through the browser", provider)
		}
	}
	// What the browser carries is changed on the way, and a real provider answers it.
	for name, try := range map[string]struct {
		change map[string]string
		reason string
	}{
		"another nonce":     {map[string]string{"nonce": "another"}, "refused"},
		"no nonce":          {map[string]string{"nonce": ""}, "refused"},
		"no PKCE":           {map[string]string{"code_challenge": "", "code_challenge_method": ""}, "refused"},
		"a foreign PKCE":    {map[string]string{"code_challenge": strings.Repeat("x", 43)}, "refused"},
		"another client":    {map[string]string{"client_id": "other"}, "refused"},
		"a changed state":   {map[string]string{"state": "changed"}, "ended"},
		"nothing forbidden": {map[string]string{}, ""},
	} {
		v := i.Traveller()
		r := v.Send("GET", agree(v, withParameters(t, depart(v, "google", ""), try.change), login, nil), "", "")
		if try.reason == "" {
			expectLeads(v, r, "/auth/oauth/callback?next=%2Fdashboard")
			continue
		}
		if to := r.Header.Get("Location"); !strings.HasPrefix(to, "/auth/oauth/callback?problem="+try.reason+"&") {
			t.Errorf("%s leads to %q", name, to)
		}
	}
}

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	h := newHub(t, 32, primary("hub@lovelace.test", true))
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	i := instance.Start(t, social(t, h, "accounts.signup=open", "oauth.google.issuer="+gone.URL)...)
	v := i.Traveller()
	page := problem(v, v.Send("GET", "/api/v1/auth/oauth/google", "", ""), "unreachable")
	if !strings.Contains(page, "Google does not answer now") || strings.Contains(page, gone.URL) {
		t.Errorf("the page says %s", page)
	}
	h.mu.Lock()
	h.broken = true
	h.mu.Unlock()
	problem(v, signIn(v, "github", "", ""), "unreachable")
	for reason, want := range map[string]string{"unreachable": "GitHub does not answer", "nonsense": "Something went wrong",
		"<script>": "Something went wrong"} {
		page := string(v.Send("GET", "/auth/oauth/callback?provider=github&problem="+url.QueryEscape(reason), "", "").Body)
		if !strings.Contains(page, want) || strings.Contains(page, "<script>") {
			t.Errorf("the problem %q is told as %s", reason, page)
		}
	}
	// A guard that allows nothing of this machine asks no provider on it.
	closed := instance.Start(t, append(social(t, h), "outgoing.allow=10.1.0.0/16")...).Traveller()
	problem(closed, signIn(closed, "github", "", ""), "unreachable")
	if !strings.Contains(closed.Instance.Output.String(), "not a public address") {
		t.Error("the log does not say why")
	}
	// An answer that somebody makes a browser bring from elsewhere finds nothing.
	if page := string(v.Send("GET", "/auth/oauth/callback", "", "").Body); !strings.Contains(page, "Begin again") {
		t.Errorf("without anything that waits the page says %s", page)
	}
}
