package tenants

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// tenants are the names of the organizations that the client's person belongs to.
func tenants(c *instance.Client) (names []string) {
	c.Instance.T.Helper()
	var rows []instance.Tenant
	c.Must(c.Call("GET", "tenants?sort_by=name&sort_order=asc", nil), 200, &rows)
	for _, row := range rows {
		names = append(names, row.Name)
	}
	return names
}

// enters makes an organization the current one of the client's session.
func enters(c *instance.Client, id string) {
	c.Instance.T.Helper()
	var given instance.Tokens
	c.Must(c.Call("POST", "tenants/"+id+"/switch", nil), 200, &given)
	c.Token = given.AccessToken
}

func TestPeopleMakeOrganizations(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	editor.Expect(403, "POST", "tenants", map[string]any{"name": "Mine"})
	owner.Expect(422, "POST", "tenants", map[string]any{"name": " "})
	first := owner.Call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	again := owner.Call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	var made instance.Tenant
	owner.Must(first, 201, &made)
	if string(first.Body) != string(again.Body) || made.Slug == "acme" {
		t.Errorf("a repeated request answers %s after %s", again.Body, first.Body)
	}
	if names := tenants(owner); !slices.Equal(names, []string{"Acme", "Acme"}) {
		t.Errorf("the owner belongs to %v", names)
	}
	if names := tenants(editor); !slices.Equal(names, []string{"Acme"}) {
		t.Errorf("an editor belongs to %v", names)
	}
	enters(owner, made.ID)
	if people := owner.Members(); len(people) != 1 || people["owner"].ID == "" {
		t.Errorf("the new organization has %v", people)
	}
	editor.Expect(404, "POST", "tenants/"+made.ID+"/switch", nil)

	// Where people sign up by themselves they make organizations too, up to a bound.
	i.Stop()
	i.Set = []string{"accounts.signup=open"}
	i.Serve()
	editor = i.As("editor@acme")
	for n := range 21 {
		want := 201
		if n == 20 {
			want = 409
		}
		editor.Expect(want, "POST", "tenants", map[string]any{"name": "Company"})
	}
}

func TestFirstStepsAreSkippedForAll(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, viewer := i.As("owner@acme"), i.As("admin@acme"), i.As("viewer@acme")
	read := func(c *instance.Client) map[string][2]bool {
		var steps []struct {
			Name          string
			Done, Skipped bool
		}
		c.Must(c.Call("GET", "onboarding", nil), 200, &steps)
		found := map[string][2]bool{}
		for _, step := range steps {
			found[step.Name] = [2]bool{step.Done, step.Skipped}
		}
		return found
	}
	if steps := read(owner); !steps["people"][0] || steps["workflow"][0] || steps["branding"][0] {
		t.Errorf("the steps are %v", steps)
	}
	viewer.Expect(403, "POST", "onboarding/workflow/skip", nil)
	admin.Expect(404, "POST", "onboarding/flying/skip", nil)
	admin.Expect(200, "POST", "onboarding/workflow/skip", nil)
	if steps := read(owner); !steps["workflow"][1] {
		t.Errorf("after the skip the steps are %v", steps)
	}
	if steps := read(i.As("owner@umbrella")); steps["workflow"][1] {
		t.Error("another organization skipped it too")
	}
	admin.Expect(200, "POST", "onboarding/resume", nil)
	admin.Expect(200, "PATCH", "tenants/"+instance.TenantOf(admin), map[string]any{"logo": admin.Upload("logo.png", instance.SmallPicture)})
	page := i.Enter(t, "viewer@acme")
	page.Open("/dashboard")
	page.Wait(`document.querySelector("img.logo")?.naturalWidth > 0`)
	if steps := read(owner); steps["workflow"][1] || !steps["branding"][0] {
		t.Errorf("after the resumption the steps are %v", steps)
	}
}

