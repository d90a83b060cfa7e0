package acceptance

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// invitedOne is what became of one invited address.
type invitedOne struct{ Email, Outcome, ID, Link string }

// invite asks addresses in and gives the outcomes by address.
func (c *client) invite(role string, emails ...string) map[string]invitedOne {
	c.i.t.Helper()
	var all []invitedOne
	c.must(c.call("POST", "invitations", map[string]any{"emails": emails, "role": role}), 200, &all)
	byAddress := map[string]invitedOne{}
	for _, one := range all {
		byAddress[one.Email] = one
	}
	return byAddress
}

// asked invites somebody with a message, and gives the id of the invitation.
func (c *client) asked(message string) string {
	c.i.t.Helper()
	var all []invitedOne
	c.must(c.call("POST", "invitations", map[string]any{"emails": []string{"guest@umbrella.test"}, "role": "viewer", "message": message + " <script>alert(1)</script>"}), 200, &all)
	return all[0].ID
}

// accept joins by a token, as the client or with a new account.
func (c *client) accept(token string, newcomer map[string]string) reply {
	c.i.t.Helper()
	if newcomer == nil {
		return c.call("POST", "invitations/"+token+"/accept", nil)
	}
	return c.call("POST", "invitations/"+token+"/accept", newcomer)
}

var newcomer = map[string]string{"name": "Grace Hopper", "password": otherPassphrase}

func TestManyAreInvitedAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	admin := i.as("admin@acme")
	first := admin.invite("editor", "Ada Lovelace <Ada@Lovelace.test>, grace@hopper.test;editor@acme.test\nnonsense grace@hopper.test", "name,e-mail\nKatherine,katherine@johnson.test\n")
	again := admin.invite("editor", "ada@lovelace.test")
	for address, want := range map[string]string{"ada@lovelace.test": "invited", "grace@hopper.test": "invited", "katherine@johnson.test": "invited", "editor@acme.test": "already_member", "nonsense": "not_an_address"} {
		if got := first[address]; got.Outcome != want || (want == "invited") != strings.HasPrefix(got.Link, i.url+"/invitations/accept?token=") {
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
	admin.wants(422, "POST", "invitations", map[string]any{"emails": many})
	admin.wants(422, "POST", "invitations", map[string]any{"emails": []string{" "}})
	var rows []struct{ Email, State, Role string }
	admin.must(admin.call("GET", "invitations?filter[state]=open", nil), 200, &rows)
	if len(rows) != 3 || strings.Contains(fmt.Sprint(rows), "token") {
		t.Errorf("the list shows %v", rows)
	}
	if log := string(admin.call("GET", "audit-logs", nil).body); !strings.Contains(log, `"invitation.created"`) || strings.Contains(log, tokenIn(first["ada@lovelace.test"].Link)) {
		t.Errorf("the record is %s", log)
	}
	// What stands below the organization is the same, for those whose session is in it.
	me := struct{ Tenant struct{ ID string } }{}
	admin.must(admin.call("GET", "users/me", nil), 200, &me)
	admin.must(admin.call("GET", "tenants/"+me.Tenant.ID+"/invitations", nil), 200, &rows)
	admin.wants(200, "POST", "tenants/"+me.Tenant.ID+"/invitations", map[string]any{"emails": []string{"one@more.test"}})
	i.as("admin@umbrella").wants(404, "GET", "tenants/"+me.Tenant.ID+"/invitations", nil)
	i.as("admin@umbrella").wants(404, "POST", "tenants/"+me.Tenant.ID+"/invitations", map[string]any{"emails": []string{"two@more.test"}})
}

func TestNobodyInvitesToMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, editor, theirs := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme"), i.as("admin@umbrella")
	team := owner.made("teams", map[string]any{"name": "Keys"})
	try := func(role string, teams ...string) map[string]any {
		return map[string]any{"emails": []string{"ada@lovelace.test"}, "role": role, "teams": teams}
	}
	editor.wants(403, "POST", "invitations", try("viewer"))
	editor.wants(403, "GET", "invitations", nil)
	admin.wants(422, "POST", "invitations", try("owner"))
	admin.wants(422, "POST", "invitations", try("nobody"))
	admin.wants(422, "POST", "invitations", try("viewer", "01990000-0000-7000-8000-000000000000"))
	theirs.wants(422, "POST", "invitations", try("viewer", team))

	// A team that was granted what the actor lacks is no way round.
	lesser := owner.made("roles", map[string]any{"name": "Lesser", "includes": "admin"})
	owner.wants(200, "POST", "roles/"+lesser+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	place := owner.made("workspaces", map[string]any{"name": "Vault"})
	owner.made("grants", map[string]any{"permission": "asset:delete", "team": team, "workspace": place, "reason": "Care"})
	membership, _ := owner.member("admin of acme")
	owner.wants(200, "PATCH", "memberships/"+membership, map[string]any{"role": lesser})
	admin.wants(403, "POST", "invitations", try("viewer", team))
	admin.wants(200, "POST", "invitations", try("viewer"))

	// Another organization neither sees nor ends an invitation.
	made := owner.invite("viewer", "grace@hopper.test")["grace@hopper.test"]
	for _, try := range [][2]string{{"GET", ""}, {"DELETE", ""}, {"POST", "/resend"}, {"POST", "/revoke"}} {
		theirs.wants(404, try[0], "invitations/"+made.ID+try[1], map[string]any{})
	}
}

func TestAnInvitationIsForOneAddressAndOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, nobody := i.as("owner@acme"), &client{i: i}
	team := owner.made("teams", map[string]any{"name": "Network"})
	var all []invitedOne
	owner.must(owner.call("POST", "invitations", map[string]any{"emails": []string{"grace@hopper.test"}, "role": "editor", "teams": []string{team}, "message": "Join us"}), 200, &all)
	token := tokenIn(all[0].Link)
	if r := i.as("viewer@umbrella").accept(token, nil); r.status != 403 {
		t.Errorf("another address answers %d %s", r.status, r.body)
	}
	if r := nobody.accept(token, nil); r.status != 401 {
		t.Errorf("nobody answers %d", r.status)
	}
	if r := nobody.accept(token, map[string]string{"name": "Grace", "password": "password123"}); r.status != 422 {
		t.Errorf("a weak password answers %d", r.status)
	}
	// Nobody has to be let in by accounts.signup, and the address needs no confirmation.
	var in struct {
		AccessToken string `json:"access_token"`
		User        struct {
			Role   string
			Tenant struct{ Slug string }
		}
	}
	nobody.must(nobody.accept(token, newcomer), 200, &in)
	if in.User.Role != "editor" || in.User.Tenant.Slug != "acme" {
		t.Errorf("the new member is %+v", in.User)
	}
	grace := &client{i: i, token: in.AccessToken}
	grace.wants(201, "POST", "assets", map[string]any{"name": "Compiler"})
	nobody.must(nobody.signIn("grace@hopper.test", otherPassphrase), 200, nil)
	var members []struct {
		UserID string `json:"user_id"`
	}
	owner.must(owner.call("GET", "teams/"+team+"/members", nil), 200, &members)
	if len(members) != 1 {
		t.Errorf("the team has %d members", len(members))
	}
	for name, r := range map[string]reply{"used": nobody.accept(token, newcomer), "unknown": nobody.accept("nothing", newcomer), "used by its owner": grace.accept(token, nil), "declined after": nobody.call("POST", "invitations/"+token+"/decline", nil)} {
		if r.status != 404 || !strings.Contains(string(r.body), "does not work any more") {
			t.Errorf("%s answers %d %s", name, r.status, r.body)
		}
	}
}

