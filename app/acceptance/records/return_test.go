package records

import (
	"fmt"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// TestAListRemembersItsRow leaves a list for a row in each way that there is, and wants to stand on that row again.
func TestAListRemembersItsRow(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	for n := range 6 {
		c.Create("assets", map[string]any{"name": fmt.Sprintf("Router %d", n)})
	}
	page := i.Enter(t, "owner@acme")
	on := func(name string) {
		t.Helper()
		page.Wait(`document.activeElement.closest("tr")?.innerText.includes("` + name + `")`)
	}
	page.Open("/assets?sort_by=name&sort_order=asc")
	page.Press("j", "x", "j", "j")
	on("Router 2")
	page.Press("Enter")
	page.Wait(`document.querySelector("h1").textContent === "Router 2"`)
	browsertest.Evaluate[bool](page, `history.back(), true`)
	on("Router 2")
	page.WaitText("1 selected")
	page.Press("j")
	on("Router 3")

	// The neighbours of a row lead on; coming back is to the one seen last, also by the path above the row and by Escape.
	page.Press("Enter")
	page.Wait(`document.querySelector("h1").textContent === "Router 3"`)
	page.Press("j")
	page.Wait(`document.querySelector("h1").textContent === "Router 4"`)
	browsertest.Evaluate[bool](page, `document.querySelector("#detail > .crumbs li:last-child a").click(), true`)
	on("Router 4")
	page.Press("Enter")
	page.Wait(`document.querySelector("h1").textContent === "Router 4"`)
	page.Press("Escape")
	on("Router 4")

	// A question that the menu of a row asks gives the focus back to what opens the menu.
	browsertest.Evaluate[bool](page,
		`document.querySelector(".row-menu summary").focus(), document.querySelector(".row-menu summary").click(), true`)
	page.Wait(`document.querySelector(".row-menu .entry.danger")`)
	browsertest.Evaluate[bool](page, `document.querySelector(".row-menu .entry.danger").click(), true`)
	page.Wait(`document.getElementById("confirm").open`)
	page.Press("Escape")
	page.Wait(`document.activeElement.matches(".row-menu > summary")`)
}
