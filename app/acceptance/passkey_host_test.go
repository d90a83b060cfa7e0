package acceptance

import (
	"net"
	"slices"
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// desk is a verified domain of Acme.
const desk = "desk.acme.test"

// reachedAs serves an instance whose address is not the one that it is reached by, where PORT stands for its port.
func reachedAs(t *testing.T, address string, settings ...string) *instance {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listens := free.Addr().String()
	free.Close()
	_, port, _ := strings.Cut(listens, ":")
	i := prepared(t, append(settings, "server.base_url="+strings.ReplaceAll(address, "PORT", port))...)
	i.url = "http://" + listens
	i.serve()
	i.url = "http://" + listens
	return i
}

// hosted serves an instance at https://zygo.test, as a proxy that speaks TLS would reach it.
func hosted(t *testing.T) (*instance, *nameServer) {
	t.Helper()
	names := serveNames(t)
	i := reachedAs(t, "https://zygo.test", "dns.resolver="+names.address)
	admin := i.as("admin@acme")
	row := admin.claim(desk)
	names.set("_zygo-challenge."+desk, row.Challenge)
	admin.verify(row.ID)
	return i, names
}

// restart serves the instance anew after a change of its rows.
func (i *instance) restart(query string) {
	i.t.Helper()
	address := i.url
	i.stop()
	i.execute(query)
	i.serve()
	i.url = address
}

// begin asks for a ceremony at a host.
func (c *client) begin(path, host string, body map[string]any) (out ceremony) {
	c.i.t.Helper()
	c.must(c.call("POST", "auth/passkeys/"+path+"/begin", body, "Host", host), 200, &out)
	return out
}

// register makes a passkey on a host, and tells whether it was kept.
func (c *client) register(d *device, host, page string) reply {
	c.i.t.Helper()
	asked := c.begin("register", host, map[string]any{})
	return c.call("POST", "auth/passkeys/register/finish", map[string]any{"ceremony": asked.Ceremony, "name": "of " + host, "credential": d.create(asked, page)}, "Host", host)
}

// byPasskey signs in on a host with a key.
func (i *instance) byPasskey(d *device, host, page string, key heldKey) reply {
	i.t.Helper()
	nobody := &client{i: i}
	asked := nobody.begin("login", host, map[string]any{})
	return nobody.call("POST", "auth/passkeys/login/finish", map[string]any{"ceremony": asked.Ceremony, "credential": d.sign(asked, page, key)}, "Host", host)
}

func TestAPasskeyWorksAtItsHosts(t *testing.T) {
	t.Parallel()
	i, _ := hosted(t)
	editor, d := i.as("editor@acme"), &device{t: t}
	for _, at := range []struct{ host, page string }{{"zygo.test", "https://zygo.test"}, {"acme.zygo.test:8443", "https://acme.zygo.test:8443"}, {desk, "https://" + desk}} {
		if r := editor.register(d, at.host, at.page); r.status != 200 {
			t.Fatalf("at %s a passkey is refused: %d %s", at.host, r.status, r.body)
		}
	}
	base, slug, own := d.keys[0], d.keys[1], d.keys[2]
	if base.host != "zygo.test" || slug.host != "zygo.test" || own.host != desk {
		t.Fatalf("the passkeys belong to %s, %s and %s", base.host, slug.host, own.host)
	}
	forged := own // a device that would sign for a host that the passkey was not made for
	forged.host = "zygo.test"
	for name, try := range map[string]struct {
		host, page string
		key        heldKey
		status     int
	}{
		"base at base":          {"zygo.test", "https://zygo.test", base, 200},
		"base at slug":          {"acme.zygo.test", "https://acme.zygo.test", base, 200},
		"slug at base":          {"zygo.test", "https://zygo.test", slug, 200},
		"slug at slug and port": {"acme.zygo.test:8443", "https://acme.zygo.test:8443", slug, 200},
		"domain at domain":      {desk, "https://" + desk, own, 200},
		"domain and port":       {desk + ":8443", "https://" + desk + ":8443", own, 200},
		"base at domain":        {desk, "https://" + desk, base, 401},
		"domain at base":        {"zygo.test", "https://zygo.test", own, 401},
		"domain at slug":        {"acme.zygo.test", "https://acme.zygo.test", own, 401},
		"forged at base":        {"zygo.test", "https://zygo.test", forged, 401},
		"page of another slug":  {"acme.zygo.test", "https://umbrella.zygo.test", base, 401},
		"page of another port":  {"acme.zygo.test", "https://acme.zygo.test:8443", base, 401},
		"plain page":            {desk, "http://" + desk, own, 401},
		"page of the domain":    {"zygo.test", "https://" + desk, base, 401},
		"page of base":          {desk, "https://zygo.test", own, 401},
		"another organization":  {"umbrella.zygo.test", "https://umbrella.zygo.test", base, 403},
	} {
		if r := i.byPasskey(d, try.host, try.page, try.key); r.status != try.status {
			t.Errorf("%s: %d, want %d: %s", name, r.status, try.status, r.body)
		}
	}
	// What was begun at one host is not finished at another.
	asked := editor.begin("register", desk, map[string]any{})
	made := map[string]any{"ceremony": asked.Ceremony, "credential": d.create(asked, "https://"+desk)}
	if r := editor.call("POST", "auth/passkeys/register/finish", made, "Host", "zygo.test"); r.status != 401 {
		t.Errorf("a passkey of the domain is kept for the base host: %d %s", r.status, r.body)
	}
	nobody := &client{i: i}
	for _, host := range []string{"elsewhere.test", "127.0.0.1", "nothing.zygo.test", "deep.acme.zygo.test", "evilzygo.test", "desk.umbrella.test"} {
		if r := nobody.call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", host); r.status != 503 || !strings.Contains(string(r.body), "Passkeys need an https address") {
			t.Errorf("at %s a sign-in begins with %d %s", host, r.status, r.body)
		}
		if page := nobody.call("GET", "/login", nil, "Host", host); strings.Contains(string(page.body), "data-passkey=") {
			t.Errorf("%s offers passkeys", host)
		}
	}
	for _, host := range []string{"zygo.test", "acme.zygo.test", desk} {
		if page := nobody.call("GET", "/login", nil, "Host", host); !strings.Contains(string(page.body), `data-passkey="sign_in"`) {
			t.Errorf("%s does not offer passkeys", host)
		}
	}
	// Who is signed in is asked for the passkeys of the host alone, and proves by them alone.
	for host, want := range map[string][]string{"zygo.test": {base.id, slug.id}, "acme.zygo.test": {base.id, slug.id}, desk: {own.id}} {
		asked := editor.begin("login", host, map[string]any{"purpose": "proof"})
		var offered []string
		for _, one := range asked.Options.PublicKey.AllowCredentials {
			offered = append(offered, one.ID)
		}
		if !slices.Equal(offered, want) {
			t.Errorf("at %s %v are asked for, want %v", host, offered, want)
		}
	}
	prove := func(host string, key heldKey) reply {
		asked := editor.begin("login", host, map[string]any{"purpose": "proof"})
		return editor.call("POST", "auth/passkeys/login/finish", map[string]any{"purpose": "proof", "ceremony": asked.Ceremony, "credential": d.sign(asked, "https://"+host, key)}, "Host", host)
	}
	for name, r := range map[string]reply{"base at domain": prove(desk, base), "domain at base": prove("zygo.test", own)} {
		if r.status != 401 {
			t.Errorf("%s proves: %d %s", name, r.status, r.body)
		}
	}
	var listed []struct{ Name, Host string }
	editor.must(editor.call("GET", "auth/passkeys", nil), 200, &listed)
	if len(listed) != 3 || listed[0].Host != "" || listed[1].Host != "" || listed[2].Host != desk {
		t.Errorf("the list shows %+v", listed)
	}
	var renewed tokens
	editor.must(prove(desk, own), 200, &renewed)
	i.restart("UPDATE t_tenant SET suspended_at = 1 WHERE slug = 'acme'")
	for _, host := range []string{"acme.zygo.test", desk} {
		if r := nobody.call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", host); r.status != 503 {
			t.Errorf("%s of a suspended organization begins with %d", host, r.status)
		}
	}
}

