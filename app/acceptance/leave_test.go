package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAPersonTakesTheirDataAlongAndLeaves(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	secret, codes := editor.enrol()
	id := editor.id()
	editor.must(editor.call("PATCH", "users/me/preferences", map[string]string{"theme": "dark"}), 200, nil)
	editor.must(editor.call("POST", "views", map[string]any{"kind": "asset", "name": "Mine", "parameters": map[string]string{}}), 201, nil)
	team := owner.made("teams", map[string]any{"name": "Network"})
	owner.made("teams/"+team+"/members", map[string]any{"user_id": id})
	owner.made("grants", map[string]any{"permission": "asset:update", "user_id": id, "reason": "On call", "workspace": owner.made("workspaces", map[string]any{"name": "Plant"})})
	if r := i.as("owner@umbrella").invite("viewer", "editor@acme.test"); r["editor@acme.test"].ID == "" {
		t.Errorf("the invitation is %v", r)
	}
	var asset struct{ ID string }
	editor.must(editor.call("POST", "assets", map[string]string{"name": "Gateway of Acme"}), 201, &asset)
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
	r := editor.call("GET", "users/me/export", nil)
	if err := json.Unmarshal(r.body, &told); err != nil {
		t.Fatalf("the export is no JSON: %v: %s", err, r.body)
	}
	if told.Profile.Email != "editor@acme.test" || told.Preferences.Theme != "dark" || len(told.Sessions) == 0 || !told.Factors.TOTP || len(told.Views) != 1 || !told.Complete ||
		len(told.Memberships) != 1 || told.Memberships[0].Organization != "Acme" || !strings.Contains(string(r.body), `"asset.created"`) {
		t.Errorf("the export holds %s", r.body)
	}
	for what, text := range map[string]string{"a secret": secret, "a code": codes[0], "a hash": "argon2", "what belongs to the organization": "Gateway"} {
		if strings.Contains(string(r.body), text) {
			t.Errorf("the export holds %s", what)
		}
	}
	if !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the export is shown as %q", r.header.Get("Content-Disposition"))
	}

	leave := func(c *client, email string) reply {
		return c.call("DELETE", "users/me", map[string]string{"email": email})
	}
	if r := leave(editor, "owner@acme.test"); r.status != 422 {
		t.Errorf("another address deletes with %d", r.status)
	}
	if r := leave(owner, "owner@acme.test"); r.status != 409 || !strings.Contains(string(r.body), "last operator") {
		t.Errorf("the last operator leaves with %d %s", r.status, r.body)
	}
	for who, says := range map[string]string{"owner@umbrella": "last owner of Umbrella"} {
		if r := leave(i.as(who), who+".test"); r.status != 409 || !strings.Contains(string(r.body), says) {
			t.Errorf("%s leaves with %d %s", who, r.status, r.body)
		}
	}
	i.stop()
	i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.serve()
	if r := leave(editor, "editor@acme.test"); r.status != 401 || r.code() != "MFA_REQUIRED" {
		t.Errorf("with an old proof it answers %d %s", r.status, r.body)
	}
	var proved tokens
	editor.must(editor.call("POST", "auth/mfa/challenge", map[string]string{"password": passphrase}), 200, &proved)
	editor.token = proved.AccessToken
	stream := editor.stream("events/stream")
	editor.must(leave(editor, " Editor@acme.test"), 200, nil)
	endsWithin(t, stream, time.Second)
	if r := editor.call("GET", "users/me", nil); r.status != 401 {
		t.Errorf("the session of a deleted account answers %d", r.status)
	}
	if r := (&client{i: i}).signIn("editor@acme.test", passphrase); r.status != 401 {
		t.Errorf("a deleted account is entered with %d", r.status)
	}
	if r := owner.call("POST", "users/"+id+"/activate", nil); r.status != 409 {
		t.Errorf("a deleted account is activated with %d", r.status)
	}
	owner.must(owner.call("GET", "assets/"+asset.ID, nil), 200, nil)
	i.stop()
	for _, table := range []string{"session", "totp", "backup_code", "preference", "avatar", "known_device", "phone", "phone_code", "account_token", "list_look", "challenge", "membership", "team_member", "grant"} {
		if left := i.count(fmt.Sprintf("SELECT count(*) FROM t_%s WHERE user_id = '%s'", table, id)); left != 0 {
			t.Errorf("%d rows of %s are left", left, table)
		}
	}
	if i.count("SELECT count(*) FROM t_invitation WHERE email = 'editor@acme.test'") != 0 {
		t.Error("an invitation is left")
	}
	if i.count(fmt.Sprintf("SELECT count(*) FROM t_view WHERE owner_id = '%s'", id)) != 0 {
		t.Error("a view is left")
	}
	if i.count("SELECT count(*) FROM t_user WHERE email = 'editor@acme.test' OR name = 'editor of acme'") != 0 {
		t.Error("the name or address is left")
	}
	if i.count("SELECT count(*) FROM t_message WHERE recipient = 'editor@acme.test' AND subject <> 'Your account was deleted'") != 0 {
		t.Error("messages to the address are left")
	}
	if i.count(fmt.Sprintf("SELECT count(*) FROM t_ledger WHERE actor_id = '%s' AND actor_name = 'editor of acme' AND action = 'asset.created'", id)) != 1 {
		t.Error("the ledger lost who made the asset")
	}
	if stdout, stderr, code := i.command("doctor"); code != 0 {
		t.Errorf("doctor ends with %d: %s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := i.command("user", "create", "--name", "Editha", "--email", "editor@acme.test", "--organization", "acme", "--password-file", file); code != 0 {
		t.Fatalf("the address can't be used again: %d %s", code, stderr)
	}
	i.serve()
	again := i.as("editor@acme")
	if again.id() == id {
		t.Error("the address leads to the old account")
	}
}

func TestTheOnlyMemberIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	i, box := withMail(t, "accounts.signup=open")
	nobody := &client{i: i}
	nobody.must(nobody.call("POST", "auth/signup", map[string]string{"name": "Grace", "email": "grace@lonely.test", "password": passphrase, "organization": "Lonely"}), 200, nil)
	nobody.must(nobody.call("POST", "auth/verify-email", map[string]string{"token": tokenIn(i.linkIn(box.receive(t, "grace@lonely.test", "")))}), 200, nil)
	grace := i.as("grace@lonely")
	if r := grace.call("DELETE", "users/me", map[string]string{"email": "grace@lonely.test"}); r.status != 409 || !strings.Contains(string(r.body), "only member of Lonely") {
		t.Errorf("the only member leaves with %d %s", r.status, r.body)
	}
	grace.must(grace.call("GET", "users/me", nil), 200, nil)
}
