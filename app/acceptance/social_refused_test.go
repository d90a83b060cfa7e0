package acceptance

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
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
	i := start(t, social(t, h, "accounts.signup=open")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.traveller()
	v.enterBy("editor@acme.test", passphrase, "")
	v.linkTo("google", login)
	fresh := func() (*traveller, string) {
		v := i.traveller()
		return v, v.agree(v.depart("google", ""), login, nil)
	}
	get := func(v *traveller, address string) reply { return v.send("GET", address, "", "") }

	mine, answer := fresh()
	mine.at(get(mine, answer), "/dashboard")
	mine.problem(get(mine, answer), "ended") // a replay

	mine, answer = fresh()
	foreign := i.traveller()
	foreign.depart("google", "") // it has a journey of its own
	foreign.problem(get(foreign, answer), "ended")
	if foreign.email() != "" {
		t.Error("another browser is signed in")
	}
	mine.problem(get(mine, answer), "ended") // whoever tried used it up

	for _, wrong := range []map[string]string{{"state": ""}, {"state": "wrong"}} {
		mine, answer = fresh()
		mine.problem(get(mine, withParameters(t, answer, wrong)), "ended")
	}
	mine, answer = fresh()
	mine.problem(get(mine, withParameters(t, answer, map[string]string{"code": "wrong"})), "refused")
	mine, answer = fresh()
	mine.problem(get(mine, strings.Replace(answer, "/google/", "/microsoft/", 1)), "ended") // another provider's address
	mine, answer = fresh()
	if r := get(mine, strings.Replace(answer, "/google/", "/nobody/", 1)); r.status != 404 {
		t.Errorf("a provider that nobody set up answers %d", r.status)
	}
	mine, answer = fresh()
	page := mine.problem(get(mine, withParameters(t, answer, map[string]string{"code": "", "error": "access_denied", "error_description": "<b>call 555"})), "denied")
	if strings.Contains(page, "555") {
		t.Error("the page repeats what the provider wrote")
	}
	mine, answer = fresh()
	mine.problem(get(mine, withParameters(t, answer, map[string]string{"code": "", "error": "server_error"})), "refused")

	// A journey lives ten minutes. Time is turned on in its row.
	mine, answer = fresh()
	i.stop()
	if i.count("SELECT count(*) FROM t_challenge WHERE purpose = 'social_journey' AND expires_at BETWEEN (unixepoch() + 500) * 1000000 AND (unixepoch() + 601) * 1000000") == 0 {
		t.Error("a journey does not live ten minutes")
	}
	i.execute("UPDATE t_challenge SET expires_at = 1")
	i.serve()
	mine.problem(get(mine, answer), "ended")

	// A link that was asked for is finished by the same person only.
	v = i.traveller()
	v.enterBy("editor@acme.test", passphrase, "")
	answer = v.agree(v.depart("github", "purpose=link"), "", nil)
	v.enterBy("viewer@acme.test", passphrase, "")
	v.problem(get(v, answer), "ended")
	if strings.Contains(i.output.String(), tokenOf(answer)) {
		t.Error("the log tells the state")
	}
}

func tokenOf(answer string) string {
	at, _ := url.Parse(answer)
	return at.Query().Get("state")
}

func TestTheQuestionIsBoundToItsAnswer(t *testing.T) {
	t.Parallel()
	i := start(t, social(t, newHub(t, 31), "accounts.signup=open")...)
	login := verified(t, "Grace", "grace@lovelace.test")
	for _, provider := range []string{"google", "microsoft", "apple", "github"} {
		at, err := url.Parse(i.traveller().depart(provider, ""))
		if err != nil {
			t.Fatal(err)
		}
		query := at.Query()
		if query.Get("code_challenge_method") != "S256" || len(query.Get("code_challenge")) != 43 || len(query.Get("state")) < 40 || query.Get("redirect_uri") != i.url+"/api/v1/auth/oauth/"+provider+"/callback" {
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
		v := i.traveller()
		r := v.send("GET", v.agree(withParameters(t, v.depart("google", ""), try.change), login, nil), "", "")
		if try.reason == "" {
			v.at(r, "/auth/oauth/callback?next=%2Fdashboard")
			continue
		}
		if to := r.header.Get("Location"); !strings.HasPrefix(to, "/auth/oauth/callback?problem="+try.reason+"&") {
			t.Errorf("%s leads to %q", name, to)
		}
	}
}

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	h := newHub(t, 32, primary("hub@lovelace.test", true))
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	i := start(t, social(t, h, "accounts.signup=open", "oauth.google.issuer="+gone.URL)...)
	v := i.traveller()
	if page := v.problem(v.send("GET", "/api/v1/auth/oauth/google", "", ""), "unreachable"); !strings.Contains(page, "Google does not answer now") || strings.Contains(page, gone.URL) {
		t.Errorf("the page says %s", page)
	}
	h.mu.Lock()
	h.broken = true
	h.mu.Unlock()
	v.problem(v.signIn("github", "", ""), "unreachable")
	for reason, want := range map[string]string{"unreachable": "GitHub does not answer", "nonsense": "Something went wrong", "<script>": "Something went wrong"} {
		page := string(v.send("GET", "/auth/oauth/callback?provider=github&problem="+url.QueryEscape(reason), "", "").body)
		if !strings.Contains(page, want) || strings.Contains(page, "<script>") {
			t.Errorf("the problem %q is told as %s", reason, page)
		}
	}
	// A guard that allows nothing of this machine asks no provider on it.
	closed := start(t, append(social(t, h), "outgoing.allow=10.1.0.0/16")...).traveller()
	closed.problem(closed.signIn("github", "", ""), "unreachable")
	if !strings.Contains(closed.i.output.String(), "not a public address") {
		t.Error("the log does not say why")
	}
	// An answer that somebody makes a browser bring from elsewhere finds nothing.
	if page := string(v.send("GET", "/auth/oauth/callback", "", "").body); !strings.Contains(page, "Begin again") {
		t.Errorf("without anything that waits the page says %s", page)
	}
}
