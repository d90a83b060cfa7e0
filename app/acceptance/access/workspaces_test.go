package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// effect is what a change does to one member.
type effect struct {
	Name         string
	Gains, Loses []string
}

// effects asks for a change of many, and gives what it does to whom.
func effects(c *instance.Client, path string, body map[string]any) map[string]string {
	c.Instance.T.Helper()
	var out struct{ Members []effect }
	c.Must(c.Call("POST", path, body), 200, &out)
	found := map[string]string{}
	for _, e := range out.Members {
		found[e.Name] = fmt.Sprint("+", e.Gains, " -", e.Loses)
	}
	return found
}

func TestAnArchivedWorkspaceRests(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	space := owner.Create("workspaces", map[string]any{"name": "Old plant", "tags": []string{"plant"}})
	other := owner.Create("workspaces", map[string]any{"name": "New plant"})
	asset := editor.Create("assets", map[string]any{"name": "Router", "workspace_id": space})
	outside := editor.Create("assets", map[string]any{"name": "Switch", "workspace_id": other})
	hook := owner.PublishHook("acme")
	workflow := owner.First("workflows")
	owner.Expect(200, "PATCH", "workflows/"+workflow, map[string]any{"workspace_id": space})
	if r := editor.Call("GET", "workflows/"+owner.Create("workflows/"+workflow+"/duplicate", map[string]any{}), nil); !strings.Contains(
		string(r.Body), `"workspace_id":"`+space) {
		t.Errorf("the copy stands elsewhere: %s", r.Body)
	}
	nobody := &instance.Client{Instance: i}
	nobody.Expect(202, "POST", hook, map[string]any{})

	editor.Expect(403, "POST", "workspaces/"+space+"/archive", nil)
	owner.Expect(200, "POST", "workspaces/"+space+"/archive", nil)
	owner.Expect(409, "POST", "workspaces/"+space+"/archive", nil)
	for _, c := range []*instance.Client{owner, editor} {
		c.Expect(200, "GET", "assets/"+asset, nil)
		for _, r := range []instance.Reply{c.Call("PATCH", "assets/"+asset, map[string]any{"name": "Changed"}),
			c.Call("DELETE", "assets/"+asset, nil), c.Call("PATCH", "assets/"+asset, map[string]any{"workspace_id": ""}),
			c.Call("POST", "assets", map[string]any{"name": "Late", "workspace_id": space}),
			c.Call("PATCH", "assets/"+outside, map[string]any{"workspace_id": space}),
			c.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), c.Call("POST", "workflows/"+workflow+"/duplicate", nil)} {
			if r.Status != 409 || !strings.Contains(string(r.Body), "archived") {
				t.Errorf("a change in an archived workspace answers %d %s", r.Status, r.Body)
			}
		}
	}
	if r := nobody.Call("POST", hook, map[string]any{}); r.Status != 403 || !strings.Contains(string(r.Body), "archived") {
		t.Errorf("a webhook of an archived workspace answers %d %s", r.Status, r.Body)
	}
	var ran []struct{ ID string }
	owner.Must(owner.Call("GET", "executions", nil), 200, &ran)
	owner.Expect(403, "POST", "executions/"+ran[0].ID+"/retry", nil)
	_, user := owner.Member("editor of acme")
	if allowed, why := owner.Explained(user, "asset:update", asset); allowed || !strings.Contains(why, "archived workspace") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	page := i.Enter(t, "editor@acme")
	page.Open("/assets/" + asset)
	page.WaitText("Router")
	page.WaitNoText("Edit")
	page.Open("/workspaces/" + space)
	page.WaitText("This workspace is archived.")

	owner.Expect(200, "POST", "workspaces/"+space+"/reopen", nil)
	editor.Expect(200, "PATCH", "assets/"+asset, map[string]any{"name": "Changed"})
	nobody.Expect(202, "POST", hook, map[string]any{})
	owner.Expect(409, "DELETE", "workspaces/"+space, nil)
	owner.Expect(422, "PATCH", "workspaces/"+space, map[string]any{"colour": "pink"})
	owner.Expect(200, "PATCH", "workspaces/"+space, map[string]any{"colour": "amber"})
	page.Open("/assets/" + asset)
	page.Wait(`document.querySelector("a.badge.warn")?.textContent === "Old plant"`)
	page.ExpectContrast("the colour of a workspace")

	// What is made from its page begins in it, with its tags.
	page.Open("/workspaces/" + space)
	page.Click("link", "Create asset")
	page.WaitPath("/assets/new")
	page.Fill("Name", "Camera")
	page.Click("button", "Create asset")
	page.WaitText("plant")
	var made struct {
		WorkspaceID string `json:"workspace_id"`
		Tags        []string
	}
	editor.Must(editor.Call("GET", "assets/"+strings.TrimPrefix(page.Path(), "/assets/"), nil), 200, &made)
	if made.WorkspaceID != space || !slices.Equal(made.Tags, []string{"plant"}) {
		t.Errorf("what was made from the workspace's page is %+v", made)
	}
}

