package acceptance

import (
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// signInAs fills the sign-in that the tab shows.
func signInAs(page *browsertest.Page, email, password string) {
	page.Fill("E-mail", email)
	page.Fill("Passphrase", password)
	page.Click("button", "Sign in")
}

func TestFromSignUpToTheDashboard(t *testing.T) {
	t.Parallel()
	i, box := withMail(t, "accounts.signup=domains", "accounts.domains=lovelace.test")
	page := browsertest.New(t, i.url)
	page.Open("/login")
	page.Click("link", "Make an account")
	page.WaitPath("/signup")
	page.Fill("Your name", "Grace Hopper")
	page.Fill("E-mail", "grace@elsewhere.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Fill("Organization optional", "Acme")
	page.Click("button", "Make the account")
	page.WaitText("must be an address at lovelace.test")
	page.Fill("E-mail", "Grace@lovelace.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Click("button", "Make the account")
	page.WaitText("Follow the link in the mail that was sent to you.")
	link := i.linkIn(box.receive(t, "grace@lovelace.test", "Confirm your e-mail address"))

	page.Open("/login")
	signInAs(page, "grace@lovelace.test", otherPassphrase)
	page.WaitText("This account waits until its address is confirmed.")
	page.Click("button", "Send another link")
	page.WaitText("another link is on its way")
	box.receive(t, "grace@lovelace.test", "Confirm your e-mail address")

	page.Open(link)
	page.Click("button", "Confirm this address")
	page.WaitText("Your address is confirmed.")
	signInAs(page, "grace@lovelace.test", otherPassphrase)
	page.WaitPath("/dashboard")
	page.WaitText("Grace Hopper")
	page.Open(link)
	page.Click("button", "Confirm this address")
	page.WaitText("This link is not valid any more")

	// Who signs up again with the same address hears nothing of it; its owner does.
	nobody := &client{i: i}
	nobody.must(nobody.call("POST", "auth/signup", map[string]string{"name": "Mallory", "email": "grace@lovelace.test", "password": passphrase}), 200, nil)
	box.receive(t, "grace@lovelace.test", "You have an account already")
	if r := nobody.signIn("grace@lovelace.test", passphrase); r.status != 401 {
		t.Errorf("the second sign-up's password answers %d", r.status)
	}
}

func TestAForgottenPassphraseInTheBrowser(t *testing.T) {
	t.Parallel()
	i, box := withMail(t)
	page := browsertest.New(t, i.url)
	page.Open("/login")
	page.Click("link", "Forgotten?")
	page.WaitPath("/forgot-password")
	page.Fill("E-mail", "viewer@acme.test")
	page.Click("button", "Send the link")
	page.WaitText("Look into your mailbox")
	link := i.linkIn(box.receive(t, "viewer@acme.test", "Set another password"))
	page.Open(link)
	page.Fill("New passphrase", "short")
	page.Click("button", "Set the passphrase")
	page.WaitText("New passphrase needs at least 10 characters.")
	page.Fill("New passphrase", otherPassphrase)
	page.Click("button", "Set the passphrase")
	page.WaitText("Your passphrase is another now.")
	signInAs(page, "viewer@acme.test", passphrase)
	page.WaitText("The e-mail address or the password is wrong.")
	signInAs(page, "viewer@acme.test", otherPassphrase)
	page.WaitPath("/dashboard")
	page.Open(link)
	page.WaitText("This link is not valid any more")
}

func TestSessionsAreEndedFromThePage(t *testing.T) {
	t.Parallel()
	i, box := withMail(t)
	phone, laptop := i.as("editor@acme"), i.as("editor@acme")
	page := i.enter(t, "editor@acme")
	if text := box.receive(t, "editor@acme.test", "Sign-in from a new device"); !strings.Contains(text, "Chrome") || !strings.Contains(text, "127.0.0.1") {
		t.Errorf("the mail does not say from where: %s", text)
	}
	page.Click("disclosure", "editor of acme , account and look")
	page.Click("link", "Your account")
	page.WaitPath("/settings/profile")
	page.Click("link", "Sessions")
	page.WaitPath("/settings/security/sessions")
	page.WaitText("This session")
	var open []struct {
		ID      string
		Current bool
	}
	phone.must(phone.call("GET", "users/me/sessions", nil), 200, &open)
	if len(open) != 3 {
		t.Fatalf("%d sessions are open", len(open))
	}
	phone.must(phone.call("DELETE", "users/me/sessions/"+open[0].ID, nil), 200, nil) // the newest is the browser's
	page.Open("/dashboard")
	page.WaitPath("/login")
	signInAs(page, "editor@acme.test", passphrase)
	page.WaitPath("/dashboard")
	page.Open("/settings/security/sessions")
	page.Click("button", "End all others")
	page.WaitNoText("Go-http-client")
	for _, other := range []*client{phone, laptop} {
		if r := other.call("GET", "users/me", nil); r.status != 401 {
			t.Errorf("an ended session answers %d", r.status)
		}
	}
	admin := i.as("admin@acme")
	if r := admin.call("DELETE", "users/me/sessions/"+open[1].ID, nil); r.status != 404 {
		t.Errorf("somebody else's session answers %d", r.status)
	}
}

func TestAnOperatorPassesALinkOn(t *testing.T) {
	t.Parallel()
	i := start(t)
	nobody := &client{i: i}
	nobody.must(nobody.call("POST", "auth/forgot-password", map[string]string{"email": "viewer@acme.test"}), 200, nil)
	page := i.enter(t, "owner@acme")
	page.Click("link", "Settings")
	page.Click("link", "Outbox")
	page.WaitPath("/admin/outbox")
	page.WaitText("This instance has no mail server")
	page.Click("link", "Set another password")
	page.WaitText("Pass its link on to viewer@acme.test yourself.")
	link := browsertest.Evaluate[string](page, `document.getElementById("link").textContent`)
	page.Open(strings.TrimPrefix(link, i.url))
	page.Fill("New passphrase", otherPassphrase)
	page.Click("button", "Set the passphrase")
	page.WaitText("Your passphrase is another now.")
	for _, path := range []string{"admin/outbox", "admin/outbox/01990000-0000-7000-8000-000000000000"} {
		if r := i.as("admin@acme").call("GET", path, nil); r.status != 403 {
			t.Errorf("%s answers an administrator %d", path, r.status)
		}
	}
}

func TestAPersonChangesTheirAccount(t *testing.T) {
	t.Parallel()
	i, box := withMail(t)
	other := i.as("editor@acme")
	page := i.enter(t, "editor@acme")
	page.Open("/settings/profile")
	page.Fill("Name", "Edith Editor")
	page.Fill("Time zone optional", "Nowhere/Else")
	page.Click("button", "Save profile")
	page.WaitText("must be a time zone")
	page.Fill("Time zone optional", "Europe/Vienna")
	page.Click("button", "Save profile")
	page.WaitText("Your profile is saved.")
	page.WaitText("Edith Editor")
	page.Click("link", "Preferences")
	page.WaitPath("/settings/preferences")
	choose(page, "theme", "dark")
	page.Click("button", "Save preferences")
	page.WaitText("Your preferences are saved.")
	page.Wait(`document.documentElement.dataset.theme === "dark"`)

	page.Open("/settings/security")
	page.Fill("Present passphrase", "not the passphrase")
	page.Fill("New passphrase", otherPassphrase)
	page.Click("button", "Change the passphrase")
	page.WaitText("is not your present password")
	page.Fill("Present passphrase", passphrase)
	page.Fill("New passphrase", otherPassphrase)
	page.Click("button", "Change the passphrase")
	page.WaitText("Your passphrase is changed")
	if r := other.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("another session answers %d", r.status)
	}

	page.Open("/settings/email")
	page.Fill("New address", "edith@acme.test")
	page.Fill("Passphrase", otherPassphrase)
	page.Click("button", "Send the links")
	page.WaitText("Follow the links in both mails")
	leave := i.linkIn(box.receive(t, "editor@acme.test", "Confirm the change of your e-mail address"))
	take := i.linkIn(box.receive(t, "edith@acme.test", "Confirm your new e-mail address"))
	page.Open(take)
	page.Click("button", "Agree to the change")
	page.WaitText("when the link in the other mail is followed too")
	page.Open(take)
	page.Click("button", "Agree to the change")
	page.WaitText("This link is not valid any more")
	page.Open(leave)
	page.Click("button", "Agree to the change")
	page.WaitText("Your address is changed.")
	nobody := &client{i: i}
	nobody.must(nobody.signIn("edith@acme.test", otherPassphrase), 200, nil)
}
