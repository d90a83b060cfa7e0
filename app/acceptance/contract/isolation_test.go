package contract

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// ofTheInstance pins the routes by which operators see to accounts of every organization. Nobody else reaches anything by them.
var ofTheInstance = []string{"GET /api/v1/admin/users/{id}", "GET /api/v1/users/{id}/activity", "POST /api/v1/users/{id}/activate",
	"POST /api/v1/users/{id}/suspend",
	"GET /api/v1/users/{id}/sessions", "DELETE /api/v1/users/{id}/sessions",
	"GET /api/v1/admin/tenants/{id}", "PATCH /api/v1/admin/tenants/{id}", "POST /api/v1/admin/tenants/{id}/activate",
	"POST /api/v1/admin/tenants/{id}/suspend"}

// caller is somebody who asks for a route by its filled-in path.
type caller func(method, path string) instance.Reply

// program calls the API with an empty body.
func program(c *instance.Client) caller {
	return func(method, path string) instance.Reply {
		var body any
		if method != "GET" {
			body = map[string]any{}
		}
		return c.Call(method, path, body)
	}
}

// browser asks for pages, and confirms the forms that it sends.
func browser(i *instance.Instance, who string) caller {
	i.T.Helper()
	v := i.Traveller()
	r := v.Send("POST", "/login", instance.FormType, url.Values{"email": {who + ".test"}, "password": {instance.Password}}.Encode())
	if r.Status != 303 {
		i.T.Fatalf("the sign-in answers %d: %s", r.Status, r.Body)
	}
	form := url.Values{"form_token": {v.Token("/settings/security")}, "confirm": {"yes"}}.Encode()
	return func(method, path string) instance.Reply {
		if method == "GET" {
			return v.Send(method, path, "", "")
		}
		return v.Send(method, path, instance.FormType, form)
	}
}

