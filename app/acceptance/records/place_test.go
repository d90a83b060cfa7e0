package records

import (
	"net/url"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestARowLeadsToItsNeighboursInTheList(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	c.Raise("sev1", "First", "Second", "Third")
	c.Raise("sev4", "A nuisance")
	i.As("owner@umbrella").Raise("sev1", "One of the others")
	page := i.Enter(t, "editor@acme")
	page.Open("/dashboard")
	heading := func(want, place string) {
		t.Helper()
		page.Wait(`document.querySelector("h1")?.textContent === "` + want + `"`)
		if got := browsertest.Evaluate[string](page, `document.querySelector(".place span")?.textContent || ""`); got != place {
			t.Errorf("%s stands at %q instead of %q", want, got, place)
		}
	}
	page.Open("/incidents?" + url.Values{"filter[severity]": {"sev1"}, "sort_by": {"title"}, "sort_order": {"asc"}}.Encode())
	page.Press("j", "j", "Enter")
	page.WaitText("created this incident")
	heading("Second", "2 of 3")
	page.ExpectAccessible("a row with neighbours")
	page.Press("j")
	heading("Third", "3 of 3")
	if browsertest.Evaluate[bool](page, `Boolean(document.querySelector("[rel=next]"))`) {
		t.Error("the last row leads on")
	}
	page.Press("k")
	heading("Second", "2 of 3")
	page.Click("link", "« Previous")
	heading("First", "1 of 3")

	// What is done here keeps the list, and where the row leaves it the neighbours stay.
	page.Press("e")
	page.Wait(`location.pathname.endsWith("/edit")`)
	instance.Choose(page, "severity", "sev4")
	page.Press("Ctrl+Enter")
	page.WaitText("Severity: Sev 1 → Sev 4")
	heading("First", "")
	page.Press("j")
	heading("Second", "1 of 2")
	page.Click("button", "Acknowledge")
	page.WaitText("acknowledged this incident")
	heading("Second", "1 of 2")
	browsertest.Evaluate[bool](page, `document.querySelector(".crumbs a").click(), true`)
	page.WaitPath("/incidents")
	page.WaitText("Severity: Sev 1")
	page.WaitNoText("A nuisance")

	// A copied address works by itself; what does not fit in it is left out.
	path := "/incidents/" + c.Raise("sev2", "Newest")[0]
	for _, list := range []string{"", "?list=filter%5Bnothing%5D%3D1", "?list=%25zz"} {
		page.Open(path + list)
		page.WaitText("created this incident")
		if list == "" {
			heading("Newest", "1 of 5")
		}
	}
}
