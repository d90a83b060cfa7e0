package access

import (
	"encoding/json"
	"maps"
	"testing"

	"zygo/app/acceptance/instance"
)

// TestCountsAreThoseOfWhatSomebodySees: what is remembered for those who see everything is never told to others.
func TestCountsAreThoseOfWhatSomebodySees(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor, other := i.As("owner@acme"), i.As("editor@acme"), i.As("owner@umbrella")
	total := func(c *instance.Client, path string) int {
		t.Helper()
		var answer struct{ Metadata struct{ Total int } }
		if err := json.Unmarshal(c.Call("GET", path, nil).Body, &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Metadata.Total
	}
	expect := func(what string, want ...int) {
		t.Helper()
		for range 2 { // counted, and remembered
			for at, c := range []*instance.Client{owner, editor, other} {
				if got := total(c, "incidents"); got != want[at] {
					t.Errorf("%s, number %d counts %d, want %d", what, at, got, want[at])
				}
			}
		}
	}
	ids := owner.Raise("sev1", "One", "Two", "Three")
	expect("before anything is hidden", 3, 3, 0)
	space := owner.Create("workspaces", map[string]any{"name": "Vault", "private": true})
	owner.Expect(200, "PATCH", "incidents/"+ids[0], map[string]any{"workspace_id": space})
	expect("with one in a private workspace", 3, 2, 0)
	other.Raise("sev2", "Theirs")
	expect("with one of another organization", 3, 2, 1)
	owner.Expect(200, "DELETE", "incidents/"+ids[1], nil)
	expect("after one was deleted", 2, 1, 1)
	owner.Expect(200, "POST", "incidents/"+ids[1]+"/restore", nil)
	owner.Expect(200, "POST", "incidents/"+ids[1]+"/resolve", map[string]any{})
	expect("after it was restored", 3, 2, 1)
	for query, want := range map[string]int{"filter[state]=open": 2, "filter[state]=resolved": 1, "filter[severity]=sev1": 3,
		"filter[severity]=sev4": 0, "search=two": 1} {
		if got := total(owner, "incidents?"+query); got != want {
			t.Errorf("%s counts %d, want %d", query, got, want)
		}
	}
	states := func(c *instance.Client, query string) map[string]int {
		t.Helper()
		var answer struct {
			Metadata struct{ States map[string]int }
		}
		if err := json.Unmarshal(c.Call("GET", "incidents"+query, nil).Body, &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Metadata.States
	}
	for range 2 {
		if got := states(owner, ""); got != nil {
			t.Errorf("states are counted for a request that does not ask: %v", got)
		}
		if got := states(owner, "?states=true&filter[state]=resolved"); !maps.Equal(got, map[string]int{"open": 2, "resolved": 1}) {
			t.Errorf("the states are %v", got)
		}
		if got := states(editor, "?states=true"); !maps.Equal(got, map[string]int{"open": 1, "resolved": 1}) {
			t.Errorf("the states of what the editor sees are %v", got)
		}
	}
}
