package access

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
	"zygo/app/fault"
	"zygo/ui/browsertest"
)

// madeKey is what making a key answers.
type madeKey struct{ ID, Key, Start string }

// makeKey makes a key as somebody, and gives a client that shows it.
func makeKey(c *instance.Client, asked map[string]any) (*instance.Client, madeKey) {
	c.Instance.T.Helper()
	var made madeKey
	c.Must(c.Call("POST", "api-keys", asked), 201, &made)
	return &instance.Client{Instance: c.Instance, Token: made.Key}, made
}

func TestAKeyDoesNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor, viewer := i.As("owner@acme"), i.As("editor@acme"), i.As("viewer@acme")
	reads, made := makeKey(editor, map[string]any{"name": "Reader"})
	if !strings.HasPrefix(made.Key, made.Start) || strings.Contains(string(editor.Call("GET", "api-keys/"+made.ID, nil).Body), made.Key) {
		t.Errorf("the key %s begins with %s, or is told twice", made.Key, made.Start)
	}
	writes, _ := makeKey(editor, map[string]any{"name": "Writer", "access": "some", "scopes": []string{"incident:create", "incident:read"}})
	all, _ := makeKey(editor, map[string]any{"name": "All", "access": "all"})

	reads.Expect(200, "GET", "incidents", nil)
	reads.Expect(200, "GET", "search?q=router", nil)
	reads.Expect(403, "POST", "incidents", map[string]any{"title": "No"})
	incident := writes.Create("incidents", map[string]any{"title": "Made by a program"})
	writes.Expect(403, "GET", "assets", nil)
	all.Expect(200, "PATCH", "incidents/"+incident, map[string]any{"title": "Changed by another"})
	if log := string(owner.Call("GET", "audit-logs?limit=20", nil).Body); !strings.Contains(log, `"kind":"api_key"`) ||
		!strings.Contains(log, `"on_behalf_of"`) {
		t.Errorf("the log doesn't say that a key did it: %s", log)
	}

	// What is for people, no key may do.
	for path, method := range map[string]string{"users/me": "GET", "users/me/sessions": "GET", "auth/mfa": "GET", "tenants": "GET", "views": "GET"} {
		if code := all.Call(method, path, nil).Status; code != 403 && code != 401 {
			t.Errorf("a key gets %d for %s", code, path)
		}
	}
	all.Expect(403, "POST", "api-keys", map[string]any{"name": "Another"})
	_, strong := makeKey(owner, map[string]any{"name": "Strong", "access": "all"})
	strongly := &instance.Client{Instance: i, Token: strong.Key}
	place, user := owner.Member("viewer of acme")
	strongly.Expect(403, "PATCH", "memberships/"+place, map[string]any{"role": "admin"})
	strongly.Expect(403, "POST", "invitations", map[string]any{"emails": []string{"a@example.com"}, "role": "owner"})
	strongly.Expect(403, "POST", "users/"+user+"/suspend", map[string]any{"reason": "x"})
	if page := all.Call("GET", "/incidents", nil); page.Status == 200 {
		t.Error("a key opens a page")
	}

	// Nobody gives what they lack, and a key loses what its owner loses, at its next request.
	viewer.Expect(422, "POST", "api-keys", map[string]any{"name": "x", "access": "some", "scopes": []string{"incident:create"}})
	editor.Expect(422, "POST", "api-keys", map[string]any{"name": "x", "access": "some", "scopes": []string{"membership:update"}})
	editor.Expect(422, "POST", "api-keys", map[string]any{"name": "x", "access": "some"})
	editor.Expect(403, "POST", "api-keys", map[string]any{"name": "x", "acts": "organization"})
	place, _ = owner.Member("editor of acme")
	owner.Expect(200, "PATCH", "memberships/"+place, map[string]any{"role": "viewer"})
	all.Expect(403, "POST", "incidents", map[string]any{"title": "No more"})
	all.Expect(200, "GET", "incidents", nil)
	owner.Expect(200, "POST", "memberships/"+place+"/suspend", nil)
	all.Expect(401, "GET", "incidents", nil)
}

