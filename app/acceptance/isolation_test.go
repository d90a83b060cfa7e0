package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// foreign is an organization full of marked rows, and their ids.
func foreign(t testing.TB, i *instance) (marker string, ids []string) {
	t.Helper()
	theirs, d, all := i.as("owner@umbrella"), document(t, i), kinds(t)
	marker = "FOREIGNMARKER"
	for _, k := range all {
		if !isTried(k.name) || k.ofOperators() || !k.has("POST", "") && k.isChild() {
			continue
		}
		if k.has("POST", "") {
			ids = append(ids, theirs.create(d, k.name, marker, 1, byName(all))["id"].(string))
			continue
		}
		var rows []map[string]any
		theirs.must(theirs.call("GET", k.at(theirs, d, marker, byName(all)), nil), 200, &rows)
		for _, row := range rows {
			ids = append(ids, row["id"].(string))
		}
	}
	workflow := theirs.publish(marker+" workflow", []any{n("start", "trigger.manual", nil), n("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": marker}}})}, chain("start", "mark"))
	return marker, append(ids, workflow, theirs.run(workflow, nil).ID)
}

// ofTheInstance pins the routes by which operators see to accounts of every organization. Nobody else reaches anything by them.
var ofTheInstance = []string{"GET /api/v1/admin/tenants/{id}", "PATCH /api/v1/admin/tenants/{id}", "POST /api/v1/admin/tenants/{id}/activate", "POST /api/v1/admin/tenants/{id}/suspend", "GET /api/v1/admin/users/{id}", "GET /api/v1/users/{id}/activity", "POST /api/v1/users/{id}/activate", "POST /api/v1/users/{id}/suspend"}

// TestNoRouteReachesAnotherOrganization walks every route of the binary with every id of another organization, in the path,
// the query and the body: nothing of it comes back, and nothing of it changes.
func TestNoRouteReachesAnotherOrganization(t *testing.T) {
	t.Parallel()
	i := start(t)
	marker, ids := foreign(t, i)
	theirs := i.as("owner@umbrella")
	before := snapshot(t, theirs)
	operator := i.as("owner@acme")
	for _, who := range []*client{operator, i.as("viewer@acme"), {i: i}} {
		for _, r := range routes(t) {
			if !strings.HasPrefix(r.Path, "/api/v1/") || !strings.Contains(r.Path, "{") || who == operator && slices.Contains(ofTheInstance, r.Method+" "+r.Path) {
				continue
			}
			for _, id := range ids {
				path := parameter.ReplaceAllString(r.Path, id)
				var body any
				if r.Method != "GET" {
					body = map[string]any{}
				}
				answer := who.call(r.Method, path, body)
				if answer.status < 400 && !strings.Contains(r.Path, "node-types") {
					t.Errorf("%s %s with a foreign id answers %d %s", r.Method, r.Path, answer.status, answer.body)
				}
				if strings.Contains(string(answer.body), marker) || strings.Contains(string(answer.body), "umbrella.test") {
					t.Errorf("%s %s shows another organization's row: %s", r.Method, r.Path, answer.body)
				}
			}
		}
	}
	if after := snapshot(t, theirs); after != before {
		t.Errorf("another organization's rows changed:\n%s\n%s", before, after)
	}
}

// TestSwappedIdsReachNothing sends random requests in which ids of another organization stand wherever an id can stand;
// ZYGO_REQUESTS says how many.
func TestSwappedIdsReachNothing(t *testing.T) {
	t.Parallel()
	i := start(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	marker, ids := foreign(t, i)
	theirs, d, all := i.as("owner@umbrella"), document(t, i), kinds(t)
	before := snapshot(t, theirs)
	attackers := []*client{i.as("owner@acme"), i.as("editor@acme")}
	pick := func() string { return ids[random.IntN(len(ids))] }
	for range number(t, "ZYGO_REQUESTS", 1500) {
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
