package social

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

func TestSigningUpByAProviderAndInAgain(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, social(t, newHub(t, 7, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	for _, one := range []struct {
		provider, login, email string
		more                   url.Values
	}{
		{"google", verified(t, "Grace Hopper", "Google@lovelace.test"), "google@lovelace.test", nil},
		{"github", "", "hub@lovelace.test", nil},
		{"apple", person(t, map[string]any{"email": "apple@lovelace.test", "email_verified": "true"}), "apple@lovelace.test",
			url.Values{"user": {`{"name":{"firstName":"Grace","lastName":"Hopper"},"email":"apple@lovelace.test"}`}}},
	} {
		v := i.Traveller()
		expectLeads(v, v.Send("GET", agree(v, depart(v, one.provider, "next=/incidents"), one.login, one.more), "", ""),
			"/auth/oauth/callback?next=%2Fincidents")
		if email(v) != "" {
			t.Errorf("%s: an account is there before its owner confirmed it", one.provider)
		}
		page := v.Send("GET", "/auth/oauth/callback?next=/incidents", "", "")
		if text := string(page.Body); !strings.Contains(text, one.email) || !strings.Contains(text, `value="Grace Hopper"`) {
			t.Errorf("%s: the form does not know who it is: %s", one.provider, text)
		}
		expectLeads(v, v.Submit(page, url.Values{"name": {"Grace Hopper"}, "organization": {"Hopper " + one.provider}}), "/incidents")
		if got := email(v); got != one.email {
			t.Errorf("%s signs %q in", one.provider, got)
		}
		box.Receive(t, one.email, label(i, one.provider)+" is linked to your account")
		other := i.Traveller()
		expectLeads(other, signIn(other, one.provider, one.login, ""), "/dashboard")
		if got := email(other); got != one.email {
			t.Errorf("%s signs %q in again", one.provider, got)
		}
		var linked []struct{ Provider, Email string }
		(&instance.Client{Instance: i}).Must(other.Call("GET", "users/me/connected-accounts", ""), 200, &linked)
		if len(linked) != 1 || linked[0].Provider != one.provider || linked[0].Email != one.email {
			t.Errorf("%s: the linked accounts are %v", one.provider, linked)
		}
	}
	i.Stop()
	for event, want := range map[string]int{"linked": 3, "signed_in": 3} {
		if got := i.Count("SELECT count(*) FROM t_ledger WHERE action = 'connected_account." + event + "'"); got != want {
			t.Errorf("the ledger has %d entries %s", got, event)
		}
	}
	if i.Count("SELECT count(*) FROM t_user WHERE email LIKE '%lovelace.test' AND password_hash = '' AND NOT unverified") != 3 ||
		i.Count("SELECT count(*) FROM t_tenant WHERE name LIKE 'Hopper %'") != 3 {
		t.Error("the accounts are not as a sign-up makes them")
	}
}

// label is what people call a provider.
func label(i *instance.Instance, provider string) string {
	return map[string]string{"google": "Google", "github": "GitHub", "microsoft": "Microsoft", "apple": "Apple"}[provider]
}

func TestNobodySignsUpByAProviderWhereNobodyMay(t *testing.T) {
	t.Parallel()
	h := newHub(t, 8, primary("grace@elsewhere.test", true))
	closed := instance.Start(t, social(t, h)...)
	domains := instance.Start(t, social(t, h, "accounts.signup=domains", "accounts.domains=lovelace.test")...)
	v := closed.Traveller()
	if page := problem(v, signIn(v, "github", "", ""), "uninvited"); !strings.Contains(page, "invitation") {
		t.Errorf("the page does not say what to do: %s", page)
	}
	v = domains.Traveller()
	if page := problem(v, signIn(v, "github", "", ""), "domain"); !strings.Contains(page, "lovelace.test") {
		t.Errorf("the page does not say who may: %s", page)
	}
	join(v, "google", verified(t, "Ada", "ada@lovelace.test"), "")
	empty := instance.StartEmpty(t, social(t, h, "accounts.signup=open")...).Traveller() // the first account is its operator's
	problem(empty, signIn(empty, "github", "", ""), "new")
	if r := v.Call("POST", "auth/oauth/signup", `{"name":"Ada","organization":""}`); r.Status != 401 {
		t.Errorf("a sign-up that is done answers %d %s", r.Status, r.Body)
	}
}

func TestAnAddressLinksNothingBeforeItsOwnerConfirms(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, social(t, newHub(t, 9, primary("editor@acme.test", true)), "accounts.signup=open")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.Traveller()
	expectLeads(v, signIn(v, "google", login, ""), "/auth/oauth/callback?next=%2Fdashboard")
	if email(v) != "" {
		t.Fatal("an address signs somebody in")
	}
	if page := string(v.Send("GET", "/auth/oauth/callback", "", "").Body); !strings.Contains(page,
		"There is an account with the address editor@acme.test") || strings.Contains(page, "<form") {
		t.Errorf("the page of somebody who is not signed in shows %s", page)
	}
	if r := v.Call("POST", "auth/oauth/link", ""); r.Status != 401 {
		t.Errorf("nobody links: %d", r.Status)
	}
	// Somebody else who signs in meanwhile can't take it.
	enterBy(v, "viewer@acme.test", instance.Password, "/auth/oauth/callback")
	if page := string(v.Send("GET", "/auth/oauth/callback", "", "").Body); !strings.Contains(page, "begun for another account") {
		t.Errorf("another person is asked %s", page)
	}
	if r := v.Call("POST", "auth/oauth/link", ""); r.Status != 403 {
		t.Errorf("another person links: %d", r.Status)
	}
	enterBy(v, "editor@acme.test", instance.Password, "/auth/oauth/callback")
	page := v.Send("GET", "/auth/oauth/callback", "", "")
	if !strings.Contains(string(page.Body), "Link Google to this account?") {
		t.Fatalf("the owner is asked %s", page.Body)
	}
	if r := v.Send("POST", "/auth/oauth/callback/link", "application/x-www-form-urlencoded", ""); r.Status != 403 {
		t.Errorf("a link without the form's token answers %d", r.Status)
	}
	expectLeads(v, v.Submit(page, nil), "/settings/security/connected-accounts")
	box.Receive(t, "editor@acme.test", "Google is linked to your account")
	if r := v.Call("POST", "auth/oauth/link", ""); r.Status != 401 {
		t.Errorf("a link works twice: %d", r.Status)
	}
	other := i.Traveller()
	expectLeads(other, signIn(other, "google", login, ""), "/dashboard")
	if email(other) != "editor@acme.test" {
		t.Error("the linked account signs nobody in")
	}
	// What is linked already, here or to somebody else, is not linked again.
	problem(other, signIn(other, "google", login, "purpose=link"), "present")
	private := i.Traveller()
	enterBy(private, "editor@acme.test", instance.Password, "")
	problem(private, signIn(private, "google", verified(t, "Edith", "edith@private.test"), "purpose=link"), "second")
	stranger := i.Traveller()
	enterBy(stranger, "viewer@acme.test", instance.Password, "")
	problem(stranger, signIn(stranger, "google", login, "purpose=link"), "taken")
	i.Stop()
	if got := i.Count("SELECT count(*) FROM t_ledger WHERE action = 'connected_account.link' AND result = 'denied'"); got != 2 {
		t.Errorf("the ledger has %d refused links", got)
	}
}

func TestAnAddressThatNobodyVouchesForCountsForNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t, 10, primary("owner@acme.test", false), map[string]any{"email": "admin@acme.test", "primary": false, "verified": true})
	i := instance.Start(t, social(t, h, "accounts.signup=open")...)
	at, _ := vouching()
	const object = "11111111-2222-3333-4444-555555555555"
	for provider, login := range map[string]string{
		"google": person(t, map[string]any{"email": "owner@acme.test", "email_verified": false}),
		"apple":  person(t, map[string]any{"email": "owner@acme.test"}),
		"github": "",
		// Anyone who runs a tenant of Microsoft's writes any address into it, and says that it is verified.
		"microsoft": person(t, map[string]any{"email": "owner@acme.test", "email_verified": true, "tid": at.Tenant, "oid": object}),
	} {
		v := i.Traveller()
		expectLeads(v, signIn(v, provider, login, ""), "/auth/oauth/callback?next=%2Fdashboard")
		page := string(v.Send("GET", "/auth/oauth/callback", "", "").Body)
		if !strings.Contains(page, "Nobody here has the account") || strings.Contains(page, "<form") || email(v) != "" {
			t.Errorf("%s: the page shows %s", provider, page)
		}
		if r := v.Call("POST", "auth/oauth/signup", `{"name":"Mallory"}`); r.Status != 401 {
			t.Errorf("%s signs up by an address that nobody vouches for: %d", provider, r.Status)
		}
	}
	// Microsoft links by what its owner confirms, and knows them by tenant and object from then on.
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "microsoft", person(t, map[string]any{"email": "owner@acme.test", "tid": at.Tenant, "oid": object}))
	again := i.Traveller()
	expectLeads(again, signIn(again, "microsoft", person(t, map[string]any{"email": "other@acme.test", "tid": at.Tenant, "oid": object}),
		""),
		"/dashboard")
	if got := email(again); got != "editor@acme.test" {
		t.Errorf("Microsoft signs %q in", got)
	}
	i.Stop()
	if i.Count("SELECT count(*) FROM t_connected_account WHERE subject = '"+at.Tenant+"/"+object+"'") != 1 ||
		i.Count("SELECT count(*) FROM t_connected_account") != 1 {
		t.Error("the subject is not tenant and object, or something else was linked")
	}
}

