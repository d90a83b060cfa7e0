package acceptance

import (
	"slices"
	"testing"
)

type tenant struct {
	ID, Name, Slug string
}

// tenants are the names of the organizations that the client's person belongs to.
func (c *client) tenants() (names []string) {
	c.i.t.Helper()
	var rows []tenant
	c.must(c.call("GET", "tenants?sort_by=name&sort_order=asc", nil), 200, &rows)
	for _, row := range rows {
		names = append(names, row.Name)
	}
	return names
}

// founds makes an organization and enters it.
func (c *client) founds(name string) (id string) {
	c.i.t.Helper()
	id = c.made("tenants", map[string]any{"name": name})
	c.enters(id)
	return id
}

// enters makes an organization the current one of the client's session.
func (c *client) enters(id string) {
	c.i.t.Helper()
	var given tokens
	c.must(c.call("POST", "tenants/"+id+"/switch", nil), 200, &given)
	c.token = given.AccessToken
}

func TestPeopleMakeOrganizations(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	editor.wants(403, "POST", "tenants", map[string]any{"name": "Mine"})
	owner.wants(422, "POST", "tenants", map[string]any{"name": " "})
	first := owner.call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	again := owner.call("POST", "tenants", map[string]any{"name": "Acme"}, "Idempotency-Key", "once")
	var made tenant
	owner.must(first, 201, &made)
	if string(first.body) != string(again.body) || made.Slug == "acme" {
		t.Errorf("a repeated request answers %s after %s", again.body, first.body)
	}
	if names := owner.tenants(); !slices.Equal(names, []string{"Acme", "Acme"}) {
		t.Errorf("the owner belongs to %v", names)
	}
	if names := editor.tenants(); !slices.Equal(names, []string{"Acme"}) {
		t.Errorf("an editor belongs to %v", names)
	}
	owner.enters(made.ID)
	if people := owner.members(); len(people) != 1 || people["owner"].ID == "" {
		t.Errorf("the new organization has %v", people)
	}
	editor.wants(404, "POST", "tenants/"+made.ID+"/switch", nil)

	// Where people sign up by themselves they make organizations too, up to a bound.
	i.stop()
	i.set = []string{"accounts.signup=open"}
	i.serve()
	editor = i.as("editor@acme")
	for n := range 21 {
		want := 201
		if n == 20 {
			want = 409
		}
		editor.wants(want, "POST", "tenants", map[string]any{"name": "Company"})
	}
}

func TestFirstStepsAreSkippedForAll(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, admin, viewer := i.as("owner@acme"), i.as("admin@acme"), i.as("viewer@acme")
	read := func(c *client) map[string][2]bool {
		var steps []struct {
			Name          string
			Done, Skipped bool
		}
		c.must(c.call("GET", "onboarding", nil), 200, &steps)
		found := map[string][2]bool{}
		for _, step := range steps {
			found[step.Name] = [2]bool{step.Done, step.Skipped}
		}
		return found
	}
	if steps := read(owner); !steps["people"][0] || steps["workflow"][0] || steps["branding"][0] {
		t.Errorf("the steps are %v", steps)
	}
	viewer.wants(403, "POST", "onboarding/workflow/skip", nil)
	admin.wants(404, "POST", "onboarding/flying/skip", nil)
	admin.wants(200, "POST", "onboarding/workflow/skip", nil)
	if steps := read(owner); !steps["workflow"][1] {
		t.Errorf("after the skip the steps are %v", steps)
	}
	if steps := read(i.as("owner@umbrella")); steps["workflow"][1] {
		t.Error("another organization skipped it too")
	}
	admin.wants(200, "POST", "onboarding/resume", nil)
	admin.wants(200, "PATCH", "tenants/"+tenantOf(admin), map[string]any{"accent": "#336699"})
	if steps := read(owner); steps["workflow"][1] || !steps["branding"][0] {
		t.Errorf("after the resumption the steps are %v", steps)
	}
}

// tenantOf is the organization that the client's session is in.
func tenantOf(c *client) string {
	c.i.t.Helper()
	var me struct{ Tenant tenant }
	c.must(c.call("GET", "users/me", nil), 200, &me)
	return me.Tenant.ID
}
