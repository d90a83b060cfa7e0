package acceptance

import (
	"testing"
	"time"

	"zygo/ui/browsertest"
)

func TestAnOperatorSuspendsOnThePage(t *testing.T) {
	t.Parallel()
	i := start(t)
	editor := i.as("editor@acme")
	stream := editor.stream("events/stream")
	page := i.enter(t, "owner@acme")
	page.Click("link", "Settings")
	page.Click("link", "Users")
	page.WaitPath("/admin/users")
	page.WaitText("owner@umbrella.test")
	page.ExpectAccessible("the list of users")
	page.Screenshot("users")
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.Screenshot("users-small-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
	page.Fill("Search Users", "editor@a")
	page.WaitNoText("owner@umbrella.test")
	page.Click("link", "editor of acme")
	page.WaitText("User signed in")
	page.ExpectAccessible("an account")
	page.Screenshot("user")
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.Screenshot("user-small-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
	page.Click("button", "Suspend")
	page.Wait(`document.getElementById("confirm").open`)
	page.Screenshot("user-confirm")
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("Suspended")
	page.WaitText("Activate")
	endsWithin(t, stream, time.Second)
	if r := editor.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("a suspended user's session answers %d", r.status)
	}
	page.Click("button", "Activate")
	page.WaitText("Active")
	page.WaitText("User enabled")
	again := i.as("editor@acme")
	page.Open(page.Path())
	page.WaitText("Open sessions")
	page.Click("button", "Sign out everywhere")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("Signed in nowhere.")
	if r := again.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("a session that an operator ended answers %d", r.status)
	}

	page.Open("/settings/data")
	page.ExpectAccessible("your data")
	page.Screenshot("data")
	page.Fill("Type your address to delete your account", "somebody@else.test")
	page.Press("Enter")
	page.WaitText("is not the address of your account")
	page.Fill("Type your address to delete your account", "owner@acme.test")
	page.Press("Enter")
	page.WaitText("You are the last operator of this instance.")
}
