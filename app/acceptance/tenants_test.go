package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

type tenant struct {
	ID, Name, Slug string
}

// tenants are the names of the organizations that the client's person belongs to.
func (c *client) tenants() (names []string) {
	c.i.t.Helper()
	var rows []tenant
	c.must(c.call("GET", "tenants?sort_by=name&sort_order=asc", nil), 200, &rows)
	for _, row := range rows {
		names = append(names, row.Name)
	}
	return names
}

// enters makes an organization the current one of the client's session.
func (c *client) enters(id string) {
	c.i.t.Helper()
	var given tokens
	c.must(c.call("POST", "tenants/"+id+"/switch", nil), 200, &given)
	c.token = given.AccessToken
}

func TestPeopleMakeOrganizations(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	editor.wants(403, "POST", "tenants", map[string]any{"name": "Mine"})
	owner.wants(422, "POST", "tenants", map[string]any{"name": " "})
	first := owner.call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	again := owner.call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	var made tenant
	owner.must(first, 201, &made)
	if string(first.body) != string(again.body) || made.Slug == "acme" {
		t.Errorf("a repeated request answers %s after %s", again.body, first.body)
	}
	if names := owner.tenants(); !slices.Equal(names, []string{"Acme", "Acme"}) {
		t.Errorf("the owner belongs to %v", names)
	}
	if names := editor.tenants(); !slices.Equal(names, []string{"Acme"}) {
		t.Errorf("an editor belongs to %v", names)
	}
	owner.enters(made.ID)
	if people := owner.members(); len(people) != 1 || people["owner"].ID == "" {
		t.Errorf("the new organization has %v", people)
	}
	editor.wants(404, "POST", "tenants/"+made.ID+"/switch", nil)

	// Where people sign up by themselves they make organizations too, up to a bound.
	i.stop()
	i.set = []string{"accounts.signup=open"}
	i.serve()
	editor = i.as("editor@acme")
	for n := range 21 {
		want := 201
		if n == 20 {
			want = 409
		}
		editor.wants(want, "POST", "tenants", map[string]any{"name": "Company"})
	}
}

func TestFirstStepsAreSkippedForAll(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, viewer := i.as("owner@acme"), i.as("admin@acme"), i.as("viewer@acme")
	read := func(c *client) map[string][2]bool {
		var steps []struct {
			Name          string
			Done, Skipped bool
		}
		c.must(c.call("GET", "onboarding", nil), 200, &steps)
		found := map[string][2]bool{}
		for _, step := range steps {
			found[step.Name] = [2]bool{step.Done, step.Skipped}
		}
		return found
	}
	if steps := read(owner); !steps["people"][0] || steps["workflow"][0] || steps["branding"][0] {
		t.Errorf("the steps are %v", steps)
	}
	viewer.wants(403, "POST", "onboarding/workflow/skip", nil)
	admin.wants(404, "POST", "onboarding/flying/skip", nil)
	admin.wants(200, "POST", "onboarding/workflow/skip", nil)
	if steps := read(owner); !steps["workflow"][1] {
		t.Errorf("after the skip the steps are %v", steps)
	}
	if steps := read(i.as("owner@umbrella")); steps["workflow"][1] {
		t.Error("another organization skipped it too")
	}
	admin.wants(200, "POST", "onboarding/resume", nil)
	admin.wants(200, "PATCH", "tenants/"+tenantOf(admin), map[string]any{"logo": admin.upload("logo.png", smallPicture)})
	page := i.enter(t, "viewer@acme")
	page.Wait(`document.querySelector("img.logo")?.naturalWidth > 0`)
	if steps := read(owner); steps["workflow"][1] || !steps["branding"][0] {
		t.Errorf("after the resumption the steps are %v", steps)
	}
}

// tenantOf is the organization that the client's session is in.
func tenantOf(c *client) string {
	c.i.t.Helper()
	var me struct{ Tenant tenant }
	c.must(c.call("GET", "users/me", nil), 200, &me)
	return me.Tenant.ID
}

