package markup

import (
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// eval runs an expression of a behaviour test.
func eval[T any](page *browsertest.Page, expression string) T {
	return browsertest.Evaluate[T](page, expression)
}

func TestListByKeyboard(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	page.Press("Tab")
	if got := page.Focused(); got != "Skip to content" {
		t.Fatalf("the first stop is %q", got)
	}
	page.Press("Enter")
	if got := eval[string](page, "document.activeElement.id"); got != "row-0199-0" {
		t.Fatalf("the skip link leads to %q", got)
	}
	page.Press("j", "j", "k", "x")
	page.WaitText("1 selected")
	page.Screenshot("selected")
	page.ExpectAccessible("a row selected")
	if got := eval[string](page, "document.activeElement.id"); got != "row-0199-1" {
		t.Errorf("j, j, k lead to %q", got)
	}
	page.Press("Tab")
	if eval[bool](page, `document.activeElement.closest("tbody") !== null`) {
		t.Error("the table is more than one stop")
	}
	page.Press("Shift+Tab")
	if got := eval[string](page, "document.activeElement.id"); got != "row-0199-1" {
		t.Errorf("coming back leads to %q", got)
	}
	page.Press("Enter")
	page.WaitPath("/incidents/1")
}

func TestKeysThatGoSomewhere(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	page.Press("/")
	if got := eval[string](page, "document.activeElement.id"); got != "search" {
		t.Errorf("/ leads to %q", got)
	}
	page.Press("c")
	if got := eval[string](page, "document.activeElement.value"); got != "c" {
		t.Errorf("a letter typed into the search became %q", got)
	}
	page.Open("/show/list")
	page.Press("g", "a")
	page.WaitPath("/assets")
	page.Press("c")
	page.WaitPath("/incidents/new")
	page.Open("/show/detail")
	page.Press("j")
	page.WaitPath("/incidents/13")
}

func TestHelpOfKeys(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	page.Press("?")
	page.WaitText("Go to Incidents")
	page.Screenshot("keys")
	page.ExpectAccessible("help open")
	page.Press("Escape")
	page.Wait(`!document.querySelector("dialog[open]")`)
}

func TestMenus(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	page.Click("disclosure", "Ada Okafor , account and look")
	page.WaitText("As the system")
	page.Screenshot("user-menu")
	page.ExpectAccessible("user menu open")
	page.Click("button", "Dark")
	got := eval[string](page, "document.documentElement.dataset.theme + ' ' + document.cookie")
	if !strings.HasPrefix(got, "dark ") || !strings.Contains(got, "theme=dark") {
		t.Errorf("choosing dark gives %q", got)
	}
	page.ExpectAccessible("dark by choice")
	page.Press("Escape")
	page.Wait(`!document.querySelector("details.menu[open]")`)
	page.Click("disclosure", "Filter")
	page.WaitText("Apply")
	page.Screenshot("filter-menu")
	page.ExpectAccessible("filter open")
	page.Click("heading", "Incidents")
	page.Wait(`!document.querySelector("details.menu[open]")`)
	page.Click("button", "Narrow sidebar")
	page.Wait(`document.querySelector(".sidebar").offsetWidth < 60`)
	page.Screenshot("narrow")
	page.ExpectAccessible("narrow sidebar")
}

func TestRowMenu(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/short-list")
	page.Hover("link", "Label printer in Hamburg offline")
	page.Click("disclosure", "Actions for Label printer in Hamburg offline")
	page.Wait(`document.querySelector(".row-menu .entry")?.checkVisibility()`)
	page.Screenshot("row-menu")
	page.ExpectAccessible("row menu open")
	page.Click("button", "Acknowledge")
	page.WaitPath("/show/detail")
	if !strings.Contains(site.sent(), "/incidents/acknowledge form_token=token") {
		t.Errorf("posted %q", site.sent())
	}
}

func TestEscapeGivesTheFocusBack(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/detail")
	page.Click("disclosure", "More actions")
	page.Click("button", "Delete")
	page.Wait(`document.getElementById("confirm").open`)
	page.Press("Escape")
	page.Wait(`document.activeElement.getAttribute("aria-label") === "More actions"`)
	// With nothing open Escape leads back to the list.
	page.Press("Escape")
	page.WaitPath("/incidents")
}

func TestConfirmByName(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/detail")
	page.Click("disclosure", "More actions")
	page.Click("button", "Delete")
	page.WaitText("It stays in the trash for 30 days.")
	page.Screenshot("confirm")
	page.ExpectAccessible("confirm open")
	if !eval[bool](page, `document.querySelector("#confirm .primary").disabled`) {
		t.Error("the button can be pressed before the name is typed")
	}
	page.Press("Escape")
	page.Wait(`!document.querySelector("dialog[open]")`)
	if site.sent() != "" {
		t.Fatalf("Escape posted %q", site.sent())
	}
	page.Click("disclosure", "More actions")
	page.Click("button", "Delete")
	page.Fill("Type checkout to go on", "checkout")
	page.Click("button", "Delete incident")
	page.Wait(`performance.getEntriesByType("navigation")[0].redirectCount === 1`)
	if got := site.sent(); got != "/incidents/12/delete confirm=checkout&form_token=token" {
		t.Errorf("posted %q", got)
	}
}

func TestBulkSaysHowMany(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/short-list")
	page.Click("checkbox", "Select every incident on this page")
	page.WaitText("3 selected")
	page.Click("button", "Delete")
	page.WaitText("Delete 3 incidents")
	page.Click("button", "Delete 3 incidents")
	page.WaitPath("/show/detail")
	if got := site.sent(); got != "/incidents/delete confirm=yes&form_token=token&id=0199-0&id=0199-1&id=0199-2" {
		t.Errorf("posted %q", got)
	}
}

func TestSearchKeepsTheAddress(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	page.Fill("Search Incidents", "umlaut")
	page.Wait(`location.search === "?search=umlaut"`)
	if got := eval[string](page, "document.activeElement.id"); got != "search" {
		t.Errorf("after the swap the focus is on %q", got)
	}
}

func TestLiveListKeepsSelection(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/list")
	page.Wait(`document.readyState === "complete"`)
	page.Press("j", "x")
	page.Wait(`document.querySelector(".chosen").textContent === "1 selected"`)
	eval[bool](page, `document.querySelector("tbody tr").dataset.before = "yes", document.querySelector("#list h1").textContent = "Old", true`)
	for site.streamCount() == 0 {
		page.Wait("true")
	}
	site.tell(`{"kind":"ticket","id":"1"}`)
	site.tell(`{"kind":"incident","id":"1"}`)
	page.Wait(`document.querySelector("#list h1").textContent === "Incidents" && document.querySelector(".chosen").textContent !== ""`)
	got := eval[string](page,
		`document.activeElement.id + " " + document.querySelector("td.primary input").checked + " " + document.querySelector(".chosen").textContent`)
	if got != "row-0199-0 true 1 selected" {
		t.Errorf("after the refresh: %q", got)
	}
	if count := eval[int](page, `performance.getEntriesByType("resource").filter(one => one.name.includes("page=1")).length`); count != 1 {
		t.Errorf("%d refreshes for one change of the kind", count)
	}
}

func TestTabsShareOneStream(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	first := browsertest.New(t, site.URL)
	first.Open("/show/list")
	for site.streamCount() == 0 {
		first.Wait("true")
	}
	second := first.Tab()
	second.Open("/show/list")
	second.Wait(`navigator.locks.query().then(locks => locks.pending.length === 1)`)
	eval[bool](second, `document.querySelector("#list h1").textContent = "Old", true`)
	site.tell(`{"kind":"incident","id":"1"}`)
	second.Wait(`document.querySelector("#list h1").textContent === "Incidents"`)
	if count := site.streamCount(); count != 1 {
		t.Errorf("%d streams for two tabs", count)
	}
}

func TestConnectionLost(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/list")
	for site.streamCount() == 0 {
		page.Wait("true")
	}
	site.setDown(true)
	page.WaitText("The connection is lost.")
	page.Screenshot("lost")
	page.ExpectAccessible("connection lost")
	eval[bool](page, `document.querySelector("#list h1").textContent = "Old", true`)
	site.setDown(false)
	page.WaitNoText("The connection is lost.")
	page.Wait(`document.querySelector("#list h1").textContent === "Incidents"`)
}

func TestDraft(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/form")
	page.Fill("Title", "Printer burns")
	page.Open("/show/list")
	page.Open("/show/form")
	page.WaitText("You typed something here before.")
	if got := eval[string](page, `document.getElementById("field-title").value`); got != "Printer burns" {
		t.Errorf("the draft came back as %q", got)
	}
	page.Screenshot("draft")
	page.ExpectAccessible("draft")
}

func TestSaveBar(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/edit")
	const shown = `document.querySelector(".save-bar").checkVisibility()`
	if eval[bool](page, shown) {
		t.Error("the bar stands although nothing changed")
	}
	page.Fill("Title", "Checkout is back")
	page.Wait(shown)
	page.WaitText("1 field changed")
	page.Press("Ctrl+s")
	page.WaitPath("/show/detail")
	if !strings.Contains(site.sent(), "title=Checkout+is+back") {
		t.Errorf("posted %q", site.sent())
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/form")
	chosen := func() string {
		return eval[string](page, `document.querySelector("[name=service]").value + " " + document.getElementById("field-service").value`)
	}
	page.Fill("Service optional", "as")
	page.WaitText("assets five")
	page.Press("Enter")
	if got := chosen(); got != "4 assets four" {
		t.Errorf("Enter chose %q", got)
	}
	page.Fill("Service optional", "as")
	page.WaitText("assets five")
	page.Press("Escape", "Enter")
	if got := site.sent(); got != "" {
		t.Errorf("words that nothing was chosen for were sent: %q", got)
	}
	page.Fill("Service optional", "asset")
	page.WaitText("assets five")
	page.Press("ArrowUp", "ArrowDown", "ArrowDown") // from the first, which Enter would take
	page.Screenshot("lookup")
	page.ExpectAccessible("lookup open")
	page.Press("Enter")
	if got := chosen(); got != "5 assets five" {
		t.Errorf("chosen: %q", got)
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	page := browsertest.New(t, site.URL)
	page.Open("/show/list")
	eval[bool](page, `document.body.dispatchEvent(new CustomEvent("undo", {bubbles: true, detail: {text: "3 incidents deleted", action: "/undo/7"}})), true`)
	page.WaitText("3 incidents deleted")
	page.Screenshot("undo")
	page.ExpectAccessible("undo offered")
	page.Click("button", "Undo")
	page.WaitPath("/show/detail")
	if got := site.sent(); got != "/undo/7 form_token=token" {
		t.Errorf("posted %q", got)
	}
}

func TestPasswordCanBeSeen(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/setup")
	page.Fill("Password", "correct horse")
	page.Click("button", "Show Password")
	got := eval[string](page, `document.getElementById("field-password").type + " " + document.querySelector("meter").value`)
	if got != "text 13" {
		t.Errorf("after showing: %q", got)
	}
}

func TestPhoneMenu(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Size(390, 844)
	page.Open("/show/list")
	page.Click("button", "Menu")
	page.WaitText("Knowledge base")
	page.Screenshot("drawer")
	page.ExpectAccessible("drawer open")
	page.Press("Escape")
	page.WaitNoText("Knowledge base")
}
