package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// foreign is an organization full of marked rows, and their ids: all, and one of each kind.
func foreign(t testing.TB, i *instance) (marker string, ids []string, of map[string]string) {
	t.Helper()
	of = map[string]string{}
	theirs, d, all := i.as("owner@umbrella"), document(t, i), kinds(t)
	marker = "FOREIGNMARKER"
	for _, k := range all {
		if !isTried(k.name) || k.ofOperators() || !k.has("POST", "") && k.isChild() {
			continue
		}
		if k.has("POST", "") {
			of[k.name] = theirs.create(d, k.name, marker, 1, byName(all))["id"].(string)
			ids = append(ids, of[k.name])
			continue
		}
		var rows []map[string]any
		theirs.must(theirs.call("GET", k.at(theirs, d, marker, byName(all)), nil), 200, &rows)
		for _, row := range rows {
			of[k.name] = row["id"].(string)
			ids = append(ids, of[k.name])
		}
	}
	ids = append(ids, theirs.asked(marker))
	workflow := theirs.publish(marker+" workflow", []any{n("start", "trigger.manual", nil), n("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": marker}}})}, chain("start", "mark"))
	return marker, append(ids, workflow, theirs.run(workflow, nil).ID), of
}

// ofTheInstance pins the routes by which operators see to accounts of every organization. Nobody else reaches anything by them.
var ofTheInstance = []string{"GET /api/v1/admin/users/{id}", "GET /api/v1/users/{id}/activity", "POST /api/v1/users/{id}/activate", "POST /api/v1/users/{id}/suspend",
	"GET /api/v1/users/{id}/sessions", "DELETE /api/v1/users/{id}/sessions",
	"GET /api/v1/admin/tenants/{id}", "PATCH /api/v1/admin/tenants/{id}", "POST /api/v1/admin/tenants/{id}/activate", "POST /api/v1/admin/tenants/{id}/suspend"}

// caller is somebody who asks for a route by its filled-in path.
type caller func(method, path string) reply

// program calls the API with an empty body.
func (c *client) program() caller {
	return func(method, path string) reply {
		var body any
		if method != "GET" {
			body = map[string]any{}
		}
		return c.call(method, path, body)
	}
}

// browser asks for pages, and confirms the forms that it sends.
func (i *instance) browser(who string) caller {
	i.t.Helper()
	v := i.traveller()
	if r := v.send("POST", "/login", formType, url.Values{"email": {who + ".test"}, "password": {passphrase}}.Encode()); r.status != 303 {
		i.t.Fatalf("the sign-in answers %d: %s", r.status, r.body)
	}
	form := url.Values{"form_token": {v.token("/settings/security")}, "confirm": {"yes"}}.Encode()
	return func(method, path string) reply {
		if method == "GET" {
			return v.send(method, path, "", "")
		}
		return v.send(method, path, formType, form)
	}
}

const formType = "application/x-www-form-urlencoded"

