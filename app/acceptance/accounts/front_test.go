package accounts

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestAStrangerIsGreetedAndAMemberIsAtHome(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "accounts.signup=open")
	stranger := browsertest.New(t, i.URL)
	stranger.Open("/")
	stranger.WaitText("Welcome")
	stranger.ExpectAccessible("the front")
	stranger.Screenshot("front")
	stranger.Click("link", "Make an account")
	stranger.WaitPath("/signup")
	stranger.Open("/")
	stranger.Click("link", "Sign in")
	stranger.WaitPath("/login")
	member := i.Enter(t, "viewer@acme")
	member.Open("/")
	member.WaitPath("/dashboard")
}
