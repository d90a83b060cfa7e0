package accounts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestNobodyGivesOrTakesMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	people := owner.Members()
	for name, try := range map[string]struct {
		who    *instance.Client
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
		if answer := try.who.Call(try.method, "memberships/"+people[try.of].ID, body); answer.Status != try.want {
			t.Errorf("%s: %d %s, want %d", name, answer.Status, answer.Body, try.want)
		}
	}
}

func TestARemovedMemberIsOutAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	editor.Must(editor.Call("GET", "assets", nil), 200, nil)
	owner.Must(owner.Call("DELETE", "memberships/"+owner.Members()["editor"].ID, nil), 200, nil)
	if answer := editor.Call("GET", "assets", nil); answer.Status != 403 {
		t.Errorf("after the removal the next request answers %d %s", answer.Status, answer.Body)
	}
}

func TestANewPasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	before := i.As("editor@acme")
	i.Stop()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("password123\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.Command("user", "reset-password", "--email", "editor@acme.test", "--password-file", file); code == 0 ||
		!strings.Contains(stderr, "easy to guess") {
		t.Errorf("a weak password ends with %d: %s", code, stderr)
	}
	if err := os.WriteFile(file, []byte("another horse entirely, stapled\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.Command("user", "reset-password", "--email", "editor@acme.test", "--password-file", file); code != 0 {
		t.Fatalf("the reset ends with %d: %s", code, stderr)
	}
	i.Serve()
	if answer := before.Call("GET", "assets", nil); answer.Status != 401 {
		t.Errorf("an old session answers %d", answer.Status)
	}
	nobody := &instance.Client{Instance: i}
	for password, want := range map[string]int{instance.Password: 401, "another horse entirely, stapled": 200} {
		given := map[string]string{"email": "editor@acme.test", "password": password}
		if answer := nobody.Call("POST", "auth/login", given); answer.Status != want {
			t.Errorf("the password %q answers %d", password, answer.Status)
		}
	}
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	before := i.As("editor@acme")
	i.Stop()
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
		out, failed, code := i.Command(append([]string{"user"}, step.arguments...)...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v ends with %d: %s%s", step.arguments, code, out, failed)
		}
	}
	i.Serve()
	nobody := &instance.Client{Instance: i}
	if r := before.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("a session of a disabled user answers %d", r.Status)
	}
	if r := nobody.SignIn("editor@acme.test", instance.Password); r.Status != 401 {
		t.Errorf("a disabled user signs in with %d", r.Status)
	}
	nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": "editor@acme.test"}), 200, nil)
	admin := i.As("admin@acme")
	var mails []struct{ Recipient string }
	admin.Must(admin.Call("GET", "admin/outbox", nil), 200, &mails)
	if len(mails) > 0 {
		t.Errorf("a disabled user is sent %v", mails)
	}
	i.Stop()
	if _, failed, code := i.Command("user", "enable", "--email", "editor@acme.test"); code != 0 {
		t.Errorf("enable ends with %d: %s", code, failed)
	}
	i.Serve()
	i.As("editor@acme")
}

func TestMembersAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	viewer := i.As("viewer@acme")
	found := func(query string) (total int) {
		t.Helper()
		var rows []struct{ ID string }
		viewer.Must(viewer.Call("GET", "memberships?"+query, nil), 200, &rows)
		return len(rows)
	}
	for query, want := range map[string]int{"search=EDITOR+of": 1, "search=editor@acme.test": 1, "search=of+acme": 3, "search=umbrella": 0,
		"search=%25":                         0,
		"search=of+acme&filter[role]=editor": 1, "search=of+acme&filter[role]=owner": 0} {
		if got := found(query); got != want {
			t.Errorf("%s finds %d members and not %d", query, got, want)
		}
	}
	page := i.Enter(t, "viewer@acme")
	page.Open("/memberships")
	page.Fill("Search Members", "admin of")
	page.Press("Enter")
	page.WaitNoText("editor of acme")
	page.WaitText("admin of acme")
}
