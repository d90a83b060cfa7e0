package accounts

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestAnOperatorSuspendsOnThePage(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	editor := i.As("editor@acme")
	stream := editor.Stream("events/stream")
	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
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
	page.Click("disclosure", "More actions")
	page.Click("button", "Suspend")
	page.Wait(`document.getElementById("confirm").open`)
	page.Screenshot("user-confirm")
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("Suspended")
	page.WaitText("Activate")
	instance.ExpectEnd(t, stream)
	if r := editor.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("a suspended user's session answers %d", r.Status)
	}
	page.Click("button", "Activate")
	page.WaitText("Active")
	page.WaitText("User enabled")
	again := i.As("editor@acme")
	page.Open(page.Path())
	page.WaitText("Open sessions")
	page.Click("disclosure", "More actions")
	page.Click("button", "Sign out everywhere")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.WaitText("Signed in nowhere.")
	if r := again.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("a session that an operator ended answers %d", r.Status)
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
