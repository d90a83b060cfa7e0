package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// TestADetailPageShowsWhatIsThere wants no rows without a value, the activity next to the facts, and relations in plain words.
func TestADetailPageShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	long := strings.Repeat("Router of the second floor ", 7)
	router := c.Create("assets", map[string]any{"name": long})
	c.Create("assets", map[string]any{"name": "Camera", "depends_on": []string{router}})
	page := i.Enter(t, "owner@acme")
	page.Open("/assets/" + router)
	page.WaitText("Assets that depend on this")
	page.WaitText("Camera")
	page.Wait(`document.querySelector("aside.side .timeline")`)
	page.WaitNoText("Warranty")
	page.Wait(`document.querySelector("h1").scrollWidth <= document.querySelector("h1").clientWidth`) // nothing of a long name is cut
	browsertest.Evaluate[bool](page, `document.querySelector("details.unset > summary").click(), true`)
	page.WaitText("Warranty")
	page.ExpectAccessible("empty fields shown")

	// What a column cuts is in its title, and short names leave the width to the others.
	page.Open("/assets")
	page.Wait(`document.querySelector("#row-` + router + ` td.primary").title.startsWith("Router of the second")`)
	page.Open("/assets?search=Camera")
	page.Wait(`document.querySelector("#rows.brief td.primary").offsetWidth < document.getElementById("rows").offsetWidth * 0.35`)
}
