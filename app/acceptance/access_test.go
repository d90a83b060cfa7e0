package acceptance

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// member finds the membership and the user of somebody in the client's organization.
func (c *client) member(name string) (membership, user string) {
	c.i.t.Helper()
	var people []struct{ ID, Name string }
	c.must(c.call("GET", "users?limit=100", nil), 200, &people)
	var places []struct {
		ID     string
		UserID string `json:"user_id"`
	}
	c.must(c.call("GET", "memberships?limit=100", nil), 200, &places)
	for _, person := range people {
		for _, place := range places {
			if person.Name == name && place.UserID == person.ID {
				return place.ID, person.ID
			}
		}
	}
	c.i.t.Fatalf("nobody is called %s", name)
	return "", ""
}

// made creates something and gives its id.
func (c *client) made(path string, body map[string]any) string {
	c.i.t.Helper()
	var row struct{ ID string }
	c.must(c.call("POST", path, body), 201, &row)
	return row.ID
}

// wants holds the status of one request.
func (c *client) wants(status int, method, path string, body any) {
	c.i.t.Helper()
	if r := c.call(method, path, body); r.status != status {
		c.i.t.Errorf("%s %s answers %d and not %d: %s", method, path, r.status, status, r.body)
	}
}

// explained asks why, and gives the answer with its reasons in one text.
func (c *client) explained(user, permission, row string) (bool, string) {
	c.i.t.Helper()
	var out struct {
		Allowed bool
		Reasons []struct{ Source, Text string }
	}
	c.must(c.call("GET", "access/explain?"+url.Values{"user": {user}, "permission": {permission}, "resource_id": {row}}.Encode(), nil), 200, &out)
	return out.Allowed, fmt.Sprint(out.Reasons)
}

func TestARoleOfOnesOwn(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, editor := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")
	asset := owner.made("assets", map[string]any{"name": "Router"})
	role := admin.made("roles/editor/clone", map[string]any{"name": "Careful"})
	admin.wants(200, "POST", "roles/"+role+"/permissions", map[string]any{"remove": []string{"asset:delete"}, "add": []string{"tag:create"}})
	place, user := owner.member("editor of acme")
	editor.wants(403, "POST", "tags", map[string]any{"name": "early"})
	admin.wants(200, "PATCH", "memberships/"+place, map[string]any{"role": role})

	// The change holds at the next request.
	editor.wants(403, "DELETE", "assets/"+asset, nil)
	editor.wants(200, "PATCH", "assets/"+asset, map[string]any{"description": "Careful"})
	editor.wants(201, "POST", "tags", map[string]any{"name": "late"})
	if allowed, why := owner.explained(user, "asset:delete", asset); allowed || !strings.Contains(why, "takes asset:delete away") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	answer := editor.call("DELETE", "assets/"+asset, nil)
	if !strings.Contains(string(answer.body), "Careful lacks the permission asset:delete") {
		t.Errorf("the refusal says %s", answer.body)
	}
	above := admin.made("roles", map[string]any{"name": "More careful", "includes": role})
	admin.wants(200, "PATCH", "memberships/"+place, map[string]any{"role": above})
	editor.wants(403, "DELETE", "assets/"+asset, nil)
	admin.wants(200, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"asset:delete"}})
	editor.wants(200, "DELETE", "assets/"+asset, nil)

	// Nobody makes a role that may do more than they, built-in roles stay, and no role includes itself.
	admin.wants(403, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"tenant:own"}})
	admin.wants(403, "POST", "roles/owner/clone", map[string]any{"name": "Me too"})
	admin.wants(403, "POST", "roles", map[string]any{"name": "Me too", "includes": "owner"})
	editor.wants(403, "POST", "roles", map[string]any{"name": "Mine"})
	owner.wants(409, "PATCH", "roles/admin", map[string]any{"name": "Boss"})
	owner.wants(409, "POST", "roles/admin/permissions", map[string]any{"remove": []string{"role:read"}})
	owner.wants(409, "DELETE", "roles/viewer", nil)
	owner.wants(422, "PATCH", "roles/"+role, map[string]any{"includes": above})
	owner.wants(422, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"asset:fly"}})

	// What is in use goes only with a replacement.
	owner.wants(409, "DELETE", "roles/"+above, nil)
	owner.wants(200, "POST", "roles/"+above+"/replace", map[string]any{"role": "viewer"})
	owner.wants(200, "DELETE", "roles/"+above, nil)
	editor.wants(403, "POST", "assets", map[string]any{"name": "One more"})
	spare, place := owner.made("roles", map[string]any{"name": "Spare", "includes": "viewer"}), "tenants/"+tenantOf(owner)
	owner.wants(200, "PATCH", place, map[string]any{"default_role": spare})
	owner.wants(409, "DELETE", "roles/"+spare, nil)
	invited := owner.invite("", "ada@lovelace.test")["ada@lovelace.test"]
	owner.wants(200, "PATCH", place, map[string]any{"default_role": "viewer"})
	owner.wants(409, "DELETE", "roles/"+spare, nil)
	owner.wants(200, "PATCH", place, map[string]any{"default_role": spare})
	owner.wants(200, "POST", "roles/"+spare+"/replace", map[string]any{"role": "editor"})
	owner.wants(200, "DELETE", "roles/"+spare, nil)
	for path, want := range map[string]string{place: `"default_role":"editor"`, "invitations/" + invited.ID: `"role":"editor"`} {
		if r := owner.call("GET", path, nil); !strings.Contains(string(r.body), want) {
			t.Errorf("%s is %s and lacks %s", path, r.body, want)
		}
	}
	var all []struct{ Name, Category, Help string }
	owner.must(owner.call("GET", "permissions", nil), 200, &all)
	for _, p := range all {
		if p.Help == "" || !strings.Contains(p.Name, ":") {
			t.Errorf("the permission %s has the help %q", p.Name, p.Help)
		}
	}
}

