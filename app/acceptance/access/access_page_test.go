package access

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestSomebodyRefusedAsksAndIsGranted(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	asset := i.As("owner@acme").Create("assets", map[string]any{"name": "Router"})
	viewer, owner := i.Enter(t, "viewer@acme"), i.Enter(t, "owner@acme")
	viewer.Open("/assets/" + asset + "/edit")
	viewer.WaitText("lacks the permission asset:update")
	viewer.ExpectAccessible("a refusal")
	viewer.Click("link", "Ask for it")
	viewer.WaitPath("/access-requests/new")
	viewer.Fill("Reason", "The serial number is wrong")
	viewer.Press("Ctrl+Enter")
	viewer.WaitText("viewer of acme asks for: Change assets")

	owner.Open("/dashboard")
	owner.WaitText("viewer of acme asks for: Change assets")
	owner.Click("link", "viewer of acme asks for: Change assets")
	owner.WaitText("The serial number is wrong")
	owner.Click("link", "Grant")
	owner.WaitText("Grant access request")
	owner.Press("Ctrl+Enter")
	owner.WaitText("granted this access request")

	viewer.Open("/assets/" + asset + "/edit")
	viewer.WaitText("Edit asset")
	viewer.Fill("Name", "Router 7")
	viewer.Press("Ctrl+Enter")
	viewer.WaitText("Name: Router → Router 7")
}

func TestARoleIsMadeAndExplainedInThePages(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	asset := c.Create("assets", map[string]any{"name": "Router"})
	place, user := c.Member("editor of acme")
	page := i.Enter(t, "owner@acme")
	page.Open("/settings/roles")
	page.WaitPath("/roles")
	page.Open("/roles/editor")
	page.WaitText("Built in")
	browsertest.Evaluate[bool](page, `document.querySelector("form[action$='/clone']").requestSubmit(), true`)
	page.WaitText("Edit role")
	page.Fill("Name", "Careful")
	page.Press("Ctrl+Enter")
	page.Wait(`document.querySelector("h1")?.textContent === "Careful"`)
	page.Click("link", "Permissions")
	page.WaitText("Permissions of Careful")
	page.ExpectAccessible("the matrix of a role")
	browsertest.Evaluate[bool](page, `document.querySelector("[value='asset:delete']").click(), true`)
	page.Press("Ctrl+Enter")
	page.Wait(`document.querySelector("h1")?.textContent === "Careful"`)
	page.WaitText("Delete assets")
	role := strings.TrimPrefix(page.Path(), "/roles/")
	c.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": role})

	page.Open("/access/asset/" + asset)
	page.WaitText("See, change")
	page.ExpectAccessible("who may do what")
	page.Open("/access/asset/" + asset + "?user=" + user + "&permission=asset:delete")
	page.WaitText("Their role Careful takes “Delete assets” away from what it includes.")
}

func TestAGrantReadsAsWordsAndNames(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	asset := c.Create("assets", map[string]any{"name": "Router"})
	_, user := c.Member("viewer of acme")
	grant := c.Create("grants", map[string]any{"permission": "asset:update", "user_id": user, "resource_id": asset, "reason": "Repairs"})
	page := i.Enter(t, "owner@acme")
	page.Open("/grants/" + grant)
	page.WaitText("Change assets on Router for viewer of acme")
	page.Click("link", "Router")
	page.WaitPath("/assets/" + asset)
	page.Open("/grants/" + grant + "/edit")
	page.WaitText("Change assets")
	for _, path := range []string{"/grants", "/grants/" + grant, "/grants/" + grant + "/edit", "/grants?filter[permission]=asset:update"} {
		page.Open(path)
		page.WaitText("Change assets")
		page.ExpectAccessible(path)
		shown := browsertest.Evaluate[string](page, `document.querySelector("main").innerText`)
		if strings.Contains(shown, "asset:update") || strings.Contains(shown, asset) {
			t.Errorf("%s shows the name of a permission or an id: %s", path, shown)
		}
	}
}

func TestTheFormOfAGrantSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "owner@acme")
	page.Open("/grants/new")
	page.WaitText("Create grant")
	browsertest.Evaluate[bool](page,
		`document.querySelector("form[data-save], main form").noValidate = true, document.querySelector("main form").requestSubmit(), true`)
	for _, text := range []string{"Permission is required.", "For the member must be given", "On the row must be given",
		"Reason is required."} {
		page.WaitText(text)
	}
	page.ExpectAccessible("a grant that lacks everything")
}

// TestAGrantFindsItsRowByWords makes one from nothing, without an id in sight.
func TestAGrantFindsItsRowByWords(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	asset := c.Create("assets", map[string]any{"name": "Router of the plant"})
	page := i.Enter(t, "owner@acme")
	page.Open("/grants/new")
	instance.Choose(page, "permission", "asset:update")
	browsertest.Evaluate[bool](page,
		`(() => { const to = document.getElementsByName("user_id")[0]; to.value = [...to.options].find(one => one.text === "viewer of acme").value; return true })()`)
	page.Fill("On the row optional", "router plant")
	page.Wait(`[...document.querySelectorAll("[role=option]")].some(one => one.textContent === "Router of the plant · Asset")`)
	page.Press("Enter")
	page.Fill("Reason", "Repairs")
	page.Press("Ctrl+Enter")
	page.WaitText("Router of the plant")
	var grants []struct {
		ResourceID string `json:"resource_id"`
	}
	c.Must(c.Call("GET", "grants", nil), 200, &grants)
	if len(grants) != 1 || grants[0].ResourceID != asset {
		t.Errorf("there are %+v", grants)
	}
}
