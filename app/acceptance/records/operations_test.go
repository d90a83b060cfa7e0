package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestAnIncidentRunsItsCourse(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor := i.As("editor@acme")
	first := editor.CreateRow("incidents", map[string]any{"title": "Checkout is slow"})
	second := editor.CreateRow("incidents", map[string]any{"title": "Payments time out"})
	var row instance.Row
	for _, step := range []struct {
		action string
		body   any
		status int
		state  string
	}{
		{"close", nil, 409, ""},
		{"acknowledge", nil, 200, "acknowledged"},
		{"acknowledge", nil, 409, ""},
		{"mitigate", nil, 200, "mitigated"},
		{"resolve", map[string]any{"resolution": "The **pool** was too small.", "by": "me"}, 422, ""},
		{"resolve", map[string]any{"resolution": "The **pool** was too small."}, 200, "resolved"},
		{"merge", map[string]any{"into": second.ID}, 409, ""},
		{"close", nil, 200, "closed"},
	} {
		answer := editor.Call("POST", "incidents/"+first.ID+"/"+step.action, step.body)
		if answer.Status != step.status {
			t.Fatalf("%s answers %d, want %d: %s", step.action, answer.Status, step.status, answer.Body)
		}
		if step.state != "" {
			editor.Must(answer, 200, &row)
			if row.State != step.state {
				t.Errorf("%s leaves the state %s", step.action, row.State)
			}
		}
	}
	third := editor.CreateRow("incidents", map[string]any{"title": "Cards are refused"})
	for body, status := range map[string]int{third.ID: 422, first.ID: 422, "01990000-0000-7000-8000-000000000000": 422, "": 422} {
		if answer := editor.Call("POST", "incidents/"+third.ID+"/merge", map[string]any{"into": body}); answer.Status != status ||
			!strings.Contains(string(answer.Body), "into") {
			t.Errorf("merge into %q answers %d: %s", body, answer.Status, answer.Body)
		}
	}
	editor.Must(editor.Call("POST", "incidents/"+third.ID+"/merge", map[string]any{"into": second.ID}), 200, &row)
	var story []struct{ Text, Source string }
	editor.Must(editor.Call("GET", "incidents/"+second.ID+"/timeline", nil), 200, &story)
	if row.State != "closed" || len(story) != 1 || !strings.Contains(story[0].Text, "Cards are refused") || story[0].Source != "automatic" {
		t.Errorf("after the merge the incident is %s and the other's story %v", row.State, story)
	}
}

func TestATimelineBelongsToItsIncident(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor, viewer := i.As("editor@acme"), i.As("viewer@acme")
	one := editor.CreateRow("incidents", map[string]any{"title": "One"})
	other := editor.CreateRow("incidents", map[string]any{"title": "Other"})
	entry := editor.CreateRow("incidents/"+one.ID+"/timeline", map[string]any{"text": "Saw it at **nine**."})
	for path, status := range map[string]int{
		"incidents/" + one.ID + "/timeline/" + entry.ID:                          200,
		"incidents/" + other.ID + "/timeline/" + entry.ID:                        404,
		"incidents/01990000-0000-7000-8000-000000000000/timeline/" + entry.ID:    404,
		"incidents/01990000-0000-7000-8000-000000000000/timeline":                404,
		"incidents/" + one.ID + "/timeline/01990000-0000-7000-8000-000000000000": 404,
	} {
		if answer := editor.Call("GET", path, nil); answer.Status != status {
			t.Errorf("GET %s answers %d, want %d", path, answer.Status, status)
		}
	}
	for _, method := range []string{"PATCH", "DELETE"} {
		if answer := editor.Call(method, "incidents/"+other.ID+"/timeline/"+entry.ID, map[string]any{}); answer.Status != 404 {
			t.Errorf("%s below another incident answers %d", method, answer.Status)
		}
	}
	if answer := editor.Call("POST", "incidents/"+one.ID+
		"/timeline", map[string]any{"text": "x", "incident": other.ID}); answer.Status != 422 {
		t.Errorf("an entry that names another incident answers %d", answer.Status)
	}
	if answer := viewer.Call("POST", "incidents/"+one.ID+"/timeline", map[string]any{"text": "x"}); answer.Status != 403 {
		t.Errorf("a viewer's entry answers %d", answer.Status)
	}
	var list []instance.Row
	editor.Must(editor.Call("GET", "incidents/"+other.ID+"/timeline", nil), 200, &list)
	if len(list) != 0 {
		t.Errorf("the other incident has %d entries", len(list))
	}
	editor.Must(editor.Call("DELETE", "incidents/"+one.ID, nil), 200, nil)
	if answer := editor.Call("GET", "incidents/"+one.ID+"/timeline/"+entry.ID, nil); answer.Status != 404 {
		t.Errorf("an entry below an incident in the trash answers %d", answer.Status)
	}
}

