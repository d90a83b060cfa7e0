package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

func TestARoleOfOnesOwn(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	asset := owner.Create("assets", map[string]any{"name": "Router"})
	role := admin.Create("roles/editor/clone", map[string]any{"name": "Careful"})
	admin.Expect(200, "POST", "roles/"+role+"/permissions", map[string]any{"remove": []string{"asset:delete"},
		"add": []string{"tag:create"}})
	place, user := owner.Member("editor of acme")
	editor.Expect(403, "POST", "tags", map[string]any{"name": "early"})
	admin.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": role})

	// The change holds at the next request.
	editor.Expect(403, "DELETE", "assets/"+asset, nil)
	editor.Expect(200, "PATCH", "assets/"+asset, map[string]any{"description": "Careful"})
	editor.Expect(201, "POST", "tags", map[string]any{"name": "late"})
	if allowed, why := owner.Explained(user, "asset:delete", asset); allowed || !strings.Contains(why, "takes “Delete assets” away") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	answer := editor.Call("DELETE", "assets/"+asset, nil)
	if !strings.Contains(string(answer.Body), "Careful lacks the permission asset:delete") {
		t.Errorf("the refusal says %s", answer.Body)
	}
	above := admin.Create("roles", map[string]any{"name": "More careful", "includes": role})
	admin.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": above})
	editor.Expect(403, "DELETE", "assets/"+asset, nil)
	admin.Expect(200, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"asset:delete"}})
	editor.Expect(200, "DELETE", "assets/"+asset, nil)

	// Nobody makes a role that may do more than they, built-in roles stay, and no role includes itself.
	admin.Expect(403, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"tenant:own"}})
	admin.Expect(403, "POST", "roles/owner/clone", map[string]any{"name": "Me too"})
	admin.Expect(403, "POST", "roles", map[string]any{"name": "Me too", "includes": "owner"})
	editor.Expect(403, "POST", "roles", map[string]any{"name": "Mine"})
	owner.Expect(409, "PATCH", "roles/admin", map[string]any{"name": "Boss"})
	owner.Expect(409, "POST", "roles/admin/permissions", map[string]any{"remove": []string{"role:read"}})
	owner.Expect(409, "DELETE", "roles/viewer", nil)
	owner.Expect(422, "PATCH", "roles/"+role, map[string]any{"includes": above})
	owner.Expect(422, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"asset:fly"}})

	// What is in use goes only with a replacement.
	owner.Expect(409, "DELETE", "roles/"+above, nil)
	owner.Expect(200, "POST", "roles/"+above+"/replace", map[string]any{"role": "viewer"})
	owner.Expect(200, "DELETE", "roles/"+above, nil)
	editor.Expect(403, "POST", "assets", map[string]any{"name": "One more"})
	spare, place := owner.Create("roles", map[string]any{"name": "Spare", "includes": "viewer"}), "tenants/"+instance.TenantOf(owner)
	owner.Expect(200, "PATCH", place, map[string]any{"default_role": spare})
	owner.Expect(409, "DELETE", "roles/"+spare, nil)
	invited := owner.Invite("", "ada@lovelace.test")["ada@lovelace.test"]
	owner.Expect(200, "PATCH", place, map[string]any{"default_role": "viewer"})
	owner.Expect(409, "DELETE", "roles/"+spare, nil)
	owner.Expect(200, "PATCH", place, map[string]any{"default_role": spare})
	owner.Expect(200, "POST", "roles/"+spare+"/replace", map[string]any{"role": "editor"})
	owner.Expect(200, "DELETE", "roles/"+spare, nil)
	for path, want := range map[string]string{place: `"default_role":"editor"`, "invitations/" + invited.ID: `"role":"editor"`} {
		if r := owner.Call("GET", path, nil); !strings.Contains(string(r.Body), want) {
			t.Errorf("%s is %s and lacks %s", path, r.Body, want)
		}
	}
	var all []struct{ Name, Category, Help string }
	owner.Must(owner.Call("GET", "permissions", nil), 200, &all)
	for _, p := range all {
		if p.Help == "" || !strings.Contains(p.Name, ":") {
			t.Errorf("the permission %s has the help %q", p.Name, p.Help)
		}
	}
}