func TestTheLastWayInStays(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, social(t, newHub(t, 11, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	login := verified(t, "Grace", "grace@lovelace.test")
	v := i.Traveller()
	join(v, "google", login, "Hopper")
	if r := v.Call("DELETE", "auth/oauth/google", ""); r.Status != 409 || !strings.Contains(string(r.Body), "last way to sign in") {
		t.Errorf("the last way is taken: %d %s", r.Status, r.Body)
	}
	if r := v.Call("DELETE", "auth/oauth/github", ""); r.Status != 404 {
		t.Errorf("what is not linked is unlinked: %d", r.Status)
	}
	linkTo(v, "github", "")
	statuses := make(chan int, 20)
	for n := range cap(statuses) {
		go func() {
			request, _ := http.NewRequest("DELETE", i.URL+"/api/v1/auth/oauth/"+[]string{"google", "github"}[n%2], nil)
			response, err := v.HTTP.Do(request)
			if err != nil {
				statuses <- 0
				return
			}
			response.Body.Close()
			statuses <- response.StatusCode
		}()
	}
	count := map[int]int{}
	for range cap(statuses) {
		count[<-statuses]++
	}
	var linked []struct{ Provider string }
	(&instance.Client{Instance: i}).Must(v.Call("GET", "users/me/connected-accounts", ""), 200, &linked)
	if count[200] != 1 || count[200]+count[404]+count[409] != 20 || len(linked) != 1 {
		t.Errorf("20 at once answer %v and leave %v", count, linked)
	}
	gone := map[string]string{"google": "GitHub", "github": "Google"}[linked[0].Provider]
	box.Receive(t, "grace@lovelace.test", gone+" is unlinked from your account")
	// A password makes it one of two.
	(&instance.Client{Instance: i}).Must(
		v.Call("POST", "users/me/change-password", `{"current_password":"","password":"`+instance.OtherPassword+`"}`), 200, nil)
	(&instance.Client{Instance: i}).Must(v.Call("DELETE", "auth/oauth/"+linked[0].Provider, ""), 200, nil)
	(&instance.Client{Instance: i}).Must((&instance.Client{Instance: i}).SignIn("grace@lovelace.test", instance.OtherPassword), 200, nil)
	if r := v.Call("POST", "users/me/change-password", `{"current_password":"","password":"a fence of nine purple llamas"}`); r.Status != 422 {
		t.Errorf("a password is changed without the present one: %d", r.Status)
	}
}

func TestAProviderIsNoSecondFactorAndOpensNoClosedAccount(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 12))...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "google", login)
	secret, _ := i.As("editor@acme").Enrol()
	v = i.Traveller()
	expectLeads(v, signIn(v, "google", login, "next=/incidents"), "/auth/mfa-challenge?next=%2Fincidents")
	if email(v) != "" {
		t.Error("the provider stands in for the second factor")
	}
	page := v.Send("GET", "/auth/mfa-challenge?next=/incidents", "", "")
	expectLeads(v, v.Submit(page, url.Values{"code": {i.Code(secret, 1)}, "remember": {"on"}}), "/incidents")
	if email(v) != "editor@acme.test" {
		t.Error("the challenge signs nobody in")
	}
	expectLeads(v, signIn(v, "google", login, ""), "/dashboard") // the device is remembered, as after a password
	i.Stop()
	if _, stderr, exit := i.Command("user", "disable", "--email", "editor@acme.test"); exit != 0 {
		t.Fatal(stderr)
	}
	i.Serve()
	v = i.Traveller()
	problem(v, signIn(v, "google", login, ""), "closed")
	if email(v) != "" {
		t.Error("a closed account is entered")
	}
	i.Stop()
	if i.Count("SELECT count(*) FROM t_ledger WHERE action = 'user.sign_in' AND result = 'failure'") != 1 {
		t.Error("the refused sign-in is not in the ledger")
	}
	stdout, stderr, exit := i.Command("user", "connected-accounts", "--email", "editor@acme.test", "--json")
	var listed []struct{ Provider, Email string }
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || exit != 0 || len(listed) != 1 || listed[0].Provider != "google" {
		t.Errorf("the list of the command line is %s %s", stdout, stderr)
	}
	if _, stderr, exit := i.Command("user", "unlink", "--email", "editor@acme.test", "--provider", "google"); exit != 0 ||
		i.Count("SELECT count(*) FROM t_connected_account") != 0 {
		t.Errorf("the operator does not unlink: %s", stderr)
	}
	if _, _, exit := i.Command("user", "unlink", "--email", "editor@acme.test", "--provider", "google"); exit != 4 {
		t.Errorf("what is not linked ends with %d", exit)
	}
}