func TestLinksEnd(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, nobody := i.as("owner@acme"), i.as("admin@acme"), &client{i: i}
	made := admin.invite("viewer", "revoked@acme.test, resent@acme.test, expired@acme.test, declined@acme.test, orphan@acme.test, lowered@acme.test")
	token := func(who string) string { return tokenIn(made[who+"@acme.test"].Link) }
	ended := func(who, token string) {
		t.Helper()
		if r := nobody.accept(token, newcomer); r.status != 404 {
			t.Errorf("%s answers %d %s", who, r.status, r.body)
		}
	}
	owner.wants(200, "DELETE", "invitations/"+made["revoked@acme.test"].ID, nil)
	owner.wants(409, "DELETE", "invitations/"+made["revoked@acme.test"].ID, nil)
	owner.wants(409, "POST", "invitations/"+made["revoked@acme.test"].ID+"/resend", nil)
	ended("revoked", token("revoked"))
	var sent invitedOne
	owner.must(owner.call("POST", "invitations/"+made["resent@acme.test"].ID+"/resend", nil), 200, &sent)
	ended("the link before", token("resent"))
	nobody.must(nobody.call("POST", "invitations/"+token("declined")+"/decline", nil), 200, nil)
	ended("declined", token("declined"))
	if again := owner.invite("viewer", "declined@acme.test"); again["declined@acme.test"].Outcome != "invited" {
		t.Errorf("after a refusal: %+v", again)
	}
	i.stop()
	i.execute("UPDATE t_invitation SET expires_at = created_at - 1 WHERE email = 'expired@acme.test'")
	i.serve()
	ended("expired", token("expired"))
	nobody.must(nobody.accept(tokenIn(sent.Link), newcomer), 200, nil)
	owner = i.as("owner@acme")
	owner.must(owner.call("POST", "invitations/"+made["expired@acme.test"].ID+"/resend", nil), 200, &sent)

	// What somebody gave away who may not any more, or is no member any more, is taken by nobody.
	membership, _ := owner.member("admin of acme")
	owner.wants(200, "PATCH", "memberships/"+membership, map[string]any{"role": "viewer"})
	ended("an invitation of somebody who may not invite any more", token("lowered"))
	owner.wants(200, "DELETE", "memberships/"+membership, nil)
	ended("an invitation of somebody who was removed", token("orphan"))
	nobody.must(nobody.accept(tokenIn(sent.Link), map[string]string{"name": "Late", "password": otherPassphrase}), 200, nil)

	// One address is not flooded, by whomever.
	slowed := 0
	for range 8 {
		r := owner.call("POST", "invitations", map[string]any{"emails": []string{"flooded@acme.test"}})
		var one []invitedOne
		owner.must(r, 200, &one)
		if one[0].Outcome == "too_many_mails" {
			slowed++
			continue
		}
		owner.wants(200, "DELETE", "invitations/"+one[0].ID, nil)
	}
	if slowed == 0 {
		t.Error("nothing slows down who invites an address again and again")
	}
}

func TestTwentyAcceptsMakeOneMembership(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner := i.as("owner@acme")
	made := owner.invite("viewer", "grace@hopper.test, editor@umbrella.test")
	joined := func(token string, who func() *client, body map[string]string) int64 {
		var wait sync.WaitGroup
		var succeeded atomic.Int64
		for range 20 {
			c := who()
			wait.Go(func() {
				if r := c.accept(token, body); r.status == 200 {
					succeeded.Add(1)
				} else if r.status >= 500 {
					t.Errorf("an accept answers %d %s", r.status, r.body)
				}
			})
		}
		wait.Wait()
		return succeeded.Load()
	}
	if n := joined(tokenIn(made["grace@hopper.test"].Link), func() *client { return &client{i: i} }, newcomer); n != 1 {
		t.Errorf("%d new accounts", n)
	}
	known := i.as("editor@umbrella")
	if n := joined(tokenIn(made["editor@umbrella.test"].Link), func() *client { return known }, nil); n != 1 {
		t.Errorf("%d accepts of an account", n)
	}
	var members []member
	owner.must(owner.call("GET", "memberships?limit=100", nil), 200, &members)
	if len(members) != 6 {
		t.Errorf("%d members", len(members))
	}
}

func TestAnInvitationFromTheCommandLine(t *testing.T) {
	t.Parallel()
	i := start(t)
	i.stop()
	out, failed, code := i.command("user", "invite", "--email", "grace@hopper.test", "--organization", "umbrella", "--role", "admin", "--json")
	if code != 0 {
		t.Fatalf("the command ends with %d: %s", code, failed)
	}
	_, rest, _ := strings.Cut(out, "token=")
	token, _, _ := strings.Cut(rest, `"`)
	if _, failed, code := i.command("user", "invite", "--email", "grace@hopper.test", "--organization", "umbrella"); code != 3 || !strings.Contains(failed, "invited already") {
		t.Errorf("a second one ends with %d: %s", code, failed)
	}
	for _, wrong := range [][]string{{"--email", "nonsense", "--organization", "umbrella"}, {"--email", "a@b.test", "--organization", "nothing"}, {"--email", "a@b.test", "--organization", "acme", "--role", "nothing"}} {
		if _, _, code := i.command(append([]string{"user", "invite"}, wrong...)...); code == 0 {
			t.Errorf("%v ends with 0", wrong)
		}
	}
	i.serve()
	nobody := &client{i: i}
	nobody.must(nobody.accept(token, newcomer), 200, nil)
}
