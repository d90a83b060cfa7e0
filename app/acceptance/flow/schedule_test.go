package flow

import (
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

func TestAScheduleShowsItsNextTimes(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	config := map[string]any{"cron": "0 9 * * *", "zone": "Europe/Berlin", "overlap": "skip",
		"rules": []any{map[string]any{"mode": "cron", "cron": "30 0 18 * * *"}}}
	tick := instance.Node("tick", "trigger.schedule", config)
	id := owner.Publish("Twice a day", []any{tick}, nil)
	var due []struct {
		At     time.Time
		Local  string
		NodeID string `json:"node_id"`
	}
	owner.Must(owner.Call("GET", "workflows/"+id+"/due-times", nil), 200, &due)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	if len(due) != 10 {
		t.Fatalf("the next times are %v", due)
	}
	for n, d := range due {
		clock := d.At.In(berlin).Format("15:04:05")
		if clock != "09:00:00" && clock != "18:00:30" || d.NodeID != "tick" || n > 0 && !d.At.After(due[n-1].At) {
			t.Errorf("the time %d is %+v", n, d)
		}
	}
	page := string(owner.Call("GET", "/workflows/"+id, nil).Body)
	if !strings.Contains(page, "Next times") || !strings.Contains(page, due[3].At.UTC().Format("2 Jan 2006, 15:04:05")) {
		t.Error("the page doesn't show the next times")
	}
	config["rules"] = []any{map[string]any{"mode": "cron", "cron": "99 * * * *"}}
	owner.Must(owner.Call("PATCH", "workflows/"+id, map[string]any{"nodes": []any{tick}}), 200, nil)
	if answer := owner.Call("POST", "workflows/"+id+"/publish", nil); answer.Status != 422 ||
		!strings.Contains(string(answer.Body), "nodes.tick.rules.0.cron") {
		t.Errorf("a rule that names no time answers %d %s", answer.Status, answer.Body)
	}
}