// walk asks for every route with a place for an id, of the API or of the pages, with each of the ids there, and with the one
// of its kind. None is answered, and nothing that comes back holds one of the words.
func walk(t *testing.T, ask caller, pages bool, ids []string, of map[string]string, but func(r route) bool, words ...string) {
	t.Helper()
	asked := 0
	for _, r := range routes(t) {
		if strings.HasPrefix(r.Path, "/api/v1/") == pages || r.Kind != "" && !isTried(r.Kind) || !strings.Contains(r.Path, "{") || strings.Contains(r.Path, "...") || but(r) {
			continue
		}
		tried := ids
		if id := of[r.Kind]; id != "" {
			tried = append(ids[:len(ids):len(ids)], id)
		}
		for _, id := range tried {
			answer := ask(r.Method, parameter.ReplaceAllString(r.Path, id))
			if asked++; answer.status < 400 {
				t.Errorf("%s %s with such an id answers %d %.300s", r.Method, r.Path, answer.status, answer.body)
			}
			for _, word := range words {
				if strings.Contains(string(answer.body), word) {
					t.Errorf("%s %s shows a row that is hidden: %.300s", r.Method, r.Path, answer.body)
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d requests were sent", asked)
	}
}

// hasOtherNames tells of routes whose place is not for an id.
func hasOtherNames(r route) bool {
	return strings.Contains(r.Path, "{provider}") || strings.Contains(r.Path, "node-types") || strings.Contains(r.Path, "workflow-templates") || strings.HasPrefix(r.Path, "/settings/{page}") || strings.HasPrefix(r.Path, "/docs/") || r.Permission == "public"
}

// TestNoRouteReachesAnotherOrganization walks every route of the binary with every id of another organization: nothing of it
// comes back, and nothing of it changes.
func TestNoRouteReachesAnotherOrganization(t *testing.T) {
	t.Parallel()
	i := start(t)
	marker, ids, of := foreign(t, i)
	theirs := i.as("owner@umbrella")
	before := snapshot(t, theirs)
	operates := func(r route) bool {
		return hasOtherNames(r) || slices.Contains(ofTheInstance, r.Method+" "+r.Path) || strings.HasPrefix(r.Path, "/admin/users/") || strings.HasPrefix(r.Path, "/admin/organizations/")
	}
	walk(t, i.as("owner@acme").program(), false, ids, nil, operates, marker, "umbrella.test")
	walk(t, i.as("viewer@acme").program(), false, ids[:3], nil, hasOtherNames, marker, "umbrella.test") // who may less reaches less
	walk(t, (&client{i: i}).program(), false, ids[:3], nil, hasOtherNames, marker, "umbrella.test")
	walk(t, i.browser("owner@acme"), true, ids[:3], of, operates, marker, "umbrella.test")
	if after := snapshot(t, theirs); after != before {
		t.Errorf("another organization's rows changed:\n%s\n%s", before, after)
	}
}

// TestNoRouteShowsAHiddenWorkspace walks them as a member of the same organization who does not see a workspace.
func TestNoRouteShowsAHiddenWorkspace(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, d, all := i.as("owner@acme"), document(t, i), kinds(t)
	const marker = "HIDDENMARKER"
	space := owner.made("workspaces", map[string]any{"name": marker, "private": true})
	ids := []string{space}
	for _, k := range all {
		made := d.Components.Schemas[schemaName(k.name)+"Create"]
		switch {
		case made == nil || k.isChild():
		case made.Properties["workspace_id"] != nil:
			row := d.generate(t, owner, k.name, marker, 1, byName(all))
			row["workspace_id"] = space
			id := owner.made(k.path, row)
			ids = append(ids, id)
			for _, child := range all {
				if above, _, _ := strings.Cut(child.path, "/{id}/"); child.isChild() && above == k.path && child.has("POST", "") {
					ids = append(ids, owner.createAt(strings.Replace(child.path, "{id}", id, 1), d, child.name, marker, 1, byName(all))["id"].(string))
				}
			}
		}
	}
	if len(ids) < 6 {
		t.Fatalf("only %d rows are hidden", len(ids))
	}
	before := snapshot(t, owner)
	walk(t, i.as("editor@acme").program(), false, ids, nil, hasOtherNames, marker)
	walk(t, i.browser("editor@acme"), true, ids, nil, hasOtherNames, marker)
	if after := snapshot(t, owner); after != before {
		t.Errorf("hidden rows changed:\n%s\n%s", before, after)
	}
}

// TestSwappedIdsReachNothing sends random requests in which ids of another organization stand wherever an id can stand;
// ZYGO_REQUESTS says how many.
func TestSwappedIdsReachNothing(t *testing.T) {
	t.Parallel()
	i := start(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	marker, ids, _ := foreign(t, i)
	theirs, d, all := i.as("owner@umbrella"), document(t, i), kinds(t)
	before := snapshot(t, theirs)
	attackers := []*client{i.as("owner@acme"), i.as("editor@acme")}
	pick := func() string { return ids[random.IntN(len(ids))] }
	for range number(t, "ZYGO_REQUESTS", 2000) {
		who, k := attackers[random.IntN(len(attackers))], all[random.IntN(len(all))]
		path, method, id := strings.Replace(k.path, "{id}", pick(), 1), "GET", pick()
		var body any
		switch random.IntN(6) {
		case 0:
			path += "/" + id
		case 1:
			path += fmt.Sprintf("?filter[id]=%s&search=%s", id, id)
		case 2:
			path += fmt.Sprintf("?filter[id][in]=%s,%s&fields=id", id, pick())
		case 3:
			if !k.has("POST", "") {
				continue
			}
			method = "POST"
			row := d.generate(t, attackers[0], k.name, "acme", random.IntN(1<<30), byName(all))
			for name := range row {
				if random.IntN(3) == 0 {
					row[name] = swapped(random, id)
				}
			}
			for _, extra := range []string{"tenant_id", "id", "workspace_id"} {
				if random.IntN(4) == 0 {
					row[extra] = swapped(random, id)
				}
			}
			body = row
		case 4:
			method, path, body = "PATCH", path+"/"+id, map[string]any{"name": "taken", "title": "taken"}
		case 5:
			path = "audit-logs?filter[resource_id]=" + id
		}
		answer := who.call(method, path, body, "Zygo-Tenant", []string{"acme", "acme", "umbrella"}[random.IntN(3)])
		if answer.status >= 500 {
			t.Errorf("%s %s %s answers %d %s", method, path, encode(body), answer.status, answer.body)
		}
		if strings.Contains(string(answer.body), marker) || strings.Contains(string(answer.body), "umbrella.test") {
			t.Errorf("%s %s %s shows another organization's row: %s", method, path, encode(body), answer.body)
		}
	}
	if after := snapshot(t, theirs); after != before {
		t.Errorf("another organization's rows changed:\n%s\n%s", before, after)
	}
}

// swapped gives an id in one of the shapes that a careless decoder might take.
func swapped(random *rand.Rand, id string) any {
	switch random.IntN(5) {
	case 0:
		return []string{id}
	case 1:
		return map[string]string{"id": id}
	case 2:
		return strings.ToUpper(id)
	case 3:
		return nil
	}
	return id
}

// snapshot is everything that an owner sees of their organization, without the ledger, which their own sign-ins move.
func snapshot(t testing.TB, c *client) string {
	t.Helper()
	all := map[string]json.RawMessage{}
	for _, k := range kinds(t) {
		if !isTried(k.name) || k.ofOperators() || k.isChild() {
			continue
		}
		var rows json.RawMessage
		c.must(c.call("GET", k.path+"?limit=100&sort_by=id&sort_order=asc", nil), 200, &rows)
		all[k.name] = rows
	}
	return encode(all)
}
