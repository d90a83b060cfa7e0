package records

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestARowShowsWhatRefersToIt(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	var shop, other struct{ ID string }
	c.Must(c.Call("POST", "assets", map[string]string{"name": "Shop"}), 201, &shop)
	c.Must(c.Call("POST", "assets", map[string]string{"name": "Intranet"}), 201, &other)
	for n := range 7 {
		c.Must(c.Call("POST", "incidents", map[string]any{"title": fmt.Sprintf("Shop broke %d", n), "assets": []string{shop.ID}}), 201, nil)
	}
	c.Must(c.Call("POST", "incidents", map[string]any{"title": "Intranet broke", "assets": []string{other.ID}}), 201, nil)

	page := i.Enter(t, "editor@acme")
	page.Open("/assets/" + shop.ID)
	page.WaitText("Shop broke 6")
	shown := browsertest.Evaluate[[]string](page, `[...document.querySelectorAll("#detail tbody td.primary")].map(one => one.textContent)`)
	if strings.Join(shown, "|") != "Shop broke 6|Shop broke 5|Shop broke 4|Shop broke 3|Shop broke 2" {
		t.Errorf("the asset shows %q", shown)
	}
	instance.LookAt(t, page, "/assets/"+shop.ID)
	page.Size(1440, 900)
	page.Click("link", "Shop broke 5")
	page.WaitText("2 of 7") // the neighbours are those of the asset
	page.Open("/assets/" + shop.ID)
	page.Click("link", "All 7")
	page.WaitPath("/incidents")
	page.WaitText("Assets: Shop")
	page.WaitNoText("Intranet broke")
	page.Open("/assets/" + shop.ID)
	page.Click("link", "Create incident")
	page.WaitPath("/incidents/new")
	page.Fill("Title", "Shop broke again")
	page.Press("Ctrl+Enter")
	page.WaitText("created this incident")
	page.Open("/assets/" + shop.ID)
	page.WaitText("Shop broke again")
	page.WaitText("All 8")

	// Who may not create is offered nothing, and where there is nothing there is no section.
	viewer := i.Enter(t, "viewer@acme")
	viewer.Open("/assets/" + shop.ID)
	viewer.WaitText("All 8")
	viewer.WaitNoText("Create incident")
	var lonely struct{ ID string }
	c.Must(c.Call("POST", "assets", map[string]string{"name": "Lonely"}), 201, &lonely)
	viewer.Open("/assets/" + lonely.ID)
	viewer.WaitText("created this asset")
	if browsertest.Evaluate[bool](viewer, `[...document.querySelectorAll("#detail h2")].some(one => one.textContent === "Incidents")`) {
		t.Error("an empty list is shown to somebody who can't fill it")
	}
}