func TestAGrantGivesOneThing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, viewer := i.As("owner@acme"), i.As("viewer@acme")
	router := owner.Create("assets", map[string]any{"name": "Router alpha"})
	lamp := owner.Create("assets", map[string]any{"name": "Lamp alpha"})
	blind := owner.Create("roles", map[string]any{"name": "Blind", "includes": "viewer"})
	owner.Expect(200, "POST", "roles/"+blind+"/permissions", map[string]any{"remove": []string{"asset:read"}})
	place, user := owner.Member("viewer of acme")
	owner.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": blind})
	viewer.Expect(403, "GET", "assets", nil)
	viewer.Expect(403, "GET", "assets/"+router, nil)

	grant := owner.Create("grants", map[string]any{"permission": "asset:read", "user_id": user, "resource_id": router,
		"reason": "Holiday cover"})
	for query, want := range map[string]int{"assets": 1, "assets?search=alpha": 1, "assets?filter[name][not]=nothing": 1,
		"search?q=alpha": 1, "assets?filter[id]=" + lamp: 0} {
		var rows []struct{ ID string }
		viewer.Must(viewer.Call("GET", query, nil), 200, &rows)
		if len(rows) != want || want == 1 && rows[0].ID != router {
			t.Errorf("%s shows %v", query, rows)
		}
	}
	viewer.Expect(200, "GET", "assets/"+router, nil)
	viewer.Expect(404, "GET", "assets/"+lamp, nil)
	viewer.Expect(403, "PATCH", "assets/"+router, map[string]any{"name": "Mine"})
	owner.Create("grants", map[string]any{"permission": "asset:update", "user_id": user, "resource_id": router, "reason": "Repairs"})
	viewer.Expect(200, "PATCH", "assets/"+router, map[string]any{"name": "Router beta"})
	viewer.Expect(404, "PATCH", "assets/"+lamp, map[string]any{"name": "Mine"})
	viewer.Expect(403, "DELETE", "assets/"+lamp, nil)
	viewer.Expect(403, "POST", "assets", map[string]any{"name": "New"})
	if allowed, why := owner.Explained(user, "asset:update", router); !allowed || !strings.Contains(why, "A grant gives it.") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	owner.Expect(200, "PATCH", "assets/"+lamp, map[string]any{"depends_on": []string{router}})
	owner.Create("incidents", map[string]any{"title": "Dark", "assets": []string{lamp}})
	for _, try := range []string{"assets/" + router + "/impact", "incidents", "assets/" + router, "search?q=lamp",
		"audit-logs?filter[resource_id]=" + lamp} {
		if body := string(viewer.Call("GET", try, nil).Body); strings.Contains(body, "Lamp") {
			t.Errorf("%s shows what was not granted: %s", try, body)
		}
	}
	owner.Expect(200, "DELETE", "grants/"+grant, nil)
	viewer.Expect(403, "GET", "assets/"+router, nil)

	// A grant that ends by itself needs nobody to end it.
	owner.Create("grants", map[string]any{"permission": "asset:read", "role": blind, "resource_id": router,
		"until": i.Now().Add(time.Minute).UTC().Format(time.RFC3339Nano), "reason": "A moment"})
	viewer.Expect(200, "GET", "assets/"+router, nil)
	i.Advance(time.Minute)
	viewer.Expect(403, "GET", "assets/"+router, nil)
	if allowed, why := owner.Explained(user, "asset:read", router); allowed || !strings.Contains(why, "has ended") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}

	// Nobody gives what they lack, and a grant is for one on one.
	admin := i.As("admin@acme")
	lacking := owner.Create("roles", map[string]any{"name": "Lacking", "includes": "admin"})
	owner.Expect(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	adminPlace, _ := owner.Member("admin of acme")
	owner.Expect(200, "PATCH", "memberships/"+adminPlace, map[string]any{"role": lacking})
	admin.Expect(403, "POST", "grants", map[string]any{"permission": "asset:delete", "user_id": user, "resource_id": lamp,
		"reason": "Why not"})
	for _, wrong := range []map[string]any{
		{"permission": "asset:read", "resource_id": lamp, "reason": "For nobody"},
		{"permission": "asset:read", "user_id": user, "role": "viewer", "resource_id": lamp, "reason": "For two"},
		{"permission": "asset:read", "user_id": user, "reason": "On nothing"},
		{"permission": "secret:read", "user_id": user, "resource_id": lamp, "reason": "Of another kind"},
		{"permission": "incident:read", "user_id": user, "resource_id": lamp, "reason": "Of another kind"},
		{"permission": "asset:read", "user_id": user, "resource_id": lamp, "reason": "Too late", "until": "2020-01-01T00:00:00Z"},
		{"permission": "asset:read", "user_id": user, "resource_id": lamp},
	} {
		owner.Expect(422, "POST", "grants", wrong)
	}
}

