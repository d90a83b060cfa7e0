package finding

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// offers are the labels that the open palette shows.
func offers(page *browsertest.Page) []string {
	return browsertest.Evaluate[[]string](page,
		`[...document.querySelectorAll("#palette [role=option]")].filter(one => one.checkVisibility()).map(one => one.querySelector(".label").textContent)`)
}

// waitOffer waits until the palette offers something; the page behind it may say the same.
func waitOffer(page *browsertest.Page, label string) {
	page.Wait(fmt.Sprintf(
		`[...document.querySelectorAll("#palette [role=option] .label")].some(one => one.textContent === %q && one.checkVisibility())`,
		label))
}

func TestThePaletteGoesEverywhere(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	shop(i)
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents")
	browsertest.Evaluate[bool](page, `document.querySelector("[data-search]").focus(), true`)
	page.Press("Ctrl+k") // while typing, too
	waitOffer(page, "Create incident")
	page.Wait(`document.activeElement.matches("#palette input")`)
	if whole := browsertest.Evaluate[int](page, `(() => {
		const box = document.getElementById("palette-list").getBoundingClientRect()
		return [...document.querySelectorAll("#palette [role=option]")].filter(one => one.getBoundingClientRect().bottom <= box.bottom).length
	})()`); whole < 10 {
		t.Errorf("%d rows are whole", whole)
	}
	for _, size := range instance.Windows {
		page.Size(size.Width, size.Height)
		page.Media(map[string]string{"prefers-color-scheme": size.Scheme})
		state := fmt.Sprintf("palette-%d-%s", size.Width, size.Scheme)
		page.Screenshot(state)
		page.ExpectAccessible(state)
	}
	page.Size(1440, 900)
	page.Press("c", "r", "e", "a", "t", "e", " ", "a")
	if got := offers(page); !slices.Contains(got, "Create asset") || slices.Contains(got, "Incidents") {
		t.Errorf("“create a” offers %q", got)
	}
	page.Press("Escape")
	page.Wait(`document.activeElement.matches("[data-search]") && !document.getElementById("palette").open`)

	page.Press("Ctrl+k", "c", "h", "e", "c", "k")
	waitOffer(page, "Checkout is slow")
	page.ExpectAccessible("palette-found")
	page.Screenshot("palette-found")
	got := offers(page)
	if slices.Contains(got, "Checkout of the others") || got[len(got)-1] != "Search everything for “check”" {
		t.Errorf("“check” offers %q", got)
	}
	for range slices.Index(got, "Checkout is slow") {
		page.Press("ArrowDown")
	}
	page.Press("Enter")
	page.WaitText("created this incident")
	row := page.Path()

	page.Open("/assets")
	page.Press("Ctrl+k")
	waitOffer(page, "Create incident")
	if got := offers(page); got[0] != "Checkout is slow" {
		t.Errorf("the row seen last is not the first of %q", got)
	}
	page.Press("Enter")
	page.WaitPath(row)
	page.Press("Ctrl+k") // what the page itself offers, done from here
	waitOffer(page, "Acknowledge")
	if got := offers(page); !slices.Contains(got, "Edit") || !slices.Contains(got, "Delete") {
		t.Errorf("on an incident the palette offers %q", got)
	}
	page.Press("a", "c", "k", "n", "Enter")
	page.WaitText("acknowledged this incident")
	page.WaitPath(row)
	page.Press("Ctrl+k", "u", "n", "h", "e", "a", "r", "d", "Enter") // faster than any answer
	page.WaitPath("/search")
	page.WaitText("Nothing found for “unheard”")
	page.Click("disclosure", "editor of acme , account and look")
	page.Click("button", "Sign out")
	page.WaitPath("/login")
	if left := browsertest.Evaluate[int](page, `localStorage.length`); left > 0 {
		t.Errorf("%d things are left in the browser", left)
	}
}

func TestThePaletteOffersWhatThePersonMay(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t)
	shop(i)
	for who, want := range map[string]map[string]bool{
		"viewer@acme":    {"/incidents/new": false, "/secrets/new": false, `href="/incidents"`: true},
		"owner@acme":     {"/incidents/new": true, "/secrets/new": true, `href="/incidents"`: true},
		"owner@umbrella": {"/incidents/new": true},
	} {
		page := i.Enter(t, who)
		page.Open("/dashboard")
		text := browsertest.Evaluate[string](page, `fetch("/search/palette").then(answer => answer.text())`)
		for part, is := range want {
			if strings.Contains(text, part) != is {
				t.Errorf("%s is offered %s: %v", who, part, !is)
			}
		}
		found := browsertest.Evaluate[string](page, `fetch("/search/palette?q=checkout").then(answer => answer.text())`)
		if strings.Contains(found, "Checkout of the others") != (who == "owner@umbrella") ||
			strings.Contains(found, "Checkout is slow") == (who == "owner@umbrella") {
			t.Errorf("%s finds %s", who, found)
		}
	}
}

func TestThePaletteKnowsExecutionsThemesAndTheWayOut(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	c.Create("assets", map[string]any{"name": "Darker room"})
	workflow := c.Create("workflows", map[string]any{"name": "Nightly export",
		"nodes": []any{instance.Node("start", "trigger.manual", nil)}, "connections": []any{}})
	c.Expect(200, "POST", "workflows/"+workflow+"/publish", nil)
	run := c.Run(workflow, nil).ID
	page := i.Enter(t, "editor@acme")
	page.Open("/assets")
	page.Press("Ctrl+k")
	waitOffer(page, "Create incident")
	page.Press("r", "u", "n", " ", "n", "i", "g", "h")
	waitOffer(page, "Nightly export")
	page.Press("Enter")
	page.WaitPath("/executions/" + run)

	// A command that fits comes before the rows that a search finds, and makes the correction of the words useless.
	page.Press("Ctrl+k", "d", "a", "r", "k")
	waitOffer(page, "Darker room")
	if got := offers(page); got[0] != "Dark theme" {
		t.Errorf("“dark” offers %q", got)
	}
	page.ExpectAccessible("palette-theme")
	page.Press("Enter")
	page.Wait(`document.documentElement.dataset.theme === "dark" && !document.getElementById("palette").open`)
	page.Press("Ctrl+k", "l", "o", "g", " ", "o", "u", "t")
	waitOffer(page, "Sign out")
	page.Press("Enter")
	page.WaitPath("/login")
}
