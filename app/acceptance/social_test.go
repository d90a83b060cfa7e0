package acceptance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestSigningUpByAProviderAndInAgain(t *testing.T) {
	t.Parallel()
	i, box := withMail(t, social(t, newHub(t, 7, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	for _, one := range []struct {
		provider, login, email string
		more                   url.Values
	}{
		{"google", verified(t, "Grace Hopper", "Google@lovelace.test"), "google@lovelace.test", nil},
		{"github", "", "hub@lovelace.test", nil},
		{"apple", person(t, map[string]any{"email": "apple@lovelace.test", "email_verified": "true"}), "apple@lovelace.test",
			url.Values{"user": {`{"name":{"firstName":"Grace","lastName":"Hopper"},"email":"apple@lovelace.test"}`}}},
	} {
		v := i.traveller()
		v.at(v.send("GET", v.agree(v.depart(one.provider, "next=/incidents"), one.login, one.more), "", ""), "/auth/oauth/callback?next=%2Fincidents")
		if v.email() != "" {
			t.Errorf("%s: an account is there before its owner confirmed it", one.provider)
		}
		page := v.send("GET", "/auth/oauth/callback?next=/incidents", "", "")
		if text := string(page.body); !strings.Contains(text, one.email) || !strings.Contains(text, `value="Grace Hopper"`) {
			t.Errorf("%s: the form does not know who it is: %s", one.provider, text)
		}
		v.at(v.submit(page, url.Values{"name": {"Grace Hopper"}, "organization": {"Hopper " + one.provider}}), "/incidents")
		if got := v.email(); got != one.email {
			t.Errorf("%s signs %q in", one.provider, got)
		}
		box.receive(t, one.email, i.label(one.provider)+" is linked to your account")
		other := i.traveller()
		other.at(other.signIn(one.provider, one.login, ""), "/dashboard")
		if got := other.email(); got != one.email {
			t.Errorf("%s signs %q in again", one.provider, got)
		}
		var linked []struct{ Provider, Email string }
		(&client{i: i}).must(other.call("GET", "users/me/connected-accounts", ""), 200, &linked)
		if len(linked) != 1 || linked[0].Provider != one.provider || linked[0].Email != one.email {
			t.Errorf("%s: the linked accounts are %v", one.provider, linked)
		}
	}
	i.stop()
	for event, want := range map[string]int{"linked": 3, "signed_in": 3} {
		if got := i.count("SELECT count(*) FROM t_ledger WHERE action = 'connected_account." + event + "'"); got != want {
			t.Errorf("the ledger has %d entries %s", got, event)
		}
	}
	if i.count("SELECT count(*) FROM t_user WHERE email LIKE '%lovelace.test' AND password_hash = '' AND NOT unverified") != 3 || i.count("SELECT count(*) FROM t_tenant WHERE name LIKE 'Hopper %'") != 3 {
		t.Error("the accounts are not as a sign-up makes them")
	}
}

// label is what people call a provider.
func (i *instance) label(provider string) string {
	return map[string]string{"google": "Google", "github": "GitHub", "microsoft": "Microsoft", "apple": "Apple"}[provider]
}

func TestNobodySignsUpByAProviderWhereNobodyMay(t *testing.T) {
	t.Parallel()
	h := newHub(t, 8, primary("grace@elsewhere.test", true))
	closed, domains := start(t, social(t, h)...), start(t, social(t, h, "accounts.signup=domains", "accounts.domains=lovelace.test")...)
	v := closed.traveller()
	if page := v.problem(v.signIn("github", "", ""), "uninvited"); !strings.Contains(page, "invitation") {
		t.Errorf("the page does not say what to do: %s", page)
	}
	v = domains.traveller()
	if page := v.problem(v.signIn("github", "", ""), "domain"); !strings.Contains(page, "lovelace.test") {
		t.Errorf("the page does not say who may: %s", page)
	}
	v.join("google", verified(t, "Ada", "ada@lovelace.test"), "")
	empty := startEmpty(t, social(t, h, "accounts.signup=open")...).traveller() // the first account is its operator's
	empty.problem(empty.signIn("github", "", ""), "new")
	if r := v.call("POST", "auth/oauth/signup", `{"name":"Ada","organization":""}`); r.status != 401 {
		t.Errorf("a sign-up that is done answers %d %s", r.status, r.body)
	}
}

func TestAnAddressLinksNothingBeforeItsOwnerConfirms(t *testing.T) {
	t.Parallel()
	i, box := withMail(t, social(t, newHub(t, 9, primary("editor@acme.test", true)), "accounts.signup=open")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.traveller()
	v.at(v.signIn("google", login, ""), "/auth/oauth/callback?next=%2Fdashboard")
	if v.email() != "" {
		t.Fatal("an address signs somebody in")
	}
	if page := string(v.send("GET", "/auth/oauth/callback", "", "").body); !strings.Contains(page, "There is an account with the address editor@acme.test") || strings.Contains(page, "<form") {
		t.Errorf("the page of somebody who is not signed in shows %s", page)
	}
	if r := v.call("POST", "auth/oauth/link", ""); r.status != 401 {
		t.Errorf("nobody links: %d", r.status)
	}
	// Somebody else who signs in meanwhile can't take it.
	v.enterBy("viewer@acme.test", passphrase, "/auth/oauth/callback")
	if page := string(v.send("GET", "/auth/oauth/callback", "", "").body); !strings.Contains(page, "begun for another account") {
		t.Errorf("another person is asked %s", page)
	}
	if r := v.call("POST", "auth/oauth/link", ""); r.status != 403 {
		t.Errorf("another person links: %d", r.status)
	}
	v.enterBy("editor@acme.test", passphrase, "/auth/oauth/callback")
	page := v.send("GET", "/auth/oauth/callback", "", "")
	if !strings.Contains(string(page.body), "Link Google to this account?") {
		t.Fatalf("the owner is asked %s", page.body)
	}
	if r := v.send("POST", "/auth/oauth/callback/link", "application/x-www-form-urlencoded", ""); r.status != 403 {
		t.Errorf("a link without the form's token answers %d", r.status)
	}
	v.at(v.submit(page, nil), "/settings/security/connected-accounts")
	box.receive(t, "editor@acme.test", "Google is linked to your account")
	if r := v.call("POST", "auth/oauth/link", ""); r.status != 401 {
		t.Errorf("a link works twice: %d", r.status)
	}
	other := i.traveller()
	other.at(other.signIn("google", login, ""), "/dashboard")
	if other.email() != "editor@acme.test" {
		t.Error("the linked account signs nobody in")
	}
	// What is linked already, here or to somebody else, is not linked again.
	other.problem(other.signIn("google", login, "purpose=link"), "present")
	private := i.traveller()
	private.enterBy("editor@acme.test", passphrase, "")
	private.problem(private.signIn("google", verified(t, "Edith", "edith@private.test"), "purpose=link"), "second")
	stranger := i.traveller()
	stranger.enterBy("viewer@acme.test", passphrase, "")
	stranger.problem(stranger.signIn("google", login, "purpose=link"), "taken")
	i.stop()
	if got := i.count("SELECT count(*) FROM t_ledger WHERE action = 'connected_account.link' AND result = 'denied'"); got != 2 {
		t.Errorf("the ledger has %d refused links", got)
	}
}

func TestAnAddressThatNobodyVouchesForCountsForNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t, 10, primary("owner@acme.test", false), map[string]any{"email": "admin@acme.test", "primary": false, "verified": true})
	i := start(t, social(t, h, "accounts.signup=open")...)
	at, _ := vouching()
	const object = "11111111-2222-3333-4444-555555555555"
	for provider, login := range map[string]string{
		"google": person(t, map[string]any{"email": "owner@acme.test", "email_verified": false}),
		"apple":  person(t, map[string]any{"email": "owner@acme.test"}),
		"github": "",
		// Whoever runs a tenant of Microsoft's writes any address into it, and says that it is verified.
		"microsoft": person(t, map[string]any{"email": "owner@acme.test", "email_verified": true, "tid": at.Tenant, "oid": object}),
	} {
		v := i.traveller()
		v.at(v.signIn(provider, login, ""), "/auth/oauth/callback?next=%2Fdashboard")
		page := string(v.send("GET", "/auth/oauth/callback", "", "").body)
		if !strings.Contains(page, "Nobody here has the account") || strings.Contains(page, "<form") || v.email() != "" {
			t.Errorf("%s: the page shows %s", provider, page)
		}
		if r := v.call("POST", "auth/oauth/signup", `{"name":"Mallory"}`); r.status != 401 {
			t.Errorf("%s signs up by an address that nobody vouches for: %d", provider, r.status)
		}
	}
	// Microsoft links by what its owner confirms, and knows them by tenant and object from then on.
	v := i.traveller()
	v.enterBy("editor@acme.test", passphrase, "")
	v.linkTo("microsoft", person(t, map[string]any{"email": "owner@acme.test", "tid": at.Tenant, "oid": object}))
	again := i.traveller()
	again.at(again.signIn("microsoft", person(t, map[string]any{"email": "other@acme.test", "tid": at.Tenant, "oid": object}), ""), "/dashboard")
	if got := again.email(); got != "editor@acme.test" {
		t.Errorf("Microsoft signs %q in", got)
	}
	i.stop()
	if i.count("SELECT count(*) FROM t_connected_account WHERE subject = '"+at.Tenant+"/"+object+"'") != 1 || i.count("SELECT count(*) FROM t_connected_account") != 1 {
		t.Error("the subject is not tenant and object, or something else was linked")
	}
}

func TestTheLastWayInStays(t *testing.T) {
	t.Parallel()
	i, box := withMail(t, social(t, newHub(t, 11, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	login := verified(t, "Grace", "grace@lovelace.test")
	v := i.traveller()
	v.join("google", login, "Hopper")
	if r := v.call("DELETE", "auth/oauth/google", ""); r.status != 409 || !strings.Contains(string(r.body), "last way to sign in") {
		t.Errorf("the last way is taken: %d %s", r.status, r.body)
	}
	if r := v.call("DELETE", "auth/oauth/github", ""); r.status != 404 {
		t.Errorf("what is not linked is unlinked: %d", r.status)
	}
	v.linkTo("github", "")
	statuses := make(chan int, 20)
	for n := range cap(statuses) {
		go func() {
			request, _ := http.NewRequest("DELETE", i.url+"/api/v1/auth/oauth/"+[]string{"google", "github"}[n%2], nil)
			response, err := v.http.Do(request)
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
	(&client{i: i}).must(v.call("GET", "users/me/connected-accounts", ""), 200, &linked)
	if count[200] != 1 || count[200]+count[404]+count[409] != 20 || len(linked) != 1 {
		t.Errorf("20 at once answer %v and leave %v", count, linked)
	}
	gone := map[string]string{"google": "GitHub", "github": "Google"}[linked[0].Provider]
	box.receive(t, "grace@lovelace.test", gone+" is unlinked from your account")
	// A passphrase makes it one of two.
	(&client{i: i}).must(v.call("POST", "users/me/change-password", `{"current_password":"","password":"`+otherPassphrase+`"}`), 200, nil)
	(&client{i: i}).must(v.call("DELETE", "auth/oauth/"+linked[0].Provider, ""), 200, nil)
	(&client{i: i}).must((&client{i: i}).signIn("grace@lovelace.test", otherPassphrase), 200, nil)
	if r := v.call("POST", "users/me/change-password", `{"current_password":"","password":"a fence of nine purple llamas"}`); r.status != 422 {
		t.Errorf("a passphrase is changed without the present one: %d", r.status)
	}
}

func TestAProviderIsNoSecondFactorAndOpensNoClosedAccount(t *testing.T) {
	t.Parallel()
	i := start(t, social(t, newHub(t, 12))...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.traveller()
	v.enterBy("editor@acme.test", passphrase, "")
	v.linkTo("google", login)
	secret, _ := i.as("editor@acme").enrol()
	v = i.traveller()
	v.at(v.signIn("google", login, "next=/incidents"), "/auth/mfa-challenge?next=%2Fincidents")
	if v.email() != "" {
		t.Error("the provider stands in for the second factor")
	}
	page := v.send("GET", "/auth/mfa-challenge?next=/incidents", "", "")
	v.at(v.submit(page, url.Values{"code": {code(t, secret, 1)}, "remember": {"on"}}), "/incidents")
	if v.email() != "editor@acme.test" {
		t.Error("the challenge signs nobody in")
	}
	v.at(v.signIn("google", login, ""), "/dashboard") // the device is remembered, as after a password
	i.stop()
	if _, stderr, exit := i.command("user", "disable", "--email", "editor@acme.test"); exit != 0 {
		t.Fatal(stderr)
	}
	i.serve()
	v = i.traveller()
	v.problem(v.signIn("google", login, ""), "closed")
	if v.email() != "" {
		t.Error("a closed account is entered")
	}
	i.stop()
	if i.count("SELECT count(*) FROM t_ledger WHERE action = 'user.sign_in' AND result = 'failure'") != 1 {
		t.Error("the refused sign-in is not in the ledger")
	}
	stdout, stderr, exit := i.command("user", "connected-accounts", "--email", "editor@acme.test", "--json")
	var listed []struct{ Provider, Email string }
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || exit != 0 || len(listed) != 1 || listed[0].Provider != "google" {
		t.Errorf("the list of the command line is %s %s", stdout, stderr)
	}
	if _, stderr, exit := i.command("user", "unlink", "--email", "editor@acme.test", "--provider", "google"); exit != 0 || i.count("SELECT count(*) FROM t_connected_account") != 0 {
		t.Errorf("the operator does not unlink: %s", stderr)
	}
	if _, _, exit := i.command("user", "unlink", "--email", "editor@acme.test", "--provider", "google"); exit != 4 {
		t.Errorf("what is not linked ends with %d", exit)
	}
}

func TestWhoHasNoPassphraseProvesByTheProvider(t *testing.T) {
	t.Parallel()
	i := start(t, social(t, newHub(t, 13, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	v := i.traveller()
	v.join("github", "", "Hopper")
	stale := func() {
		i.stop()
		i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
		i.serve()
	}
	stale()
	for _, try := range []struct{ method, path, body string }{
		{"DELETE", "auth/oauth/github", ""}, {"POST", "auth/oauth/link", ""}, {"POST", "auth/mfa/totp/setup", ""}, {"POST", "users/me/change-password", `{"current_password":"","password":"` + otherPassphrase + `"}`},
		{"POST", "users/me/change-email", `{"email":"grace@private.test","password":""}`},
	} {
		if r := v.call(try.method, try.path, try.body); r.status != 401 || r.code() != "MFA_REQUIRED" {
			t.Errorf("%s %s answers %d %s", try.method, try.path, r.status, r.body)
		}
	}
	for _, body := range []string{`{}`, `{"password":""}`, `{"password":"any"}`} {
		if r := v.call("POST", "auth/mfa/challenge", body); r.status != 422 {
			t.Errorf("%s proves: %d %s", body, r.status, r.body)
		}
	}
	page := v.send("POST", "/settings/security", "application/x-www-form-urlencoded", "form_token="+v.token("/settings/security")+"&password=x")
	if text := string(page.body); !strings.Contains(text, "Confirm with GitHub") || !strings.Contains(text, url.QueryEscape("/settings/security")) || strings.Contains(text, "Passphrase") {
		t.Errorf("the proof asks %s", text)
	}
	v.at(v.signIn("github", "", "purpose=prove&next=/settings/security"), "/settings/security")
	(&client{i: i}).must(v.call("POST", "users/me/change-password", `{"current_password":"","password":"`+otherPassphrase+`"}`), 200, nil)
	v.problem(v.send("GET", "/api/v1/auth/oauth/github?purpose=prove", "", ""), "failed") // who has a passphrase gives that
	other := i.traveller()
	other.problem(other.send("GET", "/api/v1/auth/oauth/github?purpose=prove", "", ""), "ended")
	other.problem(other.send("GET", "/api/v1/auth/oauth/github?purpose=link", "", ""), "ended")
}

// token is the form token of a page.
func (v *traveller) token(path string) string {
	v.i.t.Helper()
	for _, tag := range inputTag.FindAllString(string(v.send("GET", path, "", "").body), -1) {
		if name := nameOf.FindStringSubmatch(tag); name != nil && name[1] == "form_token" {
			return valueOf.FindStringSubmatch(tag)[1]
		}
	}
	v.i.t.Fatalf("%s has no form", path)
	return ""
}

func TestProvidersAreOfferedWhereTheyAreSetUp(t *testing.T) {
	t.Parallel()
	h := newHub(t, 14)
	none, all := start(t, "accounts.signup=open").traveller(), start(t, social(t, h, "accounts.signup=open")...).traveller()
	for _, path := range []string{"/login", "/signup"} {
		if page := string(none.send("GET", path, "", "").body); strings.Contains(page, "auth/oauth") {
			t.Errorf("%s offers what is not set up", path)
		}
		page := string(all.send("GET", path, "", "").body)
		for provider := range strings.FieldsSeq("google github microsoft apple") {
			if want := path == "/login" || provider != "microsoft"; strings.Contains(page, "/api/v1/auth/oauth/"+provider+"?") != want {
				t.Errorf("%s offers %s: %t", path, provider, !want)
			}
		}
	}
	if r := none.send("GET", "/api/v1/auth/oauth/google", "", ""); r.status != 404 {
		t.Errorf("a provider that is not set up answers %d", r.status)
	}
	if stdout, _, _ := all.i.command("config", "show", "--set", "oauth.google.client_id=zygo", "--set", "oauth.google.client_secret=hidden"); strings.Contains(stdout, "hidden") {
		t.Error("the configuration shows a secret")
	}
	for setting, want := range map[string]string{
		"oauth.google.client_id=zygo": "oauth.google.client_secret", "oauth.apple.services_id=zygo": "oauth.apple.team_id", "oauth.github.api_url=http://elsewhere.test": "https://",
	} {
		if _, stderr, exit := command(t, "config", "check", "--set", setting); exit == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%s is accepted or not explained: %s", setting, stderr)
		}
	}
}

func TestAJourneyEndsOnPagesOfThisInstanceOnly(t *testing.T) {
	t.Parallel()
	i := start(t, social(t, newHub(t, 15), "server.trusted_proxies=127.0.0.1")...)
	login := verified(t, "Edith", "editor@acme.test")
	v := i.traveller()
	v.enterBy("editor@acme.test", passphrase, "")
	v.linkTo("google", login)
	for _, away := range []string{"//evil", `/\evil`, "https:evil", "https://evil", "javascript:alert(1)", "/%09/evil", "/%5cevil"} {
		v.at(v.signIn("google", login, "next="+away), "/dashboard")
	}
	v.at(v.signIn("google", login, "next="+url.QueryEscape("/incidents?state=open")), "/incidents?state=open")
	secure := (&client{i: i}).call("GET", "auth/oauth/google", nil, "X-Forwarded-Proto", "https").header.Get("Set-Cookie")
	if !strings.HasPrefix(secure, "__Host-zygo_journey=") || !strings.Contains(secure, "Secure") {
		t.Errorf("over https the browser keeps %s", secure)
	}
	names := slices.Collect(strings.SplitSeq("zygo_journey,zygo_pending", ","))
	for _, cookie := range v.send("GET", "/api/v1/auth/oauth/google", "", "").header["Set-Cookie"] {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(cookie, name+"=") }) || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("the browser keeps %s", cookie)
		}
	}
}