func TestMovingTellsWhoGainsAndLoses(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	_, user := owner.Member("editor of acme")
	_, viewer := owner.Member("viewer of acme")
	team := owner.Create("teams", map[string]any{"name": "Insiders"})
	owner.Create("teams/"+team+"/members", map[string]any{"user_id": viewer})
	hidden := owner.Create("workspaces", map[string]any{"name": "Hidden", "private": true, "teams": []string{team}})
	granted := owner.Create("workspaces", map[string]any{"name": "Granted"})
	owner.Create("grants", map[string]any{"permission": "asset:update", "user_id": viewer, "workspace": granted, "reason": "On call"})
	ids := []string{owner.Create("assets", map[string]any{"name": "Router"}), owner.Create("assets", map[string]any{"name": "Switch"})}

	move := func(workspace string, dry bool) map[string]any {
		return map[string]any{"kind": "asset", "ids": ids, "workspace_id": workspace, "dry_run": dry}
	}
	look := effects(owner, "access/move", move(hidden, true))
	if !strings.Contains(look["editor of acme"], "asset:read") || !strings.HasPrefix(look["editor of acme"], "+[] -[asset:") ||
		look["viewer of acme"] != "" || look["Ada Acme"] != "" {
		t.Errorf("a move to a private workspace would do %v", look)
	}
	editor.Expect(200, "GET", "assets/"+ids[0], nil) // it was only asked
	if look := effects(owner, "access/move", move(granted, true)); len(look) != 1 || look["viewer of acme"] != "+[asset:update] -[]" {
		t.Errorf("a move to a workspace with a grant would do %v", look)
	}
	if done := effects(owner, "access/move", move(hidden, false)); fmt.Sprint(done) != fmt.Sprint(look) {
		t.Errorf("the move did %v and said %v", done, look)
	}
	editor.Expect(404, "GET", "assets/"+ids[1], nil)
	editor.Expect(404, "POST", "access/move", move("", true))
	owner.Expect(422, "POST", "access/move", map[string]any{"kind": "tag", "ids": ids})
	owner.Expect(422, "POST", "access/move", map[string]any{"kind": "asset"})

	// All are moved or none.
	mixed := move("", false)
	mixed["ids"] = []string{ids[0], granted}
	owner.Expect(404, "POST", "access/move", mixed)
	editor.Expect(404, "GET", "assets/"+ids[0], nil)

	page := i.Enter(t, "owner@acme")
	page.Open("/assets")
	page.Press("j", "x", "j", "x")
	page.WaitText("2 selected")
	page.Click("button", "Move")
	page.WaitText("Move 2 assets")
	page.Click("button", "Look who gains and loses")
	page.WaitText("1 member would gain by it, and nobody would lose.")
	page.WaitText("editor of acme can then ")
	page.ExpectAccessible("who gains by a move")
	page.Screenshot("move")
	page.Click("button", "Move 2 assets")
	page.WaitPath("/assets")
	editor.Expect(200, "GET", "assets/"+ids[0], nil)
	page.Open("/assets/" + ids[0])
	page.WaitText("Hidden") // the timeline names where it was
	if _, why := owner.Explained(user, "asset:read", ids[0]); strings.Contains(why, "private") {
		t.Errorf("after the move: %s", why)
	}
}

func TestManyMembersAreGivenARole(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin := i.As("owner@acme"), i.As("admin@acme")
	editor, _ := owner.Member("editor of acme")
	viewer, _ := owner.Member("viewer of acme")
	last, _ := owner.Member("Ada Acme")
	role := admin.Create("roles", map[string]any{"name": "Tagger", "includes": "viewer"})
	admin.Expect(200, "POST", "roles/"+role+"/permissions", map[string]any{"add": []string{"tag:create"}})
	assign := func(role string, dry bool, ids ...string) map[string]any {
		return map[string]any{"ids": ids, "role": role, "dry_run": dry}
	}
	look := effects(admin, "access/assign", assign(role, true, editor, viewer))
	if look["viewer of acme"] != "+[tag:create] -[]" || !strings.Contains(look["editor of acme"], "asset:update") || len(look) != 2 {
		t.Errorf("the role would do %v", look)
	}
	i.As("viewer@acme").Expect(403, "POST", "tags", map[string]any{"name": "early"})
	admin.Expect(422, "POST", "access/assign", assign("owner", false, viewer))
	owner.Expect(409, "POST", "access/assign", assign("viewer", false, viewer, last))
	i.As("editor@acme").Expect(403, "POST", "access/assign", assign(role, true, viewer))
	effects(admin, "access/assign", assign(role, false, editor, viewer))
	i.As("viewer@acme").Expect(201, "POST", "tags", map[string]any{"name": "late"})
	i.As("editor@acme").Expect(403, "POST", "assets", map[string]any{"name": "x"})

	page := i.Enter(t, "owner@acme")
	page.Open("/memberships")
	page.Press("j", "x", "j", "x", "j", "x", "j", "x")
	page.WaitText("4 selected")
	page.Click("button", "Change role")
	page.WaitText("Role of 4 members")
	page.Click("button", "Look who gains and loses")
	page.WaitText("Choose the role that they get.")
}
