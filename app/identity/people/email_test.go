package people_test

import (
	"strings"
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/identity/members"
	"zygo/app/identity/signin"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func TestOneMailboxHasOneAccount(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, outbox.Module, identity.Module, access.Module, platform.Module)
	services := identity.New(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), identity.Settings{Idle: time.Hour,
		Absolute: time.Hour, URL: "https://zygo.example.com",
		SignUp: signin.SignUpDomains, Domains: []string{"MÜNCHEN.example"}})
	first := signin.First{Name: "Ada", Email: " Ada@mu\u0308nchen.example", Password: "correct horse battery staple",
		Organization: "Acme"}
	if err := services.SignIn.SetUpByOperator(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	forms := []string{"ada@münchen.example", "ada@xn--mnchen-3ya.example", "ADA@MÜNCHEN.EXAMPLE\u00a0", "ada@XN--MNCHEN-3YA.example",
		"ada@mu\u0308nchen。example"}
	for _, form := range forms {
		_, person, err := services.SignIn.ByPassword(t.Context(), form, first.Password, signin.Device{}, resource.Origin{})
		if err != nil {
			t.Errorf("%q does not sign in: %v", form, err)
			continue
		}
		if got := person.User.Email; string(got) != "ada@xn--mnchen-3ya.example" || got.String() != "ada@münchen.example" {
			t.Errorf("%q signs in %q, shown as %s", form, string(got), got)
		}
		if err := services.SignIn.SignUp(t.Context(), signin.Joining{Name: "Ada", Email: form, Password: field.Password(first.Password)},
			resource.Origin{}); err != nil {
			t.Errorf("%q does not sign up: %v", form, err)
		}
		invited, err := services.Members.Invite(person.Session, members.Inviting{
			Emails: []string{strings.Replace(strings.ToLower(form), "ada", "bob", 1)}})
		if err != nil || len(invited) != 1 || invited[0].Email != "bob@xn--mnchen-3ya.example" {
			t.Errorf("the invitation of bob at %q: %v %v", form, invited, err)
		}
	}
	// The domain without the umlaut belongs to somebody else, and so do its addresses.
	if err := services.SignIn.SignUp(t.Context(), signin.Joining{Name: "Ada", Email: "ada@munchen.example",
		Password: field.Password(first.Password)}, resource.Origin{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an address at another domain signs up: %v", err)
	}
	type rows struct{ Users, Invitations int }
	got, err := resource.SelectOne[rows](kernel.System(),
		"SELECT (SELECT count(*) FROM {user}) AS users, (SELECT count(*) FROM {invitation}) AS invitations")
	if err != nil || got != (rows{1, 1}) {
		t.Errorf("there are %+v: %v", got, err)
	}
}
