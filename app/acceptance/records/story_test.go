package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// TestAStoryIsToldOnThePageOfItsIncident writes an entry where it is read, and finds it by its words.
func TestAStoryIsToldOnThePageOfItsIncident(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	id := c.Raise("sev1", "Checkout fails")[0]
	long := "**Rolled back** to the last version.\n\n" + strings.Repeat("It took a while. ", 30) + "\n\n- [x] tell support"
	c.Create("incidents/"+id+"/timeline", map[string]any{"text": long})
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents/" + id)
	page.WaitText("tell support") // the whole of it
	page.Fill("Add timeline entry", "Payments work again.")
	c.Expect(200, "PATCH", "incidents/"+id, map[string]any{"summary": "Somebody else changes it meanwhile."})
	page.WaitText("Somebody else changes it meanwhile.")
	page.Screenshot("story")
	page.ExpectAccessible("story")
	page.Press("Tab", "Enter")
	page.Wait(`[...document.querySelectorAll(".timeline .note")].some(one => one.textContent.includes("Payments work again."))`)
	page.Wait(`document.querySelector(".composer textarea").value === ""`)
	page.WaitText("editor of acme")
	if found := instance.List(c, "search?q=payments+work"); len(found) != 1 || found[0]["title"] != "Payments work again." {
		t.Errorf("a search finds %s", instance.Encode(found))
	}
	if found := instance.List(c, "search?q=rolled"); len(found) != 1 || found[0]["title"] != "Rolled back to the last version. …" {
		t.Errorf("a search finds %s", instance.Encode(found))
	}
}
