package acceptance

import (
	"slices"
	"testing"

	"zygo/ui/browsertest"
)

func TestPeopleJoinByTheDomainOfTheirAddress(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i, box := withMail(t, "dns.resolver="+names.address)
	owner, nobody := i.as("owner@acme"), &client{i: i}
	place := "tenants/" + tenantOf(owner)
	signUp := func(email string) reply {
		return nobody.call("POST", "auth/signup", map[string]string{"name": "Grace", "email": email, "password": otherPassphrase})
	}
	if r := signUp("grace@hopper.test"); r.status != 403 {
		t.Errorf("nobody signs up before, and gets %d %s", r.status, r.body)
	}
	domain := owner.claim("hopper.test")
	owner.wants(200, "PATCH", place, map[string]any{"join_by_domain": true, "default_role": "editor"})
	if r := signUp("grace@hopper.test"); r.status != 403 { // what nobody proved counts for nothing
		t.Errorf("with a claimed domain a sign-up gets %d %s", r.status, r.body)
	}
	names.set("_zygo-challenge.hopper.test", domain.Challenge)
	owner.verify(domain.ID)
	for _, wrong := range []string{"grace@sub.hopper.test", "grace@nothopper.test", "grace@hopper.test.evil.test"} {
		if r := signUp(wrong); r.status != 403 {
			t.Errorf("%s gets %d", wrong, r.status)
		}
	}
	if r := nobody.call("POST", "auth/signup", map[string]string{"name": "Grace", "email": "grace@hopper.test", "password": otherPassphrase, "organization": "Hers"}); r.status != 422 {
		t.Errorf("who joins makes no organization, and gets %d %s", r.status, r.body)
	}

	// The confirmation of the address takes in, and nothing before it.
	if r := signUp("grace@hopper.test"); r.status >= 300 {
		t.Fatalf("the sign-up gets %d %s", r.status, r.body)
	}
	if people := owner.members(); len(people) != 4 {
		t.Errorf("before the confirmation there are %d members", len(people))
	}
	token := tokenIn(i.linkIn(box.receive(t, "grace@hopper.test", "Confirm your e-mail address")))
	nobody.wants(200, "POST", "auth/verify-email", map[string]string{"token": token})
	var in struct {
		User struct {
			Role   string
			Tenant struct{ Slug string }
		}
	}
	nobody.must(nobody.signIn("grace@hopper.test", otherPassphrase), 200, &in)
	if in.User.Role != "editor" || in.User.Tenant.Slug != "acme" {
		t.Errorf("she is in as %+v", in.User)
	}
	if r := nobody.call("POST", "auth/logout", nil); r.status >= 500 {
		t.Error(r.status)
	}

	// Whoever has an account asks, and the mail lets them in: the link of the invitation by which this account was made went to
	// somebody else, who never read a mail of that address.
	theirs := i.as("owner@umbrella")
	link := theirs.invite("viewer", "ada@hopper.test")["ada@hopper.test"].Link
	nobody.must(nobody.accept(tokenIn(link), newcomer), 200, nil)
	var session tokens
	nobody.must(nobody.signIn("ada@hopper.test", newcomer["password"]), 200, &session)
	ada := &client{i: i, token: session.AccessToken}
	var offered struct{ ID, Name string }
	ada.must(ada.call("GET", "tenants/joinable", nil), 200, &offered)
	if offered.Name != "Acme" {
		t.Errorf("she can join %+v", offered)
	}
	theirs.wants(404, "POST", place+"/join", nil)
	ada.wants(200, "POST", place+"/join", nil)
	ada.wants(409, "POST", place+"/join", nil)
	if joined := ada.tenants(); !slices.Equal(joined, []string{"Umbrella"}) {
		t.Errorf("before the mail was read she is in %v", joined)
	}
	ada.must(ada.accept(tokenIn(i.linkIn(box.receive(t, "ada@hopper.test", "Join Acme"))), nil), 200, nil)

	// Who was removed does not come back by themselves.
	membership, _ := owner.member("Grace")
	owner.wants(200, "DELETE", "memberships/"+membership, nil)
	nobody.must(nobody.signIn("grace@hopper.test", otherPassphrase), 200, &session)
	grace := &client{i: i, token: session.AccessToken}
	grace.wants(404, "POST", place+"/join", nil)
	owner.wants(200, "PATCH", place, map[string]any{"join_by_domain": false})
	if r := signUp("late@hopper.test"); r.status != 403 {
		t.Errorf("after it was turned off a sign-up gets %d", r.status)
	}
}

func TestThePageOfTheSignUpLeadsToTheOrganization(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i, box := withMail(t, "dns.resolver="+names.address)
	owner, page := i.as("owner@acme"), browsertest.New(t, i.url)
	page.Open("/signup")
	page.WaitText("People join this instance by invitation.")
	domain := owner.claim("hopper.test")
	names.set("_zygo-challenge.hopper.test", domain.Challenge)
	owner.verify(domain.ID)
	owner.wants(200, "PATCH", "tenants/"+tenantOf(owner), map[string]any{"join_by_domain": true})
	page.Open("/login")
	page.Click("link", "Make an account")
	page.WaitPath("/signup")
	page.Fill("Your name", "Grace Hopper")
	page.Fill("E-mail", "grace@elsewhere.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Click("button", "Make the account")
	page.WaitText("Ask an administrator of yours.") // the lead says the rest before anything was sent
	page.Fill("E-mail", "grace@hopper.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Click("button", "Make the account")
	page.WaitText("Follow the link in the mail")
	page.Open(i.linkIn(box.receive(t, "grace@hopper.test", "Confirm your e-mail address")))
	page.Click("button", "Confirm this address")
	page.WaitText("Sign in to go on.")
	page.Fill("E-mail", "grace@hopper.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Click("button", "Sign in")
	page.WaitPath("/dashboard")
	page.WaitText("Acme")
}
