package accounts

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestFromSignUpToTheDashboard(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "accounts.signup=domains", "accounts.domains=lovelace.test")
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	page.Click("link", "Make an account")
	page.WaitPath("/signup")
	page.Fill("Your name", "Grace Hopper")
	page.Fill("E-mail", "grace@elsewhere.test")
	page.Fill("Password", instance.OtherPassword)
	page.Fill("Organization optional", "Acme")
	page.Click("button", "Make the account")
	page.WaitText("must be an address at lovelace.test")
	page.Fill("E-mail", "Grace@lovelace.test")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Make the account")
	page.WaitText("Follow the link in the mail that was sent to you.")
	link := i.LinkIn(box.Receive(t, "grace@lovelace.test", "Confirm your e-mail address"))

	page.Open("/login")
	instance.SignInAs(page, "grace@lovelace.test", instance.OtherPassword)
	page.WaitText("This account waits until its address is confirmed.")
	page.Click("button", "Send another link")
	page.WaitText("another link is on its way")
	box.Receive(t, "grace@lovelace.test", "Confirm your e-mail address")

	// The link alone confirms nothing: it could be somebody else's sign-up.
	page.Open(link)
	page.Fill("Password", instance.Password)
	page.Click("button", "Confirm this address")
	page.WaitText("is not the one that you signed up with")
	instance.LookAt(t, page, link)
	page.Size(1440, 900)
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Confirm this address")
	page.WaitPath("/dashboard")
	page.WaitText("Grace Hopper")
	page.Open(link)
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Confirm this address")
	page.WaitText("This link is not valid any more")

	// Who signs up again with the same address hears nothing of it; its owner does.
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": "Mallory", "email": "grace@lovelace.test",
		"password": instance.Password}), 200, nil)
	box.Receive(t, "grace@lovelace.test", "You have an account already")
	if r := nobody.SignIn("grace@lovelace.test", instance.Password); r.Status != 401 {
		t.Errorf("the second sign-up's password answers %d", r.Status)
	}
}

func TestAForgottenPasswordInTheBrowser(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	page.Fill("E-mail", "editor@acme.test")
	page.Press("Tab")
	if on := page.Focused(); !strings.Contains(on, "Password") {
		t.Errorf("Tab leads from the address to %q", on)
	}
	page.Click("link", "Forgot password?")
	page.WaitPath("/forgot-password")
	page.Fill("E-mail", "viewer@acme.test")
	page.Click("button", "Send the link")
	page.WaitText("Look into your mailbox")
	link := i.LinkIn(box.Receive(t, "viewer@acme.test", "Set a new password"))
	page.Open(link)
	saved := browsertest.Evaluate[string](page, `document.querySelector("[autocomplete=username]").value`)
	if !strings.Contains(saved, "@") {
		t.Errorf("a password manager saves the password for %q", saved)
	}
	page.Fill("New password", "short")
	page.Click("button", "Set the password")
	page.WaitText("New password needs at least 10 characters.")
	page.Fill("New password", instance.OtherPassword)
	page.Click("button", "Set the password")
	page.WaitText("Your password was changed.")
	instance.SignInAs(page, "viewer@acme.test", instance.Password)
	page.WaitText("The e-mail address or the password is wrong.")
	instance.SignInAs(page, "viewer@acme.test", instance.OtherPassword)
	page.WaitPath("/dashboard")
	page.Open(link)
	page.WaitText("This link is not valid any more")
}

func TestSessionsAreEndedFromThePage(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	phone, laptop := i.As("editor@acme"), i.As("editor@acme")
	page := i.OpenSignedIn(t, "editor@acme")
	page.WaitPath("/dashboard")
	text := box.Receive(t, "editor@acme.test", "Sign-in from a new device")
	if !strings.Contains(text, "Chrome") || !strings.Contains(text, "127.0.0.1") {
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
	phone.Must(phone.Call("GET", "users/me/sessions", nil), 200, &open)
	if len(open) != 3 {
		t.Fatalf("%d sessions are open", len(open))
	}
	phone.Must(phone.Call("DELETE", "users/me/sessions/"+open[0].ID, nil), 200, nil) // the newest is the browser's
	page.Open("/dashboard")
	page.WaitPath("/login")
	instance.SignInAs(page, "editor@acme.test", instance.Password)
	page.WaitPath("/dashboard")
	page.Open("/settings/security/sessions")
	page.Click("button", "End all others")
	page.WaitNoText("Go-http-client")
	for _, other := range []*instance.Client{phone, laptop} {
		if r := other.Call("GET", "users/me", nil); r.Status != 401 {
			t.Errorf("an ended session answers %d", r.Status)
		}
	}
	admin := i.As("admin@acme")
	if r := admin.Call("DELETE", "users/me/sessions/"+open[1].ID, nil); r.Status != 404 {
		t.Errorf("somebody else's session answers %d", r.Status)
	}
}

func TestAnOperatorPassesALinkOn(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.StartBinary(t)
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": "viewer@acme.test"}), 200, nil)
	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
	page.Click("link", "Settings")
	page.Click("link", "Outbox messages")
	page.WaitPath("/admin/outbox")
	page.WaitText("This instance has no mail server")
	page.Click("link", "Set a new password")
	page.WaitText("Pass its link on to viewer@acme.test yourself.")
	link := browsertest.Evaluate[string](page, `document.getElementById("link").textContent`)
	page.Open(strings.TrimPrefix(link, i.URL))
	page.Fill("New password", instance.OtherPassword)
	page.Click("button", "Set the password")
	page.WaitText("Your password was changed.")
	for _, path := range []string{"admin/outbox", "admin/outbox/01990000-0000-7000-8000-000000000000"} {
		if r := i.As("admin@acme").Call("GET", path, nil); r.Status != 403 {
			t.Errorf("%s answers an administrator %d", path, r.Status)
		}
	}
}

func TestAPersonChangesTheirAccount(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	other := i.As("editor@acme")
	page := i.Enter(t, "editor@acme")
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
	instance.Choose(page, "theme", "dark")
	page.Click("button", "Save preferences")
	page.WaitText("Your preferences are saved.")
	page.Wait(`document.documentElement.dataset.theme === "dark"`)

	page.Open("/settings/security")
	saved := browsertest.Evaluate[string](page,
		`document.querySelector("form:has([autocomplete=new-password]) [autocomplete=username]").value`)
	if !strings.Contains(saved, "@") {
		t.Errorf("a password manager saves the new password for %q", saved)
	}
	page.Fill("Current password", "not the password")
	page.Fill("New password", instance.OtherPassword)
	page.Click("button", "Change the password")
	page.WaitText("is not your present password")
	page.Fill("Current password", instance.Password)
	page.Fill("New password", instance.OtherPassword)
	page.Click("button", "Change the password")
	page.WaitText("Your password is changed")
	if r := other.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("another session answers %d", r.Status)
	}

	page.Open("/settings/email")
	page.Fill("New address", "edith@acme.test")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Send the links")
	page.WaitText("Follow the links in both mails")
	leave := i.LinkIn(box.Receive(t, "editor@acme.test", "Confirm the change of your e-mail address"))
	take := i.LinkIn(box.Receive(t, "edith@acme.test", "Confirm your new e-mail address"))
	page.Open(take)
	page.Click("button", "Agree to the change")
	page.WaitText("when the link in the other mail is followed too")
	page.Open(take)
	page.Click("button", "Agree to the change")
	page.WaitText("This link is not valid any more")
	page.Open(leave)
	page.Click("button", "Agree to the change")
	page.WaitText("Your address is changed.")
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.SignIn("edith@acme.test", instance.OtherPassword), 200, nil)
}
