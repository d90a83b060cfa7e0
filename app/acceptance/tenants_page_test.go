package acceptance

import (
	"testing"

	"zygo/ui/browsertest"
)

// shown holds what a page promises in a wide light and a narrow dark window.
func shown(page *browsertest.Page, name string) {
	page.ExpectAccessible(name)
	page.Screenshot(name)
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.ExpectContrast(name + " on a phone")
	page.Screenshot(name + "-small-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
}

func TestAnOrganizationIsMadeHandedOnAndLeftOnThePage(t *testing.T) {
	t.Parallel()
	i := start(t, "accounts.create_organizations=everybody")
	page := i.enter(t, "editor@acme")
	page.Open("/onboarding/create-organization")
	shown(page, "new-organization")
	page.Fill("Name", "Analytical Engines")
	page.Press("Enter")
	page.WaitText("Give your organization a face")
	shown(page, "first-steps")
	page.Click("button", "Skip Give your organization a face")
	page.WaitNoText("Give your organization a face")
	page.Click("button", "Show skipped first steps")
	page.WaitText("Give your organization a face")

	page.Open("/settings/organization")
	page.WaitText("Analytical Engines")
	shown(page, "organization")
	page.Open("/settings/ownership")
	page.WaitText("There is nobody else yet.")
	page.Open("/settings/organizations")
	shown(page, "organizations")
	page.Click("button", "Leave Analytical Engines")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("This is the last owner.")

	page.Open("/settings/organization/delete")
	shown(page, "delete-organization")
	page.Fill("Type the name of the organization", "Analytical Engines")
	page.Press("Enter")
	page.WaitText("will be deleted on")
	shown(page, "deleted-organization")
	page.Click("button", "Take it back")
	page.WaitNoText("will be deleted on")

	// Whoever is suspended learns it, and goes on elsewhere.
	owner := i.as("owner@acme")
	owner.wants(200, "POST", "memberships/"+owner.members()["editor"].ID+"/suspend", nil)
	again := i.enter(t, "viewer@acme")
	owner.wants(200, "POST", "memberships/"+owner.members()["viewer"].ID+"/suspend", nil)
	again.Open("/assets")
	again.WaitText("You are suspended in Acme.")
	shown(again, "barred")
	again.Click("button", "Your account")
	again.WaitPath("/onboarding/create-organization")
	page.Open("/dashboard")
	page.WaitText("Analytical Engines")
}

func TestAnOperatorSuspendsAnOrganizationOnThePage(t *testing.T) {
	t.Parallel()
	i := start(t)
	page := i.enter(t, "owner@acme")
	page.Open("/admin/users")
	page.Click("link", "Organizations")
	page.WaitPath("/admin/organizations")
	shown(page, "admin-organizations")
	page.Click("link", "Umbrella")
	page.WaitText("owner@umbrella.test")
	page.Click("link", "Suspend")
	page.WaitText("Its members read it.")
	shown(page, "suspend-organization")
	page.Fill("Reason", "Unpaid bills")
	page.Press("Enter")
	page.WaitText("Unpaid bills")
	shown(page, "admin-organization")
	page.Click("button", "Activate")
	page.WaitNoText("Unpaid bills")
}
