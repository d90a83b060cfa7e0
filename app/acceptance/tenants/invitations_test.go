package tenants

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"zygo/app/acceptance/instance"
)

var newcomer = map[string]string{"name": "Grace Hopper", "password": instance.OtherPassword}

func TestManyAreInvitedAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	admin := i.As("admin@acme")
	first := admin.Invite("editor", "Ada Lovelace <Ada@Lovelace.test>, grace@hopper.test;editor@acme.test\nnonsense@ grace@hopper.test",
		"name,e-mail\nKatherine,katherine@johnson.test\n")
	again := admin.Invite("editor", "ada@lovelace.test")
	for address, want := range map[string]string{"ada@lovelace.test": "invited", "grace@hopper.test": "invited",
		"katherine@johnson.test": "invited", "editor@acme.test": "already_member", "nonsense@": "not_an_address"} {
		got := first[address]
		if got.Outcome != want || (want == "invited") != strings.HasPrefix(got.Link, i.URL+"/invitations/accept?token=") {
			t.Errorf("%s: %+v, want %s", address, got, want)
		}
	}
	if len(first) != 5 || again["ada@lovelace.test"].Outcome != "already_invited" {
		t.Errorf("%d outcomes, and again %+v", len(first), again)
	}
	var many []string
	for n := range 101 {
		many = append(many, fmt.Sprintf("person%d@many.test", n))
	}
	admin.Expect(422, "POST", "invitations", map[string]any{"emails": many})
	admin.Expect(422, "POST", "invitations", map[string]any{"emails": []string{" "}})
	var rows []struct{ Email, State, Role string }
	admin.Must(admin.Call("GET", "invitations?filter[state]=open", nil), 200, &rows)
	if len(rows) != 3 || strings.Contains(fmt.Sprint(rows), "token") {
		t.Errorf("the list shows %v", rows)
	}
	log := string(admin.Call("GET", "audit-logs", nil).Body)
	if !strings.Contains(log, `"invitation.created"`) || strings.Contains(log, instance.TokenIn(first["ada@lovelace.test"].Link)) {
		t.Errorf("the record is %s", log)
	}
	// What stands below the organization is the same, for those whose session is in it.
	me := struct{ Tenant struct{ ID string } }{}
	admin.Must(admin.Call("GET", "users/me", nil), 200, &me)
	admin.Must(admin.Call("GET", "tenants/"+me.Tenant.ID+"/invitations", nil), 200, &rows)
	admin.Expect(200, "POST", "tenants/"+me.Tenant.ID+"/invitations", map[string]any{"emails": []string{"one@more.test"}})
	i.As("admin@umbrella").Expect(404, "GET", "tenants/"+me.Tenant.ID+"/invitations", nil)
	i.As("admin@umbrella").Expect(404, "POST", "tenants/"+me.Tenant.ID+"/invitations", map[string]any{"emails": []string{"two@more.test"}})
}

func TestNobodyInvitesToMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, editor, theirs := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme"), i.As("admin@umbrella")
	team := owner.Create("teams", map[string]any{"name": "Keys"})
	try := func(role string, teams ...string) map[string]any {
		return map[string]any{"emails": []string{"ada@lovelace.test"}, "role": role, "teams": teams}
	}
	editor.Expect(403, "POST", "invitations", try("viewer"))
	editor.Expect(403, "GET", "invitations", nil)
	admin.Expect(422, "POST", "invitations", try("owner"))
	admin.Expect(422, "POST", "invitations", try("nobody"))
	admin.Expect(422, "POST", "invitations", try("viewer", "01990000-0000-7000-8000-000000000000"))
	theirs.Expect(422, "POST", "invitations", try("viewer", team))

	// A team that was granted what the actor lacks is no way round.
	lesser := owner.Create("roles", map[string]any{"name": "Lesser", "includes": "admin"})
	owner.Expect(200, "POST", "roles/"+lesser+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	place := owner.Create("workspaces", map[string]any{"name": "Vault"})
	owner.Create("grants", map[string]any{"permission": "asset:delete", "team": team, "workspace": place, "reason": "Care"})
	membership, _ := owner.Member("admin of acme")
	owner.Expect(200, "PATCH", "memberships/"+membership, map[string]any{"role": lesser})
	admin.Expect(403, "POST", "invitations", try("viewer", team))
	admin.Expect(200, "POST", "invitations", try("viewer"))

	// Another organization neither sees nor ends an invitation.
	made := owner.Invite("viewer", "grace@hopper.test")["grace@hopper.test"]
	for _, try := range [][2]string{{"GET", ""}, {"DELETE", ""}, {"POST", "/resend"}, {"POST", "/revoke"}} {
		theirs.Expect(404, try[0], "invitations/"+made.ID+try[1], map[string]any{})
	}
}

func TestAnInvitationIsForOneAddressAndOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, nobody := i.As("owner@acme"), &instance.Client{Instance: i}
	team := owner.Create("teams", map[string]any{"name": "Network"})
	var all []instance.Invitation
	owner.Must(owner.Call("POST", "invitations", map[string]any{"emails": []string{"grace@hopper.test"}, "role": "editor",
		"teams": []string{team}, "message": "Join us"}), 200, &all)
	token := instance.TokenIn(all[0].Link)
	if r := i.As("viewer@umbrella").Accept(token, nil); r.Status != 403 {
		t.Errorf("another address answers %d %s", r.Status, r.Body)
	}
	if r := nobody.Accept(token, nil); r.Status != 401 {
		t.Errorf("nobody answers %d", r.Status)
	}
	if r := nobody.Accept(token, map[string]string{"name": "Grace", "password": "password123"}); r.Status != 422 {
		t.Errorf("a weak password answers %d", r.Status)
	}
	// Nobody has to be let in by accounts.signup, and the address needs no confirmation.
	var in struct {
		AccessToken string `json:"access_token"`
		User        struct {
			Role   string
			Tenant struct{ Slug string }
		}
	}
	nobody.Must(nobody.Accept(token, newcomer), 200, &in)
	if in.User.Role != "editor" || in.User.Tenant.Slug != "acme" {
		t.Errorf("the new member is %+v", in.User)
	}
	grace := &instance.Client{Instance: i, Token: in.AccessToken}
	grace.Expect(201, "POST", "assets", map[string]any{"name": "Compiler"})
	nobody.Must(nobody.SignIn("grace@hopper.test", instance.OtherPassword), 200, nil)
	var members []struct {
		UserID string `json:"user_id"`
	}
	owner.Must(owner.Call("GET", "teams/"+team+"/members", nil), 200, &members)
	if len(members) != 1 {
		t.Errorf("the team has %d members", len(members))
	}
	for name, r := range map[string]instance.Reply{"used": nobody.Accept(token, newcomer), "unknown": nobody.Accept("nothing", newcomer),
		"used by its owner": grace.Accept(token, nil), "declined after": nobody.Call("POST", "invitations/"+token+"/decline", nil)} {
		if r.Status != 404 || !strings.Contains(string(r.Body), "does not work any more") {
			t.Errorf("%s answers %d %s", name, r.Status, r.Body)
		}
	}
}

