package finding

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// shop stores two rows of one organization, and one of a second.
func shop(i *instance.Instance) {
	c, theirs := i.As("owner@acme"), i.As("owner@umbrella")
	c.Must(c.Call("POST", "incidents", map[string]any{"title": "Checkout is slow",
		"summary": "Customers wait for the <b>payment</b> page of the shop."}), 201, nil)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "checkout-db", "description": "The database behind the shop."}), 201, nil)
	theirs.Must(theirs.Call("POST", "incidents", map[string]any{"title": "Checkout of the others"}), 201, nil)
}

func TestTheSearchPageFindsEverything(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	shop(i)
	page := i.Enter(t, "viewer@acme")
	page.Open("/dashboard")
	page.Press("/") // home has no search of its own
	page.WaitPath("/search")
	page.Wait(`document.activeElement.name === "q"`)
	page.WaitText("One or several words")
	page.Press("s", "h", "o", "p")
	page.WaitText("checkout-db")
	page.WaitText("Checkout is slow")
	page.WaitNoText("Checkout of the others")
	for _, path := range []string{"/search?q=shop+payment", "/search?q=checkuot", "/search?q=unheard", "/search"} {
		instance.LookAt(t, page, path)
	}
	page.Open("/search?q=shop+payment")
	marked := browsertest.Evaluate[string](page, `[...document.querySelectorAll(".found mark")].map(one => one.textContent).join()`)
	if marked != "payment,shop" {
		t.Errorf("%q is marked", marked)
	}
	page.WaitText("<b>payment</b>")
	page.Open("/search?q=checkuot")
	page.WaitText("Nothing found for “checkuot”; searched for “checkout” instead.")
	page.Click("link", "Checkout is slow")
	page.WaitText("created this incident")
	page.Open("/search?q=unheard")
	page.WaitText("Nothing found for “unheard”")
}

func TestASearchMarksWordsWithAccents(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	before := strings.Repeat("Nobody looks here. ", 20)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "Till", "description": before + "It stands in the Café Zürich."}), 201, nil)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "Zurich printer", "description": before + "Cafe\u0301 again, in two letters."}),
		201, nil)
	page := i.Enter(t, "viewer@acme")
	page.Open("/dashboard")
	marked := func() string {
		return browsertest.Evaluate[string](page,
			`[...document.querySelectorAll(".found mark")].map(one => one.textContent.normalize()).sort().join()`)
	}
	page.Open("/search?q=cafe")
	if got := marked(); got != "Café,Café" {
		t.Errorf("“cafe” marks %q", got)
	}
	page.Open("/search?q=CAF%C3%89+z%C3%BCr")
	if got := marked(); got != "Café,Zürich,Café,Zurich" && got != "Café,Café,Zurich,Zürich" {
		t.Errorf("“CAFÉ zür” marks %q", got)
	}
}

func TestTheSearchPageIsAForm(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t)
	shop(i)
	page := i.Enter(t, "owner@umbrella")
	page.Size(390, 844)
	page.Open("/incidents")
	page.Click("link", "Search") // in the phone's bar
	page.WaitPath("/search")
	page.Fill("Search everything", "checkout")
	page.Press("Enter")
	page.WaitText("Checkout of the others")
	page.WaitNoText("Checkout is slow")
	page.Open("/search?q=" + strings.Repeat("long", 60))
	page.WaitText("200 characters at most")
}

func TestWhoIsInNoOrganizationFindsNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	shop(i)
	c := i.As("owner@acme")
	var members []struct{ ID, Role string }
	c.Must(c.Call("GET", "memberships", nil), 200, &members)
	for _, m := range members {
		if m.Role == "viewer" {
			c.Must(c.Call("DELETE", "memberships/"+m.ID, nil), 200, nil)
		}
	}
	page := i.OpenSignedIn(t, "viewer@acme")
	page.WaitText("You are in no organization")
	if browsertest.Evaluate[bool](page, `Boolean(document.querySelector("[data-find], #palette"))`) {
		t.Error("a search is offered")
	}
	page.Press("Ctrl+k", "/")
	page.Open("/search?q=checkout")
	page.WaitText("Nothing found for “checkout”")
}
