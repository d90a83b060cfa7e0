package tenants

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestAnOrganizationIsMadeHandedOnAndLeftOnThePage(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "accounts.create_organizations=everybody")
	page := i.Enter(t, "editor@acme")
	page.Open("/onboarding/create-organization")
	instance.LookTwice(page, "new-organization")
	page.Fill("Name", "Analytical Engines")
	page.Press("Enter")
	page.WaitText("Add your logo and colour")
	instance.LookTwice(page, "first-steps")
	page.Click("button", "Skip Add your logo and colour")
	page.WaitNoText("Add your logo and colour")
	page.Click("button", "Show skipped first steps")
	page.WaitText("Add your logo and colour")

	page.Open("/settings/organization")
	page.WaitText("Analytical Engines")
	instance.LookTwice(page, "organization")
	page.Open("/settings/ownership")
	page.WaitText("There is nobody else yet.")
	page.Open("/settings/organizations")
	instance.LookTwice(page, "organizations")
	page.Click("button", "Leave Analytical Engines")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("This is the last owner.")

	page.Open("/settings/organization/delete")
	instance.LookTwice(page, "delete-organization")
	page.Fill("Type the name of the organization", "Analytical Engines")
	page.Press("Enter")
	page.WaitText("will be deleted on")
	instance.LookTwice(page, "deleted-organization")
	page.Click("button", "Take it back")
	page.WaitNoText("will be deleted on")

	// Anyone who is suspended learns it, and goes on elsewhere.
	owner := i.As("owner@acme")
	owner.Expect(200, "POST", "memberships/"+owner.Members()["editor"].ID+"/suspend", nil)
	again := i.Enter(t, "viewer@acme")
	owner.Expect(200, "POST", "memberships/"+owner.Members()["viewer"].ID+"/suspend", nil)
	again.Open("/assets")
	again.WaitText("You are suspended in Acme.")
	instance.LookTwice(again, "barred")
	again.Click("button", "Your account")
	again.WaitPath("/onboarding/create-organization")
	page.Open("/dashboard")
	page.WaitText("Analytical Engines")
}

func TestAnOperatorSuspendsAnOrganizationOnThePage(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "owner@acme")
	page.Open("/admin/organizations")
	instance.LookTwice(page, "admin-organizations")
	page.Click("link", "Umbrella")
	page.WaitText("owner@umbrella.test")
	page.Click("disclosure", "More actions")
	page.Click("link", "Suspend")
	page.WaitText("Its members read it.")
	instance.LookTwice(page, "suspend-organization")
	page.Fill("Reason", "Unpaid bills")
	page.Press("Enter")
	page.WaitText("Unpaid bills")
	instance.LookTwice(page, "admin-organization")
	page.Click("button", "Activate")
	page.WaitNoText("Unpaid bills")
}