func TestLinksEnd(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, nobody := i.As("owner@acme"), i.As("admin@acme"), &instance.Client{Instance: i}
	made := admin.Invite("viewer",
		"revoked@acme.test, resent@acme.test, expired@acme.test, declined@acme.test, orphan@acme.test, lowered@acme.test")
	token := func(who string) string { return instance.TokenIn(made[who+"@acme.test"].Link) }
	ended := func(who, token string) {
		t.Helper()
		if r := nobody.Accept(token, newcomer); r.Status != 404 {
			t.Errorf("%s answers %d %s", who, r.Status, r.Body)
		}
	}
	owner.Expect(200, "DELETE", "invitations/"+made["revoked@acme.test"].ID, nil)
	owner.Expect(409, "DELETE", "invitations/"+made["revoked@acme.test"].ID, nil)
	owner.Expect(409, "POST", "invitations/"+made["revoked@acme.test"].ID+"/resend", nil)
	ended("revoked", token("revoked"))
	var sent instance.Invitation
	owner.Must(owner.Call("POST", "invitations/"+made["resent@acme.test"].ID+"/resend", nil), 200, &sent)
	ended("the link before", token("resent"))
	nobody.Must(nobody.Call("POST", "invitations/"+token("declined")+"/decline", nil), 200, nil)
	ended("declined", token("declined"))
	if again := owner.Invite("viewer", "declined@acme.test"); again["declined@acme.test"].Outcome != "invited" {
		t.Errorf("after a refusal: %+v", again)
	}
	i.Stop()
	i.Execute("UPDATE t_invitation SET expires_at = created_at - 1 WHERE email = 'expired@acme.test'")
	i.Serve()
	ended("expired", token("expired"))
	nobody.Must(nobody.Accept(instance.TokenIn(sent.Link), newcomer), 200, nil)
	owner = i.As("owner@acme")
	owner.Must(owner.Call("POST", "invitations/"+made["expired@acme.test"].ID+"/resend", nil), 200, &sent)

	// What somebody gave away who may not any more, or is no member any more, is taken by nobody.
	membership, _ := owner.Member("admin of acme")
	owner.Expect(200, "PATCH", "memberships/"+membership, map[string]any{"role": "viewer"})
	ended("an invitation of somebody who may not invite any more", token("lowered"))
	owner.Expect(200, "DELETE", "memberships/"+membership, nil)
	ended("an invitation of somebody who was removed", token("orphan"))
	nobody.Must(nobody.Accept(instance.TokenIn(sent.Link), map[string]string{"name": "Late", "password": instance.OtherPassword}), 200, nil)

	// One address is not flooded, by whomever.
	slowed := 0
	for range 8 {
		r := owner.Call("POST", "invitations", map[string]any{"emails": []string{"flooded@acme.test"}})
		var one []instance.Invitation
		owner.Must(r, 200, &one)
		if one[0].Outcome == "too_many_mails" {
			slowed++
			continue
		}
		owner.Expect(200, "DELETE", "invitations/"+one[0].ID, nil)
	}
	if slowed == 0 {
		t.Error("nothing slows down who invites an address again and again")
	}
}

func TestTwentyAcceptsMakeOneMembership(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	made := owner.Invite("viewer", "grace@hopper.test, editor@umbrella.test")
	joined := func(token string, who func() *instance.Client, body map[string]string) int64 {
		var wait sync.WaitGroup
		var succeeded atomic.Int64
		for range 20 {
			c := who()
			wait.Go(func() {
				if r := c.Accept(token, body); r.Status == 200 {
					succeeded.Add(1)
				} else if r.Status >= 500 {
					t.Errorf("an accept answers %d %s", r.Status, r.Body)
				}
			})
		}
		wait.Wait()
		return succeeded.Load()
	}
	if n := joined(instance.TokenIn(made["grace@hopper.test"].Link), func() *instance.Client { return &instance.Client{Instance: i} },
		newcomer); n != 1 {
		t.Errorf("%d new accounts", n)
	}
	known := i.As("editor@umbrella")
	if n := joined(instance.TokenIn(made["editor@umbrella.test"].Link), func() *instance.Client { return known }, nil); n != 1 {
		t.Errorf("%d accepts of an account", n)
	}
	var members []instance.Member
	owner.Must(owner.Call("GET", "memberships?limit=100", nil), 200, &members)
	if len(members) != 6 {
		t.Errorf("%d members", len(members))
	}
}