func TestWhoHasNoPasswordProvesByTheProvider(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 13, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	v := i.Traveller()
	join(v, "github", "", "Hopper")
	stale := func() {
		i.Advance(11 * time.Minute)
	}
	stale()
	for _, try := range []struct{ method, path, body string }{
		{"DELETE", "auth/oauth/github", ""}, {"POST", "auth/oauth/link", ""}, {"POST", "auth/mfa/totp/setup", ""},
		{"POST", "users/me/change-password", `{"current_password":"","password":"` + instance.OtherPassword + `"}`},
		{"POST", "users/me/change-email", `{"email":"grace@private.test","password":""}`},
	} {
		if r := v.Call(try.method, try.path, try.body); r.Status != 401 || r.Code() != "MFA_REQUIRED" {
			t.Errorf("%s %s answers %d %s", try.method, try.path, r.Status, r.Body)
		}
	}
	for _, body := range []string{`{}`, `{"password":""}`, `{"password":"any"}`} {
		if r := v.Call("POST", "auth/mfa/challenge", body); r.Status != 422 {
			t.Errorf("%s proves: %d %s", body, r.Status, r.Body)
		}
	}
	page := v.Send("POST", "/settings/security", "application/x-www-form-urlencoded",
		"form_token="+v.Token("/settings/security")+"&password=x")
	text := string(page.Body)
	if !strings.Contains(text, "Confirm with GitHub") || !strings.Contains(text, url.QueryEscape("/settings/security")) ||
		strings.Contains(text, "Password") {
		t.Errorf("the proof asks %s", text)
	}
	expectLeads(v, signIn(v, "github", "", "purpose=prove&next=/settings/security"), "/settings/security")
	(&instance.Client{Instance: i}).Must(
		v.Call("POST", "users/me/change-password", `{"current_password":"","password":"`+instance.OtherPassword+`"}`), 200, nil)
	problem(v, v.Send("GET", "/api/v1/auth/oauth/github?purpose=prove", "", ""), "failed") // who has a password gives that
	other := i.Traveller()
	problem(other, other.Send("GET", "/api/v1/auth/oauth/github?purpose=prove", "", ""), "ended")
	problem(other, other.Send("GET", "/api/v1/auth/oauth/github?purpose=link", "", ""), "ended")
}

