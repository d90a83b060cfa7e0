package social

import (
	"testing"
	"time"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// agreeAs types who signs in at the OpenID provider.
func agreeAs(page *browsertest.Page, login string) {
	page.WaitText("Sign-in")
	page.Fill("Enter any login", login)
	page.Fill("and password", "any")
	page.Click("button", "Sign-in")
}

// confirmed presses the button of the dialog that asks before an action.
func confirmed(page *browsertest.Page) {
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
}

// looks takes pictures of a page as a window and a phone show it, light and dark.
func looks(t *testing.T, page *browsertest.Page, name string) {
	t.Helper()
	for _, theme := range []string{"light", "dark"} {
		page.Media(map[string]string{"prefers-color-scheme": theme})
		for size, width := range map[string]int64{"wide": 1440, "narrow": 390} {
			page.Size(width, 900)
			page.Screenshot(name + "-" + size + "-" + theme)
			if over, culprits := page.Sideways(); over > 0 {
				t.Errorf("%s: %d pixels stand over at %d: %v", name, over, width, culprits)
			}
		}
	}
	page.Media(map[string]string{"prefers-color-scheme": "light"})
	page.Size(1440, 900)
	page.ExpectAccessible(name)
}

func TestFromAProviderToAPasswordAndBack(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, social(t, newHub(t, 40, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	login := verified(t, "Grace Hopper", "grace@lovelace.test")
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	looks(t, page, "social-login")
	page.Open("/signup")
	looks(t, page, "social-signup")
	page.Open("/login")
	page.Click("link", "Sign in with Google")
	agreeAs(page, login)
	page.WaitPath("/auth/oauth/callback")
	page.WaitText("Your address is grace@lovelace.test")
	looks(t, page, "social-join")
	page.Fill("Organization optional", "Hopper")
	page.Click("button", "Make the account")
	page.WaitPath("/dashboard")
	page.WaitText("Grace Hopper")
	box.Receive(t, "grace@lovelace.test", "Google is linked to your account")

	page.Open("/settings/security/connected-accounts")
	page.WaitText("This is your only way to sign in.")
	looks(t, page, "social-connected")
	page.Click("button", "Unlink Google")
	confirmed(page)
	page.WaitText("This is your last way to sign in.")
	page.ExpectAccessible("a refused unlink")
	page.Screenshot("social-last-way")

	// A proof that is too old is given by the provider, since there is no password.
	i.Advance(11 * time.Minute)
	page.Open("/settings/security")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Set a password")
	page.WaitText("Confirm that it is you")
	looks(t, page, "social-proof")
	page.Click("link", "Confirm with Google")
	agreeAs(page, login)
	page.WaitPath("/settings/security")
	page.WaitText("Set a password")
	looks(t, page, "social-set-password")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Set a password")
	page.WaitText("Your password is set")
	page.Open("/settings/security/connected-accounts")
	page.Click("button", "Unlink Google")
	confirmed(page)
	page.WaitText("Link Google")
	box.Receive(t, "grace@lovelace.test", "Google is unlinked from your account")
	instance.SignOut(page, "Grace Hopper")

	instance.SignInAs(page, "grace@lovelace.test", instance.OtherPassword)
	page.WaitPath("/dashboard")
	page.Open("/settings/security/connected-accounts")
	page.Click("link", "Link Google")
	page.WaitText("Link Google to this account?")
	looks(t, page, "social-link")
	page.Click("button", "Link Google")
	page.WaitPath("/settings/security/connected-accounts")
	page.WaitText("Unlink Google")
	page.Screenshot("social-linked")
	instance.SignOut(page, "Grace Hopper")
	page.Click("link", "Sign in with Google")
	page.WaitPath("/dashboard")
	instance.SignOut(page, "Grace Hopper")
	page.Open("/auth/oauth/callback?problem=unreachable&provider=google")
	looks(t, page, "social-problem")
}

// Apple stands at another site and posts its answer from there, so that no cookie of ours comes with it.
func TestAnAnswerPostedFromAnotherSiteFindsItsBrowser(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.StartBinary(t, social(t, newHub(t, 41))...)
	login := verified(t, "", "editor@acme.test")
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	page.Click("link", "Sign in with Apple")
	agreeAs(page, login)
	page.WaitPath("/auth/oauth/callback")
	page.WaitText("There is an account with the address editor@acme.test")
	looks(t, page, "social-sign-in-first")
	page.Click("link", "Sign in and link Apple")
	page.WaitPath("/login")
	instance.FillSignIn(page, "editor@acme")
	page.WaitText("Link Apple to this account?")
	page.Click("button", "Link Apple")
	page.WaitPath("/settings/security/connected-accounts")
	page.WaitText("Unlink Apple")
	instance.SignOut(page, "editor of acme")
	page.Open("/login?next=/incidents")
	page.Click("link", "Sign in with Apple")
	page.WaitPath("/incidents")
}