func TestAPasskeyOfADomainEndsWithIt(t *testing.T) {
	t.Parallel()
	i, names := hosted(t)
	page := "https://" + desk
	editor, both, d := i.as("editor@acme"), i.as("owner@umbrella"), &device{t: t}
	made := i.as("admin@acme").invite("viewer", "owner@umbrella.test")["owner@umbrella.test"]
	both.must(both.accept(tokenIn(made.Link), nil), 200, nil)
	var entered tokens
	(&client{i: i}).must((&client{i: i}).call("POST", "auth/login", map[string]string{"email": "owner@umbrella.test", "password": passphrase}, "Host", desk), 200, &entered)
	both.token = entered.AccessToken
	for _, one := range []*client{editor, both} {
		if r := one.register(d, desk, page); r.status != 200 {
			t.Fatalf("a passkey is refused: %d %s", r.status, r.body)
		}
	}
	stranger, member := d.keys[0], d.keys[1]
	admin := i.as("admin@acme")
	var rows []claimed
	admin.must(admin.call("GET", "domains", nil), 200, &rows)
	admin.wants(200, "DELETE", "domains/"+rows[0].ID, nil)
	if r := (&client{i: i}).call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", desk); r.status != 503 {
		t.Errorf("at a domain that is gone a sign-in begins with %d %s", r.status, r.body)
	}
	theirs := i.as("admin@umbrella")
	row := theirs.claim(desk)
	names.set("_zygo-challenge."+desk, row.Challenge)
	theirs.verify(row.ID)
	if r := i.byPasskey(d, desk, page, stranger); r.status != 403 || !strings.Contains(string(r.body), "no active member of Umbrella") {
		t.Errorf("whoever is no member enters the next organization: %d %s", r.status, r.body)
	}
	if r := i.byPasskey(d, "zygo.test", "https://zygo.test", stranger); r.status != 401 {
		t.Errorf("the passkey signs in at the base host: %d", r.status)
	}
	var in struct {
		User struct{ Tenant struct{ Slug string } }
	}
	if (&client{i: i}).must(i.byPasskey(d, desk, page, member), 200, &in); in.User.Tenant.Slug != "umbrella" {
		t.Errorf("a member of both enters %s", in.User.Tenant.Slug)
	}
	// A session in Acme counts as none there, so that its passkeys can't be added to or asked for either.
	if r := editor.call("POST", "auth/passkeys/register/begin", nil, "Host", desk); r.status != 401 {
		t.Errorf("a session of Acme makes passkeys there: %d", r.status)
	}
}

