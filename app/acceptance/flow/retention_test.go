package flow

import (
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

func TestOldExecutionsAreRemovedByThemselves(t *testing.T) {
	t.Parallel()
	i := instance.StartClocked(t, "engine.keep_days=2")
	c := i.As("editor@acme")
	nodes := []any{instance.Node("start", "trigger.manual", nil), instance.Node("a", "set", nil)}
	usual := c.Run(c.Publish("Usual", nodes, instance.Chain("start", "a")), nil)
	longer := c.Publish("Longer", nodes, instance.Chain("start", "a"))
	c.Must(c.Call("PATCH", "workflows/"+longer, map[string]any{"settings": map[string]any{"keep_days": 30}}), 200, nil)
	c.Must(c.Call("POST", "workflows/"+longer+"/publish", nil), 200, nil)
	kept := c.Run(longer, nil)
	i.Advance(5 * 24 * time.Hour)
	i.Stop()
	i.Serve()
	c, status := i.As("editor@acme"), 0
	for late := time.Now().Add(instance.Patience); status != 404 && time.Now().Before(late); {
		status = c.Call("GET", "executions/"+usual.ID, nil).Status
	}
	if status != 404 {
		t.Errorf("an old execution answers %d", status)
	}
	if status := c.Call("GET", "executions/"+kept.ID, nil).Status; status != 200 {
		t.Errorf("one whose workflow keeps it longer answers %d", status)
	}
	told := 0
	for _, entry := range catalogue.Ledger(t, i.As("owner@acme")) {
		if strings.HasPrefix(entry.Action, "execution.") && entry.ResourceID == usual.ID {
			told++
		}
	}
	if told < 2 {
		t.Errorf("the ledger tells %d times of it", told)
	}
}
