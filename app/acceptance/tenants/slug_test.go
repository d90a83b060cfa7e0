package tenants

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// TestAnAddressLeadsToItsOrganizationOnly changes the slug of an organization, and lets another one want it.
func TestAnAddressLeadsToItsOrganizationOnly(t *testing.T) {
	t.Parallel()
	i := instance.StartNamed(t)
	mine, theirs, stranger := i.As("owner@acme"), i.As("owner@umbrella"), &instance.Client{Instance: i}
	acme, umbrella := instance.TenantOf(mine), instance.TenantOf(theirs)
	mine.PublishHook("acme")
	theirs.PublishHook("umbrella")
	calls := func(address string, want int) {
		t.Helper()
		if r := stranger.Call("POST", "/hooks/"+address+"/in", map[string]any{}); r.Status/100 != want/100 {
			t.Errorf("/hooks/%s/in answers %d %s", address, r.Status, r.Body)
		}
	}
	rename := func(c *instance.Client, tenant, slug string, want int) {
		t.Helper()
		if r := c.Call("PATCH", "tenants/"+tenant, map[string]any{"slug": slug}); r.Status != want {
			t.Errorf("the slug %q answers %d %s", slug, r.Status, r.Body)
		}
	}
	calls("acme", 202)
	rename(mine, acme, "acme-works", 200)
	for _, address := range []string{"acme", "acme-works", acme} {
		calls(address, 202)
	}
	if n := i.Count("SELECT count(*) FROM t_execution WHERE tenant_id = '" + acme + "'"); n != 4 {
		t.Errorf("%d of 4 calls ran in Acme", n)
	}
	if page := stranger.Call("GET", "/login", nil, "Host", "acme.localhost"); !strings.Contains(string(page.Body), "Acme") {
		t.Error("the host of the old slug does not show the organization")
	}

	// Nobody else gets it, by whatever way, nor what reads like an id or like the instance itself.
	for _, slug := range []string{"acme", acme, "hooks", "www", "Acme", "a--b"} {
		rename(theirs, umbrella, slug, 422)
	}
	mine.Must(mine.Call("POST", "tenants", map[string]any{"name": "Acme"}), 201, nil)
	if n := i.Count("SELECT count(*) FROM t_tenant WHERE slug = 'acme'"); n != 0 {
		t.Error("a new organization gets the slug")
	}
	calls("acme", 202)

	// Its own it takes back, and it takes no names by changing often.
	rename(mine, acme, "acme", 200)
	calls("acme-works", 202)
	for n := range 4 {
		rename(mine, acme, fmt.Sprintf("acme-%d", n), 200)
	}
	rename(mine, acme, "acme-9", 422)

	// After a year the old ones are free, and lead nowhere.
	i.Advance(366 * 24 * time.Hour)
	theirs = i.As("owner@umbrella")
	calls("acme-works", 404)
	rename(theirs, umbrella, "acme-works", 200)
	calls(acme, 202)
	if n := i.Count("SELECT count(*) FROM t_execution WHERE tenant_id = '" + umbrella + "'"); n != 0 {
		t.Errorf("%d calls ran in Umbrella", n)
	}
	calls("acme-works", 202)
}

// TestAWorkflowIsPublishedAgainAfterARename: its addresses are the organization's, whatever that is called.
func TestAWorkflowIsPublishedAgainAfterARename(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, stranger := i.As("owner@acme"), &instance.Client{Instance: i}
	owner.PublishHook("acme")
	var workflows []struct{ ID string }
	owner.Must(owner.Call("GET", "workflows", nil), 200, &workflows)
	owner.Expect(200, "PATCH", "tenants/"+instance.TenantOf(owner), map[string]any{"slug": "acme-works"})
	for _, act := range []string{"disable", "enable"} {
		owner.Expect(200, "POST", "workflows/"+workflows[0].ID+"/"+act, nil)
	}
	for _, slug := range []string{"acme", "acme-works"} {
		if r := stranger.Call("POST", "/hooks/"+slug+"/in", map[string]any{}); r.Status != 202 {
			t.Errorf("/hooks/%s/in answers %d %s", slug, r.Status, r.Body)
		}
	}
}
