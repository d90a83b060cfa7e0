package records

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestTwoPeopleChangeOneRow(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	id := c.Raise("sev3", "It broke")[0]
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents/" + id + "/edit")
	page.Fill("Title", "The shop broke")
	c = i.As("admin@acme")
	c.Must(c.Call("PATCH", "incidents/"+id, map[string]any{"title": "The database broke", "severity": "sev1", "tags": []string{"night"}}),
		200, nil)
	page.Press("Ctrl+s")
	page.WaitText("admin of acme changed this incident now")
	// What only the other one changed is theirs at first, what both changed is one's own, and what nobody changed is not asked.
	chosen := browsertest.Evaluate[string](page,
		`[...document.querySelectorAll(".differing :checked")].map(one => one.name + "=" + one.value).sort().join()`)
	if chosen != "take.severity=stored,take.tags=stored,take.title=mine" {
		t.Errorf("at first %s is chosen", chosen)
	}
	if browsertest.Evaluate[bool](page, `document.getElementsByName("severity")[0].checkVisibility()`) {
		t.Error("a field whose stored value is taken is still to be filled in")
	}
	// Once more, while the choice is open: nothing that was chosen is lost.
	c.Must(c.Call("PATCH", "incidents/"+id, map[string]any{"summary": "Since noon."}), 200, nil)
	page.Click("button", "Save changes")
	page.Wait(`document.querySelectorAll(".differing [name='take.summary']").length === 2`)
	if got := browsertest.Evaluate[string](page, `document.getElementsByName("title")[0].value`); got != "The shop broke" {
		t.Errorf("the form came back with %q", got)
	}
	page.Click("button", "Save changes")
	page.WaitText("changed this incident")
	page.Wait(`document.querySelector("#detail")`)
	var stored struct {
		Title, Severity, Summary string
		Tags                     []string
	}
	c.Must(c.Call("GET", "incidents/"+id, nil), 200, &stored)
	if stored.Title != "The shop broke" || stored.Severity != "sev1" || stored.Summary != "Since noon." || len(stored.Tags) != 1 {
		t.Errorf("stored is %+v", stored)
	}

	page.Open("/incidents/" + id + "/edit")
	page.Fill("Title", "Mine")
	c.Must(c.Call("PATCH", "incidents/"+id, map[string]any{"title": "Theirs"}), 200, nil)
	page.Press("Ctrl+s")
	page.WaitText("Take stored")
	browsertest.Evaluate[bool](page, `document.querySelector("[name='take.title'][value=stored]").click(), true`)
	page.Click("button", "Save changes")
	page.WaitText("changed this incident")
	page.Wait(`document.querySelector("#detail")`)
	page.WaitText("Theirs")
	page.WaitNoText("→ Mine")
}
