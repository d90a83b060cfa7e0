package accounts

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// squatted is an address that somebody else takes before its owner does.
const squatted = "grace@hopper.test"

const theirPassword = "a fence of nine purple llamas"

// TestWhoSignsUpFirstGetsNothingByTheOwner lets a stranger sign up with an address before and after its owner does.
func TestWhoSignsUpFirstGetsNothingByTheOwner(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "accounts.signup=open")
	nobody := &instance.Client{Instance: i}
	signUp := func(name, password, organization string) (token string) {
		t.Helper()
		nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": name, "email": squatted, "password": password,
			"organization": organization}), 200, nil)
		return instance.TokenIn(i.LinkIn(box.Receive(t, squatted, "Confirm your e-mail address")))
	}
	verify := func(token, password string) instance.Reply {
		return nobody.Call("POST", "auth/verify-email", map[string]string{"token": token, "password": password})
	}
	first := signUp("Mallory", theirPassword, "Mallory's")
	owner := signUp("Grace", instance.OtherPassword, "Hers")
	last := signUp("Mallory", theirPassword, "")
	for name, token := range map[string]string{"the first sign-up": first, "the last one": last} {
		for _, password := range []string{"", instance.OtherPassword} {
			if r := verify(token, password); r.Status != 422 {
				t.Errorf("the link of %s answers %q with %d", name, password, r.Status)
			}
		}
		if r := nobody.Call("POST", "auth/verify-email", map[string]string{"token": token}); r.Status != 422 {
			t.Errorf("the link of %s alone answers %d", name, r.Status)
		}
	}
	if r := nobody.SignIn(squatted, theirPassword); r.Status != 403 {
		t.Errorf("before a confirmation the stranger gets %d", r.Status)
	}
	// The control: what belongs together works, and signs in.
	var in struct {
		AccessToken string `json:"access_token"`
		User        struct {
			Name   string
			Tenant struct{ Name string }
		}
	}
	nobody.Must(verify(owner, instance.OtherPassword), 200, &in)
	if in.User.Name != "Grace" || in.User.Tenant.Name != "Hers" || in.AccessToken == "" {
		t.Errorf("she is in as %+v", in.User)
	}
	if r := nobody.SignIn(squatted, theirPassword); r.Status != 401 {
		t.Errorf("after the confirmation the stranger gets %d", r.Status)
	}
	for _, token := range []string{first, last} {
		if r := verify(token, theirPassword); r.Status != 422 {
			t.Errorf("a link of the stranger answers %d afterwards", r.Status)
		}
	}
	if n := i.Count("SELECT count(*) FROM t_tenant WHERE name LIKE 'Mallory%'"); n != 0 {
		t.Error("what the stranger asked for was made")
	}
}

// TestALostLinkIsSentAgainForTheNewestSignUp also lets the owner of an address in by a reset, although somebody else signed up.
func TestALostLinkIsSentAgainForTheNewestSignUp(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "accounts.signup=open")
	nobody := &instance.Client{Instance: i}
	for _, address := range []string{squatted, "ada@lovelace.test"} {
		nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": "Grace", "email": address,
			"password": instance.OtherPassword, "organization": "Hers"}), 200, nil)
		box.Receive(t, address, "Confirm your e-mail address")
	}
	nobody.Must(nobody.Call("POST", "auth/resend-verification", map[string]string{"email": squatted}), 200, nil)
	token := instance.TokenIn(i.LinkIn(box.Receive(t, squatted, "Confirm your e-mail address")))
	// Where nobody signed up with a new password, a program may leave it out.
	nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": "Grace", "email": strings.ToUpper(squatted),
		"password": instance.OtherPassword, "organization": "Hers"}), 200, nil)
	nobody.Must(nobody.Call("POST", "auth/verify-email", map[string]string{"token": token}), 200, nil)
	if n := i.Count("SELECT count(*) FROM t_tenant WHERE name = 'Hers'"); n != 1 {
		t.Errorf("%d organizations were made", n)
	}
	nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": "ada@lovelace.test"}), 200, nil)
	token = instance.TokenIn(i.LinkIn(box.Receive(t, "ada@lovelace.test", "Set a new password")))
	nobody.Must(nobody.Call("POST", "auth/reset-password", map[string]string{"token": token, "password": instance.Password}), 200, nil)
	nobody.Must(nobody.SignIn("ada@lovelace.test", instance.Password), 200, nil)
}

// TestAnAddressIsTakenByWhoAskedForIt: the link at the new address is nothing in the hands of its owner alone.
func TestAnAddressIsTakenByWhoAskedForIt(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	nobody, editor, viewer := &instance.Client{Instance: i}, i.As("editor@acme"), i.As("viewer@acme")
	editor.Must(editor.Call("POST", "users/me/change-email", map[string]string{"email": squatted, "password": instance.Password}), 200, nil)
	leave := map[string]string{"token": instance.TokenIn(i.LinkIn(box.Receive(t, "editor@acme.test", "")))}
	take := map[string]string{"token": instance.TokenIn(i.LinkIn(box.Receive(t, squatted, "")))}
	nobody.Must(nobody.Call("POST", "auth/confirm-email", leave), 200, nil)
	for name, c := range map[string]*instance.Client{"nobody": nobody, "somebody else": viewer} {
		if r := c.Call("POST", "auth/confirm-email", take); r.Status != 401 {
			t.Errorf("%s confirms with %d %s", name, r.Status, r.Body)
		}
	}
	var done struct{ Waits bool }
	editor.Must(editor.Call("POST", "auth/confirm-email", take), 200, &done)
	if n := i.Count("SELECT count(*) FROM t_user WHERE email = '" + squatted + "'"); done.Waits || n != 1 {
		t.Errorf("waits %v, %d accounts have the address", done.Waits, n)
	}
}