func TestImpactFollowsWhatDependsOnAnAsset(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor := i.As("editor@acme")
	asset := func(name string, on ...string) string {
		return editor.CreateRow("assets", map[string]any{"name": name, "depends_on": on}).ID
	}
	database := asset("Database")
	api := asset("API", database)
	shop := asset("Shop", api)
	asset("Intranet")
	// A circle: the database's backup job needs the shop's clock, of all things.
	editor.Must(editor.Call("PATCH", "assets/"+database, map[string]any{"depends_on": []string{shop}}), 200, nil)
	editor.CreateRow("incidents", map[string]any{"title": "Slow", "assets": []string{shop}})
	var impact struct {
		Assets []struct {
			Name          string
			Distance      int
			OpenIncidents int `json:"open_incidents"`
		}
		Complete bool
	}
	editor.Must(editor.Call("GET", "assets/"+database+"/impact", nil), 200, &impact)
	got := instance.Encode(impact)
	if got != `{"Assets":[{"Name":"API","Distance":1,"open_incidents":0},{"Name":"Shop","Distance":2,"open_incidents":1}],"Complete":true}` {
		t.Errorf("the impact is %s", got)
	}
	if answer := i.As("owner@umbrella").Call("GET", "assets/"+database+"/impact", nil); answer.Status != 404 {
		t.Errorf("the impact of a foreign asset answers %d", answer.Status)
	}
}

func TestARunbookIsRunStepByStep(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor := i.As("editor@acme")
	incident := editor.CreateRow("incidents", map[string]any{"title": "Down"})
	book := editor.CreateRow("runbooks", map[string]any{"title": "Restart",
		"text": "Intro\n\n- [ ] Tell the channel\n- [ ] Look at [the board](https://board.example.com/x)\n- [ ] Restart it\n\n  ```sh\n  systemctl restart checkout\n  ```\n\nThe end.\n"})
	editor.Must(editor.Call("POST", "runbooks/"+book.ID+"/run", map[string]any{"incident": incident.ID}), 200, &book)
	// What the runbook says later is not what was run.
	editor.Must(editor.Call("PATCH", "runbooks/"+book.ID, map[string]any{"text": "nothing"}), 200, nil)
	path := "runbooks/" + book.ID + "/runs/" + book.LastRun
	var run struct {
		State string
		Done  int
		Steps []struct{ Kind, Target, Outcome, Note, Text string }
	}
	editor.Must(editor.Call("GET", path, nil), 200, &run)
	got := instance.Encode(run)
	if !strings.Contains(got, `"Kind":"link","Target":"https://board.example.com/x"`) ||
		!strings.Contains(got, `"Kind":"command","Target":"systemctl restart checkout"`) || len(run.Steps) != 3 || run.State != "running" {
		t.Fatalf("the run is %s", got)
	}
	for _, step := range []struct {
		body   map[string]any
		status int
	}{
		{map[string]any{"step": 1}, 200}, {map[string]any{"step": 1}, 409}, {map[string]any{"step": 4}, 422},
		{map[string]any{"step": 0}, 422},
		{map[string]any{"step": 2, "outcome": "skipped", "note": "known"}, 200}, {map[string]any{"step": 3, "outcome": "odd"}, 422},
		{map[string]any{"step": 3, "outcome": "failed"}, 200},
		{map[string]any{"step": 3}, 409},
	} {
		if answer := editor.Call("POST", path+"/step", step.body); answer.Status != step.status {
			t.Errorf("%v answers %d: %s", step.body, answer.Status, answer.Body)
		}
	}
	editor.Must(editor.Call("GET", path, nil), 200, &run)
	if run.State != "finished" || run.Done != 3 || run.Steps[1].Outcome != "skipped" || run.Steps[1].Note != "known" {
		t.Errorf("the run ends as %s", instance.Encode(run))
	}
	var runs []instance.Row
	editor.Must(editor.Call("GET", "runbooks/"+book.ID+"/runs", nil), 200, &runs)
	if len(runs) != 1 || runs[0].ID != book.LastRun {
		t.Errorf("the runs are %v", runs)
	}
}

func TestManyAreChangedAndEachTellsForItself(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor := i.As("editor@acme")
	open := editor.CreateRow("incidents", map[string]any{"title": "Open"})
	resolved := editor.CreateRow("incidents", map[string]any{"title": "Resolved"})
	editor.Must(editor.Call("POST", "incidents/"+resolved.ID+"/resolve", map[string]any{}), 200, nil)
	const unknown = "01990000-0000-7000-8000-000000000000"
	var outcomes []struct {
		ID      string
		Success bool
		Error   struct{ Code string }
	}
	editor.Must(editor.Call("POST", "incidents/bulk", map[string]any{"action": "acknowledge",
		"ids": []string{open.ID, resolved.ID, unknown}}), 200, &outcomes)
	if len(outcomes) != 3 || !outcomes[0].Success || outcomes[1].Error.Code != "CONFLICT" || outcomes[2].Error.Code != "NOT_FOUND" {
		t.Errorf("the outcomes are %v", outcomes)
	}
	editor.Must(editor.Call("POST", "incidents/bulk", map[string]any{"action": "update", "ids": []string{open.ID, resolved.ID},
		"fields": map[string]any{"severity": "sev1"}}), 200, &outcomes)
	if !outcomes[0].Success || !outcomes[1].Success {
		t.Errorf("the outcomes of an update are %v", outcomes)
	}
	for _, body := range []map[string]any{{"action": "explode", "ids": []string{open.ID}}, {"action": "delete"},
		{"action": "delete", "ids": []string{open.ID}, "colour": 1}} {
		if answer := editor.Call("POST", "incidents/bulk", body); answer.Status != 422 {
			t.Errorf("%v answers %d: %s", body, answer.Status, answer.Body)
		}
	}
	deletion := map[string]any{"action": "delete", "ids": []string{open.ID}}
	if answer := i.As("viewer@acme").Call("POST", "incidents/bulk", deletion); answer.Status != 403 {
		t.Errorf("a viewer's deletion of many answers %d", answer.Status)
	}
}