func TestKeysBelongToTheirOwner(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	admin, editor := i.As("admin@acme"), i.As("editor@acme")
	key, made := makeKey(editor, map[string]any{"name": "Mine"})
	viewer, other := i.As("viewer@acme"), i.As("owner@umbrella")
	for _, stranger := range []*instance.Client{viewer, other} {
		stranger.Expect(404, "GET", "api-keys/"+made.ID, nil)
		stranger.Expect(404, "POST", "api-keys/"+made.ID+"/revoke", nil)
		stranger.Expect(404, "GET", "api-keys/"+made.ID+"/usage", nil)
		if list := string(stranger.Call("GET", "api-keys", nil).Body); strings.Contains(list, made.ID) {
			t.Errorf("somebody else's list has it: %s", list)
		}
	}
	// Administrators see and end what others made, and can't make it theirs.
	admin.Expect(200, "GET", "api-keys/"+made.ID, nil)
	admin.Expect(403, "POST", "api-keys/"+made.ID+"/rotate", map[string]any{})
	admin.Expect(403, "PATCH", "api-keys/"+made.ID, map[string]any{"access": "all"})

	var anew madeKey
	editor.Must(editor.Call("POST", "api-keys/"+made.ID+"/rotate", map[string]any{"hours": 2}), 201, &anew)
	fresh := &instance.Client{Instance: i, Token: anew.Key}
	key.Expect(200, "GET", "incidents", nil)
	fresh.Expect(200, "GET", "incidents", nil)
	// What a key may do is changed after a recent proof alone, also by a workflow in the owner's name.
	i.Advance(fault.RecentProof + time.Minute)
	editor.Expect(401, "PATCH", "api-keys/"+made.ID, map[string]any{"access": "all"})
	editor.Expect(200, "PATCH", "api-keys/"+made.ID, map[string]any{"name": "Still mine"})
	i.Advance(3 * time.Hour)
	key.Expect(401, "GET", "incidents", nil)
	fresh.Expect(200, "GET", "incidents", nil)
	admin = i.As("admin@acme")
	admin.Expect(200, "POST", "api-keys/"+made.ID+"/revoke", nil)
	fresh.Expect(401, "GET", "incidents", nil)

	// A key that was thrown away doesn't come back with its row.
	again, bin := makeKey(admin, map[string]any{"name": "Thrown away"})
	admin.Expect(200, "DELETE", "api-keys/"+bin.ID, nil)
	again.Expect(401, "GET", "incidents", nil)
	admin.Expect(200, "POST", "api-keys/"+bin.ID+"/restore", nil)
	again.Expect(401, "GET", "incidents", nil)

	// One of the organization stays when its maker goes.
	stays, _ := makeKey(admin, map[string]any{"name": "Backup", "acts": "organization", "access": "some",
		"scopes": []string{"incident:read"}})
	ends, _ := makeKey(admin, map[string]any{"name": "Own"})
	owner := i.As("owner@acme")
	place, _ := owner.Member("admin of acme")
	owner.Expect(200, "DELETE", "memberships/"+place, nil)
	ends.Expect(401, "GET", "incidents", nil)
	stays.Expect(200, "GET", "incidents", nil)
	stays.Expect(403, "GET", "assets", nil)
}

func TestAKeyHasLimits(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	slow, _ := makeKey(c, map[string]any{"name": "Slow", "per_minute": 2})
	slow.Expect(200, "GET", "incidents", nil)
	if r := slow.Call("GET", "incidents", nil); r.Header.Get("RateLimit-Limit") != "2" || r.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("it may %s in a minute, %s more", r.Header.Get("RateLimit-Limit"), r.Header.Get("RateLimit-Remaining"))
	}
	slow.Expect(http.StatusTooManyRequests, "GET", "incidents", nil)
	elsewhere, _ := makeKey(c, map[string]any{"name": "Elsewhere", "networks": []string{"192.0.2.0/24"}})
	elsewhere.Expect(403, "GET", "incidents", nil)
	short, _ := makeKey(c, map[string]any{"name": "Short", "expires_at": i.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	short.Expect(200, "GET", "incidents", nil)
	i.Advance(2 * time.Hour)
	short.Expect(401, "GET", "incidents", nil)
	(&instance.Client{Instance: i, Token: "zk_unknown"}).Expect(401, "GET", "incidents", nil)
}

func TestAKeyIsMadeInThePages(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/settings/api-keys")
	page.Press("c")
	page.WaitText("Acts for")
	page.Fill("Name", "Monitoring")
	browsertest.Evaluate[bool](page, `(choice => {
		choice.value = "some"
		choice.dispatchEvent(new Event("change", {bubbles: true}))
		return true
	})(document.querySelector("[name=access]"))`)
	page.WaitText("Incidents")
	browsertest.Evaluate[bool](page, `document.querySelector("[value='incident:read']").click(), true`)
	page.ExpectAccessible("the form of a key")
	page.Press("Ctrl+Enter")
	page.WaitText("Copy the key now.")
	page.ExpectAccessible("a new key")
	token := browsertest.Evaluate[string](page, `document.querySelector("code, pre, .codeblock input")?.textContent.match(/zk_[\w-]+/)[0]`)
	key := &instance.Client{Instance: i, Token: token}
	key.Expect(200, "GET", "incidents", nil)
	key.Expect(403, "GET", "assets", nil)
	page.Click("link", "I have stored it")
	page.WaitText("Requests in the last 30 days")
	page.ExpectAccessible("the page of a key")
	page.Click("link", "Make anew")
	page.WaitText("stays good for")
	page.Fill("The key before stays good for", "0")
	page.Press("Ctrl+Enter")
	page.WaitText("made anew")
	key.Expect(401, "GET", "incidents", nil)
}
