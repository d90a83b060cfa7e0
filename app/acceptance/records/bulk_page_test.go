package records

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestManyRowsAtOnceSayWhichCouldNot(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	ids := c.Raise("sev1", "First", "Second", "Third")
	c.Raise("sev4", "A nuisance")
	c.Must(c.Call("POST", "incidents/"+ids[1]+"/acknowledge", map[string]any{}), 200, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents?filter%5Bseverity%5D=sev1")
	page.Press("j", "x", "j", "x", "j", "x")
	page.WaitText("3 selected")
	page.Click("button", "Acknowledge")
	page.WaitText("2 of 3 acknowledged. 1 could not:")
	page.WaitText("Second — The state of this incident does not allow to acknowledge it.")
	page.WaitText("1 selected") // what could not be done stays selected
	page.WaitNoText("A nuisance")
	page.ExpectAccessible("partly done")
	page.Screenshot("partly-done")
	for _, id := range []string{ids[0], ids[2]} {
		var row struct{ State string }
		c.Must(c.Call("GET", "incidents/"+id, nil), 200, &row)
		if row.State != "acknowledged" {
			t.Errorf("a row that could be acknowledged is %s", row.State)
		}
	}
	page.Click("button", "Acknowledge")
	page.WaitText("None of 1 could be acknowledged:")
	page.Click("link", "Second — The state of this incident does not allow to acknowledge it.")
	page.WaitPath("/incidents/" + ids[1])

	// Where all could be done the list comes back as it was.
	page.Open("/incidents?filter%5Bseverity%5D=sev1")
	page.Press("j", "x", "j", "x")
	page.WaitText("2 selected")
	page.Click("button", "Delete")
	page.WaitText("Delete 2 incidents")
	page.Press("Tab", "Enter")
	page.WaitText("2 incidents deleted.")
	page.WaitText("Severity: Sev 1")
	if got := browsertest.Evaluate[int](page, `document.querySelectorAll("#rows tbody tr").length`); got != 1 {
		t.Errorf("%d rows are left", got)
	}
}
