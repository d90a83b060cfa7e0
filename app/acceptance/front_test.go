package acceptance

import (
	"testing"

	"zygo/ui/browsertest"
)

func TestAStrangerIsGreetedAndAMemberIsAtHome(t *testing.T) {
	t.Parallel()
	i := start(t, "accounts.signup=open")
	stranger := browsertest.New(t, i.url)
	stranger.Open("/")
	stranger.WaitText("Welcome")
	stranger.ExpectAccessible("the front")
	stranger.Screenshot("front")
	stranger.Click("link", "Make an account")
	stranger.WaitPath("/signup")
	stranger.Open("/")
	stranger.Click("link", "Sign in")
	stranger.WaitPath("/login")
	member := i.enter(t, "viewer@acme")
	member.Open("/")
	member.WaitPath("/dashboard")
}