func TestAGrantGivesOneThing(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, viewer := i.as("owner@acme"), i.as("viewer@acme")
	router, lamp := owner.made("assets", map[string]any{"name": "Router alpha"}), owner.made("assets", map[string]any{"name": "Lamp alpha"})
	blind := owner.made("roles", map[string]any{"name": "Blind", "includes": "viewer"})
	owner.wants(200, "POST", "roles/"+blind+"/permissions", map[string]any{"remove": []string{"asset:read"}})
	place, user := owner.member("viewer of acme")
	owner.wants(200, "PATCH", "memberships/"+place, map[string]any{"role": blind})
	viewer.wants(403, "GET", "assets", nil)
	viewer.wants(403, "GET", "assets/"+router, nil)

	grant := owner.made("grants", map[string]any{"permission": "asset:read", "user_id": user, "resource_id": router, "reason": "Holiday cover"})
	for query, want := range map[string]int{"assets": 1, "assets?search=alpha": 1, "assets?filter[name][not]=nothing": 1, "search?q=alpha": 1, "assets?filter[id]=" + lamp: 0} {
		var rows []struct{ ID string }
		viewer.must(viewer.call("GET", query, nil), 200, &rows)
		if len(rows) != want || want == 1 && rows[0].ID != router {
			t.Errorf("%s shows %v", query, rows)
		}
	}
	viewer.wants(200, "GET", "assets/"+router, nil)
	viewer.wants(404, "GET", "assets/"+lamp, nil)
	viewer.wants(403, "PATCH", "assets/"+router, map[string]any{"name": "Mine"})
	owner.made("grants", map[string]any{"permission": "asset:update", "user_id": user, "resource_id": router, "reason": "Repairs"})
	viewer.wants(200, "PATCH", "assets/"+router, map[string]any{"name": "Router beta"})
	viewer.wants(404, "PATCH", "assets/"+lamp, map[string]any{"name": "Mine"})
	viewer.wants(403, "DELETE", "assets/"+lamp, nil)
	viewer.wants(403, "POST", "assets", map[string]any{"name": "New"})
	if allowed, why := owner.explained(user, "asset:update", router); !allowed || !strings.Contains(why, "A grant gives it.") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	owner.wants(200, "PATCH", "assets/"+lamp, map[string]any{"depends_on": []string{router}})
	owner.made("incidents", map[string]any{"title": "Dark", "assets": []string{lamp}})
	for _, try := range []string{"assets/" + router + "/impact", "incidents", "assets/" + router, "search?q=lamp", "audit-logs?filter[resource_id]=" + lamp} {
		if body := string(viewer.call("GET", try, nil).body); strings.Contains(body, "Lamp") {
			t.Errorf("%s shows what was not granted: %s", try, body)
		}
	}
	owner.wants(200, "DELETE", "grants/"+grant, nil)
	viewer.wants(403, "GET", "assets/"+router, nil)

	// A grant that ends by itself needs nobody to end it.
	owner.made("grants", map[string]any{"permission": "asset:read", "role": blind, "resource_id": router, "until": time.Now().Add(2 * time.Second).UTC().Format(time.RFC3339Nano), "reason": "A moment"})
	viewer.wants(200, "GET", "assets/"+router, nil)
	waitUntil(t, func() bool { return viewer.call("GET", "assets/"+router, nil).status == 403 })
	if allowed, why := owner.explained(user, "asset:read", router); allowed || !strings.Contains(why, "has ended") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}

	// Nobody gives what they lack, and a grant is for one on one.
	admin := i.as("admin@acme")
	lacking := owner.made("roles", map[string]any{"name": "Lacking", "includes": "admin"})
	owner.wants(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	adminPlace, _ := owner.member("admin of acme")
	owner.wants(200, "PATCH", "memberships/"+adminPlace, map[string]any{"role": lacking})
	admin.wants(403, "POST", "grants", map[string]any{"permission": "asset:delete", "user_id": user, "resource_id": lamp, "reason": "Why not"})
	for _, wrong := range []map[string]any{
		{"permission": "asset:read", "resource_id": lamp, "reason": "For nobody"},
		{"permission": "asset:read", "user_id": user, "role": "viewer", "resource_id": lamp, "reason": "For two"},
		{"permission": "asset:read", "user_id": user, "reason": "On nothing"},
		{"permission": "secret:read", "user_id": user, "resource_id": lamp, "reason": "Of another kind"},
		{"permission": "incident:read", "user_id": user, "resource_id": lamp, "reason": "Of another kind"},
		{"permission": "asset:read", "user_id": user, "resource_id": lamp, "reason": "Too late", "until": "2020-01-01T00:00:00Z"},
		{"permission": "asset:read", "user_id": user, "resource_id": lamp},
	} {
		owner.wants(422, "POST", "grants", wrong)
	}
}

