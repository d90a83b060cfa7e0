package acceptance

import (
	"strings"
	"testing"
)

// features are what the client's organization has, by name, with the source of each answer.
func (c *client) features() map[string]string {
	c.i.t.Helper()
	var offers []struct {
		Name    string
		Enabled bool
		Reason  struct{ Source, Text string }
	}
	c.must(c.call("GET", "tenants/"+tenantOf(c)+"/features", nil), 200, &offers)
	found := map[string]string{}
	for _, offer := range offers {
		if found[offer.Name] = offer.Reason.Source; !offer.Enabled {
			found[offer.Name] = "held back by " + offer.Reason.Source
		}
	}
	return found
}

func TestAnOperatorHoldsFeaturesBack(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, umbrella, admin := i.as("owner@acme"), i.as("owner@umbrella"), i.as("admin@acme")
	if got := operator.features(); got["custom_roles"] != "plan" || got["custom_domains"] != "plan" || got["white_label"] != "plan" {
		t.Errorf("a new instance offers %v", got)
	}
	kept := admin.made("roles", map[string]any{"name": "Kept", "includes": "viewer"})
	umbrella.wants(403, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles", "enabled": true})
	operator.wants(422, "POST", "admin/feature-flags", map[string]any{"feature": "flying"})
	operator.wants(422, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles", "organization": "nowhere"})
	flag := operator.made("admin/feature-flags", map[string]any{"feature": "custom_roles", "reason": "It comes with the plan Business"})
	operator.wants(409, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles"})
	operator.made("admin/feature-flags", map[string]any{"feature": "custom_roles", "organization": "umbrella", "enabled": true})

	// It holds at the next request, keeps what is there, and says why.
	refused := admin.call("POST", "roles", map[string]any{"name": "Late", "includes": "viewer"})
	if refused.status != 403 || !strings.Contains(string(refused.body), `"FEATURE_RESTRICTED"`) || !strings.Contains(string(refused.body), "the plan Business") {
		t.Errorf("a role that is not offered gives %d: %s", refused.status, refused.body)
	}
	admin.wants(403, "POST", "roles/"+kept+"/clone", nil)
	admin.wants(200, "GET", "roles/"+kept, nil)
	admin.wants(200, "PATCH", "roles/"+kept, map[string]any{"description": "Still there"})
	umbrella.made("roles", map[string]any{"name": "Given", "includes": "viewer"})
	if got := admin.features(); got["custom_roles"] != "held back by flag" {
		t.Errorf("acme has %v", got)
	}
	if got := umbrella.features(); got["custom_roles"] != "override" {
		t.Errorf("umbrella has %v", got)
	}
	_, user := operator.member("admin of acme")
	if allowed, why := operator.explained(user, "role:create", ""); allowed || !strings.Contains(why, "the plan Business") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	page := i.enter(t, "admin@acme")
	page.Open("/roles")
	page.WaitText("Your organization does not have custom roles.")
	page.Click("link", "What it has")
	page.WaitText("Not included")

	operator.wants(409, "PATCH", "admin/feature-flags/"+flag, map[string]any{"organization": "umbrella"})
	operator.wants(200, "PATCH", "admin/feature-flags/"+flag, map[string]any{"enabled": true})
	admin.made("roles", map[string]any{"name": "Late", "includes": "viewer"})
}
