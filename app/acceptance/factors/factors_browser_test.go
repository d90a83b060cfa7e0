package factors

import (
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestAnAppThenAChallengeThenABackupCode(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/settings/security/mfa")
	page.ExpectAccessible("no factor yet")
	page.Click("button", "Set up an app")
	page.WaitText("Scan this with an authenticator app")
	page.ExpectAccessible("the set-up of an app")
	page.Screenshot("factors-setup")
	secret := browsertest.Evaluate[string](page, `document.querySelector("[data-copy]").dataset.copy`)
	page.Wait(`document.querySelector("img[src^='data:image/png']").naturalWidth > 0`)
	page.Fill("Code that the app shows", "000000")
	page.Press("Enter")
	page.WaitText("not the one that the app shows now")
	page.Wait(`document.querySelector("img[src^='data:image/png']")?.naturalWidth > 0 && document.querySelector("[data-copy]").dataset.copy === "` + secret + `"`)
	page.Fill("Code that the app shows", i.Code(secret, 0))
	page.Press("Enter")
	page.WaitText("Your backup codes")
	page.ExpectAccessible("new backup codes")
	page.Screenshot("factors-codes")
	codes := strings.Fields(browsertest.Evaluate[string](page, `document.getElementById("backup-codes").textContent`))
	if len(codes) != 10 {
		t.Fatalf("the page shows %d codes", len(codes))
	}
	page.Click("link", "I have kept them")
	page.WaitPath("/dashboard")
	page.Open("/settings/security/mfa")
	page.WaitText("10 codes are left.")
	if browsertest.Evaluate[bool](page, `document.body.textContent.includes("`+codes[0]+`")`) {
		t.Error("the codes are shown twice")
	}
	instance.SignOut(page, "editor of acme")

	page.Open("/login?next=/incidents")
	instance.FillSignIn(page, "editor@acme")
	page.WaitText("Type the code that your authenticator app shows")
	page.ExpectAccessible("the challenge")
	page.Screenshot("challenge")
	if got := browsertest.Evaluate[string](page, `document.querySelector("[name=code]").autocomplete`); got != "one-time-code" {
		t.Errorf("the field's autocomplete is %q", got)
	}
	page.Open("/incidents") // nothing else works before the answer
	page.WaitPath("/login")
	page.Open("/auth/mfa-challenge?next=/incidents")
	page.Fill("Code or backup code", "123456")
	page.Press("Enter")
	page.WaitText("The code is wrong")
	page.Fill("Code or backup code", i.Code(secret, 1))
	page.Press("Enter")
	page.WaitPath("/incidents")
	instance.SignOut(page, "editor of acme")

	instance.FillSignIn(page, "editor@acme")
	page.WaitText("Type the code that your authenticator app shows")
	page.Fill("Code or backup code", codes[3])
	browsertest.Evaluate[bool](page, `document.querySelector("[name=remember]").checked = true`)
	page.Click("button", "Go on")
	page.WaitPath("/dashboard")
	instance.SignOut(page, "editor of acme")
	instance.FillSignIn(page, "editor@acme") // the device is remembered
	page.WaitPath("/dashboard")
	page.Open("/settings/security/mfa")
	page.WaitText("9 codes are left.")
	page.WaitText("Remembered devices")
	page.Click("button", "Forget the device 127.0.0.1")
	page.WaitNoText("Remembered devices")
	page.Click("disclosure", "Turn off")
	page.Fill("Password", instance.Password)
	page.Fill("Code or backup code", codes[4])
	page.Click("button", "Turn the app off")
	page.WaitText("Set up an app")
	instance.SignOut(page, "editor of acme")
	instance.FillSignIn(page, "editor@acme")
	page.WaitPath("/dashboard")
}

func TestAMemberIsLedToTheSecondFactor(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	owner := i.As("owner@acme")
	var me struct{ Tenant struct{ ID string } }
	owner.Must(owner.Call("GET", "users/me", nil), 200, &me)
	owner.Must(owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "viewer"}), 200, nil)
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	instance.FillSignIn(page, "viewer@acme")
	page.WaitPath("/settings/security/mfa")
	page.WaitText("asks for a second factor")
	page.Open("/incidents")
	page.WaitPath("/settings/security/mfa")
	page.Click("button", "Set up an app")
	page.WaitText("Scan this with an authenticator app")
	page.Fill("Code that the app shows",
		i.Code(browsertest.Evaluate[string](page, `document.querySelector("[data-copy]").dataset.copy`), 0))
	page.Press("Enter")
	page.WaitText("Your backup codes")
	page.Open("/incidents")
	page.WaitText("No incidents yet")
}

func TestAPasskeySignsInWithoutAPassword(t *testing.T) {
	t.Parallel()
	i := instance.StartNamedClocked(t)
	page := i.Enter(t, "editor@acme")
	page.HoldPasskeys()
	page.Open("/settings/security/mfa")
	page.Fill("Name of the new passkey", "Laptop")
	page.Click("button", "Add a passkey")
	page.Wait(`!document.getElementById("new-codes").hidden`)
	page.Open("/settings/security/mfa")
	page.Wait(`document.querySelector("[name=name]").value === "Laptop"`)
	page.ExpectAccessible("a passkey")
	page.Screenshot("factors-passkey")
	instance.SignOut(page, "editor of acme")

	page.Open("/login?next=/incidents")
	page.ExpectAccessible("sign-in with passkeys")
	page.Click("button", "Sign in with a passkey")
	page.WaitPath("/incidents")
	instance.SignOut(page, "editor of acme")

	instance.FillSignIn(page, "editor@acme") // besides a password it is the second factor
	page.WaitText("Second factor")
	page.Click("button", "Use a passkey")
	page.WaitPath("/dashboard")

	// A proof that is too old is asked for again, and the form goes on by itself.
	i.Advance(11 * time.Minute)
	page.Open("/settings/security/mfa")
	page.Click("button", "Make new codes")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary").click(), true`)
	page.WaitText("Confirm that it is you")
	page.ExpectAccessible("another proof")
	page.Fill("Password optional", "wrong")
	page.Press("Enter")
	page.WaitText("is not your present password")
	page.Click("button", "Use a passkey")
	page.WaitText("These are your backup codes.")

	page.Open("/settings/security/mfa")
	page.Fill("Name of the passkey Laptop", "Work laptop")
	page.Click("button", "Rename Laptop")
	page.Wait(`document.readyState === "complete" && [...document.querySelectorAll("button")].some(button => (button.getAttribute("aria-label") ?? button.textContent).includes("Remove Work laptop"))`)
	page.Click("button", "Remove Work laptop")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary").click(), true`)
	page.Wait(`!document.querySelector("[name=name]")`)
	instance.SignOut(page, "editor of acme")
	page.Click("button", "Sign in with a passkey")
	page.WaitText("The passkey was not accepted.")
}