func TestASuspendedMemberKeepsTheirOtherOrganizations(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "accounts.create_organizations=everybody")
	owner, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	here, user := instance.TenantOf(owner), editor.UserID()
	path := "tenants/" + here + "/users/" + user
	other := editor.Create("tenants", map[string]any{"name": "Mine"})
	stream := editor.Stream("events/stream")
	editor.Expect(403, "POST", path+"/suspend", nil)
	admin.Expect(200, "POST", path+"/suspend", nil)
	instance.ExpectEnd(t, stream)
	if r := editor.Call("GET", "assets", nil); r.Status != 403 || !strings.Contains(string(r.Body), "suspended in Acme") {
		t.Errorf("a suspended member gets %d %s", r.Status, r.Body)
	}
	admin.Expect(409, "POST", path+"/suspend", nil)
	admin.Expect(409, "POST", "tenants/"+here+"/users/"+admin.UserID()+"/suspend", nil)
	owner.Expect(409, "POST", "tenants/"+here+"/users/"+owner.UserID()+"/suspend", nil)
	editor.Expect(404, "POST", "tenants/"+here+"/switch", nil)
	if allowed, why := owner.Explained(user, "asset:read", ""); allowed || !strings.Contains(why, "suspended in this organization") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	if names := tenants(editor); !slices.Equal(names, []string{"Mine"}) {
		t.Errorf("a suspended member belongs to %v", names)
	}
	enters(editor, other)
	editor.Expect(200, "GET", "assets", nil)
	again := i.As("editor@acme")
	if instance.TenantOf(again) != other {
		t.Error("a sign-in leads into the organization that keeps the person out")
	}
	admin.Expect(200, "POST", path+"/activate", nil)
	enters(editor, here)
	editor.Expect(200, "GET", "assets", nil)
}

func TestARemovedMemberHandsOverAndTakesTheirGrantsAlong(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	here, viewer := instance.TenantOf(owner), i.As("viewer@acme").UserID()
	_, user := owner.Member("editor of acme")
	asset := owner.Create("assets", map[string]any{"name": "Router", "owner": user})
	incident := owner.Create("incidents", map[string]any{"title": "Slow", "assignee": user, "commander": user})
	team := owner.Create("teams", map[string]any{"name": "Payments", "lead": user})
	inTeam := owner.Create("teams/"+team+"/members", map[string]any{"user_id": user})
	grant := owner.Create("grants", map[string]any{"permission": "asset:delete", "user_id": user, "resource_id": asset,
		"reason": "Repairs"})
	kept := owner.Create("grants", map[string]any{"permission": "asset:delete", "user_id": viewer, "resource_id": asset,
		"reason": "Repairs"})
	path := "tenants/" + here + "/users/" + user
	owner.Expect(422, "DELETE", path, map[string]any{"hand_to": user})
	owner.Expect(422, "DELETE", path, map[string]any{"hand_to": i.As("owner@umbrella").UserID()})
	owner.Expect(404, "DELETE", "tenants/"+instance.TenantOf(i.As("owner@umbrella"))+"/users/"+user, nil)
	owner.Expect(200, "DELETE", path, map[string]any{"hand_to": viewer})
	var shown struct{ Owner, Assignee, Commander, Lead string }
	for _, one := range []string{"assets/" + asset, "incidents/" + incident, "teams/" + team} {
		owner.Must(owner.Call("GET", one, nil), 200, &shown)
	}
	if shown.Owner != viewer || shown.Assignee != viewer || shown.Commander != viewer || shown.Lead != viewer {
		t.Errorf("after the removal the rows name %+v and not %s", shown, viewer)
	}
	owner.Expect(404, "GET", "grants/"+grant, nil)
	owner.Expect(404, "POST", "grants/"+grant+"/restore", nil)
	owner.Expect(404, "GET", "teams/"+team+"/members/"+inTeam, nil)
	owner.Expect(200, "GET", "grants/"+kept, nil)
	var people struct{ Members []struct{ Name string } }
	owner.Must(owner.Call("GET", "tenants/"+here+"/users?search=VIEWER", nil), 200, &people)
	if len(people.Members) != 1 || people.Members[0].Name != "viewer of acme" {
		t.Errorf("the search finds %v", people)
	}
	owner.Expect(200, "PATCH", "tenants/"+here+"/users/"+viewer+"/role", map[string]any{"role": "editor"})
	owner.Expect(422, "PATCH", "tenants/"+here+"/users/"+viewer+"/role", map[string]any{"role": "emperor"})
}