func TestAPrivateWorkspace(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor, viewer := i.as("owner@acme"), i.as("editor@acme"), i.as("viewer@acme")
	_, user := owner.member("editor of acme")
	team := owner.made("teams", map[string]any{"name": "Payments"})
	open, closed := owner.made("workspaces", map[string]any{"name": "Everybody"}), owner.made("workspaces", map[string]any{"name": "Vaultspace", "private": true, "teams": []string{team}})
	shown := owner.made("assets", map[string]any{"name": "Openasset", "workspace_id": open})
	hidden := owner.made("incidents", map[string]any{"title": "Vaultleak", "workspace_id": closed})
	entry := owner.made("incidents/"+hidden+"/timeline", map[string]any{"text": "Vaultentry was seen"})
	for _, try := range []string{"incidents/" + hidden, "incidents/" + hidden + "/timeline", "incidents/" + hidden + "/timeline/" + entry, "workspaces/" + closed} {
		editor.wants(404, "GET", try, nil)
	}
	for _, query := range []string{"incidents", "workspaces", "incidents?search=vaultleak", "search?q=vaultleak", "search?q=vaultentry", "incidents?filter[workspace_id]=" + closed, "incidents?filter[id]=" + hidden,
		"audit-logs?filter[resource_id]=" + hidden} {
		if body := string(editor.call("GET", query, nil).body); strings.Contains(body, "Vault") {
			t.Errorf("%s shows %s", query, body)
		}
	}
	editor.wants(200, "GET", "assets/"+shown, nil)
	editor.wants(404, "PATCH", "incidents/"+hidden, map[string]any{"title": "Mine"})
	editor.wants(422, "POST", "incidents", map[string]any{"title": "Smuggled", "workspace_id": closed})

	member := owner.made("teams/"+team+"/members", map[string]any{"user_id": user})
	editor.wants(200, "GET", "incidents/"+hidden, nil)
	editor.wants(200, "GET", "incidents/"+hidden+"/timeline/"+entry, nil)
	editor.wants(200, "PATCH", "incidents/"+hidden, map[string]any{"title": "Vaultleak again"})
	viewer.wants(404, "GET", "incidents/"+hidden, nil)
	if allowed, why := owner.explained(user, "incident:update", hidden); !allowed {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	_, other := owner.member("viewer of acme")
	if allowed, why := owner.explained(other, "incident:read", hidden); allowed || !strings.Contains(why, "private workspace") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	owner.wants(200, "DELETE", "teams/"+team+"/members/"+member, nil)
	editor.wants(404, "GET", "incidents/"+hidden, nil)

	// What moves takes along what hangs on it, and what it is found by.
	owner.wants(200, "PATCH", "incidents/"+hidden, map[string]any{"workspace_id": open})
	editor.wants(200, "GET", "incidents/"+hidden+"/timeline/"+entry, nil)
	var found []struct{ ID string }
	editor.must(editor.call("GET", "search?q=vaultentry", nil), 200, &found)
	if len(found) != 1 {
		t.Errorf("after the move the search finds %v", found)
	}
	owner.wants(200, "DELETE", "workspaces/"+closed, nil)
	owner.wants(409, "DELETE", "workspaces/"+open, nil)

	// A grant on a workspace is one on all that is in it.
	inside := owner.made("workspaces", map[string]any{"name": "Inside", "private": true})
	asset := owner.made("assets", map[string]any{"name": "Insider", "workspace_id": inside})
	viewer.wants(404, "GET", "assets/"+asset, nil)
	owner.made("grants", map[string]any{"permission": "asset:create", "user_id": other, "workspace": inside, "reason": "Builds it up"})
	viewer.wants(200, "GET", "assets/"+asset, nil)
	viewer.wants(201, "POST", "assets", map[string]any{"name": "Newcomer", "workspace_id": inside})
	viewer.wants(403, "POST", "assets", map[string]any{"name": "Outsider"})
	viewer.wants(403, "PATCH", "assets/"+asset, map[string]any{"name": "Mine"})
}

// TestNobodyOpensATeamToWhatTheyLack adds to a team with more rights, and puts somebody in the place of another.
func TestNobodyOpensATeamToWhatTheyLack(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin := i.as("owner@acme"), i.as("admin@acme")
	place, self := owner.member("admin of acme")
	_, other := owner.member("viewer of acme")
	team := owner.made("teams", map[string]any{"name": "Payments"})
	member := owner.made("teams/"+team+"/members", map[string]any{"user_id": other})
	lacking := owner.made("roles", map[string]any{"name": "Lacking", "includes": "admin"})
	owner.wants(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"asset:delete"}})
	owner.wants(200, "PATCH", "memberships/"+place, map[string]any{"role": lacking})
	asset := owner.made("assets", map[string]any{"name": "Router"})
	grant := owner.made("grants", map[string]any{"permission": "asset:delete", "team": team, "resource_id": asset, "reason": "Theirs"})
	admin.wants(403, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
	admin.wants(403, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.wants(200, "DELETE", "grants/"+grant, nil)
	admin.wants(200, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.wants(200, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": other})

	owner.wants(200, "POST", "roles/"+lacking+"/permissions", map[string]any{"remove": []string{"workspace:update"}})
	owner.made("workspaces", map[string]any{"name": "Vault", "private": true, "teams": []string{team}})
	admin.wants(403, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
	admin.wants(403, "PATCH", "teams/"+team+"/members/"+member, map[string]any{"user_id": self})
	owner.wants(201, "POST", "teams/"+team+"/members", map[string]any{"user_id": self})
}

// TestTheExplanationIsWhatHappens asks at random for what was decided, and does it.
func TestTheExplanationIsWhatHappens(t *testing.T) {
	t.Parallel()
	i := start(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	owner := i.as("owner@acme")
	var spaces, rows, roles []string
	for n := range 3 {
		spaces = append(spaces, owner.made("workspaces", map[string]any{"name": fmt.Sprint("Space ", n), "private": n > 0}))
	}
	for n := range 8 {
		body := map[string]any{"name": fmt.Sprint("Asset ", n)}
		if n%4 > 0 {
			body["workspace_id"] = spaces[n%4-1]
		}
		rows = append(rows, owner.made("assets", body))
	}
	for n, base := range []string{"viewer", "editor"} {
		role := owner.made("roles", map[string]any{"name": fmt.Sprint("Role ", n), "includes": base})
		owner.wants(200, "POST", "roles/"+role+"/permissions", map[string]any{"remove": []string{[]string{"asset:read", "asset:update"}[n]}})
		roles = append(roles, role)
	}
	people := map[string]*client{}
	for n, name := range []string{"editor", "viewer"} {
		place, user := owner.member(name + " of acme")
		owner.wants(200, "PATCH", "memberships/"+place, map[string]any{"role": roles[n]})
		people[user] = i.as(name + "@acme")
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
		made := owner.made("grants", grant)
		for range 10 {
			user, row := users[random.IntN(len(users))], rows[random.IntN(len(rows))]
			reads, why := owner.explained(user, "asset:read", row)
			if got := people[user].call("GET", "assets/"+row, nil).status; (got == 200) != reads {
				t.Fatalf("reading answers %d, explained as %t: %s", got, reads, why)
			}
			changes, why := owner.explained(user, "asset:update", row)
			if got := people[user].call("PATCH", "assets/"+row, map[string]any{"description": fmt.Sprint(random.Int())}).status; (got == 200) != changes {
				t.Fatalf("changing answers %d, explained as %t: %s", got, changes, why)
			}
		}
		if random.IntN(2) == 0 {
			owner.wants(200, "DELETE", "grants/"+made, nil)
		}
	}
}

func TestManyGrantsAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, viewer := i.as("owner@acme"), i.as("viewer@acme")
	_, user := owner.member("viewer of acme")
	_, editing := owner.member("editor of acme")
	one, two := owner.made("assets", map[string]any{"name": "One"}), owner.made("assets", map[string]any{"name": "Two"})
	template := owner.made("permission-templates", map[string]any{"name": "Repairs", "permissions": []string{"asset:update"}})
	giving := map[string]any{"users": []string{user, editing}, "resource_ids": []string{one, two}, "reason": "Repairs", "dry_run": true}
	var given []struct {
		ID, Title string
		Gains     []string
	}
	owner.must(owner.call("POST", "permission-templates/"+template+"/apply", giving), 200, &given)
	if len(given) != 4 || given[0].ID != "" || !slices.Equal(given[0].Gains, []string{"viewer of acme"}) || len(given[2].Gains) != 0 {
		t.Errorf("the preview says %v", given)
	}
	viewer.wants(403, "PATCH", "assets/"+one, map[string]any{"name": "Mine"})
	giving["dry_run"] = false
	owner.must(owner.call("POST", "permission-templates/"+template+"/apply", giving), 200, &given)
	viewer.wants(200, "PATCH", "assets/"+one, map[string]any{"name": "Mine"})
	viewer.wants(403, "POST", "grants/give", giving)

	// One that can't be given undoes all.
	before := owner.call("GET", "grants?fields=id", nil).body
	owner.wants(404, "POST", "grants/give", map[string]any{"permissions": []string{"asset:delete"}, "users": []string{user}, "resource_ids": []string{one, user}, "reason": "Wrong"})
	if after := owner.call("GET", "grants?fields=id", nil).body; string(requestID.ReplaceAll(after, nil)) != string(requestID.ReplaceAll(before, nil)) {
		t.Errorf("a refused bulk left %s", after)
	}
}

// waitUntil asks until something is so.
func waitUntil(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not become so in 15 seconds")
		}
	}
}
