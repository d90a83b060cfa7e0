package tenants

import (
	"slices"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestPeopleJoinByTheDomainOfTheirAddress(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i, box := instance.WithMail(t, "dns.resolver="+names.Address)
	owner, nobody := i.As("owner@acme"), &instance.Client{Instance: i}
	place := "tenants/" + instance.TenantOf(owner)
	signUp := func(email string) instance.Reply {
		return nobody.Call("POST", "auth/signup", map[string]string{"name": "Grace", "email": email, "password": instance.OtherPassword})
	}
	if r := signUp("grace@hopper.test"); r.Status != 403 {
		t.Errorf("nobody signs up before, and gets %d %s", r.Status, r.Body)
	}
	domain := owner.ClaimDomain("hopper.test")
	owner.Expect(200, "PATCH", place, map[string]any{"join_by_domain": true, "default_role": "editor"})
	if r := signUp("grace@hopper.test"); r.Status != 403 { // what nobody proved counts for nothing
		t.Errorf("with a claimed domain a sign-up gets %d %s", r.Status, r.Body)
	}
	names.Set("_zygo-challenge.hopper.test", domain.Challenge)
	owner.VerifyDomain(domain.ID)
	for _, wrong := range []string{"grace@sub.hopper.test", "grace@nothopper.test", "grace@hopper.test.evil.test"} {
		if r := signUp(wrong); r.Status != 403 {
			t.Errorf("%s gets %d", wrong, r.Status)
		}
	}
	if r := nobody.Call("POST", "auth/signup", map[string]string{"name": "Grace", "email": "grace@hopper.test",
		"password": instance.OtherPassword, "organization": "Hers"}); r.Status != 422 {
		t.Errorf("who joins makes no organization, and gets %d %s", r.Status, r.Body)
	}

	// The confirmation of the address takes in, and nothing before it.
	if r := signUp("grace@hopper.test"); r.Status >= 300 {
		t.Fatalf("the sign-up gets %d %s", r.Status, r.Body)
	}
	if people := owner.Members(); len(people) != 4 {
		t.Errorf("before the confirmation there are %d members", len(people))
	}
	token := instance.TokenIn(i.LinkIn(box.Receive(t, "grace@hopper.test", "Confirm your e-mail address")))
	nobody.Expect(200, "POST", "auth/verify-email", map[string]string{"token": token, "password": instance.OtherPassword})
	var in struct {
		User struct {
			Role   string
			Tenant struct{ Slug string }
		}
	}
	nobody.Must(nobody.SignIn("grace@hopper.test", instance.OtherPassword), 200, &in)
	if in.User.Role != "editor" || in.User.Tenant.Slug != "acme" {
		t.Errorf("she is in as %+v", in.User)
	}
	if r := nobody.Call("POST", "auth/logout", nil); r.Status >= 500 {
		t.Error(r.Status)
	}

	// Anyone who has an account asks, and the mail lets them in: that somebody had the address once is no proof that they have it now.
	theirs := i.As("owner@umbrella")
	theirs.Invite("viewer", "ada@hopper.test")
	nobody.Must(nobody.Accept(instance.TokenIn(i.LinkIn(box.Receive(t, "ada@hopper.test", "Join Umbrella"))), newcomer), 200, nil)
	var session instance.Tokens
	nobody.Must(nobody.SignIn("ada@hopper.test", newcomer["password"]), 200, &session)
	ada := &instance.Client{Instance: i, Token: session.AccessToken}
	var offered struct{ ID, Name string }
	ada.Must(ada.Call("GET", "tenants/joinable", nil), 200, &offered)
	if offered.Name != "Acme" {
		t.Errorf("she can join %+v", offered)
	}
	theirs.Expect(404, "POST", place+"/join", nil)
	ada.Expect(200, "POST", place+"/join", nil)
	ada.Expect(409, "POST", place+"/join", nil)
	if joined := tenants(ada); !slices.Equal(joined, []string{"Umbrella"}) {
		t.Errorf("before the mail was read she is in %v", joined)
	}
	ada.Must(ada.Accept(instance.TokenIn(i.LinkIn(box.Receive(t, "ada@hopper.test", "Join Acme"))), nil), 200, nil)

	// Who was removed does not come back by themselves.
	membership, _ := owner.Member("Grace")
	owner.Expect(200, "DELETE", "memberships/"+membership, nil)
	nobody.Must(nobody.SignIn("grace@hopper.test", instance.OtherPassword), 200, &session)
	grace := &instance.Client{Instance: i, Token: session.AccessToken}
	grace.Expect(404, "POST", place+"/join", nil)
	owner.Expect(200, "PATCH", place, map[string]any{"join_by_domain": false})
	if r := signUp("late@hopper.test"); r.Status != 403 {
		t.Errorf("after it was turned off a sign-up gets %d", r.Status)
	}
}

func TestThePageOfTheSignUpLeadsToTheOrganization(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i, box := instance.WithMail(t, "dns.resolver="+names.Address)
	owner, page := i.As("owner@acme"), browsertest.New(t, i.URL)
	page.Open("/signup")
	page.WaitText("People join this instance by invitation.")
	domain := owner.ClaimDomain("hopper.test")
	names.Set("_zygo-challenge.hopper.test", domain.Challenge)
	owner.VerifyDomain(domain.ID)
	owner.Expect(200, "PATCH", "tenants/"+instance.TenantOf(owner), map[string]any{"join_by_domain": true})
	page.Open("/login")
	page.Click("link", "Make an account")
	page.WaitPath("/signup")
	page.Fill("Your name", "Grace Hopper")
	page.Fill("E-mail", "grace@elsewhere.test")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Make the account")
	page.WaitText("Ask an administrator of yours.") // the lead says the rest before anything was sent
	page.Fill("E-mail", "grace@hopper.test")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Make the account")
	page.WaitText("Follow the link in the mail")
	page.Open(i.LinkIn(box.Receive(t, "grace@hopper.test", "Confirm your e-mail address")))
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Confirm this address")
	page.WaitPath("/dashboard")
	page.WaitText("Acme")
}
