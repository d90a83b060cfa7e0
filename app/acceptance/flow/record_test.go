package flow

import (
	"encoding/json"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// An incident is raised, acknowledged, found, changed and deleted by a workflow, and the ledger names the execution.
func TestAWorkflowWorksWithRecords(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	about := func(operation string, more map[string]any) map[string]any {
		config := map[string]any{"kind": "incident", "operation": operation}
		for name, v := range more {
			config[name] = v
		}
		return config
	}
	given := func(name string, v any) []any { return []any{map[string]any{"name": name, "value": v}} }
	workflow := c.Publish("Raise", []any{
		instance.Node("start", "trigger.manual", nil),
		instance.Node("raise", "record", about("create", map[string]any{"values": append(given("title", "{{ $json.title }}"),
			given("severity", "sev1")...)})),
		instance.Node("take", "record", about("act", map[string]any{"id": "{{ $json.id }}", "action": "acknowledge"})),
		instance.Node("find", "record", about("list", map[string]any{
			"filters": []any{map[string]any{"field": "severity", "value": "sev1"}, map[string]any{"field": "state", "operator": "not", "value": "open"}}})),
		instance.Node("change", "record", about("update", map[string]any{"id": "{{ $json.id }}", "values": given("summary", "Seen by a workflow")})),
		instance.Node("entry", "record", map[string]any{"kind": "incident_entry", "operation": "create", "parent": "{{ $json.id }}",
			"values": given("text", "A note")}),
		instance.Node("delete", "record", about("delete", map[string]any{"id": "{{ $('change').item.json.id }}"})),
	}, instance.Chain("start", "raise", "take", "find", "change", "entry", "delete"))
	e := c.Run(workflow, map[string]any{"title": "The shop is down"})
	if e.Status != "succeeded" {
		t.Fatalf("it is %s: %+v", e.Status, e.Error)
	}
	var gone []struct {
		JSON struct {
			ID      string
			Deleted bool
		}
	}
	if err := json.Unmarshal(e.Output, &gone); err != nil || len(gone) != 1 || !gone[0].JSON.Deleted {
		t.Fatalf("it gave %s, %v", e.Output, err)
	}
	c.Must(c.Call("GET", "incidents/"+gone[0].JSON.ID, nil), 404, nil)
	var entries []struct {
		Action string
		Actor  struct{ Kind, ID string }
	}
	owner := i.As("owner@acme")
	owner.Must(owner.Call("GET", "audit-logs?limit=100", nil), 200, &entries)
	seen := map[string]int{}
	for _, entry := range entries {
		if entry.Actor.Kind == "execution" && entry.Actor.ID == e.ID {
			seen[entry.Action]++
		}
	}
	for action, want := range map[string]int{"incident.created": 1, "incident.acknowledged": 1, "incident.updated": 1, "incident.deleted": 1,
		"incident_entry.created": 2} { // that it was acknowledged is an entry too
		if seen[action] != want {
			t.Errorf("the ledger has %d entries %s of the execution", seen[action], action)
		}
	}
}

// A workflow may do with records what the person who published it may do, no more, and only as long as they may.
func TestAWorkflowHasTheRightsOfItsPublisher(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	other := i.As("owner@umbrella").Raise("sev2", "Of others")[0]
	read := []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("read", "record", map[string]any{"kind": "incident", "operation": "get", "id": "{{ $json.id }}"})}
	workflow := editor.Publish("Read", read, instance.Chain("start", "read"))
	if e := owner.Run(workflow, map[string]any{"id": other}); e.Status != "failed" || e.Error.Code != "NOT_FOUND" {
		t.Errorf("a record of another organization is read: %s %+v", e.Status, e.Error)
	}
	own := owner.Raise("sev2", "Own")[0]
	if e := owner.Run(workflow, map[string]any{"id": own}); e.Status != "succeeded" {
		t.Errorf("the own one is not: %+v", e.Error)
	}
	var made instance.Row
	editor.Must(editor.Call("POST", "workflows", map[string]any{"name": "Take over", "nodes": []any{read[0],
		instance.Node("promote", "record", map[string]any{"kind": "membership", "operation": "update", "id": "x",
			"values": []any{map[string]any{"name": "role", "value": "owner"}}})}, "connections": instance.Chain("start", "promote")}), 201, &made)
	refused := editor.Call("POST", "workflows/"+made.ID+"/publish", nil)
	if refused.Status != 422 || !strings.Contains(string(refused.Body), "membership:update") {
		t.Errorf("an editor publishes what changes memberships: %d %s", refused.Status, refused.Body)
	}
	membership := owner.Members()["editor"].ID
	owner.Must(owner.Call("POST", "memberships/"+membership+"/suspend", nil), 200, nil)
	if e := owner.Run(workflow, map[string]any{"id": own}); e.Status != "failed" || e.Error.Code != "PUBLISHER_GONE" {
		t.Errorf("it acts for a suspended member: %s %+v", e.Status, e.Error)
	}
}
