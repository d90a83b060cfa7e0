package accounts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

func TestAPersonTakesTheirDataAlongAndLeaves(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	secret, codes := editor.Enrol()
	id := editor.UserID()
	editor.Must(editor.Call("PATCH", "users/me/preferences", map[string]string{"theme": "dark"}), 200, nil)
	editor.Must(editor.Call("POST", "views", map[string]any{"kind": "asset", "name": "Mine", "parameters": map[string]string{}}), 201, nil)
	team := owner.Create("teams", map[string]any{"name": "Network"})
	owner.Create("teams/"+team+"/members", map[string]any{"user_id": id})
	owner.Create("grants", map[string]any{"permission": "asset:update", "user_id": id, "reason": "On call",
		"workspace": owner.Create("workspaces", map[string]any{"name": "Plant"})})
	if r := i.As("owner@umbrella").Invite("viewer", "editor@acme.test"); r["editor@acme.test"].ID == "" {
		t.Errorf("the invitation is %v", r)
	}
	var asset struct{ ID string }
	editor.Must(editor.Call("POST", "assets", map[string]string{"name": "Gateway of Acme"}), 201, &asset)
	var told struct {
		Profile     struct{ Email string }
		Preferences struct{ Theme string }
		Sessions    []any
		Factors     struct{ TOTP bool }
		Memberships []struct{ Organization, Role string }
		Views       []struct{ Name string }
		Activity    []struct{ Action string }
		Complete    bool `json:"activity_complete"`
	}
	r := editor.Call("GET", "users/me/export", nil)
	if err := json.Unmarshal(r.Body, &told); err != nil {
		t.Fatalf("the export is no JSON: %v: %s", err, r.Body)
	}
	if told.Profile.Email != "editor@acme.test" || told.Preferences.Theme != "dark" || len(told.Sessions) == 0 || !told.Factors.TOTP ||
		len(told.Views) != 1 || !told.Complete ||
		len(told.Memberships) != 1 || told.Memberships[0].Organization != "Acme" || !strings.Contains(string(r.Body), `"asset.created"`) {
		t.Errorf("the export holds %s", r.Body)
	}
	for what, text := range map[string]string{"a secret": secret, "a code": codes[0], "a hash": "argon2",
		"what belongs to the organization": "Gateway"} {
		if strings.Contains(string(r.Body), text) {
			t.Errorf("the export holds %s", what)
		}
	}
	if !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the export is shown as %q", r.Header.Get("Content-Disposition"))
	}

	leave := func(c *instance.Client, email string) instance.Reply {
		return c.Call("DELETE", "users/me", map[string]string{"email": email})
	}
	if r := leave(editor, "owner@acme.test"); r.Status != 422 {
		t.Errorf("another address deletes with %d", r.Status)
	}
	if r := leave(owner, "owner@acme.test"); r.Status != 409 || !strings.Contains(string(r.Body), "last operator") {
		t.Errorf("the last operator leaves with %d %s", r.Status, r.Body)
	}
	for who, says := range map[string]string{"owner@umbrella": "last owner of Umbrella"} {
		if r := leave(i.As(who), who+".test"); r.Status != 409 || !strings.Contains(string(r.Body), says) {
			t.Errorf("%s leaves with %d %s", who, r.Status, r.Body)
		}
	}
	i.Advance(11 * time.Minute)
	if r := leave(editor, "editor@acme.test"); r.Status != 401 || r.Code() != "MFA_REQUIRED" {
		t.Errorf("with an old proof it answers %d %s", r.Status, r.Body)
	}
	var proved instance.Tokens
	editor.Must(editor.Call("POST", "auth/mfa/challenge", map[string]string{"password": instance.Password}), 200, &proved)
	editor.Token = proved.AccessToken
	stream := editor.Stream("events/stream")
	editor.Must(leave(editor, " Editor@acme.test"), 200, nil)
	instance.ExpectEnd(t, stream)
	if r := editor.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("the session of a deleted account answers %d", r.Status)
	}
	if r := (&instance.Client{Instance: i}).SignIn("editor@acme.test", instance.Password); r.Status != 401 {
		t.Errorf("a deleted account is entered with %d", r.Status)
	}
	if r := owner.Call("POST", "users/"+id+"/activate", nil); r.Status != 409 {
		t.Errorf("a deleted account is activated with %d", r.Status)
	}
	owner.Must(owner.Call("GET", "assets/"+asset.ID, nil), 200, nil)
	i.Stop()
	for _, table := range []string{"session", "totp", "backup_code", "preference", "avatar", "known_device", "phone", "phone_code",
		"account_token", "list_preference", "challenge", "membership", "team_member", "grant"} {
		if left := i.Count(fmt.Sprintf("SELECT count(*) FROM t_%s WHERE user_id = '%s'", table, id)); left != 0 {
			t.Errorf("%d rows of %s are left", left, table)
		}
	}
	if i.Count("SELECT count(*) FROM t_invitation WHERE email = 'editor@acme.test'") != 0 {
		t.Error("an invitation is left")
	}
	if i.Count(fmt.Sprintf("SELECT count(*) FROM t_view WHERE owner_id = '%s'", id)) != 0 {
		t.Error("a view is left")
	}
	if i.Count("SELECT count(*) FROM t_user WHERE email = 'editor@acme.test' OR name = 'editor of acme'") != 0 {
		t.Error("the name or address is left")
	}
	if i.Count("SELECT count(*) FROM t_message WHERE recipient = 'editor@acme.test' AND subject <> 'Your account was deleted'") != 0 {
		t.Error("messages to the address are left")
	}
	if i.Count(fmt.Sprintf(
		"SELECT count(*) FROM t_ledger WHERE actor_id = '%s' AND actor_name = 'editor of acme' AND action = 'asset.created'", id)) != 1 {
		t.Error("the ledger lost who made the asset")
	}
	if stdout, stderr, code := i.Command("doctor"); code != 0 {
		t.Errorf("doctor ends with %d: %s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(instance.Password), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.Command("user", "create", "--name", "Editha", "--email", "editor@acme.test", "--organization", "acme",
		"--password-file", file); code != 0 {
		t.Fatalf("the address can't be used again: %d %s", code, stderr)
	}
	i.Serve()
	again := i.As("editor@acme")
	if again.UserID() == id {
		t.Error("the address leads to the old account")
	}
}

func TestTheOnlyMemberIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "accounts.signup=open")
	nobody := &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/signup", map[string]string{"name": "Grace", "email": "grace@lonely.test",
		"password": instance.Password, "organization": "Lonely"}), 200, nil)
	nobody.Must(nobody.Call("POST", "auth/verify-email", map[string]string{
		"token": instance.TokenIn(i.LinkIn(box.Receive(t, "grace@lonely.test", ""))), "password": instance.Password}), 200, nil)
	grace := i.As("grace@lonely")
	r := grace.Call("DELETE", "users/me", map[string]string{"email": "grace@lonely.test"})
	if r.Status != 409 || !strings.Contains(string(r.Body), "only member of Lonely") {
		t.Errorf("the only member leaves with %d %s", r.Status, r.Body)
	}
	grace.Must(grace.Call("GET", "users/me", nil), 200, nil)
}