func TestProvidersAreOfferedWhereTheyAreSetUp(t *testing.T) {
	t.Parallel()
	h := newHub(t, 14)
	none := instance.Start(t, "accounts.signup=open").Traveller()
	all := instance.Start(t, social(t, h, "accounts.signup=open")...).Traveller()
	for _, path := range []string{"/login", "/signup"} {
		if page := string(none.Send("GET", path, "", "").Body); strings.Contains(page, "auth/oauth") {
			t.Errorf("%s offers what is not set up", path)
		}
		page := string(all.Send("GET", path, "", "").Body)
		for provider := range strings.FieldsSeq("google github microsoft apple") {
			if want := path == "/login" || provider != "microsoft"; strings.Contains(page, "/api/v1/auth/oauth/"+provider+"?") != want {
				t.Errorf("%s offers %s: %t", path, provider, !want)
			}
		}
	}
	if r := none.Send("GET", "/api/v1/auth/oauth/google", "", ""); r.Status != 404 {
		t.Errorf("a provider that is not set up answers %d", r.Status)
	}
	stdout, _, _ := all.Instance.Command("config", "show", "--set", "oauth.google.client_id=zygo", "--set",
		"oauth.google.client_secret=hidden")
	if strings.Contains(stdout, "hidden") {
		t.Error("the configuration shows a secret")
	}
	for setting, want := range map[string]string{
		"oauth.google.client_id=zygo": "oauth.google.client_secret", "oauth.apple.services_id=zygo": "oauth.apple.team_id",
		"oauth.github.api_url=http://elsewhere.test": "https://",
	} {
		if _, stderr, exit := instance.Command(t, "config", "check", "--set", setting); exit == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%s is accepted or not explained: %s", setting, stderr)
		}
	}
}

func TestAJourneyEndsOnPagesOfThisInstanceOnly(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 15), "server.trusted_proxies=127.0.0.1")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "google", login)
	for _, away := range []string{"//evil", `/\evil`, "https:evil", "https://evil", "javascript:alert(1)", "/%09/evil", "/%5cevil"} {
		expectLeads(v, signIn(v, "google", login, "next="+away), "/dashboard")
	}
	expectLeads(v, signIn(v, "google", login, "next="+url.QueryEscape("/incidents?state=open")), "/incidents?state=open")
	secure := (&instance.Client{Instance: i}).Call("GET", "auth/oauth/google", nil, "X-Forwarded-Proto", "https").Header.Get("Set-Cookie")
	if !strings.HasPrefix(secure, "__Host-zygo_journey=") || !strings.Contains(secure, "Secure") {
		t.Errorf("over https the browser keeps %s", secure)
	}
	names := slices.Collect(strings.SplitSeq("zygo_journey,zygo_pending", ","))
	for _, cookie := range v.Send("GET", "/api/v1/auth/oauth/google", "", "").Header["Set-Cookie"] {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(cookie, name+"=") }) ||
			!strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("the browser keeps %s", cookie)
		}
	}
}
