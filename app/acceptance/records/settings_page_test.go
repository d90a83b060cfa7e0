package records

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestSettingsAreFoldedAndTheirKeysWork(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
	seen := func(label string) bool {
		return browsertest.Evaluate[bool](page,
			`[...document.querySelectorAll(".sidebar .item")].some(one => one.textContent === "`+label+`" && one.checkVisibility())`)
	}
	if seen("Roles") || !seen("Settings") || !seen("Incidents") {
		t.Error("the sidebar does not keep the settings folded")
	}
	key := browsertest.Evaluate[string](page, `document.querySelector('.sidebar [href="/roles"]').dataset.go`)
	page.Press("g", key)
	page.WaitPath("/roles")
	if !seen("Roles") || !seen("Teams") || seen("Secrets") {
		t.Error("the sidebar does not unfold the group where somebody is, and no other")
	}
	page.Click("link", "Settings")
	page.WaitPath("/settings")
	page.WaitText("Who may do what, and where.")
	page.WaitText("Default templates")
	instance.LookTwice(page, "settings")
	page.Click("link", "Branding")
	page.WaitPath("/settings/organization/branding")

	viewer := i.Enter(t, "viewer@acme")
	viewer.Open("/settings")
	viewer.WaitText("Your account")
	viewer.WaitNoText("Default templates")
	viewer.WaitNoText("Branding")
}