// TestAnOrganizationIsNeverWithoutAnOwner lets two owners and their admin try at once whatever could take the last one away.
func TestAnOrganizationIsNeverWithoutAnOwner(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096")
	owner, admin := i.As("owner@acme"), i.As("admin@acme")
	here := instance.TenantOf(owner)
	owner.Expect(409, "POST", "tenants/"+here+"/leave", nil)
	adminPlace, adminUser := owner.Member("admin of acme")
	owner.Expect(200, "PATCH", "memberships/"+adminPlace, map[string]any{"role": "owner"})
	ownerPlace, ownerUser := owner.Member("Ada Acme")
	var wait sync.WaitGroup
	for n := range 50 {
		one, place, user := owner, ownerPlace, adminUser
		if n%2 == 0 {
			one, place, user = admin, adminPlace, ownerUser
		}
		try := [][3]any{{"POST", "tenants/" + here + "/leave", nil}, {"DELETE", "tenants/" + here + "/users/" + user, nil},
			{"PATCH", "memberships/" + place, map[string]string{"role": "viewer"}},
			{"POST", "tenants/" + here + "/users/" + user + "/suspend", nil}, {"DELETE", "memberships/" + place, nil}}[n/2%5]
		wait.Go(func() {
			r, err := one.Try(try[0].(string), try[1].(string), try[2])
			if err != nil || r.Status >= 500 {
				t.Errorf("%v answers %d %v", try, r.Status, err)
			}
		})
	}
	wait.Wait()
	i.Stop()
	// No try makes an owner, so the one at the end was there all the time. How many tries succeed says nothing: a member who is
	// no owner any more may still be removed.
	owners := i.Count("SELECT count(*) FROM t_membership m JOIN t_tenant t ON t.id = m.tenant_id WHERE t.slug = 'acme' AND m.role = 'owner' AND m.status = 'active' AND m.deleted_at IS NULL")
	if owners != 1 {
		t.Errorf("the organization has %d owners", owners)
	}
}

func TestOwnershipIsHandedOn(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	here, path := instance.TenantOf(owner), "tenants/"+instance.TenantOf(owner)+"/transfer-ownership"
	heir := admin.UserID()
	admin.Expect(403, "POST", path, map[string]any{"user_id": heir})
	for _, wrong := range []string{owner.UserID(), i.As("owner@umbrella").UserID(), ""} {
		owner.Expect(422, "POST", path, map[string]any{"user_id": wrong})
	}
	owner.Expect(200, "POST", path, map[string]any{"user_id": heir})
	admin.Expect(200, "POST", path+"/decline", nil)
	admin.Expect(404, "POST", path+"/accept", nil)
	owner.Expect(200, "POST", path, map[string]any{"user_id": heir})
	owner.Expect(200, "DELETE", path, nil)
	admin.Expect(404, "POST", path+"/accept", nil)
	owner.Expect(200, "POST", path, map[string]any{"user_id": heir})
	editor.Expect(404, "POST", path+"/accept", nil)
	editor.Expect(404, "GET", path, nil)
	admin.Expect(200, "GET", path, nil)
	admin.Expect(200, "POST", path+"/accept", nil)
	admin.Expect(404, "POST", path+"/accept", nil)
	people := admin.Members()
	if people["owner"].UserID != heir || people["admin"].UserID != owner.UserID() {
		t.Errorf("after the acceptance the members are %v", people)
	}
	var mails []struct{ Recipient, Subject string }
	owner.Must(owner.Call("GET", "admin/outbox", nil), 200, &mails)
	subjects := fmt.Sprint(mails)
	for _, want := range []string{"Ada Acme offers you Acme", "declined to own Acme", "owns Acme now"} {
		if !strings.Contains(subjects, want) {
			t.Errorf("the mails are %s", subjects)
		}
	}
	owner.Expect(403, "POST", path, map[string]any{"user_id": heir})
	admin.Expect(200, "POST", path, map[string]any{"user_id": owner.UserID()})
	i.Stop()
	i.Execute("UPDATE t_ownership_offer SET expires_at = expires_at - 8 * 24 * 3600 * 1000000")
	i.Execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.Serve()
	owner.Expect(404, "POST", path+"/accept", nil)
	if r := admin.Call("POST", path, map[string]any{"user_id": owner.UserID()}); r.Code() != "MFA_REQUIRED" {
		t.Errorf("with an old proof it answers %d %s", r.Status, r.Body)
	}
	owner.Expect(200, "POST", "tenants/"+here+"/leave", nil)
	owner.Expect(404, "POST", "tenants/"+here+"/leave", nil)
	owner.Expect(403, "GET", "assets", nil)
}