func TestASuspendedMemberKeepsTheirOtherOrganizations(t *testing.T) {
	t.Parallel()
	i := start(t, "accounts.create_organizations=everybody")
	owner, admin, editor := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")
	here, user := tenantOf(owner), editor.id()
	path := "tenants/" + here + "/users/" + user
	other := editor.made("tenants", map[string]any{"name": "Mine"})
	stream := editor.stream("events/stream")
	editor.wants(403, "POST", path+"/suspend", nil)
	admin.wants(200, "POST", path+"/suspend", nil)
	endsWithin(t, stream, 2*time.Second)
	if r := editor.call("GET", "assets", nil); r.status != 403 || !strings.Contains(string(r.body), "suspended in Acme") {
		t.Errorf("a suspended member gets %d %s", r.status, r.body)
	}
	admin.wants(409, "POST", path+"/suspend", nil)
	admin.wants(409, "POST", "tenants/"+here+"/users/"+admin.id()+"/suspend", nil)
	owner.wants(409, "POST", "tenants/"+here+"/users/"+owner.id()+"/suspend", nil)
	editor.wants(404, "POST", "tenants/"+here+"/switch", nil)
	if allowed, why := owner.explained(user, "asset:read", ""); allowed || !strings.Contains(why, "suspended in this organization") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	if names := editor.tenants(); !slices.Equal(names, []string{"Mine"}) {
		t.Errorf("a suspended member belongs to %v", names)
	}
	editor.enters(other)
	editor.wants(200, "GET", "assets", nil)
	again := i.as("editor@acme")
	if tenantOf(again) != other {
		t.Error("a sign-in leads into the organization that keeps the person out")
	}
	admin.wants(200, "POST", path+"/activate", nil)
	editor.enters(here)
	editor.wants(200, "GET", "assets", nil)
}

func TestARemovedMemberHandsOverAndTakesTheirGrantsAlong(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner := i.as("owner@acme")
	here, viewer := tenantOf(owner), i.as("viewer@acme").id()
	_, user := owner.member("editor of acme")
	asset := owner.made("assets", map[string]any{"name": "Router", "owner": user})
	incident := owner.made("incidents", map[string]any{"title": "Slow", "assignee": user, "commander": user})
	team := owner.made("teams", map[string]any{"name": "Payments", "lead": user})
	inTeam := owner.made("teams/"+team+"/members", map[string]any{"user_id": user})
	grant := owner.made("grants", map[string]any{"permission": "asset:delete", "user_id": user, "resource_id": asset, "reason": "Repairs"})
	kept := owner.made("grants", map[string]any{"permission": "asset:delete", "user_id": viewer, "resource_id": asset, "reason": "Repairs"})
	path := "tenants/" + here + "/users/" + user
	owner.wants(422, "DELETE", path, map[string]any{"hand_to": user})
	owner.wants(422, "DELETE", path, map[string]any{"hand_to": i.as("owner@umbrella").id()})
	owner.wants(404, "DELETE", "tenants/"+tenantOf(i.as("owner@umbrella"))+"/users/"+user, nil)
	owner.wants(200, "DELETE", path, map[string]any{"hand_to": viewer})
	var shown struct{ Owner, Assignee, Commander, Lead string }
	for _, one := range []string{"assets/" + asset, "incidents/" + incident, "teams/" + team} {
		owner.must(owner.call("GET", one, nil), 200, &shown)
	}
	if shown.Owner != viewer || shown.Assignee != viewer || shown.Commander != viewer || shown.Lead != viewer {
		t.Errorf("after the removal the rows name %+v and not %s", shown, viewer)
	}
	owner.wants(404, "GET", "grants/"+grant, nil)
	owner.wants(404, "POST", "grants/"+grant+"/restore", nil)
	owner.wants(404, "GET", "teams/"+team+"/members/"+inTeam, nil)
	owner.wants(200, "GET", "grants/"+kept, nil)
	var people struct{ Members []struct{ Name string } }
	owner.must(owner.call("GET", "tenants/"+here+"/users?search=VIEWER", nil), 200, &people)
	if len(people.Members) != 1 || people.Members[0].Name != "viewer of acme" {
		t.Errorf("the search finds %v", people)
	}
	owner.wants(200, "PATCH", "tenants/"+here+"/users/"+viewer+"/role", map[string]any{"role": "editor"})
	owner.wants(422, "PATCH", "tenants/"+here+"/users/"+viewer+"/role", map[string]any{"role": "emperor"})
}