func TestAnInvitationFromTheCommandLine(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	i.Stop()
	out, failed, code := i.Command("user", "invite", "--email", "grace@hopper.test", "--organization", "umbrella", "--role", "admin",
		"--json")
	if code != 0 {
		t.Fatalf("the command ends with %d: %s", code, failed)
	}
	_, rest, _ := strings.Cut(out, "token=")
	token, _, _ := strings.Cut(rest, `"`)
	if _, failed, code := i.Command("user", "invite", "--email", "grace@hopper.test", "--organization", "umbrella"); code != 3 ||
		!strings.Contains(failed, "invited already") {
		t.Errorf("a second one ends with %d: %s", code, failed)
	}
	for _, wrong := range [][]string{{"--email", "nonsense", "--organization", "umbrella"},
		{"--email", "a@b.test", "--organization", "nothing"}, {"--email", "a@b.test", "--organization", "acme", "--role", "nothing"}} {
		if _, _, code := i.Command(append([]string{"user", "invite"}, wrong...)...); code == 0 {
			t.Errorf("%v ends with 0", wrong)
		}
	}
	i.Serve()
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.Accept(token, newcomer), 200, nil)
}

// TestALinkThatIsToldProvesNoAddress: who invites makes no account for somebody else, and learns of none.
func TestALinkThatIsToldProvesNoAddress(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	admin, nobody := i.As("admin@acme"), &instance.Client{Instance: i}
	told := admin.Invite("viewer", "grace@hopper.test, editor@umbrella.test")
	mailed := instance.TokenIn(i.LinkIn(box.Receive(t, "grace@hopper.test", "Join Acme")))
	known := instance.TokenIn(i.LinkIn(box.Receive(t, "editor@umbrella.test", "Join Acme")))
	answers := map[string]bool{}
	for address, one := range told {
		answers[string(nobody.Accept(instance.TokenIn(one.Link), newcomer).Body)] = true
		if r := nobody.SignIn(address, newcomer["password"]); r.Status == 200 {
			t.Errorf("the link makes an account of %s", address)
		}
	}
	if len(answers) != 1 {
		t.Errorf("the answers tell who has an account: %v", answers)
	}
	// The control: the mail that came of it lets its owner in, as a member, and so does the invitation's own mail.
	token := instance.TokenIn(i.LinkIn(box.Receive(t, "grace@hopper.test", "Confirm your e-mail address")))
	box.Receive(t, "editor@umbrella.test", "You have an account already")
	var in struct {
		User struct{ Tenant struct{ Slug string } }
	}
	nobody.Must(nobody.Call("POST", "auth/verify-email", map[string]string{"token": token, "password": newcomer["password"]}), 200, &in)
	if in.User.Tenant.Slug != "acme" {
		t.Errorf("she is in %q", in.User.Tenant.Slug)
	}
	if r := nobody.Accept(mailed, newcomer); r.Status != 404 {
		t.Errorf("the used invitation answers %d", r.Status)
	}
	if r := nobody.Accept(known, newcomer); r.Status != 401 {
		t.Errorf("the mailed link of somebody with an account answers %d", r.Status)
	}
}

// TestTheMailedLinkTakesAnAccountThatWaits: a stranger who signed up with the address before does not stand in the way.
func TestTheMailedLinkTakesAnAccountThatWaits(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "accounts.signup=open")
	admin, nobody := i.As("admin@acme"), &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": "Mallory", "email": "grace@hopper.test",
		"password": instance.Password}), 200, nil)
	theirs := map[string]string{"token": instance.TokenIn(i.LinkIn(box.Receive(t, "grace@hopper.test", "Confirm your e-mail address"))),
		"password": instance.Password}
	admin.Invite("viewer", "grace@hopper.test")
	token := instance.TokenIn(i.LinkIn(box.Receive(t, "grace@hopper.test", "Join Acme")))
	var in struct{ User struct{ Name string } }
	nobody.Must(nobody.Accept(token, newcomer), 200, &in)
	if in.User.Name != newcomer["name"] {
		t.Errorf("she is %q", in.User.Name)
	}
	if r := nobody.Call("POST", "auth/verify-email", theirs); r.Status != 422 {
		t.Errorf("the stranger's link answers %d", r.Status)
	}
	if r := nobody.SignIn("grace@hopper.test", instance.Password); r.Status != 401 {
		t.Errorf("the stranger's password answers %d", r.Status)
	}
}