// walk asks for every route with a place for an id, of the API or of the pages, with each of the ids there, and with the one
// of its kind. None is answered, and nothing that comes back holds one of the words.
func walk(t *testing.T, ask caller, pages bool, ids []string, of map[string]string, but func(r catalogue.Route) bool, words ...string) {
	t.Helper()
	asked := 0
	for _, r := range catalogue.Routes(t) {
		if strings.HasPrefix(r.Path, "/api/v1/") == pages || !strings.Contains(r.Path, "{") || strings.Contains(r.Path, "...") || but(r) {
			continue
		}
		tried := ids
		if id := of[r.Kind]; id != "" {
			tried = append(ids[:len(ids):len(ids)], id)
		}
		for _, id := range tried {
			answer := ask(r.Method, catalogue.Parameter.ReplaceAllString(r.Path, id))
			if asked++; answer.Status < 400 {
				t.Errorf("%s %s with such an id answers %d %.300s", r.Method, r.Path, answer.Status, answer.Body)
			}
			for _, word := range words {
				if strings.Contains(string(answer.Body), word) {
					t.Errorf("%s %s shows a row that is hidden: %.300s", r.Method, r.Path, answer.Body)
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d requests were sent", asked)
	}
}

// some are the first ids, or all where TEST_WIDE is set. The one of a route's own kind is always tried.
func some(ids []string) []string {
	if os.Getenv(browsertest.Wide) != "" {
		return ids
	}
	return ids[:3]
}

// hasOtherNames tells of routes whose place is not for an id.
func hasOtherNames(r catalogue.Route) bool {
	return strings.Contains(r.Path, "{provider}") || strings.Contains(r.Path, "node-types") ||
		strings.Contains(r.Path, "workflow-templates") || strings.HasPrefix(r.Path, "/settings/{page}") ||
		strings.HasPrefix(r.Path, "/docs/") || r.Permission == "public"
}

// TestNoRouteReachesAnotherOrganization walks every route of the binary with every id of another organization: nothing of it
// comes back, and nothing of it changes.
func TestNoRouteReachesAnotherOrganization(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	marker, ids, of := catalogue.Foreign(t, i)
	theirs := i.As("owner@umbrella")
	before := catalogue.Snapshot(t, theirs)
	operates := func(r catalogue.Route) bool {
		return hasOtherNames(r) || slices.Contains(ofTheInstance, r.Method+" "+r.Path) || strings.HasPrefix(r.Path, "/admin/users/") ||
			strings.HasPrefix(r.Path, "/admin/organizations/")
	}
	walk(t, program(i.As("owner@acme")), false, some(ids), of, operates, marker, "umbrella.test")
	walk(t, program(i.As("viewer@acme")), false, ids[:3], nil, hasOtherNames, marker, "umbrella.test") // who may less reaches less
	walk(t, program((&instance.Client{Instance: i})), false, ids[:3], nil, hasOtherNames, marker, "umbrella.test")
	walk(t, browser(i, "owner@acme"), true, ids[:3], of, operates, marker, "umbrella.test")
	if after := catalogue.Snapshot(t, theirs); after != before {
		t.Errorf("another organization's rows changed:\n%s\n%s", before, after)
	}
}

// TestNoRouteShowsAHiddenWorkspace walks them as a member of the same organization who does not see a workspace.
func TestNoRouteShowsAHiddenWorkspace(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, d, all := i.As("owner@acme"), catalogue.Document(t, i), catalogue.Kinds(t)
	const marker = "HIDDENMARKER"
	space := owner.Create("workspaces", map[string]any{"name": marker, "private": true})
	ids, of := []string{space}, map[string]string{}
	for _, k := range all {
		made := d.Components.Schemas[catalogue.SchemaName(k.Name)+"Create"]
		switch {
		case made == nil || k.IsChild():
		case made.Properties["workspace_id"] != nil:
			row := d.Generate(t, owner, k.Name, marker, 1, catalogue.ByName(all))
			row["workspace_id"] = space
			id := owner.Create(k.Path, row)
			ids = append(ids, id)
			of[k.Name] = id
			for _, child := range all {
				if above, _, _ := strings.Cut(child.Path, "/{id}/"); child.IsChild() && above == k.Path && child.Has("POST", "") {
					of[child.Name] = catalogue.CreateAt(owner, strings.Replace(child.Path, "{id}", id, 1), d, child.Name, marker, 1,
						catalogue.ByName(all))["id"].(string)
					ids = append(ids, of[child.Name])
				}
			}
		}
	}
	if len(ids) < 6 {
		t.Fatalf("only %d rows are hidden", len(ids))
	}
	before := catalogue.Snapshot(t, owner)
	walk(t, program(i.As("editor@acme")), false, some(ids), of, hasOtherNames, marker)
	walk(t, browser(i, "editor@acme"), true, some(ids), of, hasOtherNames, marker)
	if after := catalogue.Snapshot(t, owner); after != before {
		t.Errorf("hidden rows changed:\n%s\n%s", before, after)
	}
}

// TestWhatFollowsFromAHiddenRowIsHidden looks at what Zygo itself makes and tells of rows in a private workspace: rows below
// them, executions, and the events of both.
func TestWhatFollowsFromAHiddenRowIsHidden(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, outsider := i.As("owner@acme"), i.As("editor@acme")
	space := owner.Create("workspaces", map[string]any{"name": "Quiet", "private": true})
	incident := owner.Create("incidents", map[string]any{"title": "Leak", "workspace_id": space})
	runbook := owner.Create("runbooks", map[string]any{"title": "Mend", "text": "- [ ] look", "workspace_id": space})
	workflow := owner.Create("workflows", map[string]any{"name": "Watch", "workspace_id": space,
		"nodes": []any{instance.Node("start", "trigger.manual", nil)}, "connections": []any{}})
	hidden := map[string]string{"the incident": incident, "the runbook": runbook, "the workflow": workflow}
	owner.Expect(200, "POST", "incidents/"+incident+"/acknowledge", nil)
	var run struct {
		LastRun string `json:"last_run"`
	}
	owner.Must(owner.Call("POST", "runbooks/"+runbook+"/run", map[string]any{"incident": incident}), 200, &run)
	owner.Expect(200, "POST", "workflows/"+workflow+"/publish", nil)
	hidden["the execution"] = owner.Run(workflow, nil).ID
	hidden["the run"] = run.LastRun
	var entries []struct {
		ID, Text    string
		WorkspaceID string `json:"workspace_id"`
	}
	owner.Must(owner.Call("GET", "incidents/"+incident+"/timeline", nil), 200, &entries)
	for n, entry := range entries {
		hidden[fmt.Sprint("entry ", n)] = entry.ID
		if entry.WorkspaceID != space {
			t.Errorf("the entry %q is in the workspace %q", entry.Text, entry.WorkspaceID)
		}
	}
	if len(hidden) < 6 {
		t.Fatalf("only %v is hidden", hidden)
	}
	mark := owner.Create("assets", map[string]any{"name": "Mark"})
	if seen := owner.Told(mark); !strings.Contains(seen, hidden["the execution"]) || !strings.Contains(seen, hidden["the run"]) ||
		!strings.Contains(seen, hidden["entry 0"]) {
		t.Fatalf("the owner's events lack the rows: %s", seen)
	}
	seen := outsider.Told(mark)
	for what, id := range hidden {
		if strings.Contains(seen, id) {
			t.Errorf("an outsider's events name %s", what)
		}
	}
	for _, path := range []string{"incidents/" + incident + "/timeline", "runbooks/" + runbook + "/runs",
		"runbooks/" + runbook + "/runs/" + run.LastRun, "executions/" + hidden["the execution"],
		"executions/" + hidden["the execution"] + "/stream", "executions/" + hidden["the execution"] + "/logs"} {
		if answer := outsider.Call("GET", path, nil); answer.Status < 400 {
			t.Errorf("an outsider reads %s: %.200s", path, answer.Body)
		}
	}
}

// TestSwappedIdsReachNothing sends random requests in which ids of another organization stand wherever an id can stand;
// TEST_REQUESTS says how many.
func TestSwappedIdsReachNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	random := rand.New(rand.NewPCG(instance.Seed(t), 0))
	marker, ids, _ := catalogue.Foreign(t, i)
	theirs, d, all := i.As("owner@umbrella"), catalogue.Document(t, i), catalogue.Kinds(t)
	before := catalogue.Snapshot(t, theirs)
	attackers := []*instance.Client{i.As("owner@acme"), i.As("editor@acme")}
	pick := func() string { return ids[random.IntN(len(ids))] }
	for range instance.Number(t, "TEST_REQUESTS", 1000) {
		who, k := attackers[random.IntN(len(attackers))], all[random.IntN(len(all))]
		path, method, id := strings.Replace(k.Path, "{id}", pick(), 1), "GET", pick()
		var body any
		switch random.IntN(6) {
		case 0:
			path += "/" + id
		case 1:
			path += fmt.Sprintf("?filter[id]=%s&search=%s", id, id)
		case 2:
			path += fmt.Sprintf("?filter[id][in]=%s,%s&fields=id", id, pick())
		case 3:
			if !k.Has("POST", "") {
				continue
			}
			method = "POST"
			row := d.Generate(t, attackers[0], k.Name, "acme", random.IntN(1<<30), catalogue.ByName(all))
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
		answer := who.Call(method, path, body, "Zygo-Tenant", []string{"acme", "acme", "umbrella"}[random.IntN(3)])
		if answer.Status >= 500 {
			t.Errorf("%s %s %s answers %d %s", method, path, instance.Encode(body), answer.Status, answer.Body)
		}
		operates := who == attackers[0] && strings.HasPrefix(path, "admin/") // lists of the whole instance
		if !operates && (strings.Contains(string(answer.Body), marker) || strings.Contains(string(answer.Body), "umbrella.test")) {
			t.Errorf("%s %s %s shows another organization's row: %s", method, path, instance.Encode(body), answer.Body)
		}
	}
	if after := catalogue.Snapshot(t, theirs); after != before {
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
