package tenants

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// linkShown is the link that the page shows after inviting, without the instance's address.
func linkShown(i *instance.Instance, page *browsertest.Page) string {
	return strings.TrimPrefix(browsertest.Evaluate[string](page, `document.querySelector("pre[id^=link-]").textContent`), i.URL)
}

func TestFromAnInvitationToTheDashboard(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	admin := i.Enter(t, "admin@acme")
	admin.Open("/memberships")
	admin.Click("link", "Invite people")
	admin.WaitText("Up to 100")
	admin.Fill("E-mail addresses optional", "Grace@Hopper.test, nonsense@")
	browsertest.Evaluate[bool](admin,
		`(() => { const t = new DataTransfer(); t.items.add(new File(["name,email\nAda,ada@lovelace.test\n"], "people.csv")); document.querySelector("input[type=file]").files = t.files; return true })()`)
	admin.Fill("Message optional", "We need your compiler.")
	instance.Choose(admin, "role", "editor")
	shoot(admin, "invite")
	admin.Click("button", "Invite")
	admin.WaitText("Not an address")
	admin.WaitText("Link for ada@lovelace.test")
	shoot(admin, "invited")
	// Anyone who invites is told another link than the one in the mail, which alone shows that its holder has the address.
	link := i.LinkIn(box.Receive(t, "grace@hopper.test", "Join Acme"))
	if told := linkShown(i, admin); told == link || !strings.HasPrefix(told, "/invitations/accept?token=") {
		t.Errorf("the mail has %s and the page %s", link, told)
	}
	admin.Open("/memberships")
	admin.WaitText("Open invitations")
	shoot(admin, "members")
	admin.Click("link", "grace@hopper.test")
	admin.WaitText("We need your compiler.")
	shoot(admin, "invitation")

	page := browsertest.New(t, i.URL)
	page.Open(link)
	page.WaitText("admin of acme invites you as Editor.")
	instance.LookAt(t, page, link)
	page.Size(1440, 900)
	page.Fill("Your name", "Grace Hopper")
	page.Fill("Password", "short")
	page.Click("button", "Make the account and join")
	page.WaitText("Password needs at least 10 characters.")
	page.Fill("Password", instance.OtherPassword)
	page.Click("button", "Make the account and join")
	page.WaitPath("/dashboard")
	page.WaitText("Grace Hopper")
	page.WaitText("Acme")

	// A used link leads to one page that says what to do.
	other := browsertest.New(t, i.URL)
	other.Open(link)
	other.WaitText("This invitation has ended")
	shoot(other, "ended")
	admin.Open("/memberships")
	admin.WaitText("Grace Hopper")
}

// shoot looks at a page as most people see it, where pictures are asked for.
func shoot(page *browsertest.Page, name string) {
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.Screenshot("invitations-" + name + "-390-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
	page.Screenshot("invitations-" + name + "-1440-light")
}

func TestAMemberOfAnotherOrganizationJoins(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	admin := i.Enter(t, "admin@acme")
	admin.Open("/invitations/new?email=editor@umbrella.test")
	admin.Click("button", "Invite")
	admin.WaitText("has no mail server")
	link := linkShown(i, admin)

	page := i.Enter(t, "viewer@umbrella")
	page.Open(link)
	page.WaitText("you are signed in as viewer@umbrella.test")
	instance.LookAt(t, page, link)
	page.Size(1440, 900)
	page.Click("button", "Sign out and go on")
	page.WaitText("confirm your address with the link that comes by mail")
	shoot(page, "join-or-sign-in")
	page.Click("link", "Sign in with your account")
	page.Fill("E-mail", "editor@umbrella.test")
	page.Fill("Password", instance.Password)
	page.Click("button", "Sign in")
	page.WaitText("You join as editor of umbrella")
	instance.LookAt(t, page, "/invitations/accept")
	page.Size(1440, 900)
	page.Click("button", "Join Acme")
	page.WaitPath("/dashboard")
	page.Open("/assets")
	page.WaitText("No assets yet")

	// Both organizations are at hand, and a switch gives the session new tokens.
	mine, theirs := i.As("owner@acme"), i.As("owner@umbrella")
	mine.Create("assets", map[string]any{"name": "Anvil of Acme"})
	theirs.Create("assets", map[string]any{"name": "Umbrella stand"})
	c := &instance.Client{Instance: i, Token: i.SignIn("editor@umbrella").AccessToken}
	var me struct{ Tenant struct{ ID, Slug string } }
	c.Must(c.Call("GET", "users/me", nil), 200, &me)
	if me.Tenant.Slug != "acme" {
		t.Errorf("the next sign-in is in %s", me.Tenant.Slug)
	}
	c.Expect(403, "POST", "assets", map[string]any{"name": "Not as a viewer"})
	var there struct{ Tenant struct{ ID string } }
	theirs.Must(theirs.Call("GET", "users/me", nil), 200, &there)
	var switched struct {
		AccessToken string `json:"access_token"`
	}
	c.Must(c.Call("POST", "tenants/"+there.Tenant.ID+"/switch", nil), 200, &switched)
	if r := c.Call("GET", "assets", nil); r.Status != 401 {
		t.Errorf("the token before the switch answers %d", r.Status)
	}
	after := &instance.Client{Instance: i, Token: switched.AccessToken}
	if r := after.Call("GET", "assets", nil); !strings.Contains(string(r.Body), "Umbrella stand") ||
		strings.Contains(string(r.Body), "Anvil") {
		t.Errorf("after the switch there is %s", r.Body)
	}
	after.Expect(201, "POST", "assets", map[string]any{"name": "As an editor"})
	page.Click("disclosure", "Organization: Acme")
	page.Click("button", "Umbrella")
	page.WaitPath("/dashboard")
	page.Open("/assets")
	page.WaitText("Umbrella stand")
}