func TestAPrivateWorkspace(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor, viewer := i.As("owner@acme"), i.As("editor@acme"), i.As("viewer@acme")
	_, user := owner.Member("editor of acme")
	team := owner.Create("teams", map[string]any{"name": "Payments"})
	open := owner.Create("workspaces", map[string]any{"name": "Everybody"})
	closed := owner.Create("workspaces", map[string]any{"name": "Vaultspace", "private": true, "teams": []string{team}})
	shown := owner.Create("assets", map[string]any{"name": "Openasset", "workspace_id": open})
	hidden := owner.Create("incidents", map[string]any{"title": "Vaultleak", "workspace_id": closed})
	entry := owner.Create("incidents/"+hidden+"/timeline", map[string]any{"text": "Vaultentry was seen"})
	for _, try := range []string{"incidents/" + hidden, "incidents/" + hidden + "/timeline", "incidents/" + hidden + "/timeline/" + entry,
		"workspaces/" + closed} {
		editor.Expect(404, "GET", try, nil)
	}
	for _, query := range []string{"incidents", "workspaces", "incidents?search=vaultleak", "search?q=vaultleak", "search?q=vaultentry",
		"incidents?filter[workspace_id]=" + closed, "incidents?filter[id]=" + hidden,
		"audit-logs?filter[resource_id]=" + hidden} {
		if body := string(editor.Call("GET", query, nil).Body); strings.Contains(body, "Vault") {
			t.Errorf("%s shows %s", query, body)
		}
	}
	editor.Expect(200, "GET", "assets/"+shown, nil)
	editor.Expect(404, "PATCH", "incidents/"+hidden, map[string]any{"title": "Mine"})
	editor.Expect(422, "POST", "incidents", map[string]any{"title": "Smuggled", "workspace_id": closed})

	member := owner.Create("teams/"+team+"/members", map[string]any{"user_id": user})
	editor.Expect(200, "GET", "incidents/"+hidden, nil)
	editor.Expect(200, "GET", "incidents/"+hidden+"/timeline/"+entry, nil)
	editor.Expect(200, "PATCH", "incidents/"+hidden, map[string]any{"title": "Vaultleak again"})
	viewer.Expect(404, "GET", "incidents/"+hidden, nil)
	if allowed, why := owner.Explained(user, "incident:update", hidden); !allowed {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	_, other := owner.Member("viewer of acme")
	if allowed, why := owner.Explained(other, "incident:read", hidden); allowed || !strings.Contains(why, "private workspace") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	owner.Expect(200, "DELETE", "teams/"+team+"/members/"+member, nil)
	editor.Expect(404, "GET", "incidents/"+hidden, nil)

	// What moves takes along what hangs on it, and what it is found by.
	owner.Expect(200, "PATCH", "incidents/"+hidden, map[string]any{"workspace_id": open})
	editor.Expect(200, "GET", "incidents/"+hidden+"/timeline/"+entry, nil)
	var found []struct{ ID string }
	editor.Must(editor.Call("GET", "search?q=vaultentry", nil), 200, &found)
	if len(found) != 1 {
		t.Errorf("after the move the search finds %v", found)
	}
	owner.Expect(200, "DELETE", "workspaces/"+closed, nil)
	owner.Expect(409, "DELETE", "workspaces/"+open, nil)

	// A grant on a workspace is one on all that is in it.
	inside := owner.Create("workspaces", map[string]any{"name": "Inside", "private": true})
	asset := owner.Create("assets", map[string]any{"name": "Insider", "workspace_id": inside})
	viewer.Expect(404, "GET", "assets/"+asset, nil)
	owner.Create("grants", map[string]any{"permission": "asset:create", "user_id": other, "workspace": inside, "reason": "Builds it up"})
	viewer.Expect(200, "GET", "assets/"+asset, nil)
	viewer.Expect(201, "POST", "assets", map[string]any{"name": "Newcomer", "workspace_id": inside})
	viewer.Expect(403, "POST", "assets", map[string]any{"name": "Outsider"})
	viewer.Expect(403, "PATCH", "assets/"+asset, map[string]any{"name": "Mine"})
}

// TestNobodyOpensATeamToWhatTheyLack adds to a team with more rights, and puts somebody in the place of another.
func TestNobodyOpensATeamToWhatTheyLack(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin := i.As("owner@acme"), i.As("admin@acme")
	place, self := owner.Member("admin of acme")
	_, other := owner.Member("viewer of acme")
	team := owner.Create("teams", map[string]any{"name": "Payments"})
	member := owner.Create("teams/"+team+"/members", map[string]any{"user_id": other})
	lacking := owner.Create("roles", map[string]any{"name": "Lacking", "includes": "admin"})
	owner.Expect(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	owner.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": lacking})
	asset := owner.Create("assets", map[string]any{"name": "Router"})
	grant := owner.Create("grants", map[string]any{"permission": "asset:delete", "team": team, "resource_id": asset, "reason": "Theirs"})
	admin.Expect(403, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
	admin.Expect(403, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.Expect(200, "DELETE", "grants/"+grant, nil)
	admin.Expect(200, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.Expect(200, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": other})

	owner.Expect(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"workspace:update"}})
	owner.Create("workspaces", map[string]any{"name": "Vault", "private": true, "teams": []string{team}})
	admin.Expect(403, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
	admin.Expect(403, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.Expect(201, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
}

// TestTheExplanationIsWhatHappens asks at random for what was decided, and does it.
func TestTheExplanationIsWhatHappens(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	random := rand.New(rand.NewPCG(instance.Seed(t), 0))
	owner := i.As("owner@acme")
	var spaces, rows, roles []string
	for n := range 3 {
		spaces = append(spaces, owner.Create("workspaces", map[string]any{"name": fmt.Sprint("Space ", n), "private": n > 0}))
	}
	for n := range 8 {
		body := map[string]any{"name": fmt.Sprint("Asset ", n)}
		if n%4 > 0 {
			body["workspace_id"] = spaces[n%4-1]
		}
		rows = append(rows, owner.Create("assets", body))
	}
	for n, base := range []string{"viewer", "editor"} {
		role := owner.Create("roles", map[string]any{"name": fmt.Sprint("Role ", n), "includes": base})
		owner.Expect(200, "POST", "roles/"+role+"/permissions", map[string]any{
			"remove": []string{[]string{"asset:read", "asset:update"}[n]}})
		roles = append(roles, role)
	}
	people := map[string]*instance.Client{}
	for n, name := range []string{"editor", "viewer"} {
		place, user := owner.Member(name + " of acme")
		owner.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": roles[n]})
		people[user] = i.As(name + "@acme")
	}
	users := slices.Sorted(func(yield func(string) bool) {
		for user := range people {
			if !yield(user) {
				return
			}
		}
	})
	for range 40 {
		grant := map[string]any{"permission": []string{"asset:read", "asset:update"}[random.IntN(2)], "reason": "At random"}
		if random.IntN(2) == 0 {
			grant["resource_id"] = rows[random.IntN(len(rows))]
		} else {
			grant["workspace"] = spaces[random.IntN(len(spaces))]
		}
		if random.IntN(2) == 0 {
			grant["user_id"] = users[random.IntN(len(users))]
		} else {
			grant["role"] = roles[random.IntN(len(roles))]
		}
		made := owner.Create("grants", grant)
		for range 10 {
			user, row := users[random.IntN(len(users))], rows[random.IntN(len(rows))]
			reads, why := owner.Explained(user, "asset:read", row)
			if got := people[user].Call("GET", "assets/"+row, nil).Status; (got == 200) != reads {
				t.Fatalf("reading answers %d, explained as %t: %s", got, reads, why)
			}
			changes, why := owner.Explained(user, "asset:update", row)
			if got := people[user].Call("PATCH", "assets/"+
				row, map[string]any{"description": fmt.Sprint(random.Int())}).Status; (got == 200) != changes {
				t.Fatalf("changing answers %d, explained as %t: %s", got, changes, why)
			}
		}
		if random.IntN(2) == 0 {
			owner.Expect(200, "DELETE", "grants/"+made, nil)
		}
	}
}

func TestManyGrantsAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, viewer := i.As("owner@acme"), i.As("viewer@acme")
	_, user := owner.Member("viewer of acme")
	_, editing := owner.Member("editor of acme")
	one, two := owner.Create("assets", map[string]any{"name": "One"}), owner.Create("assets", map[string]any{"name": "Two"})
	template := owner.Create("permission-templates", map[string]any{"name": "Repairs", "permissions": []string{"asset:update"}})
	giving := map[string]any{"users": []string{user, editing}, "resource_ids": []string{one, two}, "reason": "Repairs", "dry_run": true}
	var given []struct {
		ID, Title string
		Gains     []string
	}
	owner.Must(owner.Call("POST", "permission-templates/"+template+"/apply", giving), 200, &given)
	if len(given) != 4 || given[0].ID != "" || !slices.Equal(given[0].Gains, []string{"viewer of acme"}) || len(given[2].Gains) != 0 {
		t.Errorf("the preview says %v", given)
	}
	viewer.Expect(403, "PATCH", "assets/"+one, map[string]any{"name": "Mine"})
	giving["dry_run"] = false
	owner.Must(owner.Call("POST", "permission-templates/"+template+"/apply", giving), 200, &given)
	viewer.Expect(200, "PATCH", "assets/"+one, map[string]any{"name": "Mine"})
	viewer.Expect(403, "POST", "grants/give", giving)

	// One that can't be given undoes all.
	before := owner.Call("GET", "grants?fields=id", nil).Body
	owner.Expect(404, "POST", "grants/give", map[string]any{"permissions": []string{"asset:delete"}, "users": []string{user},
		"resource_ids": []string{one, user}, "reason": "Wrong"})
	after := owner.Call("GET", "grants?fields=id", nil).Body
	if string(catalogue.RequestID.ReplaceAll(after, nil)) != string(catalogue.RequestID.ReplaceAll(before, nil)) {
		t.Errorf("a refused bulk left %s", after)
	}
}