// TestAnOrganizationIsNeverWithoutAnOwner lets two owners and their admin try at once whatever could take the last one away.
func TestAnOrganizationIsNeverWithoutAnOwner(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096")
	owner, admin := i.as("owner@acme"), i.as("admin@acme")
	here := tenantOf(owner)
	owner.wants(409, "POST", "tenants/"+here+"/leave", nil)
	adminPlace, adminUser := owner.member("admin of acme")
	owner.wants(200, "PATCH", "memberships/"+adminPlace, map[string]any{"role": "owner"})
	ownerPlace, ownerUser := owner.member("Ada Acme")
	var wait sync.WaitGroup
	for n := range 50 {
		one, place, user := owner, ownerPlace, adminUser
		if n%2 == 0 {
			one, place, user = admin, adminPlace, ownerUser
		}
		try := [][3]any{{"POST", "tenants/" + here + "/leave", nil}, {"DELETE", "tenants/" + here + "/users/" + user, nil}, {"PATCH", "memberships/" + place, map[string]string{"role": "viewer"}},
			{"POST", "tenants/" + here + "/users/" + user + "/suspend", nil}, {"DELETE", "memberships/" + place, nil}}[n/2%5]
		wait.Go(func() {
			r, err := one.try(try[0].(string), try[1].(string), try[2])
			if err != nil || r.status >= 500 {
				t.Errorf("%v answers %d %v", try, r.status, err)
			}
		})
	}
	wait.Wait()
	i.stop()
	// No try makes an owner, so the one at the end was there all the time. How many tries succeed says nothing: a member who is
	// no owner any more may still be removed.
	if owners := i.count("SELECT count(*) FROM t_membership m JOIN t_tenant t ON t.id = m.tenant_id WHERE t.slug = 'acme' AND m.role = 'owner' AND m.status = 'active' AND m.deleted_at IS NULL"); owners != 1 {
		t.Errorf("the organization has %d owners", owners)
	}
}

func TestOwnershipIsHandedOn(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, editor := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")
	here, path := tenantOf(owner), "tenants/"+tenantOf(owner)+"/transfer-ownership"
	heir := admin.id()
	admin.wants(403, "POST", path, map[string]any{"user_id": heir})
	for _, wrong := range []string{owner.id(), i.as("owner@umbrella").id(), ""} {
		owner.wants(422, "POST", path, map[string]any{"user_id": wrong})
	}
	owner.wants(200, "POST", path, map[string]any{"user_id": heir})
	admin.wants(200, "POST", path+"/decline", nil)
	admin.wants(404, "POST", path+"/accept", nil)
	owner.wants(200, "POST", path, map[string]any{"user_id": heir})
	owner.wants(200, "DELETE", path, nil)
	admin.wants(404, "POST", path+"/accept", nil)
	owner.wants(200, "POST", path, map[string]any{"user_id": heir})
	editor.wants(404, "POST", path+"/accept", nil)
	editor.wants(404, "GET", path, nil)
	admin.wants(200, "GET", path, nil)
	admin.wants(200, "POST", path+"/accept", nil)
	admin.wants(404, "POST", path+"/accept", nil)
	people := admin.members()
	if people["owner"].UserID != heir || people["admin"].UserID != owner.id() {
		t.Errorf("after the acceptance the members are %v", people)
	}
	var mails []struct{ Recipient, Subject string }
	owner.must(owner.call("GET", "admin/outbox", nil), 200, &mails)
	subjects := fmt.Sprint(mails)
	for _, want := range []string{"Ada Acme offers you Acme", "declined to own Acme", "owns Acme now"} {
		if !strings.Contains(subjects, want) {
			t.Errorf("the mails are %s", subjects)
		}
	}
	owner.wants(403, "POST", path, map[string]any{"user_id": heir})
	admin.wants(200, "POST", path, map[string]any{"user_id": owner.id()})
	i.stop()
	i.execute("UPDATE t_ownership_offer SET expires_at = expires_at - 8 * 24 * 3600 * 1000000")
	i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.serve()
	owner.wants(404, "POST", path+"/accept", nil)
	if r := admin.call("POST", path, map[string]any{"user_id": owner.id()}); r.code() != "MFA_REQUIRED" {
		t.Errorf("with an old proof it answers %d %s", r.status, r.body)
	}
	owner.wants(200, "POST", "tenants/"+here+"/leave", nil)
	owner.wants(404, "POST", "tenants/"+here+"/leave", nil)
	owner.wants(403, "GET", "assets", nil)
}