func TestAnOrganizationSetsItsOwnLimits(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "accounts.create_organizations=everybody")
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	here := instance.TenantOf(owner)
	path := "tenants/" + here + "/settings"
	editor.Expect(403, "PATCH", path, map[string]any{"time_zone": "Europe/Vienna"})
	owner.Expect(404, "PATCH", "tenants/"+instance.TenantOf(i.As("owner@umbrella"))+"/settings", map[string]any{
		"time_zone": "Europe/Vienna"})
	for _, wrong := range []map[string]any{{"time_zone": "Nowhere/Else"}, {"default_role": "emperor"}, {"idle": 10},
		{"networks": []string{"everywhere"}}, {"networks": []string{"203.0.113.0/24"}}, {"support_tier": "gold"}} {
		owner.Expect(422, "PATCH", path, wrong)
	}
	i.As("admin@acme").Expect(422, "PATCH", path, map[string]any{"default_role": "owner"})
	owner.Expect(200, "PATCH", path, map[string]any{"time_zone": "Europe/Vienna", "default_role": "editor",
		"networks": []string{"203.0.113.7", "127.0.0.1"}})
	var row struct{ Networks []string }
	owner.Must(owner.Call("GET", path, nil), 200, &row)
	if !slices.Equal(row.Networks, []string{"127.0.0.1/32", "203.0.113.7/32"}) {
		t.Errorf("the networks are %v", row.Networks)
	}

	// Anyone who comes from elsewhere is refused there, and enters their other organizations.
	other := editor.Create("tenants", map[string]any{"name": "Mine"})
	i.Stop()
	i.Execute("UPDATE t_tenant SET networks = '[\"203.0.113.0/24\"]' WHERE slug = 'acme'")
	i.Serve()
	if r := editor.Call("GET", "assets", nil); r.Status != 403 || !strings.Contains(string(r.Body), "your address is 127.0.0.1") {
		t.Errorf("from elsewhere it answers %d %s", r.Status, r.Body)
	}
	enters(editor, other)
	editor.Expect(200, "GET", "assets", nil)

	// Sessions end earlier than those of the instance, and no token keeps one alive.
	i.Stop()
	i.Execute("UPDATE t_tenant SET networks = '[]', idle = 600 WHERE slug = 'acme'")
	i.Serve()
	owner.Expect(200, "GET", "assets", nil)
	given := i.SignIn("admin@acme")
	admin := &instance.Client{Instance: i, Token: given.AccessToken}
	i.Advance(11 * time.Minute)
	owner.Expect(401, "GET", "assets", nil)
	admin.Expect(401, "GET", "assets", nil)
	admin.Expect(401, "POST", "auth/refresh", map[string]string{"refresh_token": given.RefreshToken})
	editor.Expect(200, "GET", "assets", nil)
}
