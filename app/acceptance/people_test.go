package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type member struct {
	ID     string
	UserID string `json:"user_id"`
	Role   string
}

// members are the memberships of the client's organization by role.
func (c *client) members() map[string]member {
	c.i.t.Helper()
	var rows []member
	c.must(c.call("GET", "memberships?limit=100", nil), 200, &rows)
	byRole := map[string]member{}
	for _, row := range rows {
		byRole[row.Role] = row
	}
	return byRole
}

func TestNobodyGivesOrTakesMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, editor := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")
	people := owner.members()
	for name, try := range map[string]struct {
		who    *client
		method string
		of     string
		role   string
		want   int
	}{
		"an admin makes themselves owner": {admin, "PATCH", "admin", "owner", 422},
		"an admin makes an owner":         {admin, "PATCH", "editor", "owner", 422},
		"an admin lowers the owner":       {admin, "PATCH", "owner", "viewer", 422},
		"an admin removes the owner":      {admin, "DELETE", "owner", "", 422},
		"an editor makes themselves more": {editor, "PATCH", "editor", "admin", 403},
		"the last owner steps down":       {owner, "PATCH", "owner", "admin", 409},
		"the last owner leaves":           {owner, "DELETE", "owner", "", 409},
		"an admin raises a viewer":        {admin, "PATCH", "viewer", "editor", 200},
	} {
		var body any
		if try.role != "" {
			body = map[string]string{"role": try.role}
		}
		if answer := try.who.call(try.method, "memberships/"+people[try.of].ID, body); answer.status != try.want {
			t.Errorf("%s: %d %s, want %d", name, answer.status, answer.body, try.want)
		}
	}
}

func TestARemovedMemberIsOutAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	editor.must(editor.call("GET", "assets", nil), 200, nil)
	owner.must(owner.call("DELETE", "memberships/"+owner.members()["editor"].ID, nil), 200, nil)
	if answer := editor.call("GET", "assets", nil); answer.status != 403 {
		t.Errorf("after the removal the next request answers %d %s", answer.status, answer.body)
	}
}

func TestANewPasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	i := start(t)
	before := i.as("editor@acme")
	i.stop()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("password123\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.command("user", "reset-password", "--email", "editor@acme.test", "--password-file", file); code == 0 || !strings.Contains(stderr, "easy to guess") {
		t.Errorf("a weak password ends with %d: %s", code, stderr)
	}
	if err := os.WriteFile(file, []byte("another horse entirely, stapled\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.command("user", "reset-password", "--email", "editor@acme.test", "--password-file", file); code != 0 {
		t.Fatalf("the reset ends with %d: %s", code, stderr)
	}
	i.serve()
	if answer := before.call("GET", "assets", nil); answer.status != 401 {
		t.Errorf("an old session answers %d", answer.status)
	}
	nobody := &client{i: i}
	for password, want := range map[string]int{passphrase: 401, "another horse entirely, stapled": 200} {
		if answer := nobody.call("POST", "auth/login", map[string]string{"email": "editor@acme.test", "password": password}); answer.status != want {
			t.Errorf("the password %q answers %d", password, answer.status)
		}
	}
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	before := i.as("editor@acme")
	i.stop()
	for _, step := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"sessions", "--email", "editor@acme.test"}, 0, "Go-http-client"},
		{[]string{"sessions", "--email", "nobody@acme.test"}, 4, "There is no user"},
		{[]string{"disable", "--email", "owner@acme.test"}, 3, "the last operator"},
		{[]string{"disable", "--email", "editor@acme.test"}, 0, "disabled"},
		{[]string{"disable", "--email", "editor@acme.test"}, 3, "disabled already"},
		{[]string{"sessions", "--email", "editor@acme.test"}, 0, "DEVICE"},
		{[]string{"promote", "--email", "admin@acme.test"}, 0, "is an operator"},
	} {
		out, failed, code := i.command(append([]string{"user"}, step.arguments...)...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v ends with %d: %s%s", step.arguments, code, out, failed)
		}
	}
	i.serve()
	nobody := &client{i: i}
	if r := before.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("a session of a disabled user answers %d", r.status)
	}
	if r := nobody.signIn("editor@acme.test", passphrase); r.status != 401 {
		t.Errorf("a disabled user signs in with %d", r.status)
	}
	nobody.must(nobody.call("POST", "auth/forgot-password", map[string]string{"email": "editor@acme.test"}), 200, nil)
	admin := i.as("admin@acme")
	var mails []struct{ Recipient string }
	admin.must(admin.call("GET", "admin/outbox", nil), 200, &mails)
	if len(mails) > 0 {
		t.Errorf("a disabled user is sent %v", mails)
	}
	i.stop()
	if _, failed, code := i.command("user", "enable", "--email", "editor@acme.test"); code != 0 {
		t.Errorf("enable ends with %d: %s", code, failed)
	}
	i.serve()
	i.as("editor@acme")
}

func TestMembersAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	i := start(t)
	viewer := i.as("viewer@acme")
	found := func(query string) (total int) {
		t.Helper()
		var rows []struct{ ID string }
		viewer.must(viewer.call("GET", "memberships?"+query, nil), 200, &rows)
		return len(rows)
	}
	for query, want := range map[string]int{"search=EDITOR+of": 1, "search=editor@acme.test": 1, "search=of+acme": 3, "search=umbrella": 0, "search=%25": 0,
		"search=of+acme&filter[role]=editor": 1, "search=of+acme&filter[role]=owner": 0} {
		if got := found(query); got != want {
			t.Errorf("%s finds %d members and not %d", query, got, want)
		}
	}
	page := i.enter(t, "viewer@acme")
	page.Open("/memberships")
	page.Fill("Search Members", "admin of")
	page.Press("Enter")
	page.WaitNoText("editor of acme")
	page.WaitText("admin of acme")
}
