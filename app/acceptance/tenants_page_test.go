package acceptance

import "testing"

func TestAnOrganizationIsMadeOnThePage(t *testing.T) {
	t.Parallel()
	i := start(t)
	page := i.enter(t, "owner@acme")
	page.Open("/onboarding/create-organization")
	page.Fill("Name", "Analytical Engines")
	page.Press("Enter")
	page.WaitPath("/dashboard")
	page.WaitText("Give your organization a face")
	page.ExpectAccessible("first steps")
	page.Screenshot("first-steps")
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.Screenshot("first-steps-small-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
	page.Click("button", "Skip Give your organization a face")
	page.WaitNoText("Give your organization a face")
	page.Click("button", "Show skipped first steps")
	page.WaitText("Give your organization a face")
}
