package tenants

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// features are what the client's organization has, by name, with the source of each answer.
func features(c *instance.Client) map[string]string {
	c.Instance.T.Helper()
	var offers []struct {
		Name    string
		Enabled bool
		Reason  struct{ Source, Text string }
	}
	c.Must(c.Call("GET", "tenants/"+instance.TenantOf(c)+"/features", nil), 200, &offers)
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
	i := instance.Start(t)
	operator, umbrella, admin := i.As("owner@acme"), i.As("owner@umbrella"), i.As("admin@acme")
	if got := features(operator); got["custom_roles"] != "plan" || got["custom_domains"] != "plan" || got["white_label"] != "plan" {
		t.Errorf("a new instance offers %v", got)
	}
	kept := admin.Create("roles", map[string]any{"name": "Kept", "includes": "viewer"})
	umbrella.Expect(403, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles", "enabled": true})
	operator.Expect(422, "POST", "admin/feature-flags", map[string]any{"feature": "flying"})
	operator.Expect(422, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles", "organization": "nowhere"})
	flag := operator.Create("admin/feature-flags", map[string]any{"feature": "custom_roles", "reason": "It comes with the plan Business"})
	operator.Expect(409, "POST", "admin/feature-flags", map[string]any{"feature": "custom_roles"})
	operator.Create("admin/feature-flags", map[string]any{"feature": "custom_roles", "organization": "umbrella", "enabled": true})

	// It holds at the next request, keeps what is there, and says why.
	refused := admin.Call("POST", "roles", map[string]any{"name": "Late", "includes": "viewer"})
	if refused.Status != 403 || !strings.Contains(string(refused.Body), `"FEATURE_RESTRICTED"`) ||
		!strings.Contains(string(refused.Body), "the plan Business") {
		t.Errorf("a role that is not offered gives %d: %s", refused.Status, refused.Body)
	}
	admin.Expect(403, "POST", "roles/"+kept+"/clone", nil)
	admin.Expect(200, "GET", "roles/"+kept, nil)
	admin.Expect(200, "PATCH", "roles/"+kept, map[string]any{"description": "Still there"})
	umbrella.Create("roles", map[string]any{"name": "Given", "includes": "viewer"})
	if got := features(admin); got["custom_roles"] != "held back by flag" {
		t.Errorf("acme has %v", got)
	}
	if got := features(umbrella); got["custom_roles"] != "override" {
		t.Errorf("umbrella has %v", got)
	}
	_, user := operator.Member("admin of acme")
	if allowed, why := operator.Explained(user, "role:create", ""); allowed || !strings.Contains(why, "the plan Business") {
		t.Errorf("the explanation says %t: %s", allowed, why)
	}
	page := i.Enter(t, "admin@acme")
	page.Open("/roles")
	page.WaitText("Your organization does not have custom roles.")
	page.Click("link", "What it has")
	page.WaitText("Not included")

	operator.Expect(409, "PATCH", "admin/feature-flags/"+flag, map[string]any{"organization": "umbrella"})
	operator.Expect(200, "PATCH", "admin/feature-flags/"+flag, map[string]any{"enabled": true})
	admin.Create("roles", map[string]any{"name": "Late", "includes": "viewer"})
}
