package tenants

import (
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestADomainIsProvedByItsRecord(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i := instance.Start(t, "dns.resolver="+names.Address)
	mine, theirs := i.As("admin@acme"), i.As("admin@umbrella")
	for _, wrong := range []string{"localhost", "127.0.0.1", "-a.test", "a b.test", "*.acme.test", "http://acme.test", "::1",
		strings.Repeat("a", 64) + ".test"} {
		mine.Expect(422, "POST", "domains", map[string]string{"name": wrong})
	}
	i.As("editor@acme").Expect(403, "POST", "domains", map[string]string{"name": "acme.test"})
	row := mine.ClaimDomain("Desk.Acme.Test.")
	other := theirs.ClaimDomain("desk.acme.test")
	if row.Name != "desk.acme.test" || row.State != "pending" || row.Challenge == other.Challenge {
		t.Errorf("the new domain is %+v, and that of the other organization %+v", row, other)
	}
	mine.Expect(409, "POST", "domains", map[string]string{"name": "desk.acme.test"})
	at := "_zygo-challenge.desk.acme.test"
	if got := mine.VerifyDomain(row.ID); got.State != "failed" {
		t.Errorf("without a record it is %+v", got)
	}
	names.Set(at, "something else", other.Challenge)
	if got := mine.VerifyDomain(row.ID); got.State != "failed" || !strings.Contains(got.Found, "something else") {
		t.Errorf("with another record it is %+v", got)
	}
	names.Fail(true)
	mine.Expect(503, "POST", "domains/"+row.ID+"/verify", nil)
	names.Fail(false)
	names.Set(at, row.Challenge)
	if got := mine.VerifyDomain(row.ID); got.State != "verified" {
		t.Errorf("with the record it is %+v", got)
	}

	// Only who proves it learns that another organization has it.
	if got := theirs.VerifyDomain(other.ID); got.State != "failed" {
		t.Errorf("the other claim is %+v", got)
	}
	names.Set(at, row.Challenge, other.Challenge)
	theirs.Expect(409, "POST", "domains/"+other.ID+"/verify", nil)
	theirs.Expect(404, "POST", "domains/"+row.ID+"/verify", nil)
	var me struct{ Tenant struct{ ID string } }
	mine.Must(mine.Call("GET", "users/me", nil), 200, &me)
	theirs.Expect(404, "GET", "tenants/"+me.Tenant.ID+"/domains", nil)
	theirs.Expect(404, "DELETE", "tenants/"+me.Tenant.ID+"/domains/"+row.ID, nil)
	mine.Expect(200, "DELETE", "tenants/"+me.Tenant.ID+"/domains/"+row.ID, nil)
	if got := theirs.VerifyDomain(other.ID); got.State != "verified" {
		t.Errorf("after it was given up it is %+v", got)
	}
	mine.Expect(200, "POST", "domains/"+row.ID+"/restore", nil)
	mine.Expect(409, "POST", "domains/"+row.ID+"/verify", nil)
}

func TestAProvenDomainSurvivesAnAccident(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i := instance.Start(t, "dns.resolver="+names.Address)
	admin := i.As("admin@acme")
	row := admin.ClaimDomain("desk.acme.test")
	names.Set("_zygo-challenge.desk.acme.test", row.Challenge)
	admin.VerifyDomain(row.ID)
	names.Set("_zygo-challenge.desk.acme.test")
	if got := admin.VerifyDomain(row.ID); got.State != "verified" {
		t.Errorf("on the first day without its record it is %+v", got)
	}
	i.Advance(72 * time.Hour)
	admin = i.As("admin@acme")
	if got := admin.VerifyDomain(row.ID); got.State != "failed" {
		t.Errorf("after three days it is %+v", got)
	}
}

func TestAHostBelongsToAnOrganization(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i := instance.StartNamed(t, "dns.resolver="+names.Address)
	mine, theirs := i.As("owner@acme"), i.As("owner@umbrella")
	row := mine.ClaimDomain("desk.acme.test")
	nobody := &instance.Client{Instance: i}
	front := func(host string) string {
		return string(nobody.Call("GET", "/login", nil, "Host", host).Body)
	}
	if strings.Contains(front("desk.acme.test"), "Acme") {
		t.Error("a domain that nobody proved shows the organization")
	}
	names.Set("_zygo-challenge.desk.acme.test", row.Challenge)
	mine.VerifyDomain(row.ID)
	for host, name := range map[string]string{"desk.acme.test": "Acme", "DESK.acme.test:8443": "Acme", "umbrella.localhost": "Umbrella",
		"localhost": "Zygo", "elsewhere.test": "Zygo", "nothing.localhost": "Zygo"} {
		if page := front(host); !strings.Contains(page, "</svg>"+name+"</p>") {
			t.Errorf("%s shows another name than %s", host, name)
		}
	}
	for host, want := range map[string][2]int{"desk.acme.test": {200, 401}, "umbrella.localhost": {401, 200}, "localhost": {200, 200},
		"elsewhere.test": {200, 200}} {
		a, u := mine.Call("GET", "users/me", nil, "Host", host), theirs.Call("GET", "users/me", nil, "Host", host)
		if a.Status != want[0] || u.Status != want[1] {
			t.Errorf("on %s Acme's session answers %d and Umbrella's %d, want %v", host, a.Status, u.Status, want)
		}
	}
	signIn := func(who, host string) instance.Reply {
		return nobody.Call("POST", "auth/login", map[string]string{"email": who, "password": instance.Password}, "Host", host)
	}
	if r := signIn("owner@umbrella.test", "desk.acme.test"); r.Status != 403 ||
		!strings.Contains(string(r.Body), "no active member of Acme") {
		t.Errorf("somebody of Umbrella signs in there with %d %s", r.Status, r.Body)
	}
	if r := signIn("owner@acme.test", "desk.acme.test"); r.Status != 200 {
		t.Errorf("somebody of Acme signs in there with %d %s", r.Status, r.Body)
	}
	// A member of both enters that of the host, and leaves it only elsewhere.
	var there struct{ Tenant struct{ ID string } }
	theirs.Must(theirs.Call("GET", "users/me", nil), 200, &there)
	made := mine.Invite("viewer", "owner@umbrella.test")["owner@umbrella.test"]
	theirs.Must(theirs.Accept(instance.TokenIn(made.Link), nil), 200, nil)
	var in struct {
		AccessToken string `json:"access_token"`
		User        struct{ Tenant struct{ Slug string } }
	}
	for host, slug := range map[string]string{"umbrella.localhost": "umbrella", "desk.acme.test": "acme"} {
		if nobody.Must(signIn("owner@umbrella.test", host), 200, &in); in.User.Tenant.Slug != slug {
			t.Errorf("on %s a session opens in %s", host, in.User.Tenant.Slug)
		}
	}
	both := &instance.Client{Instance: i, Token: in.AccessToken}
	nobody.Must(signIn("owner@umbrella.test", "desk.acme.test"), 200, &in)
	both.Token = in.AccessToken
	if r := both.Call("POST", "tenants/"+there.Tenant.ID+"/switch", nil, "Host", "desk.acme.test"); r.Status != 409 {
		t.Errorf("a switch on the host of another organization answers %d", r.Status)
	}
	nobody.Must(signIn("owner@umbrella.test", "umbrella.localhost"), 200, &in)
	both.Token = in.AccessToken
	both.Expect(200, "POST", "tenants/"+instance.TenantOf(mine)+"/switch", nil)
}

// TestWhatADomainReadsIsGoodThereAlone: an organization leads its domain to whatever server it likes.
func TestWhatADomainReadsIsGoodThereAlone(t *testing.T) {
	t.Parallel()
	const desk = "desk.acme.test"
	names := counterpart.ServeNames(t)
	i := instance.StartNamed(t, "dns.resolver="+names.Address)
	admin := i.As("admin@acme")
	row := admin.ClaimDomain(desk)
	names.Set("_zygo-challenge."+desk, row.Challenge)
	admin.VerifyDomain(row.ID)
	nobody := &instance.Client{Instance: i}
	signIn := func(host string) (*instance.Client, instance.Tokens) {
		t.Helper()
		var in instance.Tokens
		nobody.Must(nobody.Call("POST", "auth/login", map[string]string{"email": "owner@acme.test", "password": instance.Password}, "Host",
			host),
			200, &in)
		return &instance.Client{Instance: i, Token: in.AccessToken}, in
	}
	there, tokens := signIn(desk)
	here, _ := signIn("localhost")
	// The control: at the domain the session is good for the work of its organization, and the instance's for everything.
	if r := there.Call("GET", "assets", nil, "Host", desk); r.Status != 200 {
		t.Errorf("the session answers %d at its domain", r.Status)
	}
	for _, path := range []string{"users/me", "assets", "admin/outbox", "tenants"} {
		if r := here.Call("GET", path, nil); r.Status != 200 {
			t.Errorf("the instance's session answers GET %s with %d", path, r.Status)
		}
		for _, host := range []string{"localhost", "acme.localhost", "elsewhere.test"} {
			if r := there.Call("GET", path, nil, "Host", host); r.Status != 401 {
				t.Errorf("replayed at %s, GET %s answers %d", host, path, r.Status)
			}
		}
	}
	if r := nobody.Call("POST", "auth/refresh", map[string]string{"refresh_token": tokens.RefreshToken}); r.Status != 401 {
		t.Errorf("its refresh token answers %d elsewhere", r.Status)
	}
	nobody.Must(nobody.Call("POST", "auth/refresh", map[string]string{"refresh_token": tokens.RefreshToken}, "Host", desk), 200, &tokens)
	there.Token = tokens.AccessToken
	for _, one := range []struct {
		method, path string
		body         map[string]string
		want         int
	}{
		{"GET", "admin/outbox", nil, 403},
		{"GET", "users/me/export", nil, 409},
		{"POST", "users/me/change-password", map[string]string{"current_password": instance.Password, "password": instance.OtherPassword},
			409},
		{"POST", "users/me/change-email", map[string]string{"password": instance.Password, "email": "mallory@acme.test"}, 409},
		{"POST", "auth/mfa/totp/setup", nil, 409},
		{"POST", "auth/mfa/backup-codes", nil, 409},
		{"POST", "auth/mfa/sms/setup", map[string]string{"phone": "+43 664 1234567"}, 409},
		{"DELETE", "users/me", map[string]string{"email": "owner@acme.test"}, 409},
	} {
		if r := there.Call(one.method, one.path, one.body, "Host", desk); r.Status != one.want {
			t.Errorf("at the domain %s %s answers %d %s", one.method, one.path, r.Status, r.Body)
		}
	}
}

func TestThePageOfADomain(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	i := instance.Start(t, "dns.resolver="+names.Address)
	page := i.Enter(t, "admin@acme")
	page.Open("/settings/organization/domain")
	page.WaitPath("/domains")
	page.Open("/domains/new")
	page.Fill("Domain", "desk.acme.test")
	page.Click("button", "Create domain")
	page.WaitText("Set this record at your DNS provider")
	shoot(page, "domain-new")
	challenge := browsertest.Evaluate[string](page,
		`[...document.querySelectorAll("[data-copy]")].map(one => one.dataset.copy).find(text => text.startsWith("zygo-domain"))`)
	page.Click("button", "Look it up now")
	page.WaitText("The record was not found.")
	names.Set("_zygo-challenge.desk.acme.test", challenge)
	page.Click("button", "Look it up now")
	page.WaitText("The domain is yours")
	shoot(page, "domain-verified")
	page.Open("/domains")
	page.WaitText("desk.acme.test")
	shoot(page, "domains")
}