func TestAPasskeyOfADomainIsNoFactorElsewhere(t *testing.T) {
	t.Parallel()
	i, _ := hosted(t)
	owner, editor, d := i.as("owner@acme"), i.as("editor@acme"), &device{t: t}
	var enrolled struct {
		BackupCodes []string `json:"backup_codes"`
	}
	editor.must(editor.register(d, desk, "https://"+desk), 200, &enrolled)
	signIn := func(host string) (string, []string) {
		return i.asksAt(host, "editor@acme.test")
	}
	// The password alone opens nothing, at whichever host.
	challenge, methods := signIn("zygo.test")
	if !slices.Equal(methods, []string{"backup_code"}) {
		t.Errorf("the base host asks for %v", methods)
	}
	if r := (&client{i: i}).call("POST", "auth/passkeys/login/begin", map[string]any{"challenge": challenge}, "Host", "zygo.test"); r.status != 401 {
		t.Errorf("the base host asks for the passkey of the domain: %d %s", r.status, r.body)
	}
	shown := (&client{i: i}).call("GET", "/auth/mfa-challenge", nil, "Host", "zygo.test", "Cookie", "zygo_challenge="+challenge)
	if text := string(shown.body); strings.Contains(text, "data-passkey=") || !strings.Contains(text, "Sign in at "+desk) {
		t.Errorf("the page of the challenge does not lead to the domain: %d %.2000s", shown.status, text)
	}
	challenge, methods = signIn(desk)
	if !slices.Equal(methods, []string{"passkey", "backup_code"}) {
		t.Errorf("the domain asks for %v", methods)
	}
	asked := (&client{i: i}).begin("login", desk, map[string]any{"challenge": challenge})
	answer := map[string]any{"challenge": challenge, "ceremony": asked.Ceremony, "credential": d.sign(asked, "https://"+desk, d.keys[0])}
	var in tokens
	(&client{i: i}).must((&client{i: i}).call("POST", "auth/passkeys/login/finish", answer, "Host", desk), 200, &in)
	editor.token = in.AccessToken

	// Where the organization asks for a factor, one of the domain leads at the base host to its set-up and no further.
	var me struct{ Tenant struct{ ID string } }
	owner.must(owner.call("GET", "users/me", nil), 200, &me)
	owner.must(owner.call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	for host, want := range map[string]int{desk: 200, "zygo.test": 401} {
		if r := editor.call("GET", "assets", nil, "Host", host); r.status != want {
			t.Errorf("with a passkey of the domain %s answers %d, want %d", host, r.status, want)
		}
	}
	challenge, _ = signIn("zygo.test")
	(&client{i: i}).must(i.answer(challenge, enrolled.BackupCodes[0]), 200, &in)
	fresh := &client{i: i, token: in.AccessToken}
	if r := fresh.call("GET", "assets", nil, "Host", "zygo.test"); r.status != 401 || r.code() != "MFA_REQUIRED" {
		t.Errorf("a backup code opens the organization without a factor: %d %s", r.status, r.body)
	}
	asked = fresh.begin("register", "zygo.test", map[string]any{})
	fresh.must(fresh.call("POST", "auth/passkeys/register/finish", map[string]any{"ceremony": asked.Ceremony, "credential": d.create(asked, "https://zygo.test")}, "Host", "zygo.test"), 200, &in)
	fresh.token = in.AccessToken
	if r := fresh.call("GET", "assets", nil, "Host", "zygo.test"); r.status != 200 {
		t.Errorf("after the set-up the base host answers %d %s", r.status, r.body)
	}

	// Of somebody without a password the one of the base host is the last way in.
	i.restart("UPDATE t_user SET password_hash = '' WHERE email = 'editor@acme.test'")
	(&client{i: i}).must(i.byPasskey(d, "zygo.test", "https://zygo.test", d.keys[1]), 200, &in)
	fresh.token = in.AccessToken
	var listed []struct{ ID, Host string }
	fresh.must(fresh.call("GET", "auth/passkeys", nil, "Host", "zygo.test"), 200, &listed)
	for n, want := range []int{200, 409} {
		if r := fresh.call("DELETE", "auth/passkeys/"+listed[n].ID, nil, "Host", "zygo.test"); r.status != want {
			t.Errorf("removing the passkey of %q answers %d, want %d: %s", listed[n].Host, r.status, want, r.body)
		}
	}
}

func TestABrowserHasOnePasskeyForBothHosts(t *testing.T) {
	t.Parallel()
	i := reachedAs(t, "http://zygo.localhost:PORT") // Chromium trusts it, and finds it by itself
	base := strings.Replace(i.url, "127.0.0.1", "zygo.localhost", 1)
	there := strings.Replace(base, "zygo.", "acme.zygo.", 1)
	page := browsertest.New(t, there)
	page.HoldPasskeys()
	page.Open("/login")
	fillSignIn(page, "editor@acme")
	page.WaitPath("/dashboard")
	page.Open("/settings/security/mfa")
	page.Fill("Name of the new passkey", "Laptop")
	page.Click("button", "Add a passkey")
	page.Wait(`!document.getElementById("new-codes").hidden`)
	page.Open("/settings/security/mfa")
	page.Wait(`document.querySelector("[name=name]").value === "Laptop"`)
	page.WaitNoText("works at")
	signOut(page, "editor of acme")
	for _, base := range []string{base, there} {
		page.At(base)
		page.Open("/login?next=/incidents")
		page.Click("button", "Sign in with a passkey")
		page.WaitPath("/incidents")
		if host := browsertest.Evaluate[string](page, "location.origin"); host != base {
			t.Errorf("the sign-in at %s ends at %s", base, host)
		}
		signOut(page, "editor of acme")
	}
	i.restart("UPDATE t_passkey SET host = '" + desk + "'")
	page.Open("/login")
	fillSignIn(page, "editor@acme")
	page.WaitText("Sign in at " + desk)
	page.ExpectAccessible("the challenge of a passkey of another host")
}
