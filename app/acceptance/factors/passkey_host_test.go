package factors

import (
	"net"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// desk is a verified domain of Acme.
const desk = "desk.acme.test"

// reachedAs serves an instance whose address is not the one that it is reached by, where PORT stands for its port.
func reachedAs(t *testing.T, address string, settings ...string) *instance.Instance {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listens := free.Addr().String()
	free.Close()
	_, port, _ := strings.Cut(listens, ":")
	i := instance.Prepare(t, append(settings, "server.base_url="+strings.ReplaceAll(address, "PORT", port))...)
	i.URL = "http://" + listens
	i.Serve()
	i.URL = "http://" + listens
	return i
}

// hosted serves an instance at https://zygo.test, as a proxy that speaks TLS would reach it.
func hosted(t *testing.T) (*instance.Instance, *counterpart.NameServer) {
	t.Helper()
	names := counterpart.ServeNames(t)
	i := reachedAs(t, "https://zygo.test", "dns.resolver="+names.Address)
	admin := i.As("admin@acme")
	row := admin.ClaimDomain(desk)
	names.Set("_zygo-challenge."+desk, row.Challenge)
	admin.VerifyDomain(row.ID)
	return i, names
}

// restart serves the instance anew after a change of its rows.
func restart(i *instance.Instance, query string) {
	i.T.Helper()
	address := i.URL
	i.Stop()
	i.Execute(query)
	i.Serve()
	i.URL = address
}

// begin asks for a ceremony at a host.
func begin(c *instance.Client, path, host string, body map[string]any) (out ceremony) {
	c.Instance.T.Helper()
	c.Must(c.Call("POST", "auth/passkeys/"+path+"/begin", body, "Host", host), 200, &out)
	return out
}

// register makes a passkey on a host, and tells whether it was kept.
func register(c *instance.Client, d *device, host, page string) instance.Reply {
	c.Instance.T.Helper()
	asked := begin(c, "register", host, map[string]any{})
	return c.Call("POST", "auth/passkeys/register/finish", map[string]any{"ceremony": asked.Ceremony, "name": "of " + host,
		"credential": d.create(asked, page)}, "Host", host)
}

// byPasskey signs in on a host with a key.
func byPasskey(i *instance.Instance, d *device, host, page string, key heldKey) instance.Reply {
	i.T.Helper()
	nobody := &instance.Client{Instance: i}
	asked := begin(nobody, "login", host, map[string]any{})
	return nobody.Call("POST", "auth/passkeys/login/finish", map[string]any{"ceremony": asked.Ceremony,
		"credential": d.sign(asked, page, key)}, "Host", host)
}

func TestAPasskeyWorksAtItsHosts(t *testing.T) {
	t.Parallel()
	i, _ := hosted(t)
	editor, d := i.As("editor@acme"), &device{t: t}
	for _, at := range []struct{ host, page string }{{"zygo.test", "https://zygo.test"},
		{"acme.zygo.test:8443", "https://acme.zygo.test:8443"}, {desk, "https://" + desk}} {
		if r := register(editor, d, at.host, at.page); r.Status != 200 {
			t.Fatalf("at %s a passkey is refused: %d %s", at.host, r.Status, r.Body)
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
		if r := byPasskey(i, d, try.host, try.page, try.key); r.Status != try.status {
			t.Errorf("%s: %d, want %d: %s", name, r.Status, try.status, r.Body)
		}
	}
	// What was begun at one host is not finished at another.
	asked := begin(editor, "register", desk, map[string]any{})
	made := map[string]any{"ceremony": asked.Ceremony, "credential": d.create(asked, "https://"+desk)}
	if r := editor.Call("POST", "auth/passkeys/register/finish", made, "Host", "zygo.test"); r.Status != 401 {
		t.Errorf("a passkey of the domain is kept for the base host: %d %s", r.Status, r.Body)
	}
	nobody := &instance.Client{Instance: i}
	for _, host := range []string{"elsewhere.test", "127.0.0.1", "nothing.zygo.test", "deep.acme.zygo.test", "evilzygo.test",
		"desk.umbrella.test"} {
		if r := nobody.Call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", host); r.Status != 503 ||
			!strings.Contains(string(r.Body), "Passkeys need an https address") {
			t.Errorf("at %s a sign-in begins with %d %s", host, r.Status, r.Body)
		}
		if page := nobody.Call("GET", "/login", nil, "Host", host); strings.Contains(string(page.Body), "data-passkey=") {
			t.Errorf("%s offers passkeys", host)
		}
	}
	for _, host := range []string{"zygo.test", "acme.zygo.test", desk} {
		if page := nobody.Call("GET", "/login", nil, "Host", host); !strings.Contains(string(page.Body), `data-passkey="sign_in"`) {
			t.Errorf("%s does not offer passkeys", host)
		}
	}
	// Who is signed in is asked for the passkeys of the host alone, and proves by them alone.
	for host, want := range map[string][]string{"zygo.test": {base.id, slug.id}, "acme.zygo.test": {base.id, slug.id}, desk: {own.id}} {
		asked := begin(editor, "login", host, map[string]any{"purpose": "proof"})
		var offered []string
		for _, one := range asked.Options.PublicKey.AllowCredentials {
			offered = append(offered, one.ID)
		}
		if !slices.Equal(offered, want) {
			t.Errorf("at %s %v are asked for, want %v", host, offered, want)
		}
	}
	prove := func(host string, key heldKey) instance.Reply {
		asked := begin(editor, "login", host, map[string]any{"purpose": "proof"})
		return editor.Call("POST", "auth/passkeys/login/finish", map[string]any{"purpose": "proof", "ceremony": asked.Ceremony,
			"credential": d.sign(asked, "https://"+host, key)}, "Host", host)
	}
	for name, r := range map[string]instance.Reply{"base at domain": prove(desk, base), "domain at base": prove("zygo.test", own)} {
		if r.Status != 401 {
			t.Errorf("%s proves: %d %s", name, r.Status, r.Body)
		}
	}
	var listed []struct{ Name, Host string }
	editor.Must(editor.Call("GET", "auth/passkeys", nil), 200, &listed)
	if len(listed) != 3 || listed[0].Host != "" || listed[1].Host != "" || listed[2].Host != desk {
		t.Errorf("the list shows %+v", listed)
	}
	var renewed instance.Tokens
	editor.Must(prove(desk, own), 200, &renewed)
	restart(i, "UPDATE t_tenant SET suspended_at = 1 WHERE slug = 'acme'")
	for _, host := range []string{"acme.zygo.test", desk} {
		if r := nobody.Call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", host); r.Status != 503 {
			t.Errorf("%s of a suspended organization begins with %d", host, r.Status)
		}
	}
}

func TestAPasskeyOfADomainEndsWithIt(t *testing.T) {
	t.Parallel()
	i, names := hosted(t)
	page := "https://" + desk
	editor, both, d := i.As("editor@acme"), i.As("owner@umbrella"), &device{t: t}
	made := i.As("admin@acme").Invite("viewer", "owner@umbrella.test")["owner@umbrella.test"]
	both.Must(both.Accept(instance.TokenIn(made.Link), nil), 200, nil)
	var entered instance.Tokens
	(&instance.Client{Instance: i}).Must((&instance.Client{Instance: i}).Call("POST", "auth/login", map[string]string{
		"email": "owner@umbrella.test", "password": instance.Password}, "Host", desk), 200, &entered)
	both.Token = entered.AccessToken
	for _, one := range []*instance.Client{editor, both} {
		if r := register(one, d, desk, page); r.Status != 200 {
			t.Fatalf("a passkey is refused: %d %s", r.Status, r.Body)
		}
	}
	stranger, member := d.keys[0], d.keys[1]
	admin := i.As("admin@acme")
	var rows []instance.Domain
	admin.Must(admin.Call("GET", "domains", nil), 200, &rows)
	admin.Expect(200, "DELETE", "domains/"+rows[0].ID, nil)
	if r := (&instance.Client{Instance: i}).Call("POST", "auth/passkeys/login/begin", map[string]any{}, "Host", desk); r.Status != 503 {
		t.Errorf("at a domain that is gone a sign-in begins with %d %s", r.Status, r.Body)
	}
	theirs := i.As("admin@umbrella")
	row := theirs.ClaimDomain(desk)
	names.Set("_zygo-challenge."+desk, row.Challenge)
	theirs.VerifyDomain(row.ID)
	if r := byPasskey(i, d, desk, page, stranger); r.Status != 403 || !strings.Contains(string(r.Body), "no active member of Umbrella") {
		t.Errorf("anyone who is no member enters the next organization: %d %s", r.Status, r.Body)
	}
	if r := byPasskey(i, d, "zygo.test", "https://zygo.test", stranger); r.Status != 401 {
		t.Errorf("the passkey signs in at the base host: %d", r.Status)
	}
	var in struct {
		User struct{ Tenant struct{ Slug string } }
	}
	if (&instance.Client{Instance: i}).Must(byPasskey(i, d, desk, page, member), 200, &in); in.User.Tenant.Slug != "umbrella" {
		t.Errorf("a member of both enters %s", in.User.Tenant.Slug)
	}
	// A session in Acme counts as none there, so that its passkeys can't be added to or asked for either.
	if r := editor.Call("POST", "auth/passkeys/register/begin", nil, "Host", desk); r.Status != 401 {
		t.Errorf("a session of Acme makes passkeys there: %d", r.Status)
	}
}

func TestAPasskeyOfADomainIsNoFactorElsewhere(t *testing.T) {
	t.Parallel()
	i, _ := hosted(t)
	owner, editor, d := i.As("owner@acme"), i.As("editor@acme"), &device{t: t}
	var enrolled struct {
		BackupCodes []string `json:"backup_codes"`
	}
	editor.Must(register(editor, d, desk, "https://"+desk), 200, &enrolled)
	signIn := func(host string) (string, []string) {
		return asksAt(i, host, "editor@acme.test")
	}
	// The password alone opens nothing, at whichever host.
	challenge, methods := signIn("zygo.test")
	if !slices.Equal(methods, []string{"backup_code"}) {
		t.Errorf("the base host asks for %v", methods)
	}
	if r := (&instance.Client{Instance: i}).Call("POST", "auth/passkeys/login/begin", map[string]any{"challenge": challenge}, "Host",
		"zygo.test"); r.Status != 401 {
		t.Errorf("the base host asks for the passkey of the domain: %d %s", r.Status, r.Body)
	}
	shown := (&instance.Client{Instance: i}).Call("GET", "/auth/mfa-challenge", nil, "Host", "zygo.test", "Cookie",
		"zygo_challenge="+challenge)
	if text := string(shown.Body); strings.Contains(text, "data-passkey=") || !strings.Contains(text, "Sign in at "+desk) {
		t.Errorf("the page of the challenge does not lead to the domain: %d %.2000s", shown.Status, text)
	}
	challenge, methods = signIn(desk)
	if !slices.Equal(methods, []string{"passkey", "backup_code"}) {
		t.Errorf("the domain asks for %v", methods)
	}
	asked := begin((&instance.Client{Instance: i}), "login", desk, map[string]any{"challenge": challenge})
	answer := map[string]any{"challenge": challenge, "ceremony": asked.Ceremony, "credential": d.sign(asked, "https://"+desk, d.keys[0])}
	var in instance.Tokens
	(&instance.Client{Instance: i}).Must((&instance.Client{Instance: i}).Call("POST", "auth/passkeys/login/finish", answer, "Host", desk),
		200, &in)
	editor.Token = in.AccessToken

	// Where the organization asks for a factor, one of the domain leads at the base host to its set-up and no further.
	var me struct{ Tenant struct{ ID string } }
	owner.Must(owner.Call("GET", "users/me", nil), 200, &me)
	owner.Must(owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	for host, want := range map[string]int{desk: 200, "zygo.test": 401} {
		if r := editor.Call("GET", "assets", nil, "Host", host); r.Status != want {
			t.Errorf("with a passkey of the domain %s answers %d, want %d", host, r.Status, want)
		}
	}
	challenge, _ = signIn("zygo.test")
	(&instance.Client{Instance: i}).Must(answerChallenge(i, challenge, enrolled.BackupCodes[0]), 200, &in)
	fresh := &instance.Client{Instance: i, Token: in.AccessToken}
	if r := fresh.Call("GET", "assets", nil, "Host", "zygo.test"); r.Status != 401 || r.Code() != "MFA_REQUIRED" {
		t.Errorf("a backup code opens the organization without a factor: %d %s", r.Status, r.Body)
	}
	asked = begin(fresh, "register", "zygo.test", map[string]any{})
	fresh.Must(fresh.Call("POST", "auth/passkeys/register/finish", map[string]any{"ceremony": asked.Ceremony,
		"credential": d.create(asked, "https://zygo.test")}, "Host", "zygo.test"), 200, &in)
	fresh.Token = in.AccessToken
	if r := fresh.Call("GET", "assets", nil, "Host", "zygo.test"); r.Status != 200 {
		t.Errorf("after the set-up the base host answers %d %s", r.Status, r.Body)
	}

	// Of somebody without a password the one of the base host is the last way in.
	restart(i, "UPDATE t_user SET password_hash = '' WHERE email = 'editor@acme.test'")
	(&instance.Client{Instance: i}).Must(byPasskey(i, d, "zygo.test", "https://zygo.test", d.keys[1]), 200, &in)
	fresh.Token = in.AccessToken
	var listed []struct{ ID, Host string }
	fresh.Must(fresh.Call("GET", "auth/passkeys", nil, "Host", "zygo.test"), 200, &listed)
	for n, want := range []int{200, 409} {
		if r := fresh.Call("DELETE", "auth/passkeys/"+listed[n].ID, nil, "Host", "zygo.test"); r.Status != want {
			t.Errorf("removing the passkey of %q answers %d, want %d: %s", listed[n].Host, r.Status, want, r.Body)
		}
	}
}

func TestABrowserHasOnePasskeyForBothHosts(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := reachedAs(t, "http://zygo.localhost:PORT") // Chromium trusts it, and finds it by itself
	base := strings.Replace(i.URL, "127.0.0.1", "zygo.localhost", 1)
	there := strings.Replace(base, "zygo.", "acme.zygo.", 1)
	page := browsertest.New(t, there)
	page.HoldPasskeys()
	page.Open("/login")
	instance.FillSignIn(page, "editor@acme")
	page.WaitPath("/dashboard")
	page.Open("/settings/security/mfa")
	page.Fill("Name of the new passkey", "Laptop")
	page.Click("button", "Add a passkey")
	page.Wait(`!document.getElementById("new-codes").hidden`)
	page.Open("/settings/security/mfa")
	page.Wait(`document.querySelector("[name=name]").value === "Laptop"`)
	page.WaitNoText("works at")
	instance.SignOut(page, "editor of acme")
	for _, base := range []string{base, there} {
		page.At(base)
		page.Open("/login?next=/incidents")
		page.Click("button", "Sign in with a passkey")
		page.WaitPath("/incidents")
		if host := browsertest.Evaluate[string](page, "location.origin"); host != base {
			t.Errorf("the sign-in at %s ends at %s", base, host)
		}
		instance.SignOut(page, "editor of acme")
	}
	restart(i, "UPDATE t_passkey SET host = '"+desk+"'")
	page.Open("/login")
	instance.FillSignIn(page, "editor@acme")
	page.WaitText("Sign in at " + desk)
	page.ExpectAccessible("the challenge of a passkey of another host")
}