func TestAnOrganizationSetsItsOwnLimits(t *testing.T) {
	t.Parallel()
	i := start(t, "accounts.create_organizations=everybody")
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	here := tenantOf(owner)
	path := "tenants/" + here + "/settings"
	editor.wants(403, "PATCH", path, map[string]any{"time_zone": "Europe/Vienna"})
	owner.wants(404, "PATCH", "tenants/"+tenantOf(i.as("owner@umbrella"))+"/settings", map[string]any{"time_zone": "Europe/Vienna"})
	for _, wrong := range []map[string]any{{"time_zone": "Nowhere/Else"}, {"default_role": "emperor"}, {"idle": 10}, {"networks": []string{"everywhere"}}, {"networks": []string{"203.0.113.0/24"}}, {"support_tier": "gold"}} {
		owner.wants(422, "PATCH", path, wrong)
	}
	i.as("admin@acme").wants(422, "PATCH", path, map[string]any{"default_role": "owner"})
	owner.wants(200, "PATCH", path, map[string]any{"time_zone": "Europe/Vienna", "default_role": "editor", "networks": []string{"203.0.113.7", "127.0.0.1"}})
	var row struct{ Networks []string }
	owner.must(owner.call("GET", path, nil), 200, &row)
	if !slices.Equal(row.Networks, []string{"127.0.0.1/32", "203.0.113.7/32"}) {
		t.Errorf("the networks are %v", row.Networks)
	}

	// Whoever comes from elsewhere is refused there, and enters their other organizations.
	other := editor.made("tenants", map[string]any{"name": "Mine"})
	i.stop()
	i.execute("UPDATE t_tenant SET networks = '[\"203.0.113.0/24\"]' WHERE slug = 'acme'")
	i.serve()
	if r := editor.call("GET", "assets", nil); r.status != 403 || !strings.Contains(string(r.body), "your address is 127.0.0.1") {
		t.Errorf("from elsewhere it answers %d %s", r.status, r.body)
	}
	editor.enters(other)
	editor.wants(200, "GET", "assets", nil)

	// Sessions end earlier than those of the instance, and no token keeps one alive.
	i.stop()
	i.execute("UPDATE t_tenant SET networks = '[]', idle = 600 WHERE slug = 'acme'")
	i.serve()
	owner.wants(200, "GET", "assets", nil)
	given := i.signIn("admin@acme")
	admin := &client{i: i, token: given.AccessToken}
	i.stop()
	i.execute("UPDATE t_session SET seen_at = seen_at - 11 * 60 * 1000000")
	i.serve()
	owner.wants(401, "GET", "assets", nil)
	admin.wants(401, "GET", "assets", nil)
	admin.wants(401, "POST", "auth/refresh", map[string]string{"refresh_token": given.RefreshToken})
	editor.wants(200, "GET", "assets", nil)
}
